"""The lineage that is kept: read back as it was made, and made again when its project changes."""

import json

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from orchestration.build import warehouse
from orchestration.lineage import columns, kept, pages
from orchestration.lineage.columns import Project, project, project_of
from orchestration.lineage.compiled import compiled_manifest
from quality.publication import published_tables

NOTICE = [("取代<r1>版。", "It supersedes r1 & corrects it.")]


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """An empty folder where lineage is kept."""
    monkeypatch.setattr(kept, "FOLDER", tmp_path / "kept")
    return kept.FOLDER


@pytest.fixture
def edition(tmp_path):
    """The folder of an edition with two tables, without rows."""
    place = tmp_path / "edition"
    place.mkdir()
    for name in ("area_index", "county_ranking"):
        schema = pa.schema([(column, pa.string()) for column in published_tables()[name].columns])
        pq.write_table(schema.empty_table(), place / f"{name}.parquet")
    return place


def forms_of(edition, notice=()):
    """The bytes of both forms of an edition's lineage, written anew."""
    pages.write_lineage(edition, notice)
    return [(edition / name).read_bytes() for name in ("lineage.json", "lineage.html")]


def test_the_kept_project_is_the_one_that_its_sql_gives():
    made = project_of(compiled_manifest())
    read = Project.from_data(json.loads(json.dumps(made.as_data())))
    assert (read.models, read.leaves) == (made.models, made.leaves)
    assert (read.row_rules, read.nodes) == (made.row_rules, made.nodes)
    assert list(read.models) == list(made.models)
    assert project().models == made.models


def test_the_pages_are_made_once_and_are_the_same_bytes_again(folder, edition, monkeypatch):
    made = [forms_of(edition), forms_of(edition, NOTICE)]
    monkeypatch.setattr(pages, "page", None)
    assert [forms_of(edition), forms_of(edition, NOTICE)] == made
    assert len(list(folder.glob("page_*.json"))) == 1


def test_an_edition_of_other_tables_has_a_page_of_its_own(folder, edition):
    before = forms_of(edition)
    (edition / "county_ranking.parquet").unlink()
    after = json.loads(forms_of(edition)[0])
    assert list(after["tables"]) == ["area_index"]
    assert forms_of(edition) != before
    assert len(list(folder.glob("page_*.json"))) == 2


def test_the_notice_of_a_release_stands_above_its_page_alone(folder, edition):
    plain, below = (forms_of(edition, notice)[1].decode() for notice in ((), NOTICE))
    start, _, end = plain.partition('<div class="title">')
    added = below.removeprefix(start).removesuffix(f'<div class="title">{end}')
    assert start.endswith('<header class="masthead">\n')
    assert "取代&lt;r1&gt;版。" in added
    assert "r1 &amp; corrects it." in added
    assert json.loads(forms_of(edition, NOTICE)[0])["notice"] == [
        {"zh": NOTICE[0][0], "en": NOTICE[0][1]}
    ]
    assert json.loads(forms_of(edition)[0])["notice"] == []


@pytest.mark.usefixtures("folder")
def test_what_is_kept_is_made_again_when_the_project_changes(monkeypatch):
    made = iter([{"number": 1}, {"number": 2}, {"number": 3}])

    def number(parts):
        return kept.kept("number", parts, lambda: next(made))["number"]

    assert [number({}), number({})] == [1, 1]
    assert [number({"tables": "other"}), number({"tables": "other"})] == [2, 2]
    monkeypatch.setattr(warehouse, "project_digest", lambda: "another project")
    assert [number({"tables": "other"}), number({"tables": "other"})] == [3, 3]


def test_a_project_that_has_been_read_is_not_read_again(folder, monkeypatch):
    first = project.__wrapped__()
    assert [file.name for file in folder.iterdir()] == ["project.json"]
    monkeypatch.setattr(columns, "project_of", None)
    assert project.__wrapped__().models == first.models


def test_a_notice_stands_in_the_masthead_and_only_its_words_are_escaped():
    page = f"<body>\n{pages.MASTHEAD}<h1>"
    noticed = pages.below_notice(page, [("原因 <b>", "a reason <b>")])
    assert noticed.startswith(f'<body>\n{pages.MASTHEAD}<div class="notice release_note"')
    assert noticed.endswith("</div>\n<h1>")
    assert noticed.count("&lt;b&gt;") == 2
    assert pages.below_notice(page, []) == page
