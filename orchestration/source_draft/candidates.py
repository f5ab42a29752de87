"""The foreign columns that may be a contract's, and what speaks for each: name and cells."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import NamedTuple

from orchestration.contract.registry import SourceColumn, SourceTable
from orchestration.extract.database import DatabaseSource
from orchestration.source_draft.catalogue import FoundColumn, FoundTable, share_within
from orchestration.source_draft.cells import FORM, NEARLY_ALL, PROOF, Weight, weigh
from orchestration.source_draft.code_lists import CodeList
from orchestration.source_draft.names import NONE, is_audit, is_inner_key, likeness
from orchestration.source_draft.vocabulary import words_of_column

# Of a moment with one name: in how many tables, and in which share of all, it may be a fact.
MOST_ALIKE = 3
SHARED = 0.25
# Of these kinds cells say nothing that tells one column from another.
ALIKE = {"date", "timestamptz", "int", "decimal"}


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

    @property
    def is_proven(self) -> bool:
        """Whether the cells alone say what the column is."""
        return self.weight.points == PROOF


Candidates = dict[str, dict[str, Candidate]]


def recurring_moments(found: list[FoundTable]) -> frozenset[str]:
    """The names of moments that so many tables have that they are of the rows, as when entered."""
    names = Counter(
        column.name
        for table in found
        for column in table.columns.values()
        if column.family in ("moment", "zoned")
    )
    most = max(MOST_ALIKE, SHARED * len(found))
    return frozenset(name for name, number in names.items() if number > most)


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
