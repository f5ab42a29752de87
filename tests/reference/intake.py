"""Which rows of a source count: the row rules of source_tables.yml applied in the contract's order.

Here belongs the way from a folder of CSV files to accepted rows: type, null, enumeration and
predicate row by row, then duplicates among the rows that are left, then references until nothing
more falls. Every row that came in goes out as accepted, refused or merged, so the three add up for
each table.
"""

from collections import defaultdict
from dataclasses import dataclass, field
from pathlib import Path

from tests.reference.cells import SourceError, parse, read_table
from tests.reference.contract import ENUMERATIONS, PREDICATES, TABLES, Row, normalised, references

Key = tuple[str | None, ...]
Cells = dict[str, str | None]


@dataclass
class Candidate:
    """A row on its way in: its key and cells as written, and its values once they parse."""

    key: Key
    cells: Cells
    row: Row


@dataclass
class Source:
    """What a folder held, by table: accepted rows, refused rows, all cells, and counts.

    A refused row comes with the first rule that it breaks; `dropped` has its cells instead of its
    key, and `cells` those of every row that came in.
    """

    rows: dict[str, list[Row]] = field(default_factory=dict)
    refused: dict[str, list[tuple[Key, str]]] = field(default_factory=dict)
    dropped: dict[str, list[tuple[Cells, str]]] = field(default_factory=dict)
    cells: dict[str, list[Cells]] = field(default_factory=dict)
    merged: dict[str, int] = field(default_factory=dict)
    received: dict[str, int] = field(default_factory=dict)


def read_source(folder: Path | str) -> Source:
    """Read a source folder; raise SourceError where it breaks its contract as a whole."""
    source = Source()
    for table in TABLES:
        candidates = _judge_rows(source, table, _read_cells(Path(folder), table))
        if table == "enterprise":
            candidates = _refuse_outside_townships(source, candidates)
        left = _resolve_duplicates(source, table, candidates)
        source.rows[table] = [
            candidate.row for candidate in _follow_references(source, table, left)
        ]
    for refused in source.refused.values():
        refused.sort(
            key=lambda entry: ([(part is not None, part or "") for part in entry[0]], entry[1])
        )
    return source


def _read_cells(folder: Path, table: str) -> list[Cells]:
    """Read one table's cells; a table or a column that is not there refuses the source."""
    path = folder / f"{table}.csv"
    if not path.is_file():
        raise SourceError(f"{table}: not handed over")
    header, lines = read_table(path)
    missing = [column for column in TABLES[table].columns if column not in header]
    if missing:
        raise SourceError(f"{table}: without {', '.join(missing)}")
    return lines


def _judge_rows(source: Source, table: str, lines: list[Cells]) -> list[Candidate]:
    """Refuse the rows that break a rule by themselves.

    Each is refused by the first such rule (row_rules, order).
    """
    source.received[table], source.merged[table] = len(lines), 0
    source.cells[table], source.refused[table], source.dropped[table] = lines, [], []
    left = []
    for cells in lines:
        key = tuple(cells[column] for column in TABLES[table].key)
        row, rule = _judge_row(table, cells)
        candidate = Candidate(key, cells, row)
        if rule is None:
            left.append(candidate)
        else:
            _refuse(source, table, candidate, rule)
    return left


def _judge_row(table: str, cells: Cells) -> tuple[Row, str | None]:
    """Parse one row, and name the first rule that it breaks by itself."""
    kinds = TABLES[table].columns
    row: Row = {}
    try:
        for column, kind in kinds.items():
            cell = cells[column]
            row[column] = None if cell is None else parse(cell, kind.removesuffix("!"))
    except ValueError:
        return row, "type"
    if any(kind.endswith("!") and row[column] is None for column, kind in kinds.items()):
        return row, "null"
    for column, codes in ENUMERATIONS.get(table, {}).items():
        if row[column] is not None and row[column] not in codes.split():
            return row, "enumeration"
    if table == "member":
        row |= {"id_number": normalised(row["id_number"]), "phone": normalised(row["phone"])}
        del row["name"]
    return row, None if PREDICATES.get(table, lambda _: True)(row) else "predicate"


def _refuse_outside_townships(source: Source, candidates: list[Candidate]) -> list[Candidate]:
    """Refuse enterprises in an accepted region that is no township.

    An unknown region is for the references.
    """
    wider = {row["region_code"] for row in source.rows["region"] if row["level"] != "township"}
    return _keep(
        source, "enterprise", candidates, "predicate", lambda row: row["region_code"] not in wider
    )


def _resolve_duplicates(source: Source, table: str, candidates: list[Candidate]) -> list[Candidate]:
    """Keep the latest row of each key, and refuse all rows of a key whose latest rows differ.

    The rule is `duplicates`.
    """
    by_key = defaultdict(list)
    for candidate in candidates:
        by_key[tuple(candidate.row[column] for column in TABLES[table].key)].append(candidate)
    left = []
    for group in by_key.values():
        latest = group
        if TABLES[table].has_watermark:
            last = max(candidate.row["updated_at"] for candidate in group)
            latest = [candidate for candidate in group if candidate.row["updated_at"] == last]
        if any(candidate.row != latest[0].row for candidate in latest):
            for candidate in group:
                _refuse(source, table, candidate, "conflict")
        else:
            left.append(latest[0])
            source.merged[table] += len(group) - 1
    if table != "union_org":
        return left
    unions = defaultdict(int)
    for candidate in left:
        unions[candidate.row["enterprise_id"]] += 1
    return _keep(source, table, left, "conflict", lambda row: unions[row["enterprise_id"]] == 1)


def _follow_references(source: Source, table: str, candidates: list[Candidate]) -> list[Candidate]:
    """Refuse rows that refer to nothing or to a refused row.

    Regions refer to each other, so go on until all stand.
    """
    left = candidates
    for column, target in references(table).items():
        before = None
        while before != len(left):
            before = len(left)
            rows = [candidate.row for candidate in left] if target == table else source.rows[target]
            known = {row[TABLES[target].key[0]] for row in rows} | {None}
            left = _keep(
                source, table, left, "reference", lambda row, c=column, k=known: row[c] in k
            )
    return left


def _keep(source, table, candidates, rule, holds) -> list[Candidate]:
    """Refuse by a rule the candidates for which it does not hold, and give the others."""
    for candidate in candidates:
        if not holds(candidate.row):
            _refuse(source, table, candidate, rule)
    return [candidate for candidate in candidates if holds(candidate.row)]


def _refuse(source: Source, table: str, candidate: Candidate, rule: str) -> None:
    """Refuse a row by a rule."""
    source.refused[table].append((candidate.key, rule))
    source.dropped[table].append((candidate.cells, rule))
