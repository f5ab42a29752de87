"""Every document of a city without counties is written, and shows the city and its townships."""

import json
import shutil

import pytest

from orchestration.documents.briefing import write_briefing
from orchestration.documents.charts import write_charts
from orchestration.documents.site import write_site
from orchestration.documents.workbook.tabulation import sheets
from tests.support.accounts import write_staging
from tests.support.briefings import docx_text, edition_in, example_tables, write_editions

COUNTY_DIGITS = 6
COLUMNS_OF_RANKS = ("rank", "previous_rank", "rank_low")


@pytest.fixture(scope="module")
def editions(tmp_path_factory):
    tables = {
        name: [row for row in rows if len(row.get("area_code", "")) != COUNTY_DIGITS]
        for name, rows in example_tables().items()
    }
    return write_editions(tables, tmp_path_factory.mktemp("city") / "release")


@pytest.mark.parametrize("name", ["internal", "public"])
def test_documents_of_a_city_without_counties(editions, name):
    edition = edition_in(editions, name)
    shutil.rmtree(edition.folder / "charts")
    if edition.is_internal:
        write_staging(edition.folder / "staging")
    write_charts(edition, edition.folder / "charts")
    write_briefing(edition)
    write_site(edition)
    [areas_sheet] = [sheet for sheet in sheets(edition) if sheet.name == "area_index"]
    assert len(areas_sheet.rows) == len(edition.areas)
    briefing = docx_text(edition.folder / "briefing.docx")
    assert "温州市" in briefing
    assert "该市不设县（市、区），故无县（市、区）排名。" in briefing
    assert "位次区间" not in briefing
    assert "该市不设县" in (edition.folder / "charts" / "ranking.svg").read_text(encoding="utf-8")
    page = (edition.folder / "index.html").read_text(encoding="utf-8")
    assert not {column for column in COLUMNS_OF_RANKS if f'data-key="{column}"' in page}
    assert "县（市、区）排名" not in page
    script = (edition.folder / "site" / "data" / "areas.js").read_text(encoding="utf-8")
    areas = json.loads(script[script.index("{") : script.rindex("}") + 1])
    assert areas["county_ranking"] == {"columns": [], "rows": []}
    levels = areas["area_index"]["columns"].index("level")
    assert {row[levels] for row in areas["area_index"]["rows"]} == {"city", "township"}
