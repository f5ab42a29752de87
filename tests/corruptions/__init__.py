"""The catalogue of corruptions: ways to spoil what the pipeline is given, told, builds or hands out, and the check that must name each."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Literal


@dataclass(frozen=True)
class Corruption:
    """One way to spoil a folder.

    name: what is spoiled, in words, unique in the catalogue; group: file, geography, membership, …; spoil: spoils the folder in place;
    check: the check that must name it; severity: what that check does; also: the further checks that fire, all of them, as patterns.
    """

    name: str
    group: str
    spoil: Callable[[Path], None]
    check: str
    severity: Literal["stop", "warn"] = "stop"
    also: tuple[str, ...] = ()
