"""`uhi rebuild`: a release comes out again byte by byte, with other threads too.

What was forged or is gone is found and named.
"""

import json
import shutil

import duckdb
import pytest
from click.testing import CliRunner

from orchestration.audit.difference import difference_between
from orchestration.cli.main import main
from orchestration.home import files
from orchestration.periods import Period
from orchestration.release import preparation
from tests.support.faults import copy_of
from tests.support.forgery import seal
from tests.support.people import DECEMBER
from tests.support.settings import settings_in

NOVEMBER = Period(2020, 11)


def prepare_revision(two_months, folder):
    settings = settings_in(copy_of(two_months, folder, "home"))
    shutil.rmtree(settings.home.warehouse)
    preparation.prepare(settings, DECEMBER, "revision", "looked at once more")


@pytest.fixture(scope="module")
def home(two_months, prebuilt):
    """A home with November and December released, and a revision of December prepared.

    The revision follows a release, revises it, and has a month before.
    """
    return prebuilt("rebuildable", prepare_revision, two_months) / "home"


def uhi(home, *arguments):
    return CliRunner().invoke(main, ["rebuild", *map(str, arguments)], env={"UHI_HOME": str(home)})


def revision(home):
    return home / "prepared" / "2020-12"


def test_a_release_comes_out_again_with_another_number_of_threads(home):
    outcome = uhi(home, revision(home), "--threads", 5, "--json")
    assert outcome.exit_code == 0, outcome.stderr
    told = json.loads(outcome.stdout)
    listed = (revision(home) / "SHA256SUMS").read_text(encoding="utf-8").splitlines()
    assert (told["identical"], told["differing"], told["files"], told["threads"]) == (
        True,
        [],
        len(listed),
        5,
    )
    assert told["code"]["here"] == told["code"]["released"]["release"]
    assert told["other_parameters"] == []
    assert files.read_json(revision(home) / "manifest.json")["revision"]["supersedes"] == "r1"


@pytest.mark.drill
def test_a_forged_release_does_not_come_out_again(home, tmp_path):
    """Sealed anew, with a verdict on its files that names them as they are: it verifies."""
    forged = copy_of(home / "releases" / "2020-12" / "r1", tmp_path, "r1")
    page = forged / "public" / "index.html"
    text = page.read_text(encoding="utf-8")
    page.write_text(text.replace("48.3", "84.3"), encoding="utf-8")
    for name in ("approvals", "publication.json"):
        shutil.rmtree(forged / name) if (forged / name).is_dir() else (forged / name).unlink()
    seal(forged)
    outcome = uhi(home, forged, "--landing", home)
    assert outcome.exit_code == 5
    assert "computed again: 3 files differ; the first:" in outcome.stdout
    assert "index.html, line " in outcome.stdout
    assert "84.3" in outcome.stdout


def of_another_version(forged):
    """Let other code have made a release whose page it wrote otherwise, with other parameters."""
    manifest = files.read_json(forged / "manifest.json")
    assert manifest["parameters"]["rank_draws"] == 1000
    manifest["parameters"]["rank_draws"] = 999
    manifest["code"]["release"]["version"] = "0.0.9"
    (forged / "manifest.json").write_text(files.to_json(manifest), encoding="utf-8")
    page = forged / "public" / "index.html"
    page.write_text(page.read_text(encoding="utf-8") + "<!-- -->", encoding="utf-8")


@pytest.mark.drill
def test_documents_of_another_version_are_told_apart_and_tables_are_not(home, tmp_path):
    forged = copy_of(revision(home), tmp_path, "made by other code")
    of_another_version(forged)
    seal(forged)
    outcome = uhi(home, forged, "--landing", home, "--json")
    assert outcome.exit_code == 0, outcome.stderr
    told = json.loads(outcome.stdout)
    assert (told["identical"], told["differing"]) == (False, [])
    assert "public/index.html" in told["of_another_version"]
    assert told["other_parameters"] == ["rank_draws: 999, here 1000"]
    table = forged / "public" / "area_index.csv"
    table.write_text(table.read_text(encoding="utf-8").replace("48.3", "84.3"), encoding="utf-8")
    seal(forged)
    outcome = uhi(home, forged, "--landing", home)
    assert outcome.exit_code == 5
    assert "computed again: 1 file differs; the first:" in outcome.stdout
    assert (
        "parameters have changed since the release was made:\n  rank_draws: 999" in outcome.stdout
    )


def without_month_before(home):
    shutil.rmtree(home / "releases" / "2020-11")


def with_other_landing(home):
    file = next((home / "landing" / "intakes").glob("*/venue.parquet"))
    content = file.read_bytes()
    file.resolve().chmod(0o644)
    file.write_bytes(content[:-4] + b"PAR0")


def without_landing(home):
    shutil.rmtree(home / "landing")


def of_other_methodology(home):
    manifest = files.read_json(revision(home) / "manifest.json")
    manifest["methodology"]["sha256"] = "0" * 64
    (revision(home) / "manifest.json").write_text(files.to_json(manifest), encoding="utf-8")
    seal(revision(home))


def of_other_holidays(home):
    verdict = files.read_json(revision(home) / "verdict.json")
    verdict["holidays"] = "0" * 64
    (revision(home) / "verdict.json").write_text(files.to_json(verdict), encoding="utf-8")
    seal(revision(home))


@pytest.mark.parametrize(
    ("spoil", "code", "reason"),
    [
        (
            without_month_before,
            2,
            "The release 2020-11 r1, which it was made beside, is not there as it was then",
        ),
        (with_other_landing, 5, "was made of other bytes than those of"),
        (without_landing, 2, "has not landed the intake"),
        (
            of_other_methodology,
            2,
            "The methodology has changed since the release was made with 0000",
        ),
        (
            of_other_holidays,
            2,
            "The calendar of holidays up to 2020-12-31 has changed since the release was made",
        ),
        (
            lambda home: (revision(home) / "public" / "index.html").unlink(),
            5,
            "public/index.html is missing",
        ),
    ],
)
def test_what_is_gone_or_changed_is_told_before_anything_is_built(
    home, tmp_path, spoil, code, reason
):
    copied = copy_of(home, tmp_path, "home")
    spoil(copied)
    outcome = uhi(copied, revision(copied))
    assert outcome.exit_code == code
    assert reason in outcome.stderr


def table(query, compression="zstd"):
    return lambda file: duckdb.sql(
        f"copy ({query}) to '{file}' (format parquet, compression {compression})"
    )


def text(content):
    return lambda file: file.write_text(content, encoding="utf-8")


@pytest.mark.parametrize(
    ("name", "released", "rebuilt", "told"),
    [
        (
            "a.parquet",
            table("select 1 as id, 2 as rate"),
            table("select 1 as id, 3 as rate"),
            "row 1, rate: released 2, computed again 3",
        ),
        (
            "a.parquet",
            table("select 1 as id"),
            table("select null::integer as id"),
            "row 1, id: released 1, computed again None",
        ),
        (
            "a.parquet",
            table("select 1 as id"),
            table("select 1 as id union all select 2"),
            "rows: released 1, computed again 2",
        ),
        (
            "a.parquet",
            table("select 1 as id"),
            table("select 1 as other"),
            "columns: released id, computed again other",
        ),
        (
            "a.parquet",
            table("select 1 as id"),
            table("select 1 as id", "gzip"),
            "a.parquet, byte ",
        ),
        ("a.csv", text("a\nb\n"), text("a\nc\n"), "line 2: released b, computed again c"),
        ("a.csv", text("a\n"), text("a\nc\n"), "line 2: released , computed again c"),
        (
            "SHA256SUMS",
            text("x" * 100 + "b"),
            text("x" * 100 + "c"),
            f"released …{'x' * 50}b, computed again …{'x' * 50}c",
        ),
        ("a.png", text("abc"), text("abd"), "byte 2"),
        ("a.png", text("ab"), text("abd"), "byte 2"),
        ("a.txt", text("a"), lambda _: None, "a.txt is only in the release"),
        ("a.txt", lambda _: None, text("a"), "a.txt is not in the release"),
    ],
)
def test_the_first_difference_is_told(tmp_path, name, released, rebuilt, told):
    for side, write in (("released", released), ("rebuilt", rebuilt)):
        (tmp_path / side).mkdir()
        write(tmp_path / side / name)
    assert told in difference_between(tmp_path / "released" / name, tmp_path / "rebuilt" / name)
