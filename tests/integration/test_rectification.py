"""`rectification`, a table that a source may have: landed like the others, and taken once."""

import csv
import shutil

import pytest

from orchestration.alerts.evaluating import evaluate
from orchestration.alerts.records import Acted
from orchestration.alerts.rectification.reading import BrokenRow, read_statements
from orchestration.alerts.store import opened
from orchestration.errors import RefusedError, SourceError
from orchestration.extract.intakes import further_file
from orchestration.extract.landing import extract
from orchestration.home import files
from orchestration.periods import Period
from orchestration.privacy import retention
from tests.support.faults import copy_of, disturbed, done, needs_strace, uhi
from tests.support.homes import MONTHS
from tests.support.rectification import COLUMNS, TABLE, row, write_csv
from tests.support.settings import EXAMPLE, settings_in

PHONE = "call 138 1234 5678"


def land(settings, source):
    return extract(settings, str(source), lambda _: None)


@pytest.fixture
def source(tmp_path):
    return shutil.copytree(EXAMPLE / "source", tmp_path / "source")


def file_in(settings, intake):
    return further_file(settings.home, intake.record, TABLE.name)


def test_a_source_with_it_lands_what_one_without_it_does_and_it_besides(settings, source):
    without = land(settings, source)
    write_csv(source, [row("R2"), row("R1", remark="under way")])
    with_it = land(settings, source)
    assert with_it.record.digest == without.record.digest
    assert [table.sha256 for table in with_it.record.tables] == [
        table.sha256 for table in without.record.tables
    ]
    assert "further" not in without.record.text()
    assert file_in(settings, without) is None
    [landed] = with_it.record.further
    assert (landed.table, landed.rows) == ("rectification", 2)
    assert [each.id for each in read_statements(file_in(settings, with_it))] == ["R1", "R2"]
    shown = {file.name for file in with_it.folder.iterdir()}
    assert shown == {file.name for file in without.folder.iterdir()}


def test_rows_that_do_not_fit_are_refused_by_their_rule(settings, source):
    write_csv(source, [row("R1", remark=PHONE), row("R2", acted_on="soon"), row("R3", rule="")])
    found = list(read_statements(file_in(settings, land(settings, source))))
    assert {each.id: each.reason for each in found if isinstance(each, BrokenRow)} == {
        "R1": "personal: remark",
        "R2": "type: acted_on",
        "R3": "null: rule",
    }
    assert PHONE.encode() not in file_in(settings, land(settings, source)).read_bytes()


def test_a_column_that_is_not_there_refuses_the_source(settings, source):
    write_csv(source, [row()])
    file = source / "rectification.csv"
    file.write_text(file.read_text(encoding="utf-8").replace("evidence_number", "evidence"))
    with pytest.raises(SourceError, match="lacks the column evidence_number"):
        land(settings, source)
    assert settings.home.intake_folders() == []


def test_a_manifest_may_name_it(settings, source):
    write_csv(source, [row()])
    tables = [(file.stem, file) for file in sorted(source.glob("*.csv"))]
    lines = []
    for name, file in tables:
        with file.open(encoding="utf-8", newline="") as opened_file:
            rows = len(list(csv.reader(opened_file))) - 1
        lines.append(f"{name},{rows},{files.sha256_of(file)}\n")
    (source / "manifest.csv").write_text("table,rows,sha256\n" + "".join(lines))
    assert len(land(settings, source).record.further) == 1
    write_csv(source, [row(), row("R2")])
    with pytest.raises(SourceError, match="is not the file that"):
        land(settings, source)


def test_its_landed_file_stays_with_its_intake_and_is_the_one_that_was_landed(settings, source):
    write_csv(source, [row()])
    intake = land(settings, source)
    retention.prune(settings, dry_run=False)
    file = file_in(settings, intake)
    assert file.exists()
    file.chmod(0o600)
    file.write_bytes(file.read_bytes() + b" ")
    with pytest.raises(RefusedError, match="does not have the bytes that were landed"):
        file_in(settings, intake)


def test_a_database_may_have_it(settings, database):
    database.fill(EXAMPLE / "source")
    assert land(settings, database.url).record.further == ()
    database.create_table(TABLE)
    database.insert(TABLE, [[row("R1", remark='引号"逗号,\n尾')[name] for name in COLUMNS]])
    intake = land(settings, database.url)
    [statement] = read_statements(file_in(settings, intake))
    assert (statement.id, statement.remark) == ("R1", '引号"逗号,\n尾')


@pytest.fixture(scope="module")
def home_with_rows(example_run, tmp_path_factory):
    """The example's home with the last month built again from a source with rows; not evaluated."""
    folder = tmp_path_factory.mktemp("rectification")
    home = copy_of(example_run[0].home.folder, folder, "home")
    with opened(settings_in(home)) as store:
        cases = [case for case in store.open_cases() if f"{case.opened_on}" < "2020-11-15"][:3]
    source = shutil.copytree(EXAMPLE / "source", folder / "source")
    rows = [
        row(
            f"R{case.number}",
            case.union_id,
            rule=case.rule,
            dimension=case.dimension,
            action="planned",
            planned_on="2021-01-20",
            acted_on="2020-12-10",
        )
        for case in cases
    ]
    write_csv(source, [*rows, row("R0", "nowhere")])
    command = uhi("run", "--source", source, "--period", MONTHS[-1], "--as", "Li Wei")
    outcome = done(home, command)
    assert outcome.returncode == 0, outcome.stderr
    shutil.rmtree(home / "alerts")
    for month in MONTHS[:-1]:
        evaluate(settings_in(home), Period.parse(month))
    return home, {f"R{case.number}": case.number for case in cases}, outcome.stdout


EVALUATE = uhi("alert", "evaluate", MONTHS[-1])


def taken_in(home):
    with opened(settings_in(home)) as store:
        store.check()
        return [
            (entry.origin, entry.case)
            for entry in store.entries()
            if isinstance(entry, Acted) and entry.door == "platform"
        ]


def test_an_evaluation_takes_the_rows_once_and_tells_the_others(home_with_rows, tmp_path):
    original, expected, told_by_the_run = home_with_rows
    assert "row R0 is kept out: no case of its union" in told_by_the_run
    home = copy_of(original, tmp_path, "home")
    outcome = done(home, EVALUATE)
    assert outcome.returncode == 0, outcome.stderr
    assert "row R0 is kept out: no case of its union" in outcome.stdout
    assert sorted(taken_in(home)) == sorted(expected.items())
    assert "was evaluated before" in done(home, EVALUATE).stdout
    assert len(taken_in(home)) == len(expected)


@needs_strace
@pytest.mark.fault
@pytest.mark.parametrize(("call", "nth"), [("fdatasync", 1), ("fdatasync", 3), ("pwrite64", 9)])
def test_killed_before_or_while_rows_are_taken_loses_and_doubles_none(
    home_with_rows, tmp_path, call, nth
):
    original, expected, _ = home_with_rows
    home = copy_of(original, tmp_path, "home")
    killed = disturbed(home, EVALUATE, call, f"signal=KILL:when={nth}")
    assert killed.returncode not in (0, 1)
    assert sorted(taken_in(home)) in ([], sorted(expected.items()))
    assert done(home, EVALUATE).returncode == 0
    assert sorted(taken_in(home)) == sorted(expected.items())
