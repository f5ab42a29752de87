"""Overrides of really refused candidates.

Signed ones release; anything else is refused with its reason.
"""

import json
import re
import shutil
import subprocess
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from click.testing import CliRunner

from orchestration.cli.main import main
from orchestration.errors import RefusedError, UsageError, VerificationError
from orchestration.home import files
from orchestration.home.records.signed import Override
from orchestration.periods import Period
from orchestration.release import bundle, preparation, publication
from orchestration.signatures import signing
from orchestration.signatures.overrides import OVERRIDE
from tests.support import ledgers
from tests.support.faults import copy_of
from tests.support.lanes import everyday
from tests.support.openssh import SSH_KEYGEN, needs_ssh_keygen
from tests.support.overrides import (
    REASON,
    REFUSED_SHARE,
    STALE,
    build,
    copied,
    override,
    override_both,
    recorded,
)
from tests.support.people import DECEMBER, approve
from tests.support.settings import settings_in

ENDED = (-1, "was not valid at")


@pytest.fixture
def settings(refused_homes, tmp_path):
    return copied(refused_homes, "likely", tmp_path)


@pytest.fixture
def overridden(settings):
    return override_both(settings)


@pytest.fixture
def prepared_settings(overridden_home, tmp_path):
    """Settings of a copy of a home whose refused candidate is overridden and prepared."""
    shutil.copytree(overridden_home, tmp_path, symlinks=True, dirs_exist_ok=True)
    return settings_in(tmp_path / "home")


def judge_anew(settings, **changes):
    """Put another verdict in the place of the candidate's, as if the gate had given it."""
    file = settings.home.candidate("2020-12") / "verdict.json"
    file.write_text(
        files.to_json(json.loads(file.read_text(encoding="utf-8")) | changes), encoding="utf-8"
    )
    ledgers.append(settings.home.folder, "verdict", period="2020-12", digest=files.sha256_of(file))


def uhi(settings, *arguments):
    return CliRunner().invoke(main, arguments, env={"UHI_HOME": str(settings.home.folder)})


def test_a_signed_override_releases_a_refused_candidate(settings, tmp_path):
    refused = uhi(settings, "prepare", "2020-12")
    assert refused.exit_code == 3
    assert REFUSED_SHARE in refused.stderr
    options = [
        "--check",
        REFUSED_SHARE,
        "--reason",
        REASON,
        "--as",
        "alice",
        "--key",
        str(tmp_path / "alice"),
    ]
    signed = uhi(settings, "override", "2020-12", *options, "--json")
    assert signed.exit_code == 0, signed.stderr
    entry = json.loads(signed.stdout)
    assert set(entry) == set(Override.model_fields)
    one_left = uhi(settings, "prepare", "2020-12")
    assert one_left.exit_code == 3
    assert STALE in one_left.stderr
    assert REFUSED_SHARE not in one_left.stderr
    override(settings, STALE, by="dave")
    assert re.search(
        f"overridden: {REFUSED_SHARE} by alice, .*: {REASON}", uhi(settings, "status").stdout
    )
    assert uhi(settings, "prepare", "2020-12").exit_code == 0
    approve(settings)
    assert uhi(settings, "publish", "2020-12").exit_code == 0
    release = settings.home.release("2020-12", "r1")
    keys = str(settings.home.signers)
    assert uhi(settings, "verify", str(release)).exit_code == 0
    assert uhi(settings, "verify", str(release), "--keys", keys).exit_code == 0
    assert [
        each["check"]
        for each in json.loads((release / "overrides.json").read_text(encoding="utf-8"))
    ] == [REFUSED_SHARE, STALE]
    for edition in ("public", "internal"):
        page = (release / edition / "index.html").read_text(encoding="utf-8")
        for shown in (
            "例外放行",
            "&lt;checked&gt; by hand; 已核对",
            "dave, <time>",
            entry["at"],
        ):
            assert shown in page
        assert ("0.5 % of the rows were refused" in page) == (edition == "internal")
    settings.home.signers.write_text(
        signing.make_key(tmp_path / "new", "alice") + "\n", encoding="utf-8"
    )
    other = uhi(settings, "verify", str(release), "--keys", keys)
    assert other.exit_code == 5
    assert "not by a key of alice" in other.stderr
    assert uhi(settings, "verify", str(release), "--keys", str(tmp_path / "none")).exit_code == 2


@needs_ssh_keygen
def test_an_override_verifies_with_stock_tools(overridden_home, tmp_path):
    home = settings_in(overridden_home / "home").home
    [entry, _] = files.read_json(home.prepared(DECEMBER) / "overrides.json", holding=list)
    (tmp_path / "signature").write_text(entry.pop("signature"), encoding="ascii")
    message = json.dumps(entry, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()
    command = [
        SSH_KEYGEN,
        "-Y",
        "verify",
        "-f",
        home.signers,
        "-I",
        "alice",
        "-n",
        OVERRIDE.namespace,
        "-s",
        tmp_path / "signature",
    ]
    subprocess.run(command, input=message, capture_output=True, check=True)
    assert (
        subprocess.run(command, input=message + b"\n", capture_output=True, check=False).returncode
        != 0
    )


def test_a_passed_release_carries_its_empty_list_and_no_heading(prepared_example, tmp_path):
    prepared = copy_of(prepared_example / "prepared" / "2020-12", tmp_path, "prepared")
    assert json.loads((prepared / "overrides.json").read_text(encoding="utf-8")) == []
    assert "例外放行" not in (prepared / "public" / "index.html").read_text(encoding="utf-8")
    (prepared / "overrides.json").unlink()
    listed = (prepared / "SHA256SUMS").read_text(encoding="utf-8").splitlines(keepends=True)
    (prepared / "SHA256SUMS").write_text(
        "".join(line for line in listed if "overrides.json" not in line), encoding="utf-8"
    )
    with pytest.raises(VerificationError, match=r"overrides\.json is not there"):
        bundle.verify(prepared)


@pytest.mark.parametrize(
    ("arguments", "reason"),
    [
        ({"check": "rows.no_such"}, "the verdict has no such check"),
        ({"check": "alert.complete"}, "the check passed"),
        ({"check": "predecessor.stored"}, "the check only warns"),
        ({"by": "carol", "key": "alice"}, "carol is not among the allowed signers"),
        ({"by": "dave", "key": "alice"}, "not by a key of dave"),
        ({"by": "Bob", "key": "bob"}, "by the person who prepared"),
        ({"by": "bea", "key": "bob"}, "by the person who prepared"),
        ({"period": Period(2020, 11)}, "no judged candidate"),
    ],
)
def test_what_cannot_be_overridden_is_refused(settings, arguments, reason):
    with pytest.raises(RefusedError, match=reason):
        override(settings, **arguments)
    assert not recorded(settings)


@pytest.mark.parametrize("reason", ["", " \t\n", "　", "\u200b", "a\x1b[2J"])
def test_an_override_needs_a_reason(settings, reason):
    done = uhi(
        settings,
        "override",
        "2020-12",
        "--check",
        STALE,
        "--reason",
        reason,
        "--as",
        "alice",
        "--key",
        str(settings.home.folder.parent / "alice"),
    )
    assert done.exit_code == 2
    assert "needs its reason" in done.stderr
    assert not recorded(settings)


def test_a_wrong_configuration_is_named(settings):
    (settings.home.folder.parent / "alice").chmod(0o644)
    with pytest.raises(UsageError, match="chmod 600"):
        override(settings)
    settings.home.signers.unlink()
    with pytest.raises(UsageError, match="UHI_ALLOWED_SIGNERS"):
        override(settings, by="dave")
    elsewhere = settings.home.folder.parent / "signers"
    public_key = (settings.home.folder.parent / "dave.pub").read_text(encoding="utf-8")
    elsewhere.write_text(f"dave {public_key}", encoding="utf-8")
    trusting = replace(settings.home, allowed_signers=elsewhere)
    override(settings.model_copy(update={"home": trusting}), by="dave")


def test_a_check_that_must_not_fail_allows_none_and_the_others_do_not_help(refused_homes, tmp_path):
    settings = copied(refused_homes, "wrong", tmp_path)
    with pytest.raises(RefusedError, match="the check allows no override"):
        override(settings, "rows.regions_refused")
    override_both(settings)
    with pytest.raises(
        RefusedError, match=r"rows\.regions_refused did not pass.*its verdict is not passed"
    ):
        preparation.prepare(settings, DECEMBER)


def test_a_check_is_overridden_once(overridden):
    with pytest.raises(RefusedError, match="overridden already"):
        override(overridden, by="dave")
    assert len(recorded(overridden)) == 2


def test_a_verdict_that_is_not_the_ledgers_latest_is_not_overridden(settings):
    file = settings.home.candidate("2020-12") / "verdict.json"
    file.write_text(file.read_text(encoding="utf-8").replace('"bob"', '"eve"'), encoding="utf-8")
    with pytest.raises(RefusedError, match="not the latest one that the ledger records"):
        override(settings)


def test_changed_tables_are_not_overridden(settings):
    tables = settings.home.candidate("2020-12") / "tables"
    shutil.copyfile(tables / "union_index.parquet", tables / "alert.parquet")
    with pytest.raises(RefusedError, match="alert has changed"):
        override(settings)


def test_an_unnamed_preparer_and_a_check_that_did_not_run_are_not_overridden(settings):
    judge_anew(settings, prepared_by=None)
    with pytest.raises(RefusedError, match="does not say who prepared it"):
        override(settings)
    checks = json.loads(
        (settings.home.candidate("2020-12") / "verdict.json").read_text(encoding="utf-8")
    )["checks"]
    judge_anew(
        settings,
        prepared_by="bob",
        checks=[check | {"executed": check["name"] != REFUSED_SHARE} for check in checks],
    )
    with pytest.raises(RefusedError, match="did not run"):
        override(settings)


@pytest.mark.drill
def test_a_new_verdict_needs_new_overrides_and_leaves_what_is_prepared(prepared_settings):
    settings = prepared_settings
    prepared = files.sha256_of(settings.home.prepared(DECEMBER) / "SHA256SUMS")
    approve(settings, "alice")
    assert build(settings, "erin") == {STALE, REFUSED_SHARE}
    with pytest.raises(RefusedError, match=f"{STALE} did not pass.*{REFUSED_SHARE} did not pass"):
        preparation.prepare(settings, DECEMBER)
    approve(settings, "dave")
    release = publication.publish(settings.home, DECEMBER)
    assert files.sha256_of(release / "SHA256SUMS") == prepared
    override_both(settings)
    preparation.prepare(settings, DECEMBER, "revision", "run again")


@pytest.mark.drill
def test_the_same_verdict_given_again_needs_new_overrides_too(overridden):
    judge_anew(overridden)
    with pytest.raises(RefusedError, match="did not pass"):
        preparation.prepare(overridden, DECEMBER)
    override_both(overridden)
    preparation.prepare(overridden, DECEMBER)


@pytest.mark.parametrize(("seconds", "reason"), everyday([(0, None), ENDED], ENDED))
def test_a_key_that_ended_counts_for_what_it_signed_before(overridden, seconds, reason):
    signed = max(datetime.fromisoformat(entry["at"]) for entry in recorded(overridden)).astimezone(
        UTC
    )
    ended = f"{signed + timedelta(seconds=seconds):%Y%m%d%H%M%S}Z"
    lines = overridden.home.signers.read_text(encoding="utf-8").replace(
        "alice ", f'alice valid-before="{ended}" '
    )
    overridden.home.signers.write_text(lines, encoding="utf-8")
    if reason is None:
        preparation.prepare(overridden, DECEMBER)
    else:
        for act in (
            lambda: preparation.prepare(overridden, DECEMBER),
            lambda: override(overridden),
        ):
            with pytest.raises(RefusedError, match=reason):
                act()


def test_a_signer_who_is_struck_off_does_not_count_at_publication(prepared_settings):
    prepared_settings.home.signers.write_text("", encoding="utf-8")
    with pytest.raises(RefusedError, match="alice is not among the allowed signers"):
        publication.publish(prepared_settings.home, DECEMBER)
