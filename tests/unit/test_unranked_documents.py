"""Where a hidden area is ranked among others, documents say so once, and put none of them first."""

import dataclasses
from decimal import Decimal

import pytest

from orchestration.documents import charts
from orchestration.documents.briefing import briefing
from orchestration.documents.briefing import changes as briefing_changes
from orchestration.documents.briefing.content import Heading, Items, Paragraph, Table
from orchestration.documents.briefing.county_sheet import county_sheets
from orchestration.documents.briefing.wording import say
from orchestration.documents.edition import by_index, lack_ranks
from orchestration.documents.note.changed import Difference, WhatChanged
from orchestration.documents.site.page import render_page
from orchestration.documents.workbook import method
from tests.support.editions import make_edition

PERIOD = ("2020-12",)
SHOWN = ["330302", "330381"]
SUMMED = ("3303", "330329", "330329001")
MORE = "(select union_id from union_index where township_code = '330329001')"
# One county has 12 linked unions, another 3: both are hidden, and two are shown.
CHANGES = [
    *(
        f"""
        insert into {table}
        select unions.* replace (unions.union_id || '-' || copy as union_id)
        from {table} as unions, (select range as copy from range(3))
        where unions.union_id in {MORE}
        """
        for table in ("union_dimension", "union_indicator", "union_index")
    ),
    f"update area_index set linked = linked + 9 where area_code in {SUMMED}",
]
HIDDEN_IN_ONE_DIMENSION = """
    update area_dimension
    set rank = null, rate = if(area_code = '330381', null, rate)
    where dimension = 'rights' and length(area_code) = 6
"""


@pytest.fixture(scope="module")
def public(tmp_path_factory):
    folder = tmp_path_factory.mktemp("unranked")
    predecessor = {"area_index": "0" * 64}
    return make_edition(folder, "public", PERIOD, CHANGES, predecessor=predecessor)


def tables_in(document):
    return [block for block in document.blocks if isinstance(block, Table)]


def heads_of(table):
    return [head.en for head in table.head]


def texts_in(document):
    """All that a briefing says in sentences."""
    for block in document.blocks:
        if isinstance(block, Heading | Paragraph):
            yield block.text
        if isinstance(block, Items):
            yield from block.texts


def test_two_counties_are_shown_without_ranks(public):
    shown = [row["area_code"] for row in public.ranking if row["health_index"] is not None]
    assert shown == SHOWN
    assert public.hides_ranks
    indices = [row["health_index"] for row in public.ranking]
    assert indices[0] > indices[1]
    assert indices[2:] == [None, None]


def test_the_briefing_says_once_why_and_shows_the_indices(public):
    document = briefing(public)
    texts = list(texts_in(document))
    assert texts.count(say("unranked")) == 1
    assert say("ranking") not in texts
    assert say("care_interval") not in texts
    [indices] = [table for table in tables_in(document) if table.caption == say("indices_table")]
    assert heads_of(indices) == ["County", "Health index", "Change", "Sampling rate (%)"]
    assert [str(row[1]) for row in indices.rows] == ["48.4", "48.3", "–", "–"]
    assert indices.text == [0]


def test_none_is_called_first_or_last_but_of_those_published(public):
    document = briefing(public)
    [rates] = [table for table in tables_in(document) if table.caption == say("dimensions_table")]
    assert heads_of(rates)[3:] == ["Highest published", "Lowest published"]
    said = " ".join(text.zh + text.en for text in texts_in(document))
    for word in ("居首", "居末", "居前", "居后", "comes first", "comes last"):
        assert word not in said, word
    assert "公布指数的县（市、区）中，最高为鹿城区" in said


def test_a_county_sheet_says_that_there_is_no_ranking(public):
    sheet = county_sheets(public)["330302"]
    assert (sheet.figures.figures[0].value, sheet.figures.figures[0].note) == (
        "–",
        say("unranked_note"),
    )
    assert "Rank" not in heads_of(sheet.dimensions)
    assert len(sheet.dimensions.rows[0]) == len(sheet.dimensions.head) == 4


@pytest.fixture(scope="module")
def unranked_in_one_dimension(tmp_path_factory):
    """An edition of which one county lacks its rate in a dimension, and all their ranks there."""
    folder = tmp_path_factory.mktemp("dimension")
    edition = make_edition(folder, "internal", PERIOD, [HIDDEN_IN_ONE_DIMENSION])
    assert not edition.hides_ranks
    return edition


def test_a_county_sheet_says_why_a_rank_in_one_dimension_is_missing(unranked_in_one_dimension):
    sheets = county_sheets(unranked_in_one_dimension)
    assert sheets["330302"].dimensions_note == say("dimensions_unranked")
    ranks = {str(row[1]) for row in sheets["330302"].dimensions.rows}
    assert "–" in ranks
    assert len(ranks) > 1
    assert sheets["330381"].dimensions_note is None


def test_the_workbook_says_why_ranks_in_one_dimension_are_blank(unranked_in_one_dimension):
    notes = [str(row[0][0]) for row in method.reading_of(unranked_in_one_dimension)]
    assert any("该维度不排名次" in note for note in notes)
    assert not any("故均不排名次" in note for note in notes)


def test_the_chart_of_the_counties_has_no_ranks(public):
    chart = charts.ranking(public)
    assert charts.UNRANKED in chart.notes
    assert charts.with_values(charts.INTERVALS) not in chart.notes
    assert "位次" not in "".join(chart.title)
    assert chart.finding is None


def test_the_page_has_no_column_of_ranks_and_says_why(public):
    page = render_page(public, [])
    assert 'data-key="rank' not in page
    assert 'data-key="previous_rank"' not in page
    assert page.count("由空缺的位次即可推知未公布地区的指数范围") == 1


def test_the_workbook_says_why_ranks_are_blank(public):
    assert any("故均不排名次" in str(row[0][0]) for row in method.reading_of(public))


@pytest.mark.parametrize(
    ("has_ranks", "heads"),
    [
        (True, ["County", "Index before", "Index now", "Change", "Rank before", "Rank now"]),
        (False, ["County", "Index before", "Index now", "Change"]),
    ],
)
def test_what_changed_is_told_without_ranks_where_there_are_none(has_ranks, heads):
    figures = {"health_index": Decimal("48.3")} | ({"rank": Decimal(1)} if has_ranks else {})
    row = {"area_code": "330381", "name_zh": "瑞安市", "name_en": "Rui'an"}
    county = Difference(row, before=figures, after={**figures, "health_index": Decimal("48.4")})
    changed = WhatChanged(None, [county], [], [], ("", ""), has_ranks)
    [table] = briefing_changes.counties(changed)
    assert heads_of(table) == heads
    assert len(table.rows[0]) == len(heads)
    [none] = briefing_changes.counties(dataclasses.replace(changed, counties=[]))
    assert ("rank" in none.text.en) == has_ranks


def test_areas_stand_by_index_and_so_by_rank():
    rows = [
        {"area_code": "3", "health_index": None, "rank": None},
        {"area_code": "2", "health_index": Decimal(50), "rank": 2},
        {"area_code": "1", "health_index": Decimal(50), "rank": 2},
        {"area_code": "4", "health_index": Decimal(60), "rank": 1},
    ]
    assert [row["area_code"] for row in by_index(rows)] == ["4", "1", "2", "3"]
    assert not lack_ranks(rows)
    assert lack_ranks([{**row, "rank": None} for row in rows])
