"""How far a foreign name or comment says what the contract asks for.

Names are compared in Chinese (names and comments), in pinyin, whole, abbreviated to initials or
mixed, and in English, whole or abbreviated.
"""

import re
from dataclasses import dataclass
from functools import cache

from pypinyin import Style, pinyin

from orchestration.source_draft.vocabulary import (
    Words,
    audit_words,
    english_endings,
    inner_keys,
    words_that_say_nothing,
)

# How strong the evidence of a name is.
NONE, WEAK, FAIR, STRONG = range(4)
BRACKETS = re.compile(r"[（(\[【<《].*?[）)\]】>》]")
FIRST_MARK = re.compile(r"[\s:：,，;；。.、/|=0-9]")
HAN = re.compile(r"[\u3400-\u9fff]")
TOKENS = re.compile(r"[a-z]+|[A-Z]+(?![a-z])|[A-Z][a-z]+|[a-z0-9]+")
TABLE_TAILS = re.compile(r"(基本信息|信息|基础|记录|登记|台账|明细|数据|档案|管理|主)*表?$")
LONG_INITIALS = 4
LONGEST_MARK = 2
SHORTEST_ABBREVIATION = 2
MOST_OF = 0.6
SOME_OF = 0.34
TABLE_MARKS = {"t", "tb", "tbl", "v", "vw", "f", "c", "d", "n", "is", "info", "base", "the", "of"}


@dataclass(frozen=True)
class Likeness:
    """How strong a name's evidence is, and what it is."""

    strength: int
    evidence: str = ""


def likeness(name: str, comment: str, words: Words) -> Likeness:
    """The strongest evidence that a foreign column's name or comment gives."""
    by_name = [by_pinyin(name, words), by_english(name, words)]
    if not HAN.search(comment) or heading(comment) in words_that_say_nothing():
        return strongest([by_chinese(name, words), *by_name])
    by_comment = by_chinese(comment, words)
    if by_comment.strength >= FAIR:
        return by_comment
    # A comment that says something else, or little, outweighs a name.
    less = FAIR - by_comment.strength
    return strongest([by_comment, *(weakened(found, less) for found in by_name)])


def is_audit(name: str, comment: str) -> bool:
    """Whether a column says something of its row, not of what the row is about."""
    return likeness(name, comment, audit_words()).strength == STRONG


def is_inner_key(name: str, comment: str) -> bool:
    """Whether a key is a platform's own number of a row, rather than one for people."""
    chinese, english = inner_keys()
    said = heading(comment)
    if HAN.search(said):
        return said.endswith(tuple(chinese))
    return bool(tokens := tokens_of(name)) and tokens[-1] in english


def strongest(found: list[Likeness]) -> Likeness:
    """The strongest evidence."""
    return max(found, key=lambda each: each.strength)


def weakened(found: Likeness, less: int) -> Likeness:
    """The evidence where something else speaks against it."""
    return Likeness(max(found.strength - less, NONE), found.evidence)


def likeness_of_table(name: str, comment: str, words: Words) -> Likeness:
    """The same of a foreign table, whatever marks of a table its name begins and ends with."""
    named = TABLE_TAILS.sub("", heading(comment))
    return likeness(name, named, words)


@cache
def heading(text: str) -> str:
    """What a comment begins with: its words before a bracket, a mark or a list of codes."""
    plain = BRACKETS.sub("", text).strip()
    whole = BRACKETS.sub("", re.sub("^是否", "", plain))
    return FIRST_MARK.split(whole, maxsplit=1)[0]


def by_chinese(text: str, words: Words) -> Likeness:
    """What Chinese words say."""
    said = heading(text)
    if not HAN.search(said):
        return Likeness(NONE)
    plain = headings(words.chinese)
    if said in plain:
        return Likeness(STRONG, said)
    if said in words.doubtful:
        return Likeness(FAIR, said)
    shares = [share_in_common(said, word) for word in plain | words.doubtful]
    best = max(shares, default=0)
    if best >= MOST_OF:
        return Likeness(FAIR, said)
    return Likeness(WEAK, said) if best >= SOME_OF else Likeness(NONE)


@cache
def headings(words: frozenset[str]) -> frozenset[str]:
    """What words begin with, as of comments."""
    return frozenset(map(heading, words))


def share_in_common(said: str, word: str) -> float:
    """The share of the longer text that the other is, where one is within the other; else 0."""
    shorter, longer = sorted((said, word), key=len)
    if len(shorter) < SHORTEST_ABBREVIATION or shorter not in longer:
        return 0
    return len(shorter) / len(longer)


def by_pinyin(name: str, words: Words) -> Likeness:
    """What pinyin says: strong where a syllable is whole or initials are many."""
    if HAN.search(name):
        return Likeness(NONE)
    best = Likeness(NONE)
    for written in spellings(name):
        for word in by_first_letter(words.chinese | words.doubtful).get(written[0], ()):
            if fits_pinyin(written, word):
                strength = strength_of_pinyin(written, word, words)
                best = max(
                    best,
                    Likeness(strength, f"{word} in pinyin"),
                    key=lambda each: (each.strength, -len(each.evidence)),
                )
    return best


def strength_of_pinyin(written: str, word: str, words: Words) -> int:
    """How strong it is that a name is a word in pinyin."""
    is_whole = len(written) > len(word)
    if word in words.doubtful:
        return FAIR if is_whole or len(word) >= LONG_INITIALS else WEAK
    if is_whole or len(word) >= LONG_INITIALS:
        return STRONG
    return FAIR


@cache
def spellings(name: str) -> tuple[str, ...]:
    """A name's letters together, and without a first or last part that only marks tables.

    A longer first part may be what tells it from another: 下届 in `xiajie_huanjie_riqi`.
    """
    parts = re.findall(r"[a-z0-9]+", name.lower())
    wholes = ["".join(parts)]
    if len(parts) > 1 and len(parts[0]) <= LONGEST_MARK:
        wholes.append("".join(parts[1:]))
    if parts and parts[-1] in TABLE_MARKS:
        wholes.append("".join(parts[:-1]))
    return tuple(whole for whole in wholes if len(whole) >= SHORTEST_ABBREVIATION)


@cache
def fits_pinyin(written: str, word: str) -> bool:
    """Whether letters are a word in pinyin, each syllable whole or by its initial."""
    return len(written) >= len(word) and pattern_of(word).fullmatch(written) is not None


@cache
def pattern_of(word: str) -> re.Pattern[str]:
    """What a word in pinyin looks like, each syllable whole or by its initial."""
    return re.compile("".join(map(syllable, readings_of(word))))


@cache
def readings_of(word: str) -> tuple[str, ...]:
    """How a word's characters are read in it, others in lower case."""
    plain = re.sub(r"\W", "", word)
    return tuple(reading.lower() for [reading] in pinyin(plain, style=Style.NORMAL))


@cache
def by_first_letter(words: frozenset[str]) -> dict[str, list[str]]:
    """Words by the letter that they begin with in pinyin, in their order."""
    found: dict[str, list[str]] = {}
    for word in sorted(words):
        if readings := readings_of(word):
            found.setdefault(readings[0][0], []).append(word)
    return found


def syllable(reading: str) -> str:
    """A reading whole, by its initial of two letters or by its first letter, as a regular one."""
    initial = reading[:2] if reading[1:2] == "h" else reading[:1]
    forms = dict.fromkeys([reading, initial, reading[0]])
    return f"(?:{'|'.join(map(re.escape, forms))})"


def by_english(name: str, words: Words) -> Likeness:
    """What English words say."""
    tokens = tokens_of(name)
    if not tokens:
        return Likeness(NONE)
    best = max((english_share(tokens, word, words.ending) for word in words.english), default=0)
    if best >= 1:
        return Likeness(STRONG, "English name")
    if best >= MOST_OF:
        return Likeness(FAIR, "English name in part or abbreviated")
    return Likeness(WEAK, "English name in part") if best >= SOME_OF else Likeness(NONE)


@cache
def tokens_of(name: str) -> tuple[str, ...]:
    """The parts of a name in lower case, without marks of tables and types."""
    parts = [part.lower() for piece in name.split("_") for part in TOKENS.findall(piece)]
    kept = [part for part in parts if part not in TABLE_MARKS]
    return tuple(kept)


@cache
def english_share(tokens: tuple[str, ...], word: str, ending: str | None) -> float:
    """How much of a name and a word fit each other: 1 where all, each word in full.

    A part that only ends a name, as `_id` does, says nothing of itself.
    """
    endings = english_endings()
    due = [part for part in word.split() if not ending or endings.get(part) != ending]
    if not due:
        return 1.0 if tokens == tuple(word.split()) else 0.0
    found = [part for part in tokens if not ending or endings.get(part) != ending]
    whole = sum(part in found or f"{part}s" in found for part in due)
    in_part = sum(
        any(is_abbreviated(token, part) for token in found)
        for part in due
        if part not in found and f"{part}s" not in found
    )
    if not whole and not in_part:
        return 0
    others = max(len(found) - whole - in_part, 0)
    return (whole + 0.8 * in_part) / (len(due) + others)


def is_abbreviated(token: str, word: str) -> bool:
    """Whether a part of a name abbreviates a word: its letters in their order, from the first."""
    if len(token) < SHORTEST_ABBREVIATION or token[0] != word[0] or len(token) >= len(word):
        return False
    rest = iter(word)
    return all(letter in rest for letter in token)
