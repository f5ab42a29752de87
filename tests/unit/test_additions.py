"""How many places an addition has, as the guide for developers counts them.

Each adds its thing to a copy of the files that the guide names, and to no other.
"""

import shutil
import sys

import duckdb
import pytest

from orchestration.errors import UsageError
from orchestration.extract import kinds
from orchestration.settings import Settings
from quality import check_entries, verdict
from quality.queries import judge_queries

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
    assert found.observed == "1 unions with a name of more than 3 characters: U1"


SOURCE = """
class CloudSource:
    reads_changes = False

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
