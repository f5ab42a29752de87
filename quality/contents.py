"""The documents that each edition of a release is due to have: the entries of the registry.

`release_documents.yml` has an entry for each, which those who write and list them read too.
"""

import json
from functools import cache
from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field, StringConstraints, TypeAdapter

from quality.connection import reading
from quality.edited_files import Entry, Line, read_yaml
from quality.publication import EditionName

REGISTRY = Path(__file__).with_name("release_documents.yml")
EDITIONS: tuple[EditionName, ...] = ("internal", "public")
# The codes that a name of a file stands for: table, column, and condition of their rows.
CODES = {
    "{city}": ("area_index", "area_code", "level = 'city'"),
    "{county}": ("county_ranking", "area_code", "true"),
    "{township}": ("union_index", "township_code", "true"),
}

Step = Literal["documents", "sites", "release"]


class ReleaseDocument(Entry):
    """A document: the names of its files, its editions, when and by what it is written.

    made_by: module and function; group, words: keys of the site's words, None where the site lists
    none of its files, or their names say enough.
    """

    files: list[Line] = Field(min_length=1)
    editions: list[EditionName] = Field(min_length=1)
    step: Step
    made_by: Annotated[str, StringConstraints(pattern=r"^[a-z_.]+:[a-z_]+$")]
    group: Line | None = None
    words: Line | None = None

    def names(self, edition: Path, period: str) -> list[str]:
        """The names of its files in an edition of a month, below the edition's folder, sorted."""
        if edition.name not in self.editions:
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
    for placeholder, (table, column, condition) in CODES.items():
        if placeholder in name:
            codes = codes_of(edition / f"{table}.parquet", column, condition)
            return {name.replace(placeholder, code) for code in codes}
    return {name}


def documents(folder: Path) -> set[str]:
    """Names of the documents of both editions, below the release's folder."""
    period = json.loads((folder / "verdict.json").read_text(encoding="utf-8"))["period"]
    return {
        f"{edition}/{name}" for edition in EDITIONS for name in names_in(folder / edition, period)
    }


def names_in(edition: Path, period: str) -> list[str]:
    """Names of all documents of an edition of a month, below its folder, by entry."""
    entries = release_documents().values()
    return [name for document in entries for name in document.names(edition, period)]


def predecessor(folder: Path) -> set[str]:
    """Names of the files of the month before that the release was built on."""
    verdict = json.loads((folder / "verdict.json").read_text(encoding="utf-8"))
    if not verdict["predecessor"]:
        return set()
    stored = folder / "internal" / "predecessor" / "verdict.json"
    staging = json.loads(stored.read_text(encoding="utf-8"))["staging"] if stored.is_file() else ()
    names = [
        *(f"tables/{table}" for table in verdict["predecessor"]),
        *(f"staging/{table}" for table in staging),
    ]
    return {
        "internal/predecessor/verdict.json",
        *(f"internal/predecessor/{name}.parquet" for name in names),
    }


def codes_of(file: Path, column: str, condition: str = "true") -> list[str]:
    """The different codes in a column of a table, of the rows that meet a condition."""
    with reading() as connection:
        rows = connection.read_parquet(str(file)).filter(condition)
        return [code for (code,) in rows.select(column).distinct().fetchall()]
