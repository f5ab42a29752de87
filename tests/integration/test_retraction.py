"""What a retraction leaves: a tombstone, the files aside, and a next release that counts on."""

import shutil
import subprocess

import pytest
from click.testing import CliRunner

from orchestration.cli.main import main
from orchestration.errors import RefusedError, UsageError, VerificationError
from orchestration.home import files, releases
from orchestration.home.layout import Home
from orchestration.release import bundle, preparation, retraction
from orchestration.state import describe, state_of
from tests.support import ledgers
from tests.support.briefings import text_of
from tests.support.faults import copy_of, environment_of, needs_strace
from tests.support.faults import disturbed as disturbed_command
from tests.support.faults import uhi as command
from tests.support.lanes import everyday
from tests.support.people import DECEMBER, publish_prepared
from tests.support.settings import settings_in


@pytest.fixture
def settings(revised, tmp_path):
    shutil.copytree(revised.home.folder.parent, tmp_path, symlinks=True, dirs_exist_ok=True)
    return settings_in(tmp_path / "home")


def test_a_retraction_leaves_a_tombstone_and_keeps_the_files_aside(settings):
    second = publish_prepared(settings)
    digest = files.sha256_of(second / "SHA256SUMS")
    done = CliRunner().invoke(
        main,
        ["retract", "2020-12", "--reason", "a county was counted twice", "--as", "erin"],
        env={"UHI_HOME": str(settings.home.folder)},
    )
    assert done.exit_code == 0, done.stderr
    assert releases.in_force(settings.home) == {}
    tombstone = files.read_json(second / "retraction.json")
    assert tombstone["reason"] == "a county was counted twice"
    assert (tombstone["digest"], tombstone["by"]) == (digest, "erin")
    assert sorted(path.name for path in second.iterdir()) == ["index.html", "retraction.json"]
    assert "a county was counted twice" in (second / "index.html").read_text(encoding="utf-8")
    with pytest.raises(VerificationError, match="has been retracted: a county was counted twice"):
        bundle.verify(second)
    aside = settings.home.retracted_release("2020-12", "r2")
    assert bundle.verify(aside).manifest.revision.supersedes == "r1"
    assert any(
        line.startswith("Retracted: 2020-12 r2 by erin")
        for line in describe(state_of(settings.home))
    )
    with pytest.raises(RefusedError, match="No release of 2020-12 is in force"):
        retraction.retract(settings.home, DECEMBER, "again", "erin")


@pytest.mark.drill
def test_after_a_retraction_the_next_release_counts_on_and_is_not_compared_with_what_was_withdrawn(
    settings,
):
    publish_prepared(settings)
    retraction.retract(settings.home, DECEMBER, "wrong", "erin")
    prepared = preparation.prepare(settings, DECEMBER, "correction", "put right")
    manifest = files.read_json(prepared / "manifest.json")
    assert (manifest["revision"]["supersedes"], manifest["compared_with"]) == ("r2", None)
    page = text_of(prepared / "public" / "index.html")
    assert "更正：本版取代2020年12月r2版" in page
    assert "2020年12月r2版已于" in page
    assert "本版不与其比较" in page
    linked = [
        edition
        for edition in ("internal", "public")
        if "../../r2/index.html" in (prepared / edition / "index.html").read_text(encoding="utf-8")
    ]
    assert linked == ["internal"]
    stone = settings.home.release("2020-12", "r2") / "index.html"
    assert "目前没有替代版本" in stone.read_text(encoding="utf-8")
    assert publish_prepared(settings).name == "r3"
    assert '<a href="../r3/public/index.html">2020-12 r3</a>' in stone.read_text(encoding="utf-8")


def test_a_retracted_release_that_a_backup_brings_back_goes_again(settings, tmp_path):
    place = settings.home.release("2020-12", "r1")
    backup = copy_of(place, tmp_path, "backup")
    stone = retraction.retract(settings.home, DECEMBER, "wrong", "erin")
    shutil.rmtree(stone)
    backup.rename(place)
    assert retraction.finish_retractions(settings.home) == [place]
    assert (place / "retraction.json").is_file()
    bundle.verify(settings.home.retracted_release("2020-12", "r1"))
    shutil.rmtree(place)
    place.mkdir()
    with pytest.raises(RefusedError, match="is not the release that was retracted there"):
        retraction.finish_retractions(settings.home)


@pytest.mark.parametrize(
    "command", [["retract", "2020-12", "--reason", "again", "--as", "erin"], ["status"]]
)
def test_a_retraction_that_an_older_ledger_does_not_know_is_named(settings, command):
    ledger, place = settings.home.ledger, settings.home.release("2020-12", "r1")
    older = ledger.read_bytes()
    retraction.retract(settings.home, DECEMBER, "wrong", "erin")
    ledger.write_bytes(older)
    done = CliRunner().invoke(main, command, env={"UHI_HOME": str(settings.home.folder)})
    assert done.exit_code == VerificationError.exit_code, done.output
    assert f"{place} was retracted, and the ledger has no line of it" in done.stderr
    assert ledger.read_bytes() == older


@pytest.mark.parametrize("reason", ["", " ", "a\tb\x07"])
def test_a_retraction_needs_its_reason(settings, reason):
    with pytest.raises(UsageError, match="needs its reason"):
        retraction.retract(settings.home, DECEMBER, reason, "erin")


@needs_strace
@pytest.mark.fault
@pytest.mark.parametrize("fault", everyday(["signal=KILL", "error=ENOSPC"], "signal=KILL"))
def test_a_retraction_disturbed_is_finished_by_the_next_command(settings, tmp_path, fault):
    retract = command("retract", DECEMBER, "--reason", "wrong", "--as", "erin")
    for when in range(1, 4):
        home = copy_of(settings.home.folder, tmp_path, f"home{when}")
        disturbed_command(home, retract, "rename", f"{fault}:when={when}")
        assert releases.in_force(Home(home)) in ({"2020-12": "r1"}, {})
        for folder in (home / "releases" / "2020-12" / "r1", home / "retracted" / "2020-12" / "r1"):
            if folder.exists() and not (folder / "retraction.json").exists():
                bundle.verify(folder)
        again = subprocess.run(
            retract, env=environment_of(home), capture_output=True, text=True, check=False
        )
        assert again.returncode == 0, again.stderr
        assert (home / "releases" / "2020-12" / "r1" / "retraction.json").exists()
        assert [entry["event"] for entry in ledgers.entries(home)].count("retraction") == 1
        assert releases.in_force(Home(home)) == {}
        assert not list((home / "releases").rglob(".*"))
