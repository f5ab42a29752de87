"""What every document says of its release: that it corrects another, why, what was retracted.

The words are in `words.toml`, the facts in the edition's ReleaseNote. Documents only place them.
"""

import tomllib
from functools import cache
from pathlib import Path
from typing import Any

from orchestration.documents.edition import Edition
from orchestration.home.records.release import Retraction
from orchestration.home.release_note import ReleaseNote

WORDS = Path(__file__).with_name("words.toml")

Pair = tuple[str, str]


@cache
def words() -> dict[str, dict[str, list[str]]]:
    """The file of words: groups of pairs (Chinese, English) by key."""
    content: dict[str, dict[str, list[str]]] = tomllib.loads(WORDS.read_text(encoding="utf-8"))
    return content


def say(group: str, key: str, **values: Any) -> Pair:  # noqa: ANN401
    """The words of a key, filled in; a value that is a pair gives each language its own."""
    chinese, english = (
        text.format_map(
            {
                name: value[place] if isinstance(value, tuple) else value
                for name, value in values.items()
            }
        )
        for place, text in enumerate(words()[group][key])
    )
    return chinese, english


def month(period: str) -> Pair:
    """A month YYYY-MM in words."""
    year, number = period.split("-")
    return f"{year}年{int(number)}月", period


def one_line(reason: str) -> str:
    """A reason without what nothing can be seen of."""
    return " ".join(
        "".join(character if character.isprintable() else " " for character in reason).split()
    )


def notice_of(period: str, note: ReleaseNote) -> list[Pair]:
    """The sentences of the notice of a release of a month; none of one that corrects nothing."""
    found = []
    if note.revision:
        stated = {
            "release": note.revision.supersedes,
            "reason": one_line(note.revision.reason),
        }
        found.append(say("notice", note.revision.kind, month=month(period), **stated))
    found += [retraction_told(retraction) for retraction in note.retracted]
    if note.retracted:
        found.append(say("notice", "not_compared" if note.compared_with else "no_changes"))
    return found


def retraction_told(retraction: Retraction) -> Pair:
    """What was retracted, when and why."""
    year, number, day = retraction.at[:10].split("-")
    stated = {"release": retraction.release, "reason": one_line(retraction.reason)}
    days = (f"{year}年{int(number)}月{int(day)}日", retraction.at[:10])
    return say("notice", "retracted", month=month(retraction.period), day=days, **stated)


def chart_note(edition: Edition) -> list[Pair]:
    """What stands below a chart of a release that supersedes another; nothing of any other."""
    revision = edition.note.revision
    if revision is None:
        return []
    return [say("chart", revision.kind, month=month(edition.period), release=revision.supersedes)]


def links_before(edition: Edition) -> list[tuple[str, Pair]]:
    """Paths from the edition's folder to the releases that this one supersedes or is compared with.

    The paths are those between published releases of one home: `../../r1/public/index.html`.
    """
    note = edition.note
    withdrawn = [(each.period, each.release) for each in note.retracted]
    links = {
        each: (f"{place_of(edition, *each)}/index.html", told("link_tombstone", *each))
        for each in withdrawn
    }
    standing = []
    if note.revision:
        standing.append((edition.period, note.revision.supersedes))
    if note.compared_with:
        standing.append((note.compared_with.period, note.compared_with.release))
    for each in standing:
        path = f"{place_of(edition, *each)}/{edition.folder.name}/index.html"
        links.setdefault(each, (path, told("link_before", *each)))
    return list(links.values())


def place_of(edition: Edition, period: str, release: str) -> str:
    """The folder of a published release, from that of an edition of another one."""
    return f"../../{release}" if period == edition.period else f"../../../{period}/{release}"


def told(key: str, period: str, release: str) -> Pair:
    """The words of a key on a release."""
    return say("changes", key, month=month(period), release=release)
