"""A home may lie in a folder of any name, except for characters that stand for others.

Those are tested in tests/unit/test_damaged_records.py.
"""

from orchestration import pipeline
from tests.support.settings import EXAMPLE, settings_in

ODD = "a 'b\" %20 #c 温州; & $x (1), ~e:f+g@h!"


def test_a_month_is_built_in_a_home_with_an_odd_path(tmp_path, monkeypatch):
    for name, value in {
        "DBT_TARGET": "x",
        "DBT_PROFILE": "x",
        "DBT_EMPTY": "1",
        "DBT_WRITE_JSON": "0",
        "DBT_RESOURCE_TYPES": "test",
    }.items():
        monkeypatch.setenv(name, value)
    settings = settings_in(tmp_path / ODD / "home")
    due = pipeline.due_dates("2020-10", None)
    _, [outcome] = pipeline.run(settings, str(EXAMPLE / "source"), due, "tests", lambda _: None)
    assert outcome.verdict is not None
    assert outcome.verdict.checks
