"""Which of several foreign columns is taken for a contract's, and when a person must confirm it."""

from orchestration.contract.registry import source_tables
from orchestration.source_draft.candidates import (
    candidates_of,
    proven_reference,
    recurring_moments,
)
from orchestration.source_draft.catalogue import FoundColumn, FoundTable
from orchestration.source_draft.matching import assign, column_match

ROWS = 40
DAYS = tuple(f"2019-03-{1 + number % 28:02d}" for number in range(ROWS))
MOMENTS = tuple(f"{day} 08:00:00" for day in DAYS)
KEYS = tuple(f"K{number:03d}" for number in range(ROWS))


def column(name, comment, cells, family="text"):
    return FoundColumn(name, comment, family, cells)


def table_with(*columns, name="kn_da", **others):
    return FoundTable(name, "", {column.name: column for column in columns}, **others)


def match(due, name, foreign, tables=()):
    """What is found for a column of a contract's table in a foreign one among others."""
    recurring = recurring_moments([foreign, *tables])
    candidates = candidates_of(source_tables()[due], foreign, recurring, [])
    return column_match(name, assign(candidates).get(name), candidates)


def test_of_two_columns_that_say_the_same_a_person_chooses():
    two = table_with(
        column("a", "建档日期", DAYS, "day"),
        column("b", "登记日期", DAYS, "day"),
    )
    found = match("hardship_case", "registered_on", two)
    assert found.doubt == f"it may also be {'b' if found.best.column == 'a' else 'a'}"
    one = table_with(column("a", "建档日期", DAYS, "day"))
    assert match("hardship_case", "registered_on", one).doubt is None


def test_a_moment_that_many_tables_have_is_of_their_rows():
    entered = column("djsj", "登记时间", MOMENTS, "moment")
    foreign = table_with(entered)
    assert match("hardship_case", "registered_on", foreign).best.column == "djsj"
    others = [table_with(entered, name=f"t{number}") for number in range(4)]
    assert match("hardship_case", "registered_on", foreign, others).best is None


def test_a_column_that_is_mostly_empty_is_none_that_must_be_filled():
    cells = (*DAYS[:10], *[None] * 30)
    filled = column("k", "档案编号", KEYS)
    foreign = table_with(filled, column("a", "建档日期", cells, "day"))
    assert match("hardship_case", "registered_on", foreign).best is None
    lifted = table_with(filled, column("a", "脱困日期", cells, "day"))
    assert match("hardship_case", "lifted_on", lifted).best.column == "a"


def test_a_number_for_people_goes_before_the_platform_s_own():
    inner = column("da_id", "档案主键", tuple(map(str, range(ROWS))), "whole")
    for_people = column("da_bh", "档案编号", KEYS)
    both = table_with(inner, for_people, unique=frozenset({"da_id", "da_bh"}))
    assert match("hardship_case", "case_id", both).best.column == "da_bh"
    vague = column("da_bh", "困难职工档案的编号", KEYS)
    found = match("hardship_case", "case_id", table_with(inner, vague, unique=both.unique))
    assert found.doubt is not None


def test_a_declared_reference_to_another_table_is_none_to_the_one_that_is_due():
    own = table_with(
        column("gh", "所属工会", KEYS),
        references={"gh": ("gh_shangji", "bh")},
    )
    candidates = candidates_of(source_tables()["hardship_case"], own, frozenset(), [])
    candidate = candidates["union_id"]["gh"]
    union, federation = (
        table_with(column("bh", "编号", KEYS), name=name) for name in ("gh_jc", "gh_shangji")
    )
    # A declared reference is taken from the catalogue, so no source is asked.
    assert proven_reference(None, own, candidate, union, "bh") is None
    assert proven_reference(None, own, candidate, federation, "bh") is not None
