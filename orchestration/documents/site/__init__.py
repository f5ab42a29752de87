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
from orchestration.documents.site.data import area_data, script_of, text_data
from orchestration.documents.site.page import render_page
from orchestration.documents.site.unions import (
    compute_points_lost,
    union_chunks,
    union_index,
)
from orchestration.documents.site.why import why_text, write_why
from quality.connection import connect

ASSETS = Path(__file__).with_name("assets")
SCRIPTS = ("base.js", "model.js", "charts.js", "why.js", "areas.js", "unions.js", "app.js")
INTERNAL_SCRIPTS = {"unions.js", "why.js"}


def write_site(edition: Edition) -> None:
    """Write the site of an edition whose other documents are written.

    It links to what lies in the folder. Its fonts have the characters of all pages of the folder.
    Where `site_url` is set, the page of each union shows the QR code of its address there.
    """
    folder = edition.folder / "site"
    (folder / "data").mkdir(parents=True)
    scripts = [name for name in SCRIPTS if edition.is_internal or name not in INTERNAL_SCRIPTS]
    for name in scripts:
        shutil.copyfile(ASSETS / name, folder / name)
    style = palette.style_sheet() + (ASSETS / "style.css").read_text(encoding="utf-8")
    (folder / "style.css").write_text(style, encoding="utf-8")
    data = {"text": text_data(edition), "areas": area_data(edition)}
    if edition.is_internal:
        data["text"]["why"] = {
            **why_text(edition),
            "elsewhere": write_why(edition, folder / "data"),
        }
    for name, content in data.items():
        (folder / "data" / f"{name}.js").write_text(script_of(name, content), encoding="utf-8")
    if edition.is_internal:
        write_unions(edition, folder / "data")
    loaded = [
        "base.js",
        *(f"data/{name}.js" for name in data),
        *(name for name in scripts if name != "base.js"),
    ]
    page = render_page(edition, loaded)
    (edition.folder / "index.html").write_text(page, encoding="utf-8")
    write_page_fonts(edition.folder)


def write_unions(edition: Edition, folder: Path) -> None:
    """Write the index of all unions, and a file for each township with what their pages show."""
    (folder / "unions").mkdir()
    with connect() as connection:
        compute_points_lost(edition, connection)
        (folder / "unions.js").write_text(
            script_of("unions", union_index(edition, connection)), encoding="utf-8"
        )
        for township, script in union_chunks(edition, connection).items():
            (folder / "unions" / f"{township}.js").write_text(script, encoding="utf-8")
