"""The files of an edition that its page offers for download, by group."""

from collections.abc import Sequence
from dataclasses import dataclass

from orchestration.documents.edition import Edition
from orchestration.documents.site.wording import wording
from orchestration.documents.texts import Words, names_of
from quality.contents import release_documents

# The groups of files for download, in their order, and the files of them that are no documents.
GROUPS = (
    "group_documents",
    "group_charts",
    "group_counties",
    "group_tables",
    "group_methodology",
    "group_lineage",
)
DATA = {
    "group_tables": ("*.csv", "*.parquet", "alerts/*.parquet"),
    "group_methodology": ("methodology/*.csv",),
}
KILOBYTE, MEGABYTE = 1e3, 1e6


@dataclass(frozen=True)
class Download:
    """A file: its path, its size, and what it is where its name does not say."""

    path: str
    size: str
    what: Words | None


Downloads = dict[str, list[Download]]


def downloads(edition: Edition) -> list[tuple[str, list[Download]]]:
    """The files of the edition's folder beside the site, by group."""
    found: Downloads = {group: [] for group in GROUPS}
    add_documents(found, edition)
    for group, patterns in DATA.items():
        for path in paths_of(edition, patterns):
            file = download(edition, path)
            found[group].append(file)
    return [(group, files) for group, files in found.items() if files]


def add_documents(found: Downloads, edition: Edition) -> None:
    """Add the documents of the registry that the edition has and the site lists."""
    sheets = words_of_sheets(edition)
    for document in release_documents().values():
        if not document.group:
            continue
        words = wording()[document.words] if document.words else None
        for name in document.names(edition.folder, edition.period):
            if (edition.folder / name).exists():
                what = sheets.get(name) or words
                file = download(edition, name, what)
                found[document.group].append(file)


def words_of_sheets(edition: Edition) -> dict[str, Words]:
    """The names of the counties, by the path of their sheets."""
    sheets = {}
    for county in edition.counties:
        path = f"counties/{county['area_code']}.pdf"
        sheets[path] = names_of(county)
    return sheets


def paths_of(edition: Edition, patterns: Sequence[str]) -> list[str]:
    """The paths of the files of an edition that match patterns, by pattern."""
    paths = []
    for pattern in patterns:
        for file in sorted(edition.folder.glob(pattern)):
            path = file.relative_to(edition.folder)
            paths.append(path.as_posix())
    return paths


def download(
    edition: Edition,
    path: str,
    what: Words | None = None,
) -> Download:
    """A file of the edition as the page lists it."""
    size = (edition.folder / path).stat().st_size
    return Download(path, size_in_words(size), what)


def size_in_words(size: int) -> str:
    """A size in kB or MB; size: in bytes."""
    if size >= MEGABYTE:
        return f"{size / MEGABYTE:.1f} MB"
    return f"{max(size / KILOBYTE, 0.1):.1f} kB"
