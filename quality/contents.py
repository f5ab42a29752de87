"""The documents that each edition of a release is due to have: the entries of the registry.

`release_documents.yml` has an entry for each, which those who write and list them read too.
"""

from functools import cache
from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field, StringConstraints, TypeAdapter

from quality.edited_files import Entry, Line, read_yaml
from quality.published_models import EditionName
from quality.release_files import EDITIONS, read_json, read_rows

REGISTRY = Path(__file__).with_name("release_documents.yml")
# The codes that a name of a file stands for: the table of an edition, and their query.
CODES = {
    "{city}": (
        "area_index",
        "select distinct area_code from read_parquet($table) where level = 'city'",
    ),
    "{county}": (
        "county_ranking",
        "select distinct area_code from read_parquet($table)",
    ),
    "{township}": (
        "union_index",
        "select distinct township_code from read_parquet($table)",
    ),
}

# The record of the cases of alerts, which the releases of evaluated candidates have.
CASES = "internal/alerts/cases.json"

Step = Literal["documents", "sites", "release"]


class ReleaseDocument(Entry):
    """A document: the names of its files, its editions, when and by what it is written.

    made_by: module and function; needs: the file of an edition without which there is none; group,
    words: keys of the site's words, None where the site lists none of its files, or their names say
    enough.
    """

    files: list[Line] = Field(min_length=1)
    editions: list[EditionName] = Field(min_length=1)
    step: Step
    made_by: Annotated[str, StringConstraints(pattern=r"^[a-z_.]+:[a-z_]+$")]
    needs: Line | None = None
    group: Line | None = None
    words: Line | None = None

    def is_due(self, edition: Path) -> bool:
        """Whether an edition is to have it; edition: its folder, whose tables are written."""
        is_there = self.needs is None or (edition / self.needs).is_file()
        return edition.name in self.editions and is_there

    def names(self, edition: Path, period: str) -> list[str]:
        """The names of its files in an edition of a month, below the edition's folder, sorted."""
        if not self.is_due(edition):
            return []
        found = set[str]()
        for file in self.files:
            name = file.replace("{period}", period)
            found |= names_with_codes(name, edition)
        return sorted(found)


DOCUMENTS = TypeAdapter(dict[Line, ReleaseDocument])


def release_documents() -> dict[str, ReleaseDocument]:
    """The documents of a release by name, in the registry's order. Raises EditedFileError."""
    return read_documents(REGISTRY)


@cache
def read_documents(file: Path) -> dict[str, ReleaseDocument]:
    """The documents of a registry, read once in a process. Raises EditedFileError."""
    return read_yaml(file, DOCUMENTS)


def names_with_codes(name: str, edition: Path) -> set[str]:
    """The names that a name with a placeholder stands for; the name itself without one."""
    for placeholder, (table, query) in CODES.items():
        if placeholder in name:
            codes = read_rows(query, table=edition / f"{table}.parquet")
            return {name.replace(placeholder, code) for (code,) in codes}
    return {name}


def documents(folder: Path) -> set[str]:
    """Names of the documents of both editions, below the release's folder."""
    period = read_json(folder / "verdict.json")["period"]
    found = set[str]()
    for edition in EDITIONS:
        found |= {f"{edition}/{name}" for name in names_in(folder / edition, period)}
    return found


def names_in(edition: Path, period: str) -> list[str]:
    """Names of all documents of an edition of a month, below its folder, by entry."""
    names = []
    for document in release_documents().values():
        names += document.names(edition, period)
    return names


def cases(folder: Path) -> set[str]:
    """Names of the tables of cases of alerts, with their record, of a release that has them."""
    record = folder / CASES
    if not record.is_file():
        return set()
    tables = read_json(record)["tables"]
    return {CASES, *(f"internal/alerts/{table}.parquet" for table in tables)}


def predecessor(folder: Path) -> set[str]:
    """Names of the files of the month before that the release was built on."""
    verdict = read_json(folder / "verdict.json")
    if not verdict["predecessor"]:
        return set()
    before = "internal/predecessor"
    names = {f"{before}/verdict.json"}
    names |= {f"{before}/tables/{table}.parquet" for table in verdict["predecessor"]}
    stored = folder / before / "verdict.json"
    if stored.is_file():
        staging = read_json(stored)["staging"]
        names |= {f"{before}/staging/{table}.parquet" for table in staging}
    return names
