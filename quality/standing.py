"""Whether every document of a release says what it supersedes, or what was retracted, and why.

The words are this module's own, so that documents which say nothing, or something else, are found.
A reason may have characters that the font of the PDF files lacks: they show a geta mark for each.
"""

import html
import re
from collections.abc import Iterator, Sequence
from pathlib import Path

from quality.contents import names_in
from quality.documents import texts_of
from quality.release_files import EDITIONS, Json, read_json

KINDS = {"revision": "修订", "correction": "更正", "method_change": "方法调整"}
RETRACTED = "撤回"
# Where a document says it, by its form: in its text, above a page, or as a mark in a chart.
TEXTS = (".docx", ".pdf", ".json", ".xlsx")
PAGES = (".html",)
CHARTS = (".svg",)
MISSING_GLYPH = "〓"
MASTHEAD = re.compile(r'<header class="masthead">(.*?)</header>', re.DOTALL)
TAG = re.compile(r"<[^>]*>")

# Words that a document must say in their order.
Phrase = list[str]


def unannounced(folder: Path, earlier: Sequence[Path]) -> Iterator[str]:
    """Documents that do not say what their release is.

    earlier: the releases of its period, oldest first.
    """
    manifest = read_json(folder / "manifest.json")
    revision = manifest["revision"]
    superseded = revision["supersedes"] if revision else None
    if earlier and superseded != earlier[-1].name:
        yield f"it supersedes {earlier[-1].name} and does not state so"
    phrases = list(phrases_due(manifest))
    if not phrases:
        return
    for name in EDITIONS:
        edition = folder / name
        yield from silent_documents(edition, manifest, phrases)
        yield from silent_pages(edition, manifest, phrases)
        if revision:
            yield from silent_charts(edition, manifest)


def phrases_due(manifest: Json) -> Iterator[Phrase]:
    """What each document must say."""
    revision = manifest["revision"]
    if revision:
        kind = KINDS[revision["kind"]]
        yield [kind, revision["supersedes"], revision["reason"]]
    for retraction in manifest.get("retracted", ()):
        yield [retraction["release"], RETRACTED, retraction["reason"]]


def names_of(
    edition: Path,
    manifest: Json,
    forms: tuple[str, ...],
) -> list[str]:
    """Names of the documents of these forms of an edition."""
    names = names_in(edition, manifest["period"])
    return [name for name in names if name.endswith(forms)]


def silent_documents(
    edition: Path,
    manifest: Json,
    phrases: list[Phrase],
) -> Iterator[str]:
    """Documents of an edition that do not say all of it."""
    for name in names_of(edition, manifest, TEXTS):
        if not says(edition / name, phrases):
            yield silence_of(edition, name)


def silent_pages(
    edition: Path,
    manifest: Json,
    phrases: list[Phrase],
) -> Iterator[str]:
    """Pages of an edition that do not say it above all else.

    phrases: what must be said. The site is among them where no view tells what changed.
    """
    for name in names_of(edition, manifest, PAGES):
        if not is_headed(edition / name, phrases):
            yield silence_of(edition, name)
    is_compared = manifest["revision"] and manifest["compared_with"]
    page = (edition / "index.html").read_text(encoding="utf-8")
    if is_compared and '<article id="changes">' not in page:
        yield f"{edition.name}/index.html does not tell what changed"


def is_headed(page: Path, phrases: list[Phrase]) -> bool:
    """Whether a page has one masthead, and it holds each phrase."""
    heads = MASTHEAD.findall(page.read_text(encoding="utf-8"))
    if len(heads) != 1:
        return False
    text = visible(heads[0])
    return all(holds(text, phrase) for phrase in phrases)


def silent_charts(edition: Path, manifest: Json) -> Iterator[str]:
    """Charts that do not say that they are of a release that supersedes another."""
    revision = manifest["revision"]
    kind = KINDS[revision["kind"]][:2]
    mark = [kind, revision["supersedes"]]
    for name in names_of(edition, manifest, CHARTS):
        if not says(edition / name, [mark]):
            yield silence_of(edition, name)


def silence_of(edition: Path, name: str) -> str:
    """That a document says nothing."""
    return (
        f"{edition.name}/{name} does not say what the release supersedes, "
        "or what was retracted, and why"
    )


def visible(markup: str) -> str:
    """The text of a part of a page."""
    return html.unescape(TAG.sub("", markup))


def says(file: Path, phrases: list[Phrase]) -> bool:
    """Whether one text of a document holds each phrase."""
    texts = list(texts_of(file.name, file.read_bytes()))
    return all(is_in_one_of(texts, phrase) for phrase in phrases)


def is_in_one_of(texts: list[str], phrase: Phrase) -> bool:
    """Whether one of these texts holds a phrase."""
    return any(holds(text, phrase) for text in texts)


def holds(text: str, phrase: Phrase) -> bool:
    """Whether a text has these words in this order in one passage.

    White space does not count, and missing glyphs are marked.
    """
    pattern = ".{0,60}?".join(pattern_of(word) for word in phrase)
    return re.search(pattern, squeezed(text)) is not None


def pattern_of(word: str) -> str:
    """A pattern of a word in which each character may be missing from the font."""
    characters = [re.escape(character) for character in squeezed(word)]
    return "".join(f"[{character}{MISSING_GLYPH}]" for character in characters)


def squeezed(text: str) -> str:
    """A text without white space and what cannot be seen."""
    return "".join(filter(is_seen, text))


def is_seen(character: str) -> bool:
    """Whether a character is neither white space nor invisible."""
    return character.isprintable() and not character.isspace()
