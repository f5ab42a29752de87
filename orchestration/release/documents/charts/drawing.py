"""A chart as a page laid out in inches from its top left corner, written as SVG and PNG.

In the SVG text is outlines: it shows where no Chinese font is, and in programs for print, which
read no embedded font. Its words stand beside it, in comments by the outlines and, for screen
readers, in `title` and `desc`. No font is registered with Matplotlib: every text names the file of
its own.
"""

import html
import re
import unicodedata
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Literal

import matplotlib as mpl
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.font_manager import FontProperties
from matplotlib.text import Text

from orchestration.release.documents.fonts import write_font

INK, FAINT, LINE, STRIPE = "#17202a", "#56616c", "#c3cad1", "#f1f4f6"
TITLE, HEAD, BODY, SMALL, TINY = 14, 9.5, 9.5, 8, 7
LEADING = 1.4
POINTS_PER_INCH = 72
LATIN_WIDTH = 0.52
MARGIN = 0.3
RESOLUTION = 200
HEAD_SIZES = ((TITLE, HEAD), (BODY, TINY))

Words = tuple[str, str]


@contextmanager
def settings() -> Iterator[None]:
    """Use Matplotlib's own defaults, whatever is configured, and put the settings back afterwards.

    Only what keeps text plain and bytes the same differs from the defaults.
    """
    with mpl.rc_context():
        mpl.rcdefaults()
        mpl.rcParams.update(
            {"svg.fonttype": "path", "text.parse_math": False, "hatch.linewidth": 0.8}
        )
        yield


def width_of(text: str, size: float) -> float:
    """About how many inches a text takes, rather more than less; Chinese characters are square."""
    widths = [
        1 if unicodedata.east_asian_width(character) in "WF" else LATIN_WIDTH for character in text
    ]
    return sum(widths) * size / POINTS_PER_INCH


def lines_of(text: str, size: float, width: float) -> list[str]:
    """The lines of a text broken to a width in inches.

    It is broken between words and Chinese characters. No line begins with a closing mark.
    """
    lines = [""]
    for part in re.findall(r"[\u2e80-\uffef][，。；：、）]*|[^\s\u2e80-\uffef]+\s*|\s+", text):
        if lines[-1] and width_of(lines[-1] + part.rstrip(), size) > width:
            lines.append("")
        lines[-1] += part
    return [line.strip() for line in lines if line.strip()]


def height_of(words: Words, sizes: tuple[float, float], width: float) -> float:
    """How many inches a paragraph of Chinese over English takes."""
    return (
        sum(
            len(lines_of(text, size, width)) * size * LEADING
            for text, size in zip(words, sizes, strict=True)
        )
        / POINTS_PER_INCH
    )


def join_words(finding: Words | None, title: Words) -> Words:
    """What a chart is called: what it is of, after what it finds."""
    if finding is None:
        return title
    return f"{finding[0]}{title[0]}", f"{finding[1]} {title[1]}"


class Page:
    """A chart: what it finds, what it is of, then its body and its notes.

    The body begins at `body` and is as high as stated.
    """

    def __init__(
        self,
        name: str,
        title: Words,
        finding: Words | None,
        width: float,
        body_height: float,
        notes: Sequence[Words],
        font: FontProperties,
    ) -> None:
        self.name, self.width, self.font = name, width, font
        self.title = " / ".join(join_words(finding, title))
        self.description: list[str] = []
        inner = width - 2 * MARGIN
        heads = [
            (words, sizes)
            for words, sizes in zip((finding, title), HEAD_SIZES, strict=True)
            if words
        ]
        self.body = MARGIN + sum(height_of(words, sizes, inner) + 0.1 for words, sizes in heads)
        top = self.body + body_height
        self.height = top + sum(height_of(note, (SMALL, TINY), inner) for note in notes) + MARGIN
        self.figure = Figure(figsize=(width, self.height), facecolor="white")
        above = MARGIN
        for words, sizes in heads:
            above = self.paragraph(MARGIN, above, words, sizes, inner) + 0.1
        for note in notes:
            top = self.paragraph(MARGIN, top, note, (SMALL, TINY), inner, color=FAINT)

    def write(self, left: float, middle: float, text: str, size: float, **style: Any) -> None:  # noqa: ANN401
        """One line of text about a height."""
        style = {"color": INK, "va": "center_baseline"} | style
        self.figure.text(
            left / self.width,
            1 - middle / self.height,
            text,
            fontproperties=self.font,
            fontsize=size,
            **style,
        )

    def paragraph(
        self,
        left: float,
        top: float,
        words: Words,
        sizes: tuple[float, float],
        width: float,
        color: str = INK,
        align: str = "left",
    ) -> float:
        """Chinese over English, broken to a width; returns where it ends."""
        for text, size, shade in zip(words, sizes, (color, FAINT), strict=True):
            for line in lines_of(text, size, width):
                leading = size * LEADING / POINTS_PER_INCH
                self.write(left, top + leading / 2, line, size, color=shade, ha=align)
                top += leading
        return top

    def axes(self, left: float, top: float, width: float, height: float) -> Axes:
        """A panel without frame and ticks."""
        place = (
            left / self.width,
            1 - (top + height) / self.height,
            width / self.width,
            height / self.height,
        )
        panel = self.figure.add_axes(place)
        panel.set_facecolor("none")
        panel.spines[:].set_visible(False)
        panel.set_xticks([])
        panel.set_yticks([])
        return panel

    def scale(
        self, panel: Axes, axis: Literal["x", "y"], ticks: Sequence[float], labels: Sequence[str]
    ) -> None:
        """Labels on an axis (x or y) of a panel, with grid lines."""
        place = panel.set_xticks if axis == "x" else panel.set_yticks
        place(ticks, labels=labels, fontproperties=self.font, fontsize=TINY, color=FAINT)
        panel.tick_params(axis=axis, length=0, pad=3)
        panel.grid(axis=axis, color=LINE, linewidth=0.6)
        panel.set_axisbelow(True)

    def save(self, folder: Path, as_of: str) -> None:
        """Write the chart as SVG and PNG, dated by the day of its figures."""
        title, description = self.title, "\n".join(self.description)
        svg, png = (folder / f"{self.name}.{form}" for form in ("svg", "png"))
        with mpl.rc_context({"svg.hashsalt": self.name}):
            self.figure.savefig(
                svg,
                metadata={
                    "Title": title,
                    "Date": as_of,
                    "Creator": None,
                    "Type": None,
                    "Format": None,
                },
            )
        markup = svg.read_text(encoding="utf-8")
        markup = markup[markup.index("<svg ") :].replace("<svg ", '<svg role="img" ', 1)
        described = f"</title>\n <desc>{html.escape(description, quote=False)}</desc>"
        svg.write_text(markup.replace("</title>", described, 1), encoding="utf-8", newline="\n")
        metadata = {
            "Title": title,
            "Description": description,
            "Creation Time": as_of,
            "Software": None,
        }
        self.figure.savefig(png, dpi=RESOLUTION, metadata=metadata)


def write_pages(pages: Sequence[Page], font_file: Path, folder: Path, as_of: str) -> None:
    """Write the font, which all pages share as that file, and the pages."""
    write_font((text.get_text() for page in pages for text in page.figure.findobj(Text)), font_file)
    for page in pages:
        page.save(folder, as_of)
