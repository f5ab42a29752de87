"""The font of an edition's pages, cut to the characters that its pages show.

This module alone decides what characters those are: all in the pages, scripts, style sheets and
drawings of the edition's folder but the pages that have a font of their own in them. Names out of
the ordinary may have characters that the font lacks; a browser draws them with a font of its own.
"""

import base64
import shutil
import tempfile
from collections.abc import Iterable
from pathlib import Path

from orchestration.documents import fonts
from quality.documents import texts_of

SHOWN_BY_A_BROWSER = {".css", ".html", ".js", ".svg"}
WEIGHTS = {"regular": fonts.REGULAR, "bold": fonts.BOLD}
EMBEDDED_FAMILY = "Release Sans"
FONT_IN_PAGE = "data:font/ttf;base64,"


def write_page_fonts(folder: Path) -> None:
    """Write `site/regular.ttf` and `site/bold.ttf` of an edition whose pages are all written."""
    files = [file for file in folder.rglob("*") if file.suffix in SHOWN_BY_A_BROWSER]
    shown = [(file.name, file.read_bytes()) for file in sorted(files)]
    own_font = FONT_IN_PAGE.encode()
    lacking_font = [(name, content) for name, content in shown if own_font not in content]
    characters = characters_of(
        text for name, content in lacking_font for text in texts_of(name, content)
    )
    for name, weight in WEIGHTS.items():
        fonts.write_cut_font(characters, folder / "site" / f"{name}.ttf", weight)
    shutil.copyfile(fonts.LICENCE, folder / "site" / "font_licence.txt")


def font_face(page: str, family: str = EMBEDDED_FAMILY) -> str:
    """CSS of a font with a page's characters, for a page that stands alone, or a part of one.

    family: the name that the font gets.
    """
    texts = [text for form in ("page.html", "page.js") for text in texts_of(form, page.encode())]
    characters = characters_of(texts)
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "page.ttf"
        fonts.write_cut_font(characters, file)
        content = base64.b64encode(file.read_bytes()).decode("ascii")
    return f'@font-face{{font-family:"{family}";src:url({FONT_IN_PAGE}{content})}}'


def characters_of(texts: Iterable[str]) -> list[str]:
    """The characters of some texts that the font has, in order."""
    return sorted(fonts.drawable(set().union(*texts)))
