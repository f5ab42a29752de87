"""`uhi erase`: a person leaves every landed file, as if never read.

Releases stand as they are; interrupted, it is finished.
"""

import json
import os
import pty
import re
import shutil
import subprocess

import duckdb
import pytest
from click.testing import CliRunner
from pydantic import SecretStr

from orchestration import pipeline
from orchestration.audit import rebuilding, tracing
from orchestration.cli.main import main
from orchestration.errors import RefusedError, UsageError, VerificationError
from orchestration.extract.landing import extract
from orchestration.home import files
from orchestration.periods import Period
from orchestration.privacy import erasure
from orchestration.privacy.erasure_report import format_erasure
from orchestration.release import bundle
from orchestration.release.verdicts import sound_judgement
from tests.support import ledgers
from tests.support.databases import SqliteDatabase
from tests.support.erasing import (
    FILLER,
    MEMBERSHIPS,
    NOBODY,
    NUMBER,
    PSEUDONYM,
    REQUEST,
    assert_erased,
    assert_whole,
    change_rows,
    copy_of_example,
    files_with,
    uhi_erase,
    without_the_person,
)
from tests.support.faults import (
    copy_of,
    digests,
    environment_of,
    landed,
    leftovers,
)
from tests.support.settings import EXAMPLE, KEY, settings_in

DECEMBER = Period(2020, 12)
ROWS = {"member": 2, "member_rating": 30}


def erase(settings):
    return erasure.erase(
        settings, NUMBER, "data protection officer", "request 7", lambda _: None, dry_run=False
    )


def land(settings, source, **options):
    return extract(settings, str(source), lambda _: None, **options)


def test_what_a_watcher_worked_with_goes_too(settings, tmp_path):
    land(settings, copy_of_example(tmp_path / "source"))
    kept = settings.home.watched.objects / "kept.parquet"
    kept.parent.mkdir(parents=True)
    kept.touch()
    by, reason = "data protection officer", "request 7"
    erasure.erase(settings, NUMBER, by, reason, lambda _: None, dry_run=True)
    assert kept.exists()
    erase(settings)
    assert not settings.home.watch.exists()


def record_of(intake):
    return json.loads((intake.folder / "intake.json").read_text(encoding="utf-8"))


@pytest.fixture
def home(old, tmp_path):
    return copy_of(old[0], tmp_path, "home")


@pytest.fixture(scope="module")
def merged(tmp_path_factory):
    """A home with December as a candidate: (home, source).

    The source has a row of the person twice.
    """
    folder = tmp_path_factory.mktemp("merged")
    source = copy_of_example(folder / "source")
    change_rows(
        source,
        "member",
        lambda rows: [*rows, *(row for row in rows if row["member_id"] == MEMBERSHIPS[0])],
    )
    run(folder / "home", source)
    return folder / "home", source


def run(home, source):
    intake, [outcome] = pipeline.run(
        settings_in(home),
        str(source),
        pipeline.due_dates(str(DECEMBER), None),
        "tests",
        lambda _: None,
    )
    assert outcome.passed
    return intake


def members_counted(home):
    """Landed and counted rows of members in the candidate's account."""
    file = home / "candidates" / "2020-12" / "staging" / "row_balance.parquet"
    return duckdb.sql(
        f"select landed, accepted from '{file}' where source_table = 'member'"
    ).fetchall()[0]


def test_a_dry_run_says_what_it_would_be_and_writes_nothing(home):
    before = digests(home)
    ended = uhi_erase(home, NUMBER, "--dry-run", "--json")
    assert ended.exit_code == 0, ended.output
    told = json.loads(ended.stdout)
    [intake] = told["intakes"]
    assert (told["memberships"], intake["rows"], intake["digest"]) == (2, ROWS, None)
    assert digests(home) == before


def test_a_person_leaves_the_landing_as_if_never_read(home, never_read):
    released = digests(home / "releases")
    assert files_with(home, PSEUDONYM)
    ended = uhi_erase(home, NUMBER)
    assert ended.exit_code == 0, ended.output
    assert_erased(home)
    assert not any(text in ended.output for text in (NUMBER, PSEUDONYM, *MEMBERSHIPS))
    assert_whole(home)
    assert landed(home) == {table.sha256 for table in never_read.record.tables}
    [intake] = (home / "landing" / "intakes").iterdir()
    record = files.read_json(intake / "intake.json")
    assert record["digest"] == never_read.record.digest
    facts = ("table", "rows", "bytes", "sha256", "watermark_from", "watermark_to")
    assert [[table[name] for name in facts] for table in record["tables"]] == [
        [getattr(table, name) for name in facts] for table in never_read.record.tables
    ]
    assert [erased["rows"] for erased in record["erasures"]] == [ROWS]
    assert digests(home / "releases") == released
    assert not leftovers(home)


def test_releases_verify_and_the_ledger_has_one_line_of_it_without_the_person(home):
    before = ledgers.entries(home)
    told = erase(settings_in(home))
    *same, entry = ledgers.entries(home)
    assert same == before
    assert (entry["event"], entry["by"], entry["reason"]) == (
        "erasure",
        "data protection officer",
        "request 7",
    )
    assert entry["intakes"] == [intake.as_json() for intake in told.intakes]
    bundle.verify(home / "releases" / "2020-12" / "r1")
    verified = CliRunner().invoke(main, ["ledger", "verify", "--json"], env={"UHI_HOME": str(home)})
    assert json.loads(verified.stdout)["faults"] == []
    assert "releases/2020-12/r1" in told.made_of
    assert "Made of these intakes: releases/2020-12/r1." in format_erasure(told)


def test_what_reads_the_landing_of_an_old_release_names_the_erasure(home):
    release = home / "releases" / "2020-12" / "r1"
    assert tracing.trace_area(release, home, "330302")["differences"] == []
    erase(settings_in(home))
    intake = next((home / "landing" / "intakes").glob("*/intake.json"))
    [erased] = files.read_json(intake)["erasures"]
    told = re.escape(f"Since then rows about persons were erased ({erased['at']}).")
    with pytest.raises(VerificationError, match=told):
        tracing.trace_area(release, home, "330302")
    with pytest.raises(VerificationError, match=told):
        rebuilding.rebuild(release, home, lambda _: None)


def test_nobody_is_left_to_be_erased_again(home):
    erase(settings_in(home))
    before = digests(home)
    ended = uhi_erase(home, NUMBER)
    assert ended.exit_code == 2
    assert "of which 1 intake was searched" in ended.stderr
    assert NUMBER not in ended.output
    assert digests(home) == before


@pytest.mark.drill
def test_the_period_is_run_again_without_the_person(merged, tmp_path):
    home = copy_of(merged[0], tmp_path, "home")
    settings, before = settings_in(home), members_counted(home)
    assert (home / "warehouse" / "2020-12" / "warehouse.duckdb").exists()
    told = erase(settings)
    assert told.accounts == {"candidates/2020-12": 1}
    assert told.intakes[0].rows == ROWS | {"member": 3}
    assert not (home / "warehouse" / "2020-12" / "warehouse.duckdb").exists()
    assert_erased(home)
    with pytest.raises(
        RefusedError, match=r"rows about persons were erased from its intake .*; run it again"
    ):
        sound_judgement(settings.home, DECEMBER)
    intake = run(home, without_the_person(shutil.copytree(merged[1], tmp_path / "source")))
    assert intake.record.digest == told.intakes[0].digest
    assert members_counted(home) == (before[0] - 3, before[1] - 2)
    assert sound_judgement(settings.home, DECEMBER).verdict.passed


@pytest.mark.drill
def test_changes_are_read_on_top_of_an_erased_intake(settings, tmp_path, never_read):
    """What changed does not bring the person back.

    Only the next whole read does, of a source that still has them.
    """
    source, late = (
        copy_of_example(tmp_path / "source"),
        "update member set updated_at = '2021-01-22T23:00:00+08:00' where member_id = 'M0003939'",
    )
    for table in ("member", "member_rating"):
        change_rows(source, table, lambda rows: [unchanged_lately(row) for row in rows])
    with_them = SqliteDatabase(tmp_path / "with.sqlite")
    with_them.fill(source)
    without = SqliteDatabase(tmp_path / "without.sqlite")
    without.fill(without_the_person(source))
    land(settings, with_them.url)
    erase(settings)
    with_them.execute(late)
    without.execute(late)
    changed = land(settings, with_them.url)
    assert all(table.since for table in changed.record.tables if table.table in ROWS)
    assert_erased(settings.home.folder)
    assert changed.record.digest == land(settings_in(tmp_path / "other"), without.url).record.digest
    land(settings, with_them.url, whole=True)
    assert files_with(settings.home.landing, PSEUDONYM)


def unchanged_lately(row):
    if row["member_id"] not in MEMBERSHIPS:
        return row
    return row | {"updated_at": "2020-06-01T00:00:00+08:00"}


def test_a_membership_goes_from_intakes_that_did_not_have_its_number(settings, tmp_path):
    source = copy_of_example(tmp_path / "source")
    unnumbered = change_rows(
        source,
        "member",
        lambda rows: [
            row | {"id_number": "" if row["member_id"] == MEMBERSHIPS[0] else row["id_number"]}
            for row in rows
        ],
    )
    land(settings, unnumbered)
    shutil.copytree(EXAMPLE / "source", source, dirs_exist_ok=True)
    land(settings, source)
    assert [intake.rows for intake in erase(settings).intakes] == [ROWS, ROWS]
    assert_erased(settings.home.folder)


def test_another_source_may_have_another_person_of_the_same_membership(settings, tmp_path):
    land(settings, EXAMPLE / "source")
    other = copy_of_example(tmp_path / "source")
    change_rows(
        other,
        "member",
        lambda rows: [
            row | {"id_number": row["id_number"].replace(NUMBER, NOBODY)} for row in rows
        ],
    )
    intake = land(settings, other)
    told = erase(settings)
    assert len(told.intakes) == 1
    assert record_of(intake)["digest"] == intake.record.digest
    assert landed(settings.home.folder) >= {table.sha256 for table in intake.record.tables}


def test_an_intake_of_another_key_is_not_searched_and_named(settings):
    intake = land(
        settings.model_copy(update={"pseudonym_key": SecretStr(KEY[::-1])}), EXAMPLE / "source"
    )
    with pytest.raises(
        UsageError,
        match=(
            r"of which 0 intakes were searched;"
            r" 1 other, made with another key, could not be searched"
        ),
    ):
        erase(settings)
    land(settings, EXAMPLE / "source")
    told = erase(settings)
    assert told.other_key == [intake.record.intake]
    assert f"Not searched, made with another key: {intake.record.intake}." in "\n".join(
        format_erasure(told)
    )


@pytest.mark.parametrize(
    ("number", "options", "message"),
    [
        (NUMBER[:-1] + "4", (), "no resident identity number"),
        (NUMBER[:-1], (), "no resident identity number"),
        ("", (), "no resident identity number"),
        (FILLER, (), "no resident identity number"),
        (NOBODY, (), "Nobody with this number"),
        (NUMBER, ("--reason", f"request of {NUMBER}"), "must have no identity number"),
        (NUMBER, ("--reason", f"request of {' '.join(NUMBER)}"), "must have no identity number"),
        (NUMBER, ("--reason", " "), "An erasure needs a reason"),
    ],
)
def test_wrong_usage_exits_2_and_does_not_repeat_the_number(home, number, options, message):
    before = digests(home)
    ended = uhi_erase(home, number, *options)
    assert ended.exit_code == 2, ended.output
    assert message in ended.stderr
    assert not number or number not in ended.output
    assert digests(home) == before


def test_the_number_is_asked_for_without_showing_it(home):
    terminal, its_end = pty.openpty()
    command = subprocess.Popen(
        [*REQUEST, "--dry-run"],
        stdin=its_end,
        stdout=its_end,
        stderr=its_end,
        env=environment_of(home),
        start_new_session=True,
    )
    os.close(its_end)
    shown = b""
    while not shown.endswith(b"number: "):
        shown += os.read(terminal, 100)
    os.write(terminal, f"{NUMBER}\n".encode())
    while b"Would take one person" not in shown:
        shown += os.read(terminal, 1000)
    assert command.wait() == 0
    os.close(terminal)
    assert NUMBER.encode() not in shown


def test_what_interrupted_steps_left_of_a_person_goes_too(home):
    [record] = [
        files.read_json(path) for path in (home / "landing" / "intakes").glob("*/intake.json")
    ]
    [member] = [table["sha256"] for table in record["tables"] if table["table"] == "member"]
    (home / "landing" / ".incoming").mkdir()
    shutil.copy(
        home / "landing" / "objects" / f"{member}.parquet",
        home / "landing" / ".incoming" / "member.parquet",
    )
    erase(settings_in(home))
    assert_erased(home)
    assert not leftovers(home)
