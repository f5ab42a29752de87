"""An erasure as lines for a reader."""

from collections.abc import Iterator

from orchestration.home.records.intake import ErasedIntake
from orchestration.privacy.erasure import Erasure
from quality.nouns import counted_noun


def format_erasure(erasure: Erasure) -> list[str]:
    """An erasure for a reader.

    With what it means for all that was made of the intakes, and for the next reading.
    """
    lines = []
    if erasure.finished:
        lines += ["Finished an erasure that was interrupted:", *format_rows(erasure.finished)]
    if erasure.intakes:
        verb = "Would take" if erasure.dry_run else "Took"
        lines += [
            (
                f"{verb} one person out of the landing, memberships: {erasure.memberships:,}, "
                f"intakes: {len(erasure.intakes):,}"
            ),
            *format_rows(erasure.intakes),
        ]
    else:
        lines.append("Nobody with this number is left in the landing.")
    lines += lines_of_made(erasure.made_of)
    lines += [
        f"The account of refused and merged rows in {place} names "
        f"{counted_noun(rows, 'row')} of the person "
        "by their key; it has nothing else of them."
        for place, rows in erasure.accounts.items()
    ]
    if erasure.other_key:
        lines.append(
            f"Not searched, made with another key: {', '.join(erasure.other_key)}. "
            "Run the command again with that key."
        )
    return [
        *lines,
        (
            "The source must erase the person too: the next whole read brings back what it has, "
            "and a read of changes what changed since, or"
        ),
        "up to UHI_LATE_DAYS before the last one.",
    ]


def lines_of_made(made_of: list[str]) -> Iterator[str]:
    """What an erasure means for the folders that are made of the intakes."""
    releases = ("releases/", "retracted/", "prepared/")
    if kept := [place for place in made_of if place.startswith(releases)]:
        yield f"Made of these intakes: {', '.join(kept)}."
        yield (
            "  Their files are untouched and verify as before. "
            "They can be rebuilt byte for byte no more: what reads the landing that they"
        )
        yield "  name (uhi rebuild, uhi trace) refuses, and says when rows were erased."
    candidates = [place for place in made_of if place.startswith("candidates/")]
    if stale := [place for place in candidates if "/." not in place]:
        yield f"Stale, to be run again before they are prepared: {', '.join(stale)}."
    if caches := [place for place in made_of if place.startswith("warehouse/")]:
        yield f"Emptied too, being caches of these rows: {', '.join(caches)}."


def format_rows(intakes: list[ErasedIntake]) -> Iterator[str]:
    """How many rows of each table are taken out of each intake."""
    for intake in intakes:
        counts = [f"{rows:,} {table}" for table, rows in intake.rows.items()]
        yield f"  {intake.intake}: {', '.join(counts)}"
