"""The catalogue of corruptions, each with the check that must name it.

A corruption spoils what the pipeline is given, told, builds or hands out.
"""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import yaml

from tests.corruptions.spoiling import by_query, by_text


@dataclass(frozen=True)
class Corruption:
    """One way to spoil a folder.

    name: what is spoiled, in words, unique in the catalogue; group: file, geography, membership, …;
    spoil: spoils the folder in place; check: the check that must name it, or `source`, `usage`
    where it is refused by that error before there is anything to judge; severity: what that check
    does; also: the further checks that fire, all of them, as patterns; message: what the error
    says, as a pattern.
    """

    name: str
    group: str
    spoil: Callable[[Path], None]
    check: str
    severity: Literal["stop", "warn"] = "stop"
    also: tuple[str, ...] = ()
    message: str = ""


def listed(catalogue: str) -> tuple[Corruption, ...]:
    """The corruptions listed in a file of this folder.

    Each changes a table by a query, or replaces a text by another one.
    """
    groups = yaml.safe_load(
        Path(__file__).with_name(f"{catalogue}.yml").read_text(encoding="utf-8")
    )
    return tuple(
        Corruption(
            each["name"],
            group,
            _spoiling(each),
            each["check"],
            each.get("severity", "stop"),
            tuple(each.get("also", ())),
            each.get("message", ""),
        )
        for group, corruptions in groups.items()
        for each in corruptions
    )


def _spoiling(entry: dict) -> Callable[[Path], None]:
    """How an entry of a catalogue file spoils a folder."""
    if "table" in entry:
        return by_query(entry["table"], entry["query"], retyped=entry.get("retyped", False))
    return by_text(entry["file"], entry["old"], entry["new"])
