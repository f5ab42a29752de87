"""The release: whole, verifiable with stock tools, suppressed in public.

It is refused where a byte is not the judged one.
"""

import json
import shutil
import subprocess
from importlib.metadata import version

import duckdb
import pytest

from orchestration.errors import RefusedError, VerificationError
from orchestration.home import files, releases
from orchestration.home.layout import Home
from orchestration.release import bundle, preparation, publication
from orchestration.release.context import sums_digest
from orchestration.settings import PROJECT
from tests.support import ledgers
from tests.support.faults import copy_of
from tests.support.forgery import seal
from tests.support.people import DECEMBER, approve, publish
from tests.support.settings import EXAMPLE, settings_in

VERDICT = "release_verdict.json"


@pytest.fixture
def unprepared(example_run, tmp_path):
    """A home of its own with the example's candidates."""
    return settings_in(copy_of(example_run[0].home.folder, tmp_path, "home"))


@pytest.fixture
def settings(prepared_example, tmp_path):
    """A home of its own with December prepared."""
    return settings_in(copy_of(prepared_example, tmp_path, "home"))


@pytest.fixture
def prepared(settings):
    """What is prepared in the home."""
    return settings.home.prepared(DECEMBER)


def edit_verdict(settings, **changes):
    file = settings.home.candidate("2020-12") / "verdict.json"
    file.write_text(
        files.to_json(json.loads(file.read_text(encoding="utf-8")) | changes), encoding="utf-8"
    )
    return file


def test_a_release_is_published_whole(unprepared):
    release, home = publish(unprepared), unprepared.home.folder
    assert release == home / "releases" / "2020-12" / "r1"
    assert releases.in_force(Home(home)) == {"2020-12": "r1"}
    assert not (home / "prepared" / "2020-12").exists()
    subprocess.run(
        ["sha256sum", "--check", "--quiet", "--strict", "SHA256SUMS"], cwd=release, check=True
    )
    assert bundle.verify(release).manifest.period == "2020-12"
    events = [
        json.loads(line)["event"]
        for line in (home / "ledger.jsonl").read_text(encoding="utf-8").splitlines()
    ]
    assert events[-4:] == ["prepared", "approval", "approval", "publication"]


def test_unchanged_figures_are_not_published_twice(settings):
    approve(settings)
    assert publication.publish(settings.home, DECEMBER).name == "r1"
    assert publication.publish(settings.home, DECEMBER).name == "r1"
    assert [entry["event"] for entry in ledgers.entries(settings.home.folder)].count(
        "publication"
    ) == 1


def test_the_record_anchors_the_ledger_and_binds_the_files(settings, prepared):
    record = json.loads((prepared / "record.json").read_text(encoding="utf-8"))
    *_, judged, last = ledgers.entries(settings.home.folder)
    assert (judged["event"], last["event"]) == ("release_verdict", "prepared")
    assert record["ledger_head"] == last["previous"]
    assert (
        last["record"]
        == bundle.record_digest(prepared)
        == files.sha256_of(prepared / "record.json")
    )
    assert record["sha256sums"] == last["digest"]
    assert "record.json" not in (prepared / "SHA256SUMS").read_text(encoding="utf-8")
    edit_record(prepared, ledger_head="0" * 64)
    with pytest.raises(RefusedError, match="its record is not the one that the ledger has of it"):
        publication.publish(settings.home, DECEMBER)


@pytest.mark.parametrize("part", ["verdict", "overrides"])
def test_a_manifest_of_another_verdict_does_not_verify(prepared, part):
    manifest = json.loads((prepared / "manifest.json").read_text(encoding="utf-8"))
    manifest[part]["sha256"] = "0" * 64
    (prepared / "manifest.json").write_text(files.to_json(manifest), encoding="utf-8")
    edit_release_verdict(
        prepared,
        files={
            name: digest for name, digest in bundle.digests_of(prepared).items() if name != VERDICT
        },
    )
    with pytest.raises(
        VerificationError, match="manifest is of another verdict or other overrides"
    ):
        bundle.verify(prepared)


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"sha256sums": "0" * 64}, "record of its preparation or publication is of other files"),
        ({"period": "2020-11"}, "are of different periods"),
    ],
)
def test_a_record_of_another_release_does_not_verify(prepared, changes, reason):
    edit_record(prepared, **changes)
    with pytest.raises(VerificationError, match=reason):
        bundle.verify(prepared)


def test_the_manifest_says_what_the_release_was_made_of(settings, prepared):
    manifest = json.loads((prepared / "manifest.json").read_text(encoding="utf-8"))
    assert manifest["source"]["location"] == str(EXAMPLE / "source")
    members = next(table for table in manifest["source"]["tables"] if table["table"] == "member")
    assert members["source"].endswith("member.csv")
    assert members["since"] is None
    landed = settings.home.intake(manifest["landing"]["intake"]) / "member.parquet"
    assert members["sha256"] == files.sha256_of(landed.resolve())
    assert manifest["methodology"]["approval"].startswith("2020, approved on ")
    assert manifest["code"]["release"]["requirements_lock"] == files.sha256_of(
        PROJECT / "requirements.lock"
    )
    assert (
        manifest["code"]["candidate"]["version"]
        == manifest["code"]["release"]["version"]
        == version("union-health-index")
    )
    assert manifest["verdict"]["sha256"] == files.sha256_of(prepared / "verdict.json")
    assert manifest["overrides"]["count"] == 0


def test_a_release_whose_intake_is_gone_is_refused(settings):
    shutil.rmtree(settings.home.landing)
    with pytest.raises(RefusedError, match="no longer holds the intake"):
        preparation.prepare(settings, DECEMBER)


def test_small_areas_are_suppressed_in_public_and_no_union_is_there(prepared):
    public = prepared / "public"
    names = {path.stem for path in public.glob("*.parquet")}
    assert names == {
        "area_index",
        "area_dimension",
        "area_indicator",
        "county_ranking",
        "population_change",
    }
    rows = duckdb.sql(
        "select suppressed, linked, frame, health_index, green, name_zh"
        f" from '{public}/area_index.parquet'"
    ).fetchall()
    assert {row[0] for row in rows} == {True, False}
    for suppressed, linked, frame, health_index, green, name in rows:
        assert name
        assert suppressed == (linked is None)
        if suppressed:
            assert (frame, health_index, green) == (None, None, None)
        else:
            assert linked >= 10
    page = (public / "index.html").read_text(encoding="utf-8")
    assert "鹿城区" in page
    assert "48.3" in page
    assert "52.8" not in page


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"passed": False}, "not passed"),
        ({"provisional": True}, "provisional"),
        ({"checks": []}, "lacks the required check"),
        ({"required_checks": "0" * 64}, "required checks has changed"),
        ({"methodology": {"name": "2020", "sha256": "0" * 64}}, "methodology has changed"),
        ({"holidays": "0" * 64}, "holidays up to 2020-12-31 has changed; run 2020-12 again"),
        ({"period": "2020-11"}, "its verdict is of 2020-11"),
        ({"tables": {}}, "of other tables"),
    ],
)
def test_a_verdict_that_does_not_hold_refuses(settings, changes, reason):
    edit_verdict(settings, **changes)
    with pytest.raises(RefusedError, match=reason):
        preparation.prepare(settings, DECEMBER)


@pytest.mark.parametrize(
    ("period", "message"),
    [("2020-12", "alert has changed"), ("2020-11", "alert of the month before has changed")],
)
def test_changed_tables_refuse(settings, period, message):
    tables = settings.home.candidate(period) / "tables"
    shutil.copyfile(tables / "union_index.parquet", tables / "alert.parquet")
    with pytest.raises(RefusedError, match=message):
        preparation.prepare(settings, DECEMBER)


def test_publication_judges_the_bytes_again(settings, prepared):
    with (prepared / "public" / "area_index.csv").open("a", encoding="utf-8") as file:
        file.write("\n")
    with pytest.raises(RefusedError, match=r"public/area_index\.csv has changed"):
        publication.publish(settings.home, DECEMBER)
    assert not (settings.home.releases).exists()


def test_a_preparation_from_a_verdict_that_the_ledger_does_not_record_is_not_published(
    settings, prepared
):
    """Put back whole from elsewhere, with its digests but not its verdict in the ledger."""
    ledgers.append(settings.home.folder, "verdict", period="2020-12", passed=True, digest="0" * 64)
    ledgers.append(
        settings.home.folder,
        "prepared",
        period="2020-12",
        digest=files.sha256_of(prepared / "SHA256SUMS"),
    )
    with pytest.raises(RefusedError, match="verdict is not the one that the ledger records"):
        publication.publish(settings.home, DECEMBER)


def test_an_older_verdict_put_back_is_refused(settings):
    ledgers.append(settings.home.folder, "verdict", period="2020-12", passed=False, digest="0" * 64)
    with pytest.raises(RefusedError, match="not the latest one that the ledger records"):
        preparation.prepare(settings, DECEMBER)


@pytest.mark.parametrize("change", ["edit", "remove", "insert", "reorder", "cut"])
def test_a_changed_ledger_refuses(unprepared, change):
    path = unprepared.home.ledger
    lines = path.read_text(encoding="utf-8").splitlines(keepends=True)
    changed = {
        "edit": [lines[0].replace("extraction", "extracted"), *lines[1:]],
        "remove": lines[1:],
        "insert": [lines[0], *lines],
        "reorder": [lines[1], lines[0], *lines[2:]],
        "cut": [*lines[:-1], lines[-1][: len(lines[-1]) // 2]],
    }
    path.write_text("".join(changed[change]), encoding="utf-8")
    with pytest.raises(RefusedError, match="the ledger"):
        preparation.prepare(unprepared, DECEMBER)


def test_a_release_that_does_not_pass_is_refused_and_nothing_is_prepared(unprepared):
    verdict = edit_verdict(unprepared, notice="+86 139-0000-9999")
    ledgers.append(
        unprepared.home.folder, "verdict", period="2020-12", digest=files.sha256_of(verdict)
    )
    with pytest.raises(
        RefusedError,
        match=r"release\.personal did not pass: .*internal/index\.html holds a mobile phone number",
    ):
        preparation.prepare(unprepared, DECEMBER)
    assert list((unprepared.home.preparations).iterdir()) == []
    last = ledgers.entries(unprepared.home.folder)[-1]
    assert (last["event"], last["passed"], last["failed"]) == (
        "release_verdict",
        False,
        ["release.personal"],
    )


def reseal(release):
    """List the digests of a release anew, as somebody who edits one would."""
    lines = [f"{digest}  {name}\n" for name, digest in bundle.digests_of(release).items()]
    (release / "SHA256SUMS").write_text("".join(lines), encoding="utf-8")
    edit_record(release, sha256sums=files.sha256_of(release / "SHA256SUMS"))


def edit_record(release, **changes):
    record = json.loads((release / "record.json").read_text(encoding="utf-8")) | changes
    (release / "record.json").write_text(files.to_json(record), encoding="utf-8")


def edit_release_verdict(release, **changes):
    file = release / "release_verdict.json"
    file.write_text(
        files.to_json(json.loads(file.read_text(encoding="utf-8")) | changes), encoding="utf-8"
    )
    reseal(release)


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"required_checks": "0" * 64}, "not the latest one that the ledger records"),
        ({"checks": []}, r"lacks the required check release\.changes, release\.csv_equals_parquet"),
        ({"required_checks": "0" * 64}, "list of required checks of a release has changed"),
        ({"passed": False}, "verdict on its files is not passed"),
        ({"files": {}}, "verdict on its files is of other files"),
        ({"period": "2020-11"}, "of different periods"),
    ],
)
def test_an_edited_release_verdict_is_refused(settings, prepared, changes, reason):
    edit_release_verdict(prepared, **changes)
    with pytest.raises(RefusedError, match=reason):
        publication.publish(settings.home, DECEMBER)
    assert not (settings.home.releases).exists()


def test_what_was_prepared_before_a_refused_preparation_is_not_published(settings):
    ledgers.append(
        settings.home.folder, "release_verdict", period="2020-12", passed=False, digest="0" * 64
    )
    with pytest.raises(RefusedError, match="verdict on its files is not the latest one"):
        publication.publish(settings.home, DECEMBER)


def test_an_older_preparation_put_back_is_not_published(settings):
    ledgers.append(settings.home.folder, "prepared", period="2020-12", digest="0" * 64)
    with pytest.raises(RefusedError, match="it is not the latest one that the ledger records"):
        publication.publish(settings.home, DECEMBER)


def test_a_release_without_a_verdict_on_its_files_does_not_verify(prepared):
    (prepared / "release_verdict.json").unlink()
    reseal(prepared)
    with pytest.raises(VerificationError, match=r"release_verdict\.json is not there"):
        bundle.verify(prepared)


@pytest.mark.drill
def test_what_an_earlier_revision_hides_stays_hidden(settings):
    approve(settings)
    areas = publication.publish(settings.home, DECEMBER) / "public" / "area_index.parquet"
    shown = "select count(*) from '{}' where area_code = '330381' and not suppressed"
    assert duckdb.sql(shown.format(areas)).fetchall() == [(1,)]
    hide = f"select * replace (suppressed or area_code = '330381' as suppressed) from '{areas}'"
    duckdb.sql(f"copy ({hide}) to '{areas.with_suffix('.new')}' (format parquet)")
    areas.with_suffix(".new").replace(areas)
    release = areas.parents[1]
    shutil.rmtree(release / "approvals")
    (release / "publication.json").unlink()
    seal(release)
    ledgers.say(settings.home.folder, "publication", digest=sums_digest(release))
    prepared = preparation.prepare(settings, DECEMBER, "revision", "the example hides more")
    assert duckdb.sql(shown.format(prepared / "public" / "area_index.parquet")).fetchall() == [(0,)]


def test_text_that_starts_like_a_formula_is_harmless_in_csv_and_as_it_is_in_parquet(prepared):
    internal = prepared / "internal"
    names = "select name_zh from {} where ltrim(name_zh, chr(39)) like '=%' order by union_id"
    written = duckdb.sql(
        names.format(f"read_csv('{internal}/union_index.csv', all_varchar = true)")
    ).fetchall()
    judged = duckdb.sql(names.format(f"'{internal}/union_index.parquet'")).fetchall()
    assert judged
    assert written == [(f"'{name}",) for (name,) in judged]
    assert ",-4.3095," in (internal / "union_index.csv").read_text(encoding="utf-8")


def test_nothing_prepared_is_not_published(unprepared):
    with pytest.raises(RefusedError, match="Nothing is prepared"):
        publication.publish(unprepared.home, DECEMBER)


CHANGES = {
    "verdict.json has changed": lambda release: (release / "verdict.json").write_text(
        "{}", encoding="utf-8"
    ),
    "verdict.json is missing": lambda release: (release / "verdict.json").unlink(),
    "record.json is not there": lambda release: (release / "record.json").unlink(),
    "extra.txt is not listed": lambda release: (release / "extra.txt").touch(),
    "public/record.json is not listed": lambda release: (
        release / "public" / "record.json"
    ).touch(),
    "approvals is not listed": lambda release: (release / "approvals").touch(),
    "elsewhere is a link": lambda release: (release / "elsewhere").symlink_to(release.parent),
}


@pytest.mark.parametrize("difference", CHANGES)
def test_verification_names_the_difference(prepared, difference):
    CHANGES[difference](prepared)
    with pytest.raises(VerificationError, match=difference):
        bundle.verify(prepared)


def test_approvals_lie_outside_the_sums(settings, prepared):
    before = bundle.digests_of(prepared)
    approve(settings)
    assert bundle.verify(prepared).files == before == bundle.digests_of(prepared)
