"""What every document says of its release: that it corrects another, why, what was retracted.

The words are in `words.toml`, the facts in the edition's ReleaseNote. Documents only place them.
"""

import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from orchestration.documents.edition import Edition
from orchestration.documents.texts import Words, filled, one_line
from orchestration.home.records.release import Retraction, Revision
from orchestration.home.release_note import ReleaseNote

FILE = Path(__file__).with_name("words.toml")

# By group and key, the words in Chinese and in English.
Wording = dict[str, dict[str, list[str]]]


@dataclass(frozen=True)
class ReleaseName:
    """A published release: its month and its name."""

    period: str
    release: str


@cache
def words() -> Wording:
    """The file of words: groups of pairs (Chinese, English) by key."""
    content: Wording = tomllib.loads(FILE.read_text(encoding="utf-8"))
    return content


def say(
    group: str,
    key: str,
    **values: str | Words,
) -> Words:
    """The words of a key, filled in; a value that is a pair gives each language its own."""
    return filled(words()[group][key], values)


def month(period: str) -> Words:
    """A month YYYY-MM in words."""
    year, number = period.split("-")
    return f"{year}年{int(number)}月", period


def notice_of(period: str, note: ReleaseNote) -> list[Words]:
    """The sentences of the notice of a release of a month; none of one that corrects nothing."""
    found = []
    if note.revision:
        found.append(sentence_on_revision(period, note.revision))
    found += [sentence_on_retraction(retraction) for retraction in note.retracted]
    if note.retracted:
        key = "not_compared" if note.compared_with else "no_changes"
        found.append(say("notice", key))
    return found


def sentence_on_revision(period: str, revision: Revision) -> Words:
    """Which release of a month is superseded, and why."""
    return say(
        "notice",
        revision.kind,
        month=month(period),
        release=revision.supersedes,
        reason=one_line(revision.reason),
    )


def sentence_on_retraction(retraction: Retraction) -> Words:
    """What was retracted, when and why."""
    date = retraction.at[:10]
    year, number, day = map(int, date.split("-"))
    return say(
        "notice",
        "retracted",
        month=month(retraction.period),
        day=(f"{year}年{number}月{day}日", date),
        release=retraction.release,
        reason=one_line(retraction.reason),
    )


def chart_note(edition: Edition) -> list[Words]:
    """What stands below a chart of a release that supersedes another; nothing of any other."""
    revision = edition.note.revision
    if revision is None:
        return []
    note = say(
        "chart",
        revision.kind,
        month=month(edition.period),
        release=revision.supersedes,
    )
    return [note]


def links_before(edition: Edition) -> list[tuple[str, Words]]:
    """Paths from the edition's folder to the releases that this one supersedes or is compared with.

    The paths are those between published releases of one home: `../../r1/internal/index.html`. The
    public edition, which is copied to where these are not, has none.
    """
    if not edition.is_internal:
        return []
    links: dict[ReleaseName, tuple[str, Words]] = {}
    for retraction in edition.note.retracted:
        name = ReleaseName(retraction.period, retraction.release)
        path = f"{place_of(edition, name)}/index.html"
        links[name] = path, words_on("link_tombstone", name)
    for name in standing_before(edition):
        path = f"{place_of(edition, name)}/{edition.folder.name}/index.html"
        links.setdefault(name, (path, words_on("link_before", name)))
    return list(links.values())


def standing_before(edition: Edition) -> Iterator[ReleaseName]:
    """The releases that one supersedes and is compared with."""
    note = edition.note
    if note.revision:
        yield ReleaseName(edition.period, note.revision.supersedes)
    if note.compared_with:
        yield ReleaseName(note.compared_with.period, note.compared_with.release)


def place_of(edition: Edition, name: ReleaseName) -> str:
    """The folder of a published release, from that of an edition of another one."""
    if name.period == edition.period:
        return f"../../{name.release}"
    return f"../../../{name.period}/{name.release}"


def words_on(key: str, name: ReleaseName) -> Words:
    """The words of a key on a release."""
    return say(
        "changes",
        key,
        month=month(name.period),
        release=name.release,
    )
