"""The colours of the health codes, for every surface: charts, site, workbook.

The colour-blind tell them apart by shape and hatching, which stand beside the colour everywhere.
"""

from collections.abc import Mapping

CODES = {
    "green": "#00735a",
    "yellow": "#f3b61f",
    "red": "#a51622",
}
DARK_CODES = {
    "green": "#0d7f65",
    "yellow": "#e0a412",
    "red": "#c22f3a",
}
TINTS = {
    "green": ("#cdebdf", "#00452f"),
    "yellow": ("#fff2a8", "#4d3b00"),
    "red": ("#f6d0d3", "#7a0f18"),
}


def style_sheet() -> str:
    """CSS variables `--green`, `--yellow` and `--red`: of light pages, dark ones, and of paper."""
    light = variables_of(CODES)
    dark = variables_of(DARK_CODES)
    dark_rule = f"@media screen and (prefers-color-scheme: dark) {{ :root {{ {dark} }} }}"
    return f":root {{ {light} }}\n{dark_rule}\n"


def variables_of(colours: Mapping[str, str]) -> str:
    """CSS that sets a variable for each colour."""
    return " ".join(f"--{name}: {colour};" for name, colour in colours.items())
