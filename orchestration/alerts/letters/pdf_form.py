"""The PDF form of a letter, by typst: tagged (PDF/UA-1), in the Chinese font of the documents."""

import json
import shutil
import tempfile
from dataclasses import asdict
from datetime import UTC, datetime, time
from pathlib import Path

import typst

from orchestration.alerts.letters.content import LetterContent
from orchestration.documents.briefing.content import texts_of
from orchestration.documents.briefing.pdf_rendering import fonts_for, substitutes
from orchestration.documents.fonts import FAMILY

TEMPLATE = Path(__file__).with_name("letter.typ")


def pdf_bytes(content: LetterContent) -> bytes:
    """A letter as a PDF file, in Chinese and on new pages in English.

    Where a name has a character that the font lacks, a geta mark (〓) is in its place.
    """
    letters = content.in_both()
    texts = list(texts_of(letters))
    missing = substitutes(texts)
    day = content.as_of
    shown = {
        "letters": [asdict(letter) for letter in letters],
        "family": FAMILY,
        "date": [day.year, day.month, day.day],
    }
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        shutil.copyfile(TEMPLATE, folder / TEMPLATE.name)
        fonts = fonts_for([text.translate(missing) for text in texts], folder / "fonts")
        made: bytes = typst.compile(
            folder / TEMPLATE.name,
            root=folder,
            font_paths=fonts,
            format="pdf",
            sys_inputs={"content": json.dumps(shown, ensure_ascii=False).translate(missing)},
            pdf_standards=["ua-1"],
            timestamp=datetime.combine(day, time(), UTC),
        )
    return made
