"""What was found in a source, table by table and as a whole.

No value is told of a table of rows about persons.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path
from typing import Any

from orchestration.build.candidate import methodology_of
from orchestration.contract.parameters import parameters
from orchestration.contract.registry import (
    SourceColumn,
    SourceTable,
    person_columns,
    source_tables,
)
from orchestration.extract.casting import quoted
from orchestration.home.records.intake import IntakeRecord, LandedTable
from orchestration.home.records.verdict import Verdict
from orchestration.periods import Period
from orchestration.source_draft.vocabulary import words_of_column
from orchestration.why.refused import MERGED
from quality.release_files import read_rows

MOST_KEYS = 5
MOST_CODES = 20
RULES = """
    select source_table, rule, detail, count(*), min(source_key, $most)
    from read_parquet($refused)
    group by all
    order by all
"""
LACKING = """
    select
        indicator,
        count(*) filter (where status <> 'not_applicable'),
        count(*) filter (where status = 'missing')
    from read_parquet($indicators)
    group by indicator
    order by indicator
"""
WITHOUT_MEMBERS = """
    select count(*) from read_parquet($unions)
    where union_id not in (select union_id from read_parquet($members) where union_id is not null)
"""
WITHOUT_REGION = """
    select count(*) from read_parquet($enterprises)
    where region_code is null
        or region_code not in (
            select region_code from read_parquet($regions) where region_code is not null
        )
"""


@dataclass(frozen=True)
class RefusedRows:
    """The rows of a table that a rule refuses: how many, and the keys of the first few."""

    rule: str
    detail: str | None
    rows: int
    keys: tuple[str, ...]


@dataclass(frozen=True)
class Codes:
    """The codes of a column: how often each is met, and which are allowed.

    others: how many rows have another; met: None where the rows are about persons; proposed: the
    contract's code for each other one that platforms usually have for it, for a map to say.
    """

    column: str
    allowed: tuple[str, ...]
    others: int
    met: Mapping[str, int] | None
    proposed: Mapping[str, str]


@dataclass(frozen=True)
class TableFindings:
    """A table: its rows, the span of each day and moment, codes, and what is refused.

    repeated_keys: rows that share their key with another; ignored: columns beyond the contract.
    """

    table: str
    name_zh: str
    location: str
    rows: int
    repeated_keys: int
    ignored: tuple[str, ...]
    spans: Mapping[str, tuple[str, str]]
    codes: tuple[Codes, ...]
    refused: tuple[RefusedRows, ...]

    @property
    def refused_rows(self) -> int:
        """How many rows the rules refuse; rows that are merged with the same row are none."""
        return sum(refused.rows for refused in self.refused if refused.rule != MERGED)


@dataclass(frozen=True)
class Lacking:
    """An indicator: of how many unions it is due, and of how many the source has nothing."""

    indicator: str
    name_zh: str
    due: int
    missing: int

    @property
    def share(self) -> Decimal:
        """The share of unions without a value, in percent with one decimal."""
        if not self.due:
            return Decimal(0)
        share = Decimal(100 * self.missing) / self.due
        return share.quantize(Decimal("0.1"), ROUND_HALF_UP)


@dataclass(frozen=True)
class Findings:
    """All of a source.

    unreadable: why it, or a table or column of it, cannot be read; nothing else is known then;
    failed: the checks of the gate that stop a month, with what each observed.
    """

    source: str
    period: str
    unreadable: tuple[str, ...] = ()
    tables: tuple[TableFindings, ...] = ()
    unions_without_members: int = 0
    enterprises_without_region: int = 0
    lacking: tuple[Lacking, ...] = ()
    failed: Mapping[str, str] | None = None

    @property
    def is_sound(self) -> bool:
        """Whether a month could be built and released from it."""
        return not self.unreadable and not self.failed

    def as_json(self) -> dict[str, Any]:
        """The findings in JSON."""
        return asdict(self) | {"sound": self.is_sound}


def findings_of(
    record: IntakeRecord,
    landed: Mapping[str, Path],
    candidate: Path,
    verdict: Verdict,
) -> Findings:
    """What was found in a source that could be read.

    landed: the landed file of each table; candidate: the folder of the candidate built from it.
    """
    refused = refused_by_table(candidate / "staging" / "refused_rows.parquet")
    entries = {entry.table: entry for entry in record.tables}
    tables = tuple(
        findings_of_table(table, entries[name], landed[name], refused.get(name, ()))
        for name, table in source_tables().items()
    )
    indicators = candidate / "tables" / "union_indicator.parquet"
    names = names_of_indicators(Period.parse(verdict.period))
    [(without_members,)] = read_rows(
        WITHOUT_MEMBERS, unions=landed["union_org"], members=landed["member"]
    )
    [(without_region,)] = read_rows(
        WITHOUT_REGION, enterprises=landed["enterprise"], regions=landed["region"]
    )
    return Findings(
        source=record.source,
        period=verdict.period,
        tables=tables,
        unions_without_members=without_members,
        enterprises_without_region=without_region,
        lacking=tuple(
            Lacking(indicator, names[indicator], due, missing)
            for indicator, due, missing in read_rows(LACKING, indicators=indicators)
        ),
        failed={
            check.name: check.observed
            for check in verdict.checks
            if check.severity == "stop" and not check.succeeded
        },
    )


def names_of_indicators(period: Period) -> dict[str, str]:
    """The Chinese name of each indicator of the methodology in force."""
    indicators = methodology_of(period).tables["indicators"]
    return {row["indicator"]: row["name_zh"] for row in indicators}


def refused_by_table(file: Path) -> dict[str, tuple[RefusedRows, ...]]:
    """The refused rows of each table, by rule."""
    found: dict[str, tuple[RefusedRows, ...]] = {}
    for table, rule, detail, rows, keys in read_rows(RULES, refused=file, most=MOST_KEYS):
        found[table] = (*found.get(table, ()), RefusedRows(rule, detail, rows, tuple(keys)))
    return found


def findings_of_table(
    table: SourceTable,
    entry: LandedTable,
    file: Path,
    refused: tuple[RefusedRows, ...],
) -> TableFindings:
    """What was found in one table; file: as it was landed."""
    [(repeated,)] = read_rows(
        "select count(*) from read_parquet($file) where key_rows > 1", file=file
    )
    return TableFindings(
        table=table.name,
        name_zh=table.name_zh,
        location=entry.source,
        rows=entry.rows,
        repeated_keys=repeated,
        ignored=entry.ignored_columns,
        spans=spans_of(table, file),
        codes=tuple(codes_of(table, file)),
        refused=refused,
    )


def spans_of(table: SourceTable, file: Path) -> dict[str, tuple[str, str]]:
    """The first and last day or moment of each column that has any, by the city's clock."""
    columns = [column for column in table.columns if column.kind in ("date", "timestamptz")]
    if not columns:
        return {}
    ends = ", ".join(f"{end_of('min', column)}, {end_of('max', column)}" for column in columns)
    [found] = read_rows(f"select {ends} from read_parquet($file)", file=file)
    pairs = zip(columns, found[::2], found[1::2], strict=True)
    return {column.name: (first, last) for column, first, last in pairs if first is not None}


def end_of(function: str, column: SourceColumn) -> str:
    """SQL of the first (min) or last (max) day or moment of a column, as text."""
    end = f"{function}({quoted(column.name)})"
    if column.kind == "timestamptz":
        end = f"timezone('{parameters().city_zone}', {end})"
    return f"cast({end} as varchar)"


def codes_of(table: SourceTable, file: Path) -> Iterator[Codes]:
    """The codes of each column that has any, the most frequent first."""
    is_about_persons = table.name in person_columns()
    for column, allowed in allowed_codes(table.name).items():
        counted = read_rows(
            f"""
            select {quoted(column)}, count(*) from read_parquet($file)
            where {quoted(column)} is not null
            group by all
            order by count(*) desc, {quoted(column)}
            """,
            file=file,
        )
        others = sum(rows for code, rows in counted if code not in allowed)
        met: dict[str, int] | None = None if is_about_persons else dict(counted[:MOST_CODES])
        yield Codes(column, allowed, others, met, proposed_codes(table, column, dict(counted)))


def proposed_codes(table: SourceTable, column: str, met: Iterable[str]) -> dict[str, str]:
    """The contract's code for each one of a column that is usual or of a national standard."""
    [due] = [each for each in table.columns if each.name == column]
    words = words_of_column(table, due)
    known = words.standard | words.codes
    return {code: known[code] for code in met if code in known and code not in due.accepted}


def allowed_codes(table: str) -> dict[str, tuple[str, ...]]:
    """The codes that the registry allows, by column."""
    columns = source_tables()[table].columns
    return {column.name: column.accepted for column in columns if column.accepted}
