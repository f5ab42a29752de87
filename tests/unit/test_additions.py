"""How many places an addition has, as the guide for developers counts them.

Each adds its thing to a copy of the files that the guide names, and to no other.
"""

import importlib
import shutil
import sys

import duckdb
import pytest

from orchestration.documents import kit
from orchestration.documents.site import page
from orchestration.documents.site.wording import wording
from orchestration.errors import UsageError
from orchestration.extract import kinds
from orchestration.settings import Settings
from quality import check_entries, contents, standing, verdict
from quality.edited_files import EditedFileError
from quality.queries import judge_queries
from tests.support.editions import make_edition

NAME = "union_index.named"
QUERY = """-- unions with a name of more than {{ threshold }} characters
select union_id as fault
from union_index
where length(name_zh) > {{ threshold }}
"""
ENTRY = f"""  {NAME}:
    severity: warn
    threshold: 3
    reason: Longer names do not fit on the page.
    since: 2026-11-27
    words:
      zh: 有工会名称过长
      en: the name of a union is too long
"""


@pytest.fixture
def quality(tmp_path, monkeypatch):
    """A copy of what the guide names for a check: its queries, the entries, the reviewed list."""
    shutil.copytree(check_entries.QUERIES, tmp_path / "checks")
    for module, name in ((check_entries, "ENTRIES"), (verdict, "REQUIRED")):
        file = getattr(module, name)
        shutil.copy(file, tmp_path / file.name)
        monkeypatch.setattr(module, name, tmp_path / file.name)
    monkeypatch.setattr(check_entries, "QUERIES", tmp_path / "checks")
    return tmp_path


def test_a_check_is_a_query_an_entry_and_a_line_of_the_reviewed_list(quality):
    (quality / "checks" / f"{NAME}.sql").write_text(QUERY, encoding="utf-8")
    entries = quality / "checks.yml"
    entries.write_text(entries.read_text(encoding="utf-8") + ENTRY, encoding="utf-8")
    listed = quality / "required_checks.yml"
    listed.write_text(listed.read_text(encoding="utf-8") + f"  - {NAME}\n", encoding="utf-8")

    assert verdict.required_checks()[NAME] == "warn"
    assert check_entries.check_words()[NAME].zh == "有工会名称过长"
    with duckdb.connect() as evidence:
        evidence.execute(
            "create table union_index as select 'U1' as union_id, '四字名称' as name_zh"
        )
        [found] = [result for result in judge_queries(evidence) if result.name == NAME]
    assert (found.executed, found.passed) == (True, False)
    assert found.observed == "unions with a name of more than 3 characters (1): U1"


SOURCE = """
class CloudSource:
    def __init__(self, location):
        self.location = location
        self.is_open = True

    def close(self):
        self.is_open = False


def open_source(source, settings):
    return CloudSource(source)
"""


def test_a_kind_of_source_is_a_module_and_its_registration(tmp_path, monkeypatch):
    settings = Settings(home=tmp_path)
    with pytest.raises(UsageError, match="kind cloud are not read"):
        kinds.kind_of("cloud://bucket")
    (tmp_path / "cloud_source.py").write_text(SOURCE, encoding="utf-8")
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.setitem(kinds.KINDS, "cloud", "cloud_source")
    with kinds.open_source(settings, "cloud://bucket") as source:
        assert source.location == "cloud://bucket"
        assert source.is_open
    assert not source.is_open
    monkeypatch.delitem(sys.modules, "cloud_source")


SLIDES = """
slides:
  files: [slides.json]
  editions: [public]
  step: documents
  made_by: slides:write
  group: group_documents
  words: file_briefing
"""
SLIDES_MODULE = """
def write(edition):
    (edition.folder / "slides.json").write_text(f'["{edition.period}"]', encoding="utf-8")
"""


def test_a_document_is_a_module_and_an_entry_of_the_registry(tmp_path, monkeypatch):
    entries = tmp_path / "release_documents.yml"
    registry = contents.REGISTRY.read_text(encoding="utf-8")
    entries.write_text(registry + SLIDES, encoding="utf-8")
    monkeypatch.setattr(contents, "REGISTRY", entries)
    (tmp_path / "slides.py").write_text(SLIDES_MODULE, encoding="utf-8")
    monkeypatch.syspath_prepend(tmp_path)
    edition = make_edition(tmp_path / "edition", "public", ("2020-12",))

    [*_, piece] = kit.pieces(edition, "documents")
    piece()
    monkeypatch.delitem(sys.modules, "slides")
    assert (edition.folder / "slides.json").read_text(encoding="utf-8") == '["2020-12"]'
    assert "slides.json" in contents.names_in(edition.folder, "2020-12")
    assert "slides.json" in standing.names_of(edition.folder, {"period": "2020-12"}, standing.TEXTS)
    listed = dict(page.downloads(edition))["group_documents"]
    assert [(file.path, file.what) for file in listed] == [
        ("slides.json", wording()["file_briefing"])
    ]
    internal = edition.folder.parent / "internal"
    assert "slides.json" not in contents.release_documents()["slides"].names(internal, "2020-12")


def test_every_maker_of_a_document_is_there():
    for document in contents.release_documents().values():
        module, _, function = document.made_by.partition(":")
        assert callable(getattr(importlib.import_module(module), function))


def test_an_unsound_entry_of_a_document_is_named_with_its_line(tmp_path, monkeypatch):
    entries = tmp_path / "release_documents.yml"
    registry = contents.REGISTRY.read_text(encoding="utf-8")
    entries.write_text(registry + SLIDES.replace("slides:write", "slides"), encoding="utf-8")
    monkeypatch.setattr(contents, "REGISTRY", entries)
    with pytest.raises(EditedFileError, match=r"line \d+, slides.made_by: String should match"):
        contents.release_documents()
