"""The methodology as an expert hands it in: its tables, and the version in force in a period.

Each cell is in its type. What is read here is checked before anything is built: the types of all
cells, the keys of all tables, the versions' months, and of the version in force what
`methodology_rules.py` asks of it.
"""

import codecs
import hashlib
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from pathlib import Path

from orchestration import guarded
from orchestration.contract import tables
from orchestration.contract.methodology_rules import check_version
from orchestration.contract.methodology_tables import KEYS, TABLES
from orchestration.contract.needed_codes import needed_labels
from orchestration.errors import UsageError
from orchestration.home import files
from orchestration.home.records.verdict import MethodologyIdentity
from orchestration.periods import Period

Row = dict[str, str]
Tables = dict[str, list[Row]]

VERSION_DIGEST, METHOD_DIGEST = "version_sha256", "method_sha256"
NOT_APPROVED = {"effective_to"}
NOT_THE_METHOD = {"methodology", "effective_from", "effective_to", "name_zh", "name_en"}


@dataclass(frozen=True)
class Methodology:
    """The version of the methodology in force in a period: its name, rows by table and digests.

    tables: cells as text, each value written in one way (`27.5`, never `27.50`), an empty cell as
    an empty text. digest: of the tables' files, with all versions, as they are published, but for
    byte order marks.
    version_digest: of what is approved, the version's rows and the labels that it needs, without
    the month in which it ends. method_digest: of what figures are computed by, the version's rows
    without its name, its months and all wording; two months with the same one can be compared.
    """

    name: str
    tables: Tables
    digest: str
    version_digest: str
    method_digest: str

    def label(self, name: str, code: str) -> tuple[str, str]:
        """Chinese and English label of a code.

        Raises KeyError for one that validation did not ask for.
        """
        labels = {(row["list"], row["code"]): row for row in self.tables["labels"]}
        row = labels[name, code]
        return row["name_zh"], row["name_en"]

    @property
    def identity(self) -> MethodologyIdentity:
        """What a verdict says of it."""
        return MethodologyIdentity(
            name=self.name,
            sha256=self.digest,
            version_sha256=self.version_digest,
            method_sha256=self.method_digest,
        )


def load_methodology(folder: Path, period: Period) -> Methodology:
    """The methodology in force in a period, read and checked.

    Raises UsageError naming file, line and column, or the version and what does not hold in it.
    """
    methodology = read_methodology(folder, period)
    try:
        check_version(methodology.tables)
    except UsageError as error:
        message = f"Version {methodology.name} of the methodology, {error}"
        raise UsageError(message) from None
    return methodology


def read_methodology(folder: Path, period: Period) -> Methodology:
    """The methodology in force in a period, as the tables of a folder have it.

    The folder may be a release's. Raises UsageError.
    """
    written = {table: written_rows(folder, table) for table in TABLES}
    for table, keys in KEYS.items():
        check_keys(table, written[table], keys)
    name = version_in_force(written["methodologies"], period)
    check_versions(written)
    own = {table: rows_of(name, rows) for table, rows in written.items()}
    of_method = {table: rows for table, rows in own.items() if table != "labels"}
    return Methodology(
        name=name,
        tables=own,
        digest=files.digest_of({table: file_digest(folder, table) for table in TABLES}),
        version_digest=digest_without(NOT_APPROVED, own | {"labels": labels_in_use(own)}),
        method_digest=digest_without(NOT_THE_METHOD, of_method),
    )


def written_rows(folder: Path, table: str) -> list[Row]:
    """The rows of a table, cells as text, each value written in one way. Raises UsageError."""
    rows = tables.read_table(folder / f"{table}.csv", TABLES[table])
    return [tables.cells_of(row) for row in rows]


def rows_of(name: str, rows: Sequence[Row]) -> list[Row]:
    """The rows of a version, by its name; of a table without versions, all."""
    return [row for row in rows if row.get("methodology", name) == name]


def rows_of_version(
    folder: Path,
    name: str,
    wanted: Iterable[str],
) -> Tables:
    """The rows of a version by table, as the tables of a folder have them.

    The folder may be a release's. Raises UsageError.
    """
    return {table: rows_of(name, written_rows(folder, table)) for table in wanted}


def file_digest(folder: Path, table: str) -> str:
    """SHA-256 of a table's file without its byte order mark. Raises UsageError."""
    return hashlib.sha256(content_of(folder / f"{table}.csv")).hexdigest()


def content_of(file: Path) -> bytes:
    """The bytes of a table without its byte order mark. Raises UsageError."""
    return guarded.read_bytes(file, UsageError).removeprefix(codecs.BOM_UTF8)


def check_keys(
    table: str,
    rows: Sequence[Row],
    keys: Sequence[tuple[str, ...]],
) -> None:
    """No key of a table is there twice. Raises UsageError."""
    for key in keys:
        counts = Counter(tuple(row[column] for column in key) for row in rows)
        doubled = [" ".join(values) for values, count in counts.items() if count > 1]
        if doubled:
            raise UsageError(f"{table}.csv: {' '.join(key)} {doubled[0]} is named more than once.")


def version_in_force(versions: Sequence[Row], period: Period) -> str:
    """The name of the version in force. Raises UsageError unless there is one."""
    matching = [row["methodology"] for row in versions if is_in_force(row, period)]
    if len(matching) != 1:
        named = ", ".join(matching) or "none"
        raise UsageError(
            f"methodologies.csv: {len(matching)} methodologies match {period} ({named}); one must."
        )
    return matching[0]


def is_in_force(version: Row, period: Period) -> bool:
    """Whether a version is in force in a period."""
    begin, end = version["effective_from"], version["effective_to"]
    return begin <= str(period) and (not end or end >= str(period))


def check_versions(written: Tables) -> None:
    """Check that versions follow each other and that every row is of one of them.

    They end after they begin, and no two are in force in a month. Raises UsageError.
    """
    versions = written["methodologies"]
    for row in versions:
        begin, end = row["effective_from"], row["effective_to"]
        if end and end < begin:
            raise UsageError(
                f"methodologies.csv: the version {row['methodology']} ends in {end}, "
                f"before it begins in {begin}."
            )
    in_order = sorted(versions, key=lambda row: row["effective_from"])
    for earlier, later in combinations(in_order, 2):
        end, begin = earlier["effective_to"], later["effective_from"]
        if not end or end >= begin:
            raise UsageError(
                f"methodologies.csv: the versions {earlier['methodology']} and "
                f"{later['methodology']} are both in force in {begin}; "
                "let the first end in the month before."
            )
    known = {row["methodology"] for row in versions}
    for table, rows in written.items():
        named = {row["methodology"] for row in rows if "methodology" in row}
        unknown = sorted(named - known)
        if unknown:
            raise UsageError(
                f"{table}.csv: the methodology {unknown[0]} is not in methodologies.csv."
            )


def labels_in_use(own: Tables) -> list[Row]:
    """The labels that a version's tables and documents use.

    They are those that every version needs, and those of its types of items.
    """
    needed = {("item_type", row["item_type"]) for row in own["indicators"]}
    for name, codes in needed_labels().items():
        needed |= {(name, code) for code in codes}
    return [row for row in own["labels"] if (row["list"], row["code"]) in needed]


def digest_without(left_out: set[str], own: Mapping[str, Sequence[Row]]) -> str:
    """SHA-256 of the rows of tables without some columns.

    Neither the order of the rows nor the files' form counts.
    """
    content = {}
    for table, rows in sorted(own.items()):
        content[table] = sorted(cells_without(left_out, row) for row in rows)
    return hashlib.sha256(files.to_json(content).encode()).hexdigest()


def cells_without(left_out: set[str], row: Row) -> list[list[str]]:
    """The names and cells of a row without some columns."""
    return [[name, cell] for name, cell in row.items() if name not in left_out]


def is_same(digest: str, one: MethodologyIdentity, other: MethodologyIdentity) -> bool:
    """Whether two methodologies, as verdicts describe them, share a digest.

    Older verdicts have the digest of the files alone; by that they are compared, with their names.
    """
    digests = getattr(one, digest), getattr(other, digest)
    if None not in digests:
        return bool(digests[0] == digests[1])
    return (one.name, one.sha256) == (other.name, other.sha256)


def same_method(before: MethodologyIdentity | None, now: MethodologyIdentity) -> bool | None:
    """Whether the figures of two months are computed alike, by their verdicts' methodologies.

    None without a month before.
    """
    return None if before is None else is_same(METHOD_DIGEST, before, now)
