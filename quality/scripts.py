"""The data that scripts of a site hold."""

import json
import re
from decimal import Decimal
from pathlib import Path
from typing import Any

DATA = re.compile(r"UHI\.data\[(\"[^\"]*\")\] = (\{.*\});\n", re.DOTALL)


def data_of(script: Path, *, as_text: bool = False) -> dict[str, Any]:
    """What a script gives the page, its numbers exact or as text.

    Raises ValueError where it does anything else.
    """
    match = DATA.fullmatch(script.read_text(encoding="utf-8"))
    if match is None:
        message = f"{script.name} is no data"
        raise ValueError(message)
    content: dict[str, Any] = (
        json.loads(match[2], parse_float=str, parse_int=str)
        if as_text
        else json.loads(match[2], parse_float=Decimal)
    )
    return content
