"""Which foreign table and column holds what the contract asks for, by names and cells together.

Each pair gets points for its name and for its cells. Tables, and then the columns of each, are
paired so that the points are most in all. A pair is sure where both speak for it, and nothing else
comes near it; whatever is less a person has to confirm.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from scipy.optimize import linear_sum_assignment

from orchestration.contract.registry import SourceTable, source_tables
from orchestration.extract.database import DatabaseSource
from orchestration.source_draft.candidates import (
    Candidate,
    Candidates,
    candidates_of,
    recurring_moments,
    with_references,
)
from orchestration.source_draft.catalogue import FoundTable
from orchestration.source_draft.cells import TYPE
from orchestration.source_draft.code_lists import code_lists
from orchestration.source_draft.names import FAIR, NONE, STRONG, WEAK, likeness_of_table
from orchestration.source_draft.vocabulary import words_of_table

SURE_POINTS = STRONG + TYPE
LEAST_POINTS = FAIR
SURE_MARGIN = 1
TABLE_MARGIN = 0.5
CLEAR_MARGIN = 1.5
NAME_OF_TABLE = 2.0
LEAST_OF_TABLE = 2.0
MOST_NAMED = 3


@dataclass(frozen=True)
class Match:
    """What is found for a column: the best, or None with the nearest ones.

    doubt: why a person must confirm it.
    """

    best: Candidate | None
    doubt: str | None
    nearest: tuple[str, ...] = ()


@dataclass(frozen=True)
class TableMatch:
    """What is found for a table of the contract's, due; columns: by the contract's name."""

    due: SourceTable
    table: FoundTable | None
    evidence: str
    doubt: str | None
    columns: dict[str, Match]


def match_all(source: DatabaseSource, found: list[FoundTable]) -> dict[str, TableMatch]:
    """What is found for each table of the registry, by its name. Raises SourceError."""
    due = source_tables()
    recurring, lists = recurring_moments(found), code_lists(found)
    candidates = {
        name: {foreign.name: candidates_of(table, foreign, recurring, lists) for foreign in found}
        for name, table in due.items()
    }
    scores = {
        name: {
            foreign.name: score_of(table, foreign, candidates[name][foreign.name])
            for foreign in found
        }
        for name, table in due.items()
    }
    chosen = pair_tables(scores, found)
    keys = {
        name: sole_key(due[name], candidates[name][foreign.name])
        for name, foreign in chosen.items()
    }
    matches = {}
    for name, table in due.items():
        if name not in chosen:
            matches[name] = TableMatch(table, None, "", "there are fewer tables than are due", {})
            continue
        own = candidates[name][chosen[name].name]
        proven = with_references(source, table, chosen, keys, own)
        matches[name] = table_match(table, chosen[name], scores[name], proven)
    return matches


def score_of(table: SourceTable, foreign: FoundTable, candidates: Candidates) -> float:
    """How well a foreign table fits: by its name, and by the columns that it would give."""
    named = likeness_of_table(foreign.name, foreign.comment, words_of_table(table)).strength
    points = sum(candidate.points for candidate in assign(candidates).values())
    return NAME_OF_TABLE * named + points / len(candidates)


def pair_tables(
    scores: Mapping[str, Mapping[str, float]], found: list[FoundTable]
) -> dict[str, FoundTable]:
    """The foreign table of each due one, each once, with the most points in all."""
    matrix = np.array(
        [[of_table[foreign.name] for foreign in found] for of_table in scores.values()]
    )
    rows, columns = linear_sum_assignment(matrix, maximize=True)
    names = list(scores)
    return {names[row]: found[column] for row, column in zip(rows, columns, strict=True)}


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


def table_match(
    table: SourceTable,
    foreign: FoundTable,
    scores: Mapping[str, float],
    candidates: Candidates,
) -> TableMatch:
    """What is found for a table; scores: of each foreign one, by its name."""
    if scores[foreign.name] < LEAST_OF_TABLE:
        return TableMatch(table, None, "", f"nothing found; nearest is {foreign.name}", {})
    named = likeness_of_table(foreign.name, foreign.comment, words_of_table(table))
    behind = {
        name: scores[foreign.name] - score
        for name, score in sorted(scores.items(), key=lambda item: (-item[1], item[0]))
        if name != foreign.name
    }
    near = [name for name, distance in behind.items() if distance < TABLE_MARGIN]
    doubt = f"it may also be {', '.join(near[:MOST_NAMED])}" if near else None
    if (
        not near
        and named.strength < FAIR
        and min(behind.values(), default=CLEAR_MARGIN) < CLEAR_MARGIN
    ):
        doubt = "its name says little"
    best = assign(candidates)
    columns = {
        column.name: column_match(column.name, best.get(column.name), candidates)
        for column in table.columns
    }
    return TableMatch(table, foreign, named.evidence or "by its columns", doubt, columns)


def column_match(name: str, best: Candidate | None, candidates: Candidates) -> Match:
    """What is found for a column, and whether it is sure; best: the one that it is paired with."""
    own = candidates[name]
    if best is None or best.points < LEAST_POINTS or (best.name == NONE and not best.is_proven):
        nearest = sorted(own, key=lambda found: -own[found].points)
        return Match(None, "nothing found that says so", tuple(nearest[:MOST_NAMED]))
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
    return Match(best, doubt_of(best, rivals, claims))


def doubt_of(best: Candidate, rivals: list[str], claims: list[str]) -> str | None:
    """Why a person must confirm a column; None where nothing is in doubt."""
    if rivals:
        return f"it may also be {', '.join(rivals)}"
    if claims:
        return f"it may also be {', '.join(claims)} of the contract"
    if best.weight.doubt:
        return best.weight.doubt
    if best.points < SURE_POINTS or (best.name < FAIR and not best.is_proven):
        return "its name says so only in part" if best.name else "its cells alone say so"
    return "its name says nothing" if best.name < WEAK else None
