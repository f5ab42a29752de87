"""The static site of an edition: `index.html`, and `site/` beside it, which it runs on.

`index.html` says the essentials without a script. The site opens from a folder, without server and
network: because nothing can be fetched there, data are scripts that assign to the one global object
`UHI`. Each figure is a cell of the edition's tables; points lost of unions are computed from them
in SQL.
"""

import shutil
from pathlib import Path

from orchestration.documents import palette
from orchestration.documents.edition import Edition
from orchestration.documents.page_fonts import write_page_fonts
from orchestration.documents.site.data import area_data, text_data, write_script
from orchestration.documents.site.page import render_page
from orchestration.documents.site.unions import (
    compute_points_lost,
    union_chunks,
    union_index,
)
from orchestration.documents.site.why import why_text, write_why
from quality.connection import connect

ASSETS = Path(__file__).with_name("assets")
FIRST_SCRIPT = "base.js"
SCRIPTS = (
    "model.js",
    "charts.js",
    "why.js",
    "areas.js",
    "unions.js",
    "app.js",
)
INTERNAL_SCRIPTS = {"unions.js", "why.js"}


def write_site(edition: Edition) -> None:
    """Write the site of an edition whose other documents are written.

    It links to what lies in the folder. Its fonts have the characters of all pages of the folder.
    Where `site_url` is set, the page of each union shows the QR code of its address there.
    """
    folder = edition.folder / "site"
    folder.mkdir()
    scripts = [name for name in SCRIPTS if edition.is_internal or name not in INTERNAL_SCRIPTS]
    for name in (FIRST_SCRIPT, *scripts):
        shutil.copyfile(ASSETS / name, folder / name)
    write_style(folder / "style.css")
    write_data(edition, folder / "data")
    loaded = [
        FIRST_SCRIPT,
        "data/text.js",
        "data/areas.js",
        *scripts,
    ]
    page = render_page(edition, loaded)
    (edition.folder / "index.html").write_text(page, encoding="utf-8")
    write_page_fonts(edition.folder)


def write_style(file: Path) -> None:
    """Write the style sheet, with the colours of the health codes."""
    style = (ASSETS / "style.css").read_text(encoding="utf-8")
    file.write_text(palette.style_sheet() + style, encoding="utf-8")


def write_data(edition: Edition, folder: Path) -> None:
    """Write what the scripts show, into a folder that is made."""
    folder.mkdir()
    text = text_data(edition)
    if edition.is_internal:
        elsewhere = write_why(edition, folder)
        text["why"] = {**why_text(edition), "elsewhere": elsewhere}
        write_unions(edition, folder)
    write_script(folder, "text", text)
    write_script(folder, "areas", area_data(edition))


def write_unions(edition: Edition, folder: Path) -> None:
    """Write the index of all unions, and a file for each township with what their pages show."""
    townships = folder / "unions"
    townships.mkdir()
    with connect() as connection:
        compute_points_lost(edition, connection)
        write_script(folder, "unions", union_index(edition, connection))
        for township, script in union_chunks(edition, connection).items():
            (townships / f"{township}.js").write_text(script, encoding="utf-8")
