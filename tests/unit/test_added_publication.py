"""How many places a published column and a published table have, as the developers' guide says.

Each is added to copies of the files that the guide names, and to no other; the data are the
contract's example.
"""

import shutil

import duckdb
import pytest

from orchestration.documents.workbook import tabulation
from orchestration.release.datapackage import table_schema
from orchestration.release.editions import write_internal, write_public
from quality import disclosure, publication, recovery, verdict
from quality.check_entries import check_groups
from quality.edited_files import EditedFileError
from quality.publication import public_tables, published_tables
from quality.suites import expectations
from tests.support.editions import make_edition, methodology, write_tables

PERIOD = "2020-12"
COLUMN = """
      - name: steady
        description: Linked unions with a green code for a year.
        data_type: integer
        constraints: [{type: not_null}]
        config: {meta: {lowest: 0, least_share: 0.5, tells: unions, additive: true}}
"""
HEAD = "column,steady,稳定工会数,Steady unions\n"
TABLE = """
models:
  - name: area_visit
    description: Visits to enterprises of each area.
    config:
      meta:
        key: [area_code]
        edition: public
        least_rows: 1
        checks: {position: 7, zh: 走访次数正确, en: Visits are right}
    columns:
      - name: period
        description: Period, YYYY-MM.
        data_type: varchar
        constraints: [{type: not_null}]
      - name: area_code
        description: Area, a region code.
        data_type: varchar
        constraints: [{type: not_null}]
      - name: visits
        description: Enterprises that were visited.
        data_type: integer
        constraints: [{type: not_null}]
        config: {meta: {lowest: 0, tells: enterprises, additive: true}}
"""
VISITS = "select period, area_code, cast(frame as integer) as visits from area_index"


@pytest.fixture
def models(tmp_path, monkeypatch):
    """A copy of the models of the publication list."""
    copied = shutil.copytree(publication.MODELS, tmp_path / "publication")
    monkeypatch.setattr(publication, "MODELS", copied)
    return copied


@pytest.fixture
def words(tmp_path, monkeypatch):
    """A copy of the workbook's words."""
    copied = tmp_path / "workbook.csv"
    shutil.copy(tabulation.WORDING, copied)
    monkeypatch.setattr(tabulation, "WORDING", copied)
    tabulation.wording.cache_clear()
    yield copied
    tabulation.wording.cache_clear()


@pytest.fixture
def reviewed(tmp_path, monkeypatch):
    """A copy of the reviewed list of required checks."""
    copied = tmp_path / "required_checks.yml"
    shutil.copy(verdict.REQUIRED, copied)
    monkeypatch.setattr(verdict, "REQUIRED", copied)
    return copied


@pytest.fixture
def tables(tmp_path):
    """The example's tables, as the models made them before the addition."""
    write_tables(tmp_path / "tables", PERIOD)
    return tmp_path / "tables"


def write_editions(tables):
    folder = tables.parent / "release"
    write_internal(tables, folder / "internal")
    write_public(tables, folder / "public")
    return folder


def made(tables, name, query):
    """Does what the SQL of a model does: writes a table."""
    with duckdb.connect() as connection:
        connection.execute(f"create view area_index as from '{tables}/area_index.parquet'")
        connection.execute(f"create table made as {query}")
        connection.execute(f"copy made to '{tables}/{name}.parquet' (format parquet)")


def append(file, text):
    """Add lines to a file."""
    file.write_text(file.read_text(encoding="utf-8") + text.lstrip("\n"), encoding="utf-8")


def require(file, names):
    """Put checks on the reviewed list."""
    lines = "".join(f"  - {name}\n" for name in names)
    text = file.read_text(encoding="utf-8")
    file.write_text(text.replace("stop:\n", f"stop:\n{lines}", 1), encoding="utf-8")


def fields_of(schema):
    return {field["name"]: field.get("constraints", {}) for field in schema["fields"]}


def test_a_published_column_is_the_models_two_files_a_head_and_its_reviewed_checks(
    tables, models, words, reviewed
):
    made(tables, "area_index", "select *, green as steady from area_index")
    append(models / "area_index.yml", COLUMN)
    append(words, HEAD)

    added = {name for name in expectations("area_index") if ".steady." in name}
    assert added == {f"area_index.steady.{what}" for what in ("bounds", "due", "filled")}
    require(reviewed, added)
    assert {verdict.required_checks()[name] for name in added} == {"stop"}
    folder = write_editions(tables)
    with duckdb.connect() as connection:
        shown = connection.read_parquet(str(folder / "public" / "area_index.parquet"))
        hidden = shown.filter("steady is null")
        assert len(hidden) == len(shown.filter("suppressed")) > 0
    assert list(disclosure.differences(folder)) == []
    assert list(disclosure.small_areas_shown(folder)) == []
    assert "area_index.steady" in recovery.figures_of(folder)
    area_index = published_tables()["area_index"]
    assert fields_of(table_schema(area_index, "internal"))["steady"] == {
        "required": True,
        "minimum": 0,
    }
    assert fields_of(table_schema(area_index, "public"))["steady"] == {"minimum": 0}
    assert tabulation.head_of(methodology(), "area_index", "steady")[1] == "Steady unions"


def test_a_published_table_is_a_model_a_line_of_the_list_its_words_and_its_reviewed_checks(
    tables, models, words, reviewed
):
    made(tables, "area_visit", VISITS)
    (models / "area_visit.yml").write_text(TABLE, encoding="utf-8")
    append(models / "exposures.yml", "      - ref('area_visit')\n")
    append(words, "sheet,area_visit,走访,Visits\ncolumn,visits,走访企业数,Visits\n")

    assert list(published_tables())[-1] == "area_visit"
    assert "area_visit" in public_tables()
    assert list(expectations("area_visit")) == [
        "area_visit.rows.floor",
        *(f"area_visit.{column}.filled" for column in ("period", "area_code", "visits")),
        "area_visit.key.unique",
        "area_visit.visits.bounds",
    ]
    require(reviewed, expectations("area_visit"))
    assert verdict.required_checks().keys() >= expectations("area_visit").keys()
    groups = list(check_groups())
    assert groups.index("county_ranking") < groups.index("area_visit") < groups.index("history")
    folder = write_editions(tables)
    assert list(disclosure.differences(folder)) == []
    assert "area_visit.visits" in recovery.figures_of(folder)


def test_a_column_of_a_public_table_says_what_it_tells(models):
    append(models / "area_index.yml", COLUMN.replace(", tells: unions, additive: true", ""))
    with pytest.raises(EditedFileError, match=r"area_index.yml.*the column steady of a public"):
        published_tables()


def test_a_sum_says_of_what(models):
    append(models / "area_index.yml", COLUMN.replace("tells: unions", "tells: order"))
    with pytest.raises(EditedFileError, match="what is additive tells of unions or enterprises"):
        published_tables()


def test_an_unknown_fact_is_named_with_its_line(models):
    append(models / "area_index.yml", COLUMN.replace("lowest", "least"))
    with pytest.raises(EditedFileError, match=r"line \d+, .*columns.15.config.meta.least: Extra"):
        published_tables()


def test_an_internal_table_becomes_public_with_a_key_of_areas_alone(models):
    file = models / "union_index.yml"
    text = file.read_text(encoding="utf-8")
    file.write_text(text.replace("edition: internal", "edition: public"), encoding="utf-8")
    with pytest.raises(EditedFileError, match="the key of a public table begins with area_code"):
        published_tables()


def test_the_witness_in_quality_names_the_same_columns():
    """`quality/disclosure.py` says a second time what a suppressed area may show."""
    for table in public_tables().values():
        naming = {name for name in table.columns if name in disclosure.NAMING}
        changes = {name for name in table.columns if name == disclosure.AGAINST_MONTH_BEFORE}
        ranks = {name for name in table.columns if name in disclosure.RANKS}
        previous = {name for name in table.columns if name == disclosure.PREVIOUS_RANK}
        assert naming == set(table.identifying)
        assert changes == set(table.telling("month_before"))
        assert ranks == set(table.telling("order"))
        assert previous == set(table.telling("order_before"))


def test_a_suppressed_figure_that_a_model_calls_a_name_is_found(tmp_path, models):
    file = models / "area_dimension.yml"
    text = file.read_text(encoding="utf-8")
    assert "highest: 100, least_share: 0.01, tells: unions" in text
    file.write_text(text.replace("tells: unions", "tells: name"), encoding="utf-8")
    edition = make_edition(tmp_path / "edition", "public", (PERIOD,))
    write_internal(tmp_path / "edition" / PERIOD / "tables", edition.folder.parent / "internal")
    assert any("area_dimension" in fault for fault in disclosure.differences(edition.folder.parent))
