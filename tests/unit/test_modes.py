"""Nobody else writes in a home, and what is not released is for its owner alone."""

import os
import stat

import pytest

from orchestration.defs.instance import ensure_instance, opened_instance
from orchestration.errors import UsageError
from orchestration.home import ledger, locks
from orchestration.home.events import Pruned
from orchestration.home.layout import Home
from orchestration.release import public_edition


@pytest.fixture
def careless():
    """A process that lets everybody write what it writes."""
    given = os.umask(0)
    yield
    assert os.umask(given) == 0


def mode(path):
    return stat.S_IMODE(path.stat().st_mode)


def test_what_is_written_is_its_owner_s_whatever_the_umask(careless, tmp_path):
    home = Home(tmp_path / "home")
    with locks.held(home, "2020-12"):
        ledger.append(home, Pruned(intakes=[], objects=0, bytes=0))
        (home.releases / "2020-12").mkdir(parents=True)
    assert mode(home.ledger) == 0o644
    assert mode(home.releases / "2020-12") == 0o755
    assert {mode(room) for room in home.private} == {0o700}


def test_a_room_that_others_may_read_is_closed(tmp_path):
    home = Home(tmp_path / "home")
    home.landing.mkdir(parents=True)
    home.landing.chmod(0o755)
    with locks.held(home, "2020-12"):
        assert mode(home.landing) == 0o700


def test_what_stands_beside_a_public_edition_is_for_the_owner_alone(careless, tmp_path):
    for name in ("public/index.html", "internal/union_index.csv", "verdict.json"):
        file = tmp_path / name
        file.parent.mkdir(exist_ok=True)
        file.write_text("x", encoding="utf-8")
    public_edition.keep_rest_private(tmp_path)
    assert (mode(tmp_path / "internal"), mode(tmp_path / "verdict.json")) == (0o700, 0o600)
    assert mode(tmp_path / "public") == 0o777
    assert mode(tmp_path / "public" / "index.html") == 0o666


def test_dagster_runs_no_code_that_a_file_of_the_home_names(tmp_path, monkeypatch):
    code, folder = tmp_path / "code", tmp_path / "dagster"
    for place in (code, folder):
        place.mkdir()
    (code / "planted.py").write_text("raise RuntimeError", encoding="utf-8")
    monkeypatch.syspath_prepend(code)
    planted = "custom_instance_class: {module: planted, class: Planted}"
    (folder / "dagster.yaml").write_text(planted, encoding="utf-8")
    with pytest.raises(UsageError, match="set DAGSTER_HOME"):
        opened_instance(folder)
    assert (folder / "dagster.yaml").read_text(encoding="utf-8") == planted


def test_what_dagster_says_of_runs_is_for_the_owner_alone(careless, tmp_path):
    ensure_instance(tmp_path / "dagster")
    assert mode(tmp_path / "dagster") == 0o700
