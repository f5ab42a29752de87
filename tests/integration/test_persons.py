"""Personal data stays outside.

Canaries are planted in the source; every byte that a night leaves behind is searched for them.
"""

import csv
import shutil
import subprocess
import sys
from pathlib import Path

import duckdb
import pytest

from orchestration import pipeline
from orchestration.extract.landing import extract
from orchestration.settings import PROJECT, Settings
from tests.support.settings import EXAMPLE, KEY

CANARIES = ("金丝雀名", "110101190001010030", "11010119000101003x", "13900009999", "137-0000-8888")
NIGHT = """
import sys, dagster as dg
from orchestration.definitions import defs
with dg.DagsterInstance.get() as instance:
    job = defs.resolve_job_def("nightly_build")
    done = job.execute_in_process(
        instance=instance, partition_key="2020-12", raise_on_error=False
    )
    sys.exit(not done.success)
"""


@pytest.fixture
def source(tmp_path):
    """The example with canaries where persons belong, and in rows and cells that are refused."""
    folder = shutil.copytree(EXAMPLE / "source", tmp_path / "source")
    with (folder / "member.csv").open(encoding="utf-8", newline="") as lines:
        rows = list(csv.DictReader(lines))
    name, number, lower, phone, dashed = CANARIES
    rows[0].update(name=name, id_number=number, phone=phone)
    rows[1].update(name=name, id_number=lower, phone=dashed, left_on="soon")
    rows[2].update(name="", id_number=number, phone=phone)
    rows[3].update(left_on=name, verified_on=number, joined_on=phone, name=name)
    rows.append({**rows[0], "phone": dashed})
    rows.append({**rows[4], "name": name, "id_number": lower, "gender": "other"})
    with (folder / "member.csv").open("w", encoding="utf-8", newline="") as lines:
        writer = csv.DictWriter(lines, rows[0])
        writer.writeheader()
        writer.writerows(rows)
    return folder


def decoded(path):
    """The bytes of a file, and of a table its cells too, for compression hides them."""
    content = path.read_bytes()
    if path.suffix == ".parquet":
        return content + str(duckdb.sql(f"select * from '{path}'").fetchall()).encode()
    if path.suffix == ".duckdb":
        with duckdb.connect(str(path), read_only=True) as connection:
            tables = connection.sql(
                "select schema_name, table_name from duckdb_tables()"
            ).fetchall()
            return content + b"".join(
                str(connection.sql(f"select * from {schema}.{table}").fetchall()).encode()
                for schema, table in tables
            )
    return content


def assert_no_canary(folder):
    paths = [path for path in folder.rglob("*") if path.is_file()]
    assert paths
    for path in paths:
        content = decoded(path)
        for canary in CANARIES:
            assert canary.encode() not in content, path
            assert canary.encode("unicode_escape") not in content, path


@pytest.mark.drill
def test_no_canary_in_home_dagster_storage_or_logs(tmp_path, source):
    dagster_home = tmp_path / "dagster"
    dagster_home.mkdir()
    (dagster_home / "dagster.yaml").touch()
    environment = {
        "PATH": "/usr/bin:/bin",
        "DAGSTER_HOME": str(dagster_home),
        "UHI_HOME": str(tmp_path / "home"),
        "UHI_SOURCE": str(source),
        "UHI_PSEUDONYM_KEY": KEY,
    }
    done = subprocess.run(
        [sys.executable, "-c", NIGHT],
        cwd=PROJECT,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    (dagster_home / "output.log").write_text(done.stdout + done.stderr, encoding="utf-8")
    assert "RUN_SUCCESS" in done.stderr or "RUN_FAILURE" in done.stderr, done.stderr[-2000:]
    assert (tmp_path / "home" / "candidates" / "2020-12" / "verdict.json").exists(), done.stderr[
        -2000:
    ]
    assert_no_canary(tmp_path / "home")
    assert_no_canary(dagster_home)
    assert "金丝雀" in (source / "member.csv").read_text(encoding="utf-8")


def test_no_canary_in_the_message_of_a_broken_file(tmp_path, source):
    text = (source / "member.csv").read_text(encoding="utf-8")
    (source / "member.csv").write_text(
        text.replace(CANARIES[0], f'{CANARIES[0]}"",x', 1), encoding="utf-8"
    )
    command = [
        str(Path(sys.executable).with_name("uhi")),
        "run",
        "--source",
        str(source),
        "--period",
        "2020-12",
    ]
    done = subprocess.run(
        command,
        env={"UHI_HOME": str(tmp_path / "home"), "UHI_PSEUDONYM_KEY": KEY},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 4, done.stderr
    assert not any(canary in done.stdout + done.stderr for canary in CANARIES)


def test_one_person_has_one_pseudonym_however_written(settings, tmp_path):
    source = shutil.copytree(EXAMPLE / "source", tmp_path / "plain")
    with (source / "member.csv").open(encoding="utf-8", newline="") as lines:
        rows = list(csv.DictReader(lines))
    written = [
        "11010119000101003X",
        " 11010119000101003x",
        "１１０１０１１９０００１０１００３ｘ",
        "11010119000101003X\u3000",
    ]
    for row, number in zip(rows[:4], written, strict=True):
        row.update(
            id_number=number,
            phone="１３９００００９９９９ ",
            left_on="",
            verified_on="",
            joined_on="2020-01-01",
        )
    with (source / "member.csv").open("w", encoding="utf-8", newline="") as lines:
        writer = csv.DictWriter(lines, rows[0])
        writer.writeheader()
        writer.writerows(rows)
    file = extract(settings, str(source), lambda _: None).folder / "member.parquet"
    keys = ", ".join(f"'{row['member_id']}'" for row in rows[:4])
    query = f"""
        select count(distinct id_pseudonym), count(distinct phone_pseudonym), count(*)
        from '{file}' where member_id in ({keys})
    """
    assert duckdb.sql(query).fetchall() == [(1, 1, len(written))]


@pytest.mark.drill
def test_another_key_gives_other_pseudonyms_and_the_same_figures(tmp_path, example_run):
    _, outcomes = example_run
    settings = Settings(
        home=tmp_path / "home", pseudonym_key="another key for tests, of more than 32 bytes"
    )
    intake, [outcome, *_] = pipeline.run(
        settings,
        str(EXAMPLE / "source"),
        pipeline.due_dates("2020-10", None),
        "tests",
        lambda _: None,
    )
    assert outcome.verdict.tables == outcomes[0].verdict.tables
    assert outcome.verdict.landing.sha256 != outcomes[0].verdict.landing.sha256
    landed = extract(
        Settings(home=tmp_path / "home", pseudonym_key=KEY), str(EXAMPLE / "source"), lambda _: None
    )
    read = "select id_pseudonym from '{}/member.parquet' where id_pseudonym is not null"
    before = set(duckdb.sql(read.format(intake.folder)).fetchall())
    after = set(duckdb.sql(read.format(landed.folder)).fetchall())
    assert not before & after
    assert len(before) == len(after)
