"""The fixed words of the page of column lineage, Chinese and English."""

import tomllib
from functools import cache
from pathlib import Path
from typing import Any

from markupsafe import Markup

from orchestration.documents.site.wording import both

__all__ = ["both", "say", "wording"]


@cache
def wording() -> dict[str, Any]:
    """Every word by its key: (Chinese, English), or a table of such."""
    return tomllib.loads(Path(__file__).with_name("wording.toml").read_text(encoding="utf-8"))


def say(key: str) -> Markup:
    """The words of a key, each language marked as what it is.

    Raises KeyError for an unknown key.
    """
    return both(wording()[key])
