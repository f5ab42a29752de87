"""Whether every document of a release says what it supersedes, or what was retracted, and why.

The words are this module's own, so that documents which say nothing, or something else, are found.
A reason may have characters that the font of the PDF files lacks: they show a geta mark for each.
"""

import html
import json
import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from quality.contents import names_in
from quality.documents import texts_of

EDITIONS = ("internal", "public")
KINDS = {"revision": "修订", "correction": "更正", "method_change": "方法调整"}
RETRACTED = "撤回"
# Where a document tells it, by its form: in its text, above a page, or as a mark in a chart.
TEXTS, PAGES, CHARTS = (".docx", ".pdf", ".json", ".xlsx"), (".html",), (".svg",)
MISSING_GLYPH = "〓"
MASTHEAD = re.compile(r'<header class="masthead">(.*?)</header>', re.DOTALL)


def unannounced(folder: Path, earlier: Sequence[Path]) -> Iterator[str]:
    """Documents that do not say what their release is.

    earlier: the releases of its period, oldest first.
    """
    manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    revision = manifest["revision"]
    if earlier and (revision or {}).get("supersedes") != earlier[-1].name:
        yield f"it supersedes {earlier[-1].name} and does not state so"
    phrases = list(phrases_due(manifest))
    for edition in EDITIONS if phrases else ():
        yield from silent_documents(folder / edition, manifest, phrases)
        yield from silent_pages(folder / edition, manifest, phrases)
        if revision:
            due = [KINDS[revision["kind"]][:2], revision["supersedes"]]
            yield from silent_charts(folder / edition, manifest, due)


def phrases_due(manifest: dict[str, Any]) -> Iterator[list[str]]:
    """What each document must say, as lists of words in their order."""
    if revision := manifest["revision"]:
        yield [KINDS[revision["kind"]], revision["supersedes"], revision["reason"]]
    for retraction in manifest.get("retracted", ()):
        yield [retraction["release"], RETRACTED, retraction["reason"]]


def names_of(edition: Path, manifest: dict[str, Any], forms: tuple[str, ...]) -> list[str]:
    """Names of the documents of these forms of an edition."""
    return [name for name in names_in(edition, manifest["period"]) if name.endswith(forms)]


def silent_documents(
    edition: Path, manifest: dict[str, Any], phrases: list[list[str]]
) -> Iterator[str]:
    """Documents of an edition that do not say all of it."""
    names = names_of(edition, manifest, TEXTS)
    yield from (told(edition / name) for name in names if not says((edition / name), phrases))


def silent_pages(
    edition: Path, manifest: dict[str, Any], phrases: list[list[str]]
) -> Iterator[str]:
    """Pages of an edition that do not say it above all else.

    phrases: what must be said. The site is among them where no view tells what changed.
    """
    for name in names_of(edition, manifest, PAGES):
        page = (edition / name).read_text(encoding="utf-8")
        heads = MASTHEAD.findall(page)
        if len(heads) != 1 or not all(holds(visible(heads[0]), phrase) for phrase in phrases):
            yield told(edition / name)
    page = (edition / "index.html").read_text(encoding="utf-8")
    is_compared = manifest["revision"] and manifest["compared_with"]
    if is_compared and '<article id="changes">' not in page:
        yield f"{edition.name}/index.html does not tell what changed"


def silent_charts(edition: Path, manifest: dict[str, Any], due: list[str]) -> Iterator[str]:
    """Charts that do not say that they are of a release that supersedes another."""
    files = [edition / name for name in names_of(edition, manifest, CHARTS)]
    yield from (told(file) for file in files if not says(file, [due]))


def told(file: Path) -> str:
    """That a document says nothing."""
    edition = next(part for part in reversed(file.parts) if part in EDITIONS)
    name = file.as_posix().rpartition(f"/{edition}/")[2]
    return (
        f"{edition}/{name} does not say what the release supersedes, or what was retracted, and why"
    )


def visible(markup: str) -> str:
    """The text of a part of a page."""
    return html.unescape(re.sub(r"<[^>]*>", "", markup))


def says(file: Path, phrases: list[list[str]]) -> bool:
    """Whether one text of a document holds each phrase."""
    texts = list(texts_of(file.name, file.read_bytes()))
    return all(any(holds(text, phrase) for text in texts) for phrase in phrases)


def holds(text: str, phrase: list[str]) -> bool:
    """Whether a text has these words in this order in one passage.

    White space does not count, and missing glyphs are marked.
    """
    words = [
        "".join(f"[{re.escape(character)}{MISSING_GLYPH}]" for character in squeezed(word))
        for word in phrase
    ]
    return re.search(".{0,60}?".join(words), squeezed(text)) is not None


def squeezed(text: str) -> str:
    """A text without white space and what cannot be seen."""
    return "".join(
        character for character in text if character.isprintable() and not character.isspace()
    )
