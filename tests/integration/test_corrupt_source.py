"""What the platform hands over, spoiled in one table, from the source to the verdict.

The check that names it fires.
"""

import shutil

import pytest

from orchestration import pipeline
from orchestration.build import warehouse
from orchestration.build.compiled import CompiledBuild
from orchestration.demo.city import make_city
from orchestration.home import files
from tests.corruptions import listed
from tests.support.lanes import everyday
from tests.support.settings import settings_in

pytestmark = pytest.mark.corruption


DECEMBER = "2020-12"
INTAKE = {"landing.unchanged": {"observed": "the intake of its own"}}
CORRUPTIONS = {corruption.name: corruption for corruption in listed("source")}
EVERYDAY = ("a county missing", "amounts due and paid exchanged")


def run(folder, period):
    """What became of a period of the city in a folder."""
    settings, source = settings_in(folder / "home"), str(folder / "source")
    _, [outcome] = pipeline.run(
        settings, source, pipeline.due_dates(period, None), "tests", lambda _: None
    )
    return outcome


def run_city(folder):
    """A sound city of 400 enterprises, and its home with candidates of November and December."""
    make_city(folder / "source", enterprises=400)
    assert run(folder, "2020-11").passed
    assert run(folder, DECEMBER).failed_checks() == []


@pytest.fixture(scope="module")
def city(prebuilt):
    return prebuilt("city", run_city)


@pytest.fixture
def compiled(city, monkeypatch):
    """From here on a warehouse is built of what dbt compiled for the sound city."""
    monkeypatch.setattr(warehouse, "build", CompiledBuild(city / "home" / "warehouse" / DECEMBER))


def spoiled(city, folder, corruption):
    """A copy of the city as it was before its December was run, its source spoiled."""
    without = {"warehouse", DECEMBER, f".{DECEMBER}-1"}
    shutil.copytree(city, folder, symlinks=True, ignore=lambda _, names: without & set(names))
    corruption.spoil(folder / "source")
    return folder


def tables_of(folder):
    """Digests of the tables that were judged."""
    verdict = files.read_json(folder / "home" / "candidates" / DECEMBER / "verdict.json")
    return verdict["tables"] | verdict["staging"]


@pytest.mark.parametrize("corruption", everyday(CORRUPTIONS.values(), *EVERYDAY))
def test_a_corruption_is_named(city, compiled, tmp_path, corruption):
    spoiled(city, tmp_path / "city", corruption)
    failed = {
        check.name: check.severity for check in run(tmp_path / "city", DECEMBER).failed_checks()
    }
    assert set(failed) == {corruption.check, *corruption.also}
    assert failed[corruption.check] == corruption.severity


@pytest.mark.parametrize("name", everyday(["a county missing", "persons twice"], "persons twice"))
def test_what_dbt_compiled_gives_what_dbt_gives(city, tmp_path, request, name):
    checks, tables = [], []
    for folder in (tmp_path / "by dbt", tmp_path / "compiled"):
        spoiled(city, folder, CORRUPTIONS[name])
        outcome = run(folder, DECEMBER)
        checks.append(
            [check.model_copy(update=INTAKE.get(check.name)) for check in outcome.verdict.checks]
        )
        tables.append(tables_of(folder))
        request.getfixturevalue("compiled")
    assert checks[0] == checks[1]
    assert tables[0] == tables[1]
    assert tables[0] != tables_of(city)
