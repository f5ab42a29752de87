"""PDF by typst: tagged (PDF/UA-1), in the Chinese font alone.

Content reaches the templates as JSON, never as markup.
"""

import json
import shutil
from collections.abc import Mapping, Sequence
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
        self, folder: Path, charts: Path, documents: Sequence[Document | CountySheet]
    ) -> None:
        """Lay out templates, charts and fonts in a folder.

        The folder is empty, and stays until all files are written.
        """
        for template in TEMPLATES.glob("*.typ"):
            shutil.copyfile(template, folder / template.name)
        shutil.copytree(charts, folder / "charts")
        self.fixed = {name: wording()["text"][name] for name in FIXED}
        texts = list(texts_of([self.fixed, *documents]))
        self.shown = substitutes(texts)
        (folder / "fonts").mkdir()
        for weight in (REGULAR, BOLD):
            write_font(
                (text.translate(self.shown) for text in texts),
                folder / "fonts" / f"{weight}.ttf",
                weight,
            )
        self.fonts = typst.Fonts(
            include_system_fonts=False, include_embedded_fonts=False, font_paths=[folder / "fonts"]
        )
        self.folder = folder

    def write_all(self, files: Mapping[Path, Document | CountySheet]) -> None:
        """Set documents into these files, several at a time: typst leaves Python free meanwhile."""
        with ThreadPoolExecutor() as pool:
            for _ in pool.map(self.write, files.values(), files):
                pass

    def write(self, document: Document | CountySheet, file: Path) -> None:
        """Set a document by its template."""
        year, month, day = map(int, document.as_of.split("-"))
        content = as_data(document) | {
            "family": FAMILY,
            "fixed": self.fixed,
            "date": [year, month, day],
        }
        typst.compile(
            self.folder
            / ("briefing.typ" if isinstance(document, Document) else "county_sheet.typ"),
            output=file,
            root=self.folder,
            font_paths=self.fonts,
            format="pdf",
            sys_inputs={"content": json.dumps(content, ensure_ascii=False).translate(self.shown)},
            pdf_standards=["ua-1"],
            timestamp=datetime(year, month, day, tzinfo=UTC),
        )


def substitutes(texts: Sequence[str]) -> dict[int, str]:
    """A substitute for each character of texts, from unusual names, that the font lacks.

    It is a mark that says that a character is missing.
    """
    characters = {character for text in texts for character in text if character.isprintable()}
    return str.maketrans(dict.fromkeys(characters - drawable(characters), MISSING_GLYPH))
