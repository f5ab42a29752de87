"""PDF by typst: tagged (PDF/UA-1), in the Chinese font alone.

Content reaches the templates as JSON, never as markup.
"""

import json
import shutil
from collections.abc import Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path

import typst

from orchestration.documents.briefing.content import (
    CountySheet,
    Document,
    as_data,
    texts_of,
)
from orchestration.documents.briefing.wording import wording
from orchestration.documents.fonts import BOLD, FAMILY, REGULAR, drawable, write_font

FIXED = ("page", "bullet")
MISSING_GLYPH = "〓"
TEMPLATES = Path(__file__).with_name("templates")


class Typesetter:
    """Makes the PDF files of an edition, with one font for all of them."""

    def __init__(
        self,
        folder: Path,
        charts: Path,
        documents: Sequence[Document | CountySheet],
    ) -> None:
        """Lay out templates, charts and fonts in a folder.

        The folder is empty, and stays until all files are written.
        """
        self.folder = folder
        for template in TEMPLATES.glob("*.typ"):
            shutil.copyfile(template, folder / template.name)
        shutil.copytree(charts, folder / "charts")
        self.fixed = {name: wording()["text"][name] for name in FIXED}
        texts = list(texts_of([self.fixed, *documents]))
        self.substitutes = substitutes(texts)
        shown = [text.translate(self.substitutes) for text in texts]
        self.fonts = fonts_for(shown, folder / "fonts")

    def write_all(self, files: Mapping[Path, Document | CountySheet]) -> None:
        """Set documents into these files, several at a time: typst leaves Python free meanwhile."""
        with ThreadPoolExecutor() as pool:
            written = pool.map(self.write, files.values(), files)
            list(written)

    def write(self, document: Document | CountySheet, file: Path) -> None:
        """Set a document by its template."""
        template = "briefing.typ" if isinstance(document, Document) else "county_sheet.typ"
        day = datetime.fromisoformat(document.as_of).replace(tzinfo=UTC)
        content = as_data(document) | {
            "family": FAMILY,
            "fixed": self.fixed,
            "date": [day.year, day.month, day.day],
        }
        shown = json.dumps(content, ensure_ascii=False).translate(self.substitutes)
        typst.compile(
            self.folder / template,
            output=file,
            root=self.folder,
            font_paths=self.fonts,
            format="pdf",
            sys_inputs={"content": shown},
            pdf_standards=["ua-1"],
            timestamp=day,
        )


def fonts_for(texts: Sequence[str], folder: Path) -> typst.Fonts:
    """The fonts that have the characters of these texts, written into a folder that is made."""
    folder.mkdir()
    for weight in (REGULAR, BOLD):
        write_font(texts, folder / f"{weight}.ttf", weight)
    return typst.Fonts(
        include_system_fonts=False,
        include_embedded_fonts=False,
        font_paths=[folder],
    )


def substitutes(texts: Iterable[str]) -> dict[int, str]:
    """A substitute for each character of texts, from unusual names, that the font lacks.

    It is a mark that says that a character is missing.
    """
    characters = set().union(*texts)
    printable = {character for character in characters if character.isprintable()}
    lacking = printable - drawable(printable)
    return str.maketrans(dict.fromkeys(lacking, MISSING_GLYPH))
