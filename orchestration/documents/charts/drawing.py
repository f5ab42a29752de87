"""A chart as SVG and PNG, laid out and drawn by typst from JSON by a template.

In the SVG text is outlines: it shows where no Chinese font is, and in programs for print, which
read no embedded font. Its words stand beside the drawing, in its metadata and, for screen readers,
in `title` and `desc`.
"""

import html
import io
import json
import re
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Literal

import typst
from PIL import Image
from PIL.Image import Dither, Quantize
from PIL.PngImagePlugin import PngInfo

from orchestration.documents import figures, palette
from orchestration.documents.charts.parts import Chart, texts_of
from orchestration.documents.fonts import FAMILY, write_font

TEMPLATES = Path(__file__).with_name("templates")
RESOLUTION = 200
HASHED_NAME = re.compile(r"(?<=[#\"])([a-z]+)[0-9A-F]{16,}(?=[\")])")
METADATA = """<metadata>
<rdf:RDF xmlns:dc="http://purl.org/dc/elements/1.1/"
 xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
<rdf:Description rdf:about="">
<dc:title>{title}</dc:title>
<dc:date>{date}</dc:date>
<dc:description>{notes}</dc:description>
</rdf:Description>
</rdf:RDF>
</metadata>"""


def write_drawings(
    charts: Sequence[Chart],
    folder: Path,
    as_of: str,
) -> None:
    """Write charts into a folder as SVG and PNG, dated by the day of their figures.

    Raises UsageError naming the characters that the font lacks.
    """
    with tempfile.TemporaryDirectory() as scratch:
        fonts = fonts_of(charts, Path(scratch))
        for chart in charts:
            markup = drawn(chart, fonts, "svg").decode("utf-8")
            svg = described(markup, chart, as_of)
            (folder / f"{chart.name}.svg").write_text(svg, encoding="utf-8", newline="\n")
            picture = drawn(chart, fonts, "png")
            write_png(picture, folder / f"{chart.name}.png", chart, as_of)


def fonts_of(charts: Sequence[Chart], folder: Path) -> typst.Fonts:
    """The one font that charts need, written into a folder, and no other.

    Raises UsageError naming the characters that it lacks.
    """
    texts = texts_of([chart.shown for chart in charts])
    write_font(texts, folder / "regular.ttf")
    return typst.Fonts(
        include_system_fonts=False,
        include_embedded_fonts=False,
        font_paths=[folder],
    )


def drawn(
    chart: Chart,
    fonts: typst.Fonts,
    form: Literal["svg", "png", "pdf"],
) -> bytes:
    """A chart as typst draws it in a form: svg, png or pdf."""
    surroundings = {
        "family": FAMILY,
        "missing": figures.NONE,
        "colours": palette.CODES,
    }
    content = json.dumps(chart.shown | surroundings, ensure_ascii=False, default=float)
    made: bytes = typst.compile(
        TEMPLATES / f"{chart.template}.typ",
        root=TEMPLATES,
        font_paths=fonts,
        format=form,
        ppi=RESOLUTION,
        sys_inputs={"content": content},
    )
    return made


def described(
    markup: str,
    chart: Chart,
    as_of: str,
) -> str:
    """An SVG drawing with its words, as a picture to screen readers."""
    opening, _, rest = markup.partition(">")
    title = escaped(chart.caption)
    notes = [" ".join(note) for note in chart.notes]
    metadata = METADATA.format(
        title=title,
        date=as_of,
        notes=escaped("\n".join(notes)),
    )
    lines = [
        f'{opening} role="img">',
        f"<title>{title}</title>",
        f"<desc>{escaped(chart.description_text)}</desc>",
        metadata,
        with_short_names(rest),
    ]
    return "\n".join(lines)


def escaped(text: str) -> str:
    """A text as XML has it."""
    return html.escape(text, quote=False)


def with_short_names(markup: str) -> str:
    """Markup whose parts are named by numbers, not by digests, which could pass for personal."""
    names: dict[str, str] = {}

    def short_name(found: re.Match[str]) -> str:
        kind = found[1]
        return names.setdefault(found[0], f"{kind}{len(names)}")

    return HASHED_NAME.sub(short_name, markup)


def write_png(
    content: bytes,
    file: Path,
    chart: Chart,
    as_of: str,
) -> None:
    """Write a picture in 256 colours, opaque, with its words and its resolution."""
    words = PngInfo()
    words.add_itxt("Title", chart.caption)
    words.add_itxt("Description", chart.description_text)
    words.add_itxt("Creation Time", as_of)
    with Image.open(io.BytesIO(content)) as picture:
        opaque = picture.convert("RGB")
        few = opaque.quantize(method=Quantize.MAXCOVERAGE, dither=Dither.NONE)
        few.save(
            file,
            format="png",
            pnginfo=words,
            dpi=(RESOLUTION, RESOLUTION),
        )
