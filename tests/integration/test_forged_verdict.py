"""Verdicts and ledger lines forged by somebody who may write all of a home, but has no key.

Nothing is prepared or approved by them, for what they are on is judged again.
"""

import json
import shutil

import duckdb
import pytest

from orchestration.build.candidate import planned_build
from orchestration.errors import RefusedError, UsageError
from orchestration.extract.landing import extract
from orchestration.home import files
from orchestration.release import preparation
from tests.support import forgery, ledgers
from tests.support.faults import copy_of
from tests.support.people import DECEMBER
from tests.support.settings import EXAMPLE, settings_in

RAISED = """
    select * replace (
        case when level = 'city' then health_index + 1 else health_index end as health_index
    )
    from read_parquet('{file}')
"""


def raise_the_city(file):
    """Let a table of areas say one point more of the city."""
    raised = file.with_name("raised")
    duckdb.sql(RAISED.format(file=file)).write_parquet(str(raised))
    raised.replace(file)


def restate(file, change):
    """Let a record of JSON say something else; returns its SHA-256."""
    stated = files.read_json(file)
    change(stated)
    file.write_text(files.to_json(stated), encoding="utf-8")
    return files.sha256_of(file)


def pass_all(verdict):
    """Let a verdict say that everything passed."""
    verdict["passed"] = True
    for check in verdict["checks"]:
        check.update(passed=True, executed=True)


@pytest.fixture
def candidate(example_run, tmp_path):
    """Settings of a home that may be spoiled, with a candidate, and its folder."""
    settings = settings_in(copy_of(example_run[0].home.folder, tmp_path, "home"))
    return settings, settings.home.candidate(DECEMBER).resolve()


@pytest.fixture
def prepared(awaiting_approval, tmp_path):
    """Settings of a home that may be spoiled, with a prepared release, and its folder."""
    shutil.copytree(awaiting_approval, tmp_path, symlinks=True, dirs_exist_ok=True)
    settings = settings_in(tmp_path / "home")
    return settings, settings.home.prepared(DECEMBER)


def test_a_figure_changed_with_its_digest_and_the_ledger_is_not_prepared(candidate):
    settings, folder = candidate
    table = folder / "tables" / "area_index.parquet"
    raise_the_city(table)
    digest = restate(
        folder / "verdict.json",
        lambda verdict: verdict["tables"].update(area_index=files.sha256_of(table)),
    )
    ledgers.say(settings.home.folder, "verdict", digest=digest)
    with pytest.raises(RefusedError, match="finds otherwise than its verdict says"):
        preparation.prepare(settings, DECEMBER)


def test_a_refused_verdict_that_is_made_to_pass_is_not_prepared(refused_homes, tmp_path):
    refused = min(folder for folder in refused_homes.iterdir() if folder.is_dir())
    settings = settings_in(copy_of(refused / "home", tmp_path, "home"))
    verdict = settings.home.verdict(DECEMBER)
    digest = restate(verdict, pass_all)
    ledgers.say(settings.home.folder, "verdict", digest=digest, passed=True, failed=[])
    with pytest.raises(RefusedError, match="finds otherwise than its verdict says"):
        preparation.prepare(settings, DECEMBER)


@pytest.mark.parametrize("leave_out", ["severity", "required", "override"])
def test_a_check_that_is_made_to_matter_less_is_not_prepared(candidate, leave_out):
    settings, folder = candidate
    lesser = {"severity": "warn", "required": False, "override": "allowed"}

    def change(verdict):
        verdict["checks"][0][leave_out] = lesser[leave_out]

    digest = restate(folder / "verdict.json", change)
    ledgers.say(settings.home.folder, "verdict", digest=digest)
    with pytest.raises(RefusedError, match=r"cannot be released|finds otherwise"):
        preparation.prepare(settings, DECEMBER)


def test_a_notice_put_into_the_record_of_an_intake_is_not_prepared(candidate):
    settings, folder = candidate
    intake = files.read_json(folder / "verdict.json")["landing"]["intake"]
    restate(
        settings.home.intake(intake) / "intake.json",
        lambda record: record.update(notice="figures are final"),
    )
    with pytest.raises(RefusedError, match="not what was written when the intake was landed"):
        preparation.prepare(settings, DECEMBER)


@pytest.mark.parametrize(
    ("record", "reason"),
    [
        ("intake", "cannot be released: .* is not what was written when the intake was landed"),
        ("verdict", r"verdict\.json is damaged: .* Without one, run 2020-12 again\."),
    ],
)
def test_a_record_that_was_cut_is_refused_like_one_that_says_something_else(
    candidate, record, reason
):
    settings, folder = candidate
    intake = files.read_json(folder / "verdict.json")["landing"]["intake"]
    file = {
        "intake": settings.home.intake(intake) / "intake.json",
        "verdict": folder / "verdict.json",
    }[record]
    content = file.read_bytes()
    file.write_bytes(content[: len(content) // 2])
    with pytest.raises(RefusedError, match=reason):
        preparation.prepare(settings, DECEMBER)


def test_a_plan_with_another_preparer_is_not_built(candidate):
    settings, _ = candidate
    restate(settings.home.plan(DECEMBER), lambda plan: plan.update(prepared_by="somebody"))
    with pytest.raises(UsageError, match="not the one that the ledger records"):
        planned_build(settings.home, str(DECEMBER))


def test_nothing_is_read_beside_a_landed_file_that_has_changed(candidate):
    settings, _ = candidate
    landed = max(settings.home.landed_files(), key=lambda file: file.stat().st_size)
    landed.write_bytes(landed.read_bytes()[::-1])
    with pytest.raises(RefusedError, match="does not have the bytes that were landed"):
        extract(settings, str(EXAMPLE / "source"), lambda _: None)


@pytest.mark.parametrize("edition", ["public", "internal"])
def test_a_figure_changed_with_all_digests_and_the_ledger_is_not_approved(prepared, edition):
    settings, folder = prepared
    table = folder / edition / "area_index.parquet"
    raise_the_city(table)
    if edition == "internal":
        restate(
            folder / "verdict.json",
            lambda verdict: verdict["tables"].update(area_index=files.sha256_of(table)),
        )
    forgery.seal(folder)
    home = settings.home.folder
    ledgers.say(home, "verdict", digest=files.sha256_of(folder / "verdict.json"))
    ledgers.say(home, "release_verdict", digest=files.sha256_of(folder / "release_verdict.json"))
    sums = files.sha256_of(folder / "SHA256SUMS")
    head = json.loads(settings.home.ledger.read_text().splitlines()[-1])["previous"]
    restate(folder / "record.json", lambda record: record.update(ledger_head=head))
    record = files.sha256_of(folder / "record.json")
    ledgers.say(home, "prepared", digest=sums, record=record)
    with pytest.raises(RefusedError, match="finds otherwise than its verdict says"):
        preparation.approve(settings.home, DECEMBER, "alice", settings.home.folder.parent / "alice")


def test_nothing_is_approved_beside_a_release_whose_files_have_changed(revised, tmp_path):
    shutil.copytree(revised.home.folder.parent, tmp_path, symlinks=True, dirs_exist_ok=True)
    settings = settings_in(tmp_path / "home")
    file = settings.home.release(DECEMBER, "r1") / "public" / "area_index.csv"
    file.write_text(file.read_text(encoding="utf-8").replace("5", "6", 1), encoding="utf-8")
    with pytest.raises(RefusedError, match="that it would refer to does not verify"):
        preparation.approve(settings.home, DECEMBER, "alice", tmp_path / "alice")
