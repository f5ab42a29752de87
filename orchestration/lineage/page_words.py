"""The fixed words of the page of column lineage, Chinese and English."""

import tomllib
from functools import cache
from pathlib import Path
from typing import Any

from markupsafe import Markup

from orchestration.documents.site.wording import both

__all__ = ["both", "text", "words"]


@cache
def words() -> dict[str, Any]:
    """Every word by its key: (Chinese, English), or a table of such."""
    return tomllib.loads(Path(__file__).with_name("page_words.toml").read_text(encoding="utf-8"))


def text(key: str) -> Markup:
    """The words of a key, each language marked as what it is.

    Raises KeyError for an unknown key.
    """
    return both(words()[key])
