"""Which foreign table and column holds what the contract asks for, by names and cells together.

Each pair gets points for its name and for its cells. Tables, and then the columns of each, are
paired so that the points are most in all. A pair is sure where both speak for it, and nothing else
comes near it; whatever is less a person has to confirm.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import NamedTuple

import numpy as np
from scipy.optimize import linear_sum_assignment

from orchestration.contract.registry import SourceColumn, SourceTable, source_tables
from orchestration.extract.database import DatabaseSource
from orchestration.source_draft.catalogue import FoundColumn, FoundTable, share_within
from orchestration.source_draft.cells import FORM, NEARLY_ALL, PROOF, TYPE, Weight, weigh
from orchestration.source_draft.code_lists import CodeList, code_lists
from orchestration.source_draft.names import (
    FAIR,
    NONE,
    STRONG,
    WEAK,
    is_audit,
    is_inner_key,
    likeness,
    likeness_of_table,
)
from orchestration.source_draft.vocabulary import words_of_column, words_of_table

SURE_POINTS = STRONG + TYPE
LEAST_POINTS = FAIR
SURE_MARGIN = 1
TABLE_MARGIN = 0.5
CLEAR_MARGIN = 1.5
SHARED = 0.25
# Of these kinds cells say nothing that tells one column from another.
ALIKE = {"date", "timestamptz", "int", "decimal"}
NAME_OF_TABLE = 2.0
LEAST_OF_TABLE = 2.0


class Lookup(NamedTuple):
    """A key that rows name by another one: the table that has both."""

    table: str
    named_by: str
    key: str


@dataclass(frozen=True)
class Candidate:
    """A foreign column that may be a contract's: the strength of its name, and what its cells say.

    lookup: where it names rows of another table by another key than the contract's; is_inner: of a
    key, whether it is the platform's own, to which one for people is preferred.
    """

    column: str
    name: int
    evidence: tuple[str, ...]
    weight: Weight
    lookup: Lookup | None = None
    is_inner: bool = False

    @property
    def points(self) -> int:
        """All that speaks for it, less what speaks for another one of the same meaning."""
        return self.name + self.weight.points - int(self.is_inner) - int(self.lookup is not None)


Candidates = dict[str, dict[str, Candidate]]


@dataclass(frozen=True)
class Match:
    """What is found for a column: the best, or None; doubt: why a person must confirm it."""

    best: Candidate | None
    doubt: str | None
    others: tuple[str, ...] = ()


@dataclass(frozen=True)
class TableMatch:
    """What is found for a table; columns: by the contract's name."""

    table: FoundTable | None
    evidence: str
    doubt: str | None
    columns: dict[str, Match]


def match_all(source: DatabaseSource, found: list[FoundTable]) -> dict[str, TableMatch]:
    """What is found for each table of the registry. Raises SourceError."""
    due = list(source_tables().values())
    recurring, lists = recurring_moments(found), code_lists(found)
    candidates = {
        (table.name, foreign.name): candidates_of(table, foreign, recurring, lists)
        for table in due
        for foreign in found
    }
    scores = np.array(
        [
            [score_of(table, foreign, candidates[table.name, foreign.name]) for foreign in found]
            for table in due
        ]
    )
    rows, columns = linear_sum_assignment(scores, maximize=True)
    chosen = {due[row].name: found[column] for row, column in zip(rows, columns, strict=True)}
    keys = {
        name: sole_key(source_tables()[name], candidates[name, foreign.name])
        for name, foreign in chosen.items()
    }
    return {
        table.name: table_match(
            table,
            chosen.get(table.name),
            scores[number],
            found,
            with_references(
                source, table, chosen, keys, candidates[table.name, chosen[table.name].name]
            ),
        )
        if table.name in chosen
        else TableMatch(None, "", "there are fewer tables than are due", {})
        for number, table in enumerate(due)
    }


def recurring_moments(found: list[FoundTable]) -> frozenset[str]:
    """The names of moments that so many tables have that they are of the rows, as when entered."""
    names = Counter(
        column.name
        for table in found
        for column in table.columns.values()
        if column.family in ("moment", "zoned")
    )
    return frozenset(name for name, number in names.items() if number > SHARED * len(found))


def candidates_of(
    table: SourceTable,
    foreign: FoundTable,
    recurring: frozenset[str],
    lists: list[CodeList],
) -> Candidates:
    """The foreign columns that may be each of a table's columns."""
    return {
        column.name: {
            found.name: candidate
            for found in foreign.columns.values()
            if (found.name not in recurring or column.name == table.watermark)
            and (candidate := candidate_of(table, column, foreign, found, lists))
        }
        for column in table.columns
    }


def candidate_of(
    table: SourceTable,
    column: SourceColumn,
    foreign: FoundTable,
    found: FoundColumn,
    lists: list[CodeList],
) -> Candidate | None:
    """A foreign column as a contract's; None where cells speak against it, or nothing for it."""
    words = words_of_column(table, column)
    named = likeness(found.name, found.comment, words)
    if named.strength == NONE and column.kind in ALIKE:
        return None
    if is_audit(found.name, found.comment):
        return None
    weight = weigh(table, column, words, foreign, found, lists)
    if weight is None:
        return None
    if column.name in table.references and found.name in foreign.references:
        weight = replace(weight, points=FORM, evidence="declared reference")
    if named.strength == NONE and weight.points < FORM:
        return None
    evidence = tuple(part for part in (named.evidence, weight.evidence) if part)
    is_key = column.name in (*table.key, *table.references)
    is_inner = is_key and is_inner_key(found.name, found.comment)
    return Candidate(found.name, named.strength, evidence, weight, is_inner=is_inner)


def score_of(table: SourceTable, foreign: FoundTable, candidates: Candidates) -> float:
    """How well a foreign table fits: by its name, and by the columns that it would give."""
    named = likeness_of_table(foreign.name, foreign.comment, words_of_table(table)).strength
    assigned = assign(candidates)
    points = sum(candidate.points for candidate in assigned.values())
    return float(NAME_OF_TABLE * named + points / len(candidates))


def assign(candidates: Candidates) -> dict[str, Candidate]:
    """Pairs of columns, each once, with the most points in all."""
    names = sorted({name for found in candidates.values() for name in found})
    if not names:
        return {}
    points = np.array(
        [
            [found[name].points if name in found else 0 for name in names]
            for found in candidates.values()
        ]
    )
    rows, columns = linear_sum_assignment(points, maximize=True)
    due = list(candidates)
    return {
        due[row]: candidates[due[row]][names[column]]
        for row, column in zip(rows, columns, strict=True)
        if names[column] in candidates[due[row]]
    }


def sole_key(table: SourceTable, candidates: Candidates) -> str | None:
    """The foreign column that is taken for a key of one column."""
    if len(table.key) > 1:
        return None
    best = assign(candidates).get(table.key[0])
    return best.column if best else None


def with_references(
    source: DatabaseSource,
    table: SourceTable,
    chosen: Mapping[str, FoundTable],
    keys: Mapping[str, str | None],
    candidates: Candidates,
) -> Candidates:
    """The candidates, of references those alone whose cells name rows of the table that is due."""
    own = chosen[table.name]
    checked = dict(candidates)
    for name, parent in table.references.items():
        if parent not in chosen or keys[parent] is None:
            continue
        checked[name] = {
            candidate.column: proven
            for candidate in candidates[name].values()
            if (proven := proven_reference(source, own, candidate, chosen[parent], keys[parent]))
        }
    return checked


def proven_reference(
    source: DatabaseSource,
    own: FoundTable,
    candidate: Candidate,
    parent: FoundTable,
    key: str | None,
) -> Candidate | None:
    """The candidate with what shows that it names rows of the other table, else None."""
    declared = own.references.get(candidate.column)
    if declared and declared[0] != parent.name:
        return None
    possible = [declared[1]] if declared else [str(key), *sorted(parent.unique - {str(key)})]
    cells = own.columns[candidate.column].filled
    for column in possible:
        within = 1.0 if declared else share_within(source, cells, parent.name, column)
        if within >= NEARLY_ALL:
            lookup = None if column == key else Lookup(parent.name, column, str(key))
            said = "declared" if declared else f"{within:.0%} found"
            evidence = (*candidate.evidence[:1], f"names {parent.name}.{column}, {said}")
            weight = replace(candidate.weight, points=PROOF)
            return replace(candidate, evidence=evidence, weight=weight, lookup=lookup)
    return None


def table_match(
    table: SourceTable,
    foreign: FoundTable | None,
    scores: Iterable[float],
    found: list[FoundTable],
    candidates: Candidates,
) -> TableMatch:
    """What is found for a table."""
    if foreign is None:
        return TableMatch(None, "", "nothing found", {})
    named = likeness_of_table(foreign.name, foreign.comment, words_of_table(table))
    ranked = sorted(zip(scores, (each.name for each in found), strict=True), reverse=True)
    own = next(score for score, name in ranked if name == foreign.name)
    others = [(score, name) for score, name in ranked if name != foreign.name]
    columns = {column.name: column_match(column.name, candidates) for column in table.columns}
    if own < LEAST_OF_TABLE:
        return TableMatch(None, "", f"nothing found; nearest is {foreign.name}", {})
    doubt = None
    nearest = max((score for score, _ in others), default=0)
    if named.strength < FAIR and own - nearest < CLEAR_MARGIN:
        doubt = "its name says little"
    near = [name for score, name in others if own - score < TABLE_MARGIN]
    if near:
        doubt = f"it may also be {', '.join(near[:3])}"
    return TableMatch(foreign, named.evidence or "columns", doubt, columns)


def column_match(name: str, candidates: Candidates) -> Match:
    """What is found for a column, and whether it is sure."""
    best = assign(candidates).get(name)
    own = candidates[name]
    if best is None or best.points < LEAST_POINTS or (best.name == NONE and not is_proof(best)):
        nearest = sorted(own, key=lambda found: -own[found].points)[:3]
        return Match(None, "nothing found that says so", tuple(nearest))
    margin = SURE_MARGIN + int(best.is_inner)
    rivals = [
        each.column
        for each in own.values()
        if each.column != best.column and best.points - each.points < margin
    ]
    claims = [
        other
        for other, found in candidates.items()
        if other != name
        and best.column in found
        and found[best.column].points > best.points - SURE_MARGIN
    ]
    return Match(best, doubt_of(best, rivals, claims), tuple(rivals))


def is_proof(candidate: Candidate) -> bool:
    """Whether the cells alone say what the column is."""
    return candidate.weight.points == PROOF


def doubt_of(best: Candidate, rivals: list[str], claims: list[str]) -> str | None:
    """Why a person must confirm a column; None where nothing is in doubt."""
    if rivals:
        return f"it may also be {', '.join(rivals)}"
    if claims:
        return f"it may also be {', '.join(claims)} of the contract"
    if best.weight.doubt:
        return best.weight.doubt
    if best.points < SURE_POINTS or (best.name < FAIR and not is_proof(best)):
        return "its name says so only in part" if best.name else "its cells alone say so"
    return "its name says nothing" if best.name < WEAK else None
