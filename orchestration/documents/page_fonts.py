"""The font of an edition's pages, cut to the characters that its pages show.

This module alone decides what characters those are: all in the pages, scripts, style sheets and
drawings of the edition's folder but the pages that have a font of their own in them. Names out of
the ordinary may have characters that the font lacks; a browser draws them with a font of its own.
"""

import base64
import shutil
import tempfile
from collections.abc import Iterable, Iterator
from pathlib import Path

from orchestration.documents import fonts
from quality.documents import texts_of

SHOWN_BY_A_BROWSER = {".css", ".html", ".js", ".svg"}
WEIGHTS = {"regular": fonts.REGULAR, "bold": fonts.BOLD}
EMBEDDED_FAMILY = "Release Sans"
FONT_IN_PAGE = "data:font/ttf;base64,"


def write_page_fonts(folder: Path) -> None:
    """Write `site/regular.ttf` and `site/bold.ttf` of an edition whose pages are all written."""
    site = folder / "site"
    characters = characters_of(texts_shown(folder))
    for name, weight in WEIGHTS.items():
        fonts.write_cut_font(characters, site / f"{name}.ttf", weight)
    shutil.copyfile(fonts.LICENCE, site / "font_licence.txt")


def texts_shown(folder: Path) -> Iterator[str]:
    """The texts of the files that a browser shows and that bring no font of their own."""
    for file in sorted(folder.rglob("*")):
        if file.suffix in SHOWN_BY_A_BROWSER:
            content = file.read_bytes()
            if FONT_IN_PAGE.encode() not in content:
                yield from texts_of(file.name, content)


def font_face(page: str, family: str = EMBEDDED_FAMILY) -> str:
    """CSS of a font with a page's characters, for a page that stands alone, or a part of one.

    family: the name that the font gets.
    """
    texts: list[str] = []
    for form in ("page.html", "page.js"):
        texts += texts_of(form, page.encode())
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "page.ttf"
        fonts.write_cut_font(characters_of(texts), file)
        content = base64.b64encode(file.read_bytes()).decode("ascii")
    return f'@font-face{{font-family:"{family}";src:url({FONT_IN_PAGE}{content})}}'


def characters_of(texts: Iterable[str]) -> list[str]:
    """The characters of some texts that the font has, in order."""
    characters = set().union(*texts)
    return sorted(fonts.drawable(characters))
