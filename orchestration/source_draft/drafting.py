"""Drafts a map of a database; nothing is landed, and no cell but codes is written anywhere."""

import shlex
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from orchestration.aligned import aligned
from orchestration.errors import UsageError
from orchestration.extract.database import DatabaseSource
from orchestration.extract.kinds import open_source
from orchestration.screen import Progress
from orchestration.settings import Settings
from orchestration.source_draft.catalogue import read_catalogue
from orchestration.source_draft.matching import TableMatch, match_all
from orchestration.source_draft.writing import CONFIDENCES, confidences, in_words, text_of


@dataclass(frozen=True)
class Draft:
    """A draft.

    location: the database without credentials; text: the map's; counts: how many columns are how
    sure; matches: what was found.
    """

    location: str
    text: str
    counts: Counter[str]
    matches: dict[str, TableMatch]

    def lines(self, file: Path) -> list[str]:
        """What was found, for a reader; file: where the draft is written."""
        head = ("table", "found as", *CONFIDENCES.values())
        rows = [
            (
                name,
                match.table.name if match.table else "nothing",
                *(str(counts[confidence]) for confidence in CONFIDENCES),
            )
            for name, match in self.matches.items()
            if (counts := confidences({name: match}))
        ]
        return [
            *aligned(rows, head=head, right=(2, 3, 4)),
            f"{file}: {in_words(self.counts)}.",
            "Settle what is marked unresolved, then try it on a month that is there (--period):",
            f"  uhi source check {shlex.join([self.location, '--map', str(file)])}",
        ]

    def as_json(self) -> dict[str, Any]:
        """The number of columns by how sure they are."""
        return {"columns": {confidence: self.counts[confidence] for confidence in CONFIDENCES}}


def draft_map(settings: Settings, location: str, progress: Progress) -> Draft:
    """The draft of a map for a database. Raises UsageError where it is none, SourceError."""
    plain = settings.model_copy(update={"source_map": None})
    with open_source(plain, location) as source:
        if not isinstance(source, DatabaseSource):
            raise UsageError(
                f"{location} is no database, and a map is drafted of a database alone; write that "
                "of a folder by hand, or load its files into a database first."
            )
        found = read_catalogue(plain, location, source, progress)
        progress("comparing")
        matches = match_all(source, found)
        text = text_of(source.location, source, matches)
        return Draft(source.location, text, confidences(matches), matches)
