"""Overrides that somebody forged, in the ledger or in a release: none of them counts."""

import json
import shutil

import pytest

from orchestration.errors import RefusedError, VerificationError
from orchestration.home import files
from orchestration.release import bundle, preparation
from orchestration.signatures import signing
from orchestration.signatures.overrides import OVERRIDE, bytes_of
from tests.support import ledgers
from tests.support.forgery import seal
from tests.support.overrides import REFUSED_SHARE, STALE, copied, override_both
from tests.support.people import DECEMBER, approve
from tests.support.settings import settings_in


@pytest.fixture
def overridden(refused_homes, tmp_path):
    """A home whose refused candidate is released by two overrides."""
    return override_both(copied(refused_homes, "likely", tmp_path))


@pytest.fixture
def settings(overridden_home, tmp_path):
    shutil.copytree(overridden_home, tmp_path, symlinks=True, dirs_exist_ok=True)
    return settings_in(tmp_path / "home")


@pytest.fixture
def prepared(settings):
    return settings.home.prepared(DECEMBER)


def signed_by(name, **changes):
    """The entry with changes, signed again by somebody."""

    def change(settings, entry):
        namespace = changes.get("namespace", OVERRIDE.namespace)
        changed = entry | {name: value for name, value in changes.items() if name != "namespace"}
        unsigned = {"event", "signature", "previous"}
        stated = {name: changed[name] for name in changed if name not in unsigned}
        key = settings.home.folder.parent / name
        return [changed | {"signature": signing.sign(bytes_of(stated), key, namespace)}]

    return change


def with_changes(**changes):
    return lambda _, entry: [entry | changes]


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        pytest.param(lambda _, entry: [entry], None, marks=pytest.mark.drill),
        (lambda *_: [], "did not pass"),
        (with_changes(reason="another"), "not of these bytes"),
        (with_changes(by="dave"), "not by a key of dave"),
        (with_changes(at="2020-12-31T00:00:00+00:00"), "dated before the verdict"),
        (with_changes(at="2999-12-31T00:00:00+00:00"), "not of these bytes"),
        (with_changes(at="yesterday"), "ledger cannot be read .override.at: "),
        (with_changes(at="2999-12-31T00:00:00"), "at: a time with its offset"),
        (with_changes(signature=None), "override.signature: "),
        (with_changes(signature=1), "override.signature: "),
        (with_changes(reason=" "), "override.reason: "),
        (with_changes(signature="x"), "no SSH signature"),
        (with_changes(period="2020-11"), "did not pass"),
        (with_changes(verdict="0" * 64), "did not pass"),
        (with_changes(check="predecessor.stored"), "the check only warns"),
        (with_changes(check=[]), "override.check: "),
        (
            lambda _, entry: [{name: entry[name] for name in entry if name != "reason"}],
            "override.reason: ",
        ),
        (lambda _, entry: [entry, dict(entry)], "overridden already"),
        pytest.param(signed_by("alice"), None, marks=pytest.mark.drill),
        (signed_by("bob"), "not by a key of alice"),
        (signed_by("bob", by="bea"), "by the person who prepared"),
        (signed_by("alice", at="2020-12-31T00:00:00+00:00"), "dated before the verdict"),
        (signed_by("alice", namespace="another"), "another purpose"),
    ],
)
def test_a_forged_entry_does_not_count(overridden, change, reason):
    """The ledger is rewritten, its chain intact, with the last override changed."""
    entries = []
    for entry in ledgers.entries(overridden.home.folder):
        details = {name: value for name, value in entry.items() if name != "previous"}
        is_changed = entry.get("check") == STALE
        entries += change(overridden, details) if is_changed else [entry]
    ledgers.rewrite(overridden.home.folder, entries)
    if reason is None:
        preparation.prepare(overridden, DECEMBER)
    else:
        with pytest.raises(RefusedError, match=reason):
            preparation.prepare(overridden, DECEMBER)


def test_what_is_signed_later_binds_the_override_before_it(overridden):
    entries = ledgers.entries(overridden.home.folder)
    [first] = [entry for entry in entries if entry.get("check") == REFUSED_SHARE]
    [signed_again] = signed_by("alice", reason="another")(overridden, first)
    changed = [signed_again if entry == first else entry for entry in entries]
    ledgers.rewrite(overridden.home.folder, changed)
    with pytest.raises(RefusedError, match="was signed on other lines than those above it"):
        preparation.prepare(overridden, DECEMBER)


@pytest.mark.parametrize(
    ("change", "without_keys", "with_keys"),
    [
        (
            lambda entries: entries[1:],
            f"{REFUSED_SHARE} did not pass and is not overridden",
            "is not overridden",
        ),
        (
            lambda entries: [entries[0] | {"verdict": "0" * 64}, entries[1]],
            "for another verdict",
            "for another verdict",
        ),
        (
            lambda entries: [entries[0] | {"by": "BOB"}, entries[1]],
            "by the person who prepared",
            "by the person who prepared",
        ),
        (
            lambda entries: [entries[0] | {"reason": "another"}, entries[1]],
            None,
            "not of these bytes",
        ),
    ],
)
def test_a_forged_release_is_found(settings, prepared, change, without_keys, with_keys):
    entries = json.loads((prepared / "overrides.json").read_text(encoding="utf-8"))
    (prepared / "overrides.json").write_text(files.to_json(change(entries)), encoding="utf-8")
    seal(prepared)
    for keys, reason in ((None, without_keys), (settings.home.signers, with_keys)):
        if reason is None:
            bundle.verify(prepared, keys)
        else:
            with pytest.raises(VerificationError, match=reason):
                bundle.verify(prepared, keys)
    with pytest.raises(
        RefusedError, match=without_keys or "it is not the latest one that the ledger records"
    ):
        approve(settings, "alice")


def test_a_release_sealed_again_unchanged_is_the_same(settings, prepared):
    seal(prepared)
    approve(settings)
    bundle.verify(prepared, settings.home.signers)
