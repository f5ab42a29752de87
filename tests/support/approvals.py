"""What the tests of approvals share.

A home whose release awaits them, and a release that was forged.
"""

import shutil
from datetime import UTC, datetime, timedelta

from click.testing import CliRunner

from orchestration.cli.main import main
from orchestration.home import files
from orchestration.release import bundle
from tests.support import ledgers
from tests.support.faults import copy_of
from tests.support.forgery import seal
from tests.support.people import allow
from tests.support.settings import settings_in

OVERRIDES_ONLY = 'namespaces="union-health-index-override"'


def await_approvals(prepared_example, folder):
    """Make a home whose candidate was prepared by `tests`, with its release awaiting approval.

    Also in the folder: people of whom not all may approve it.
    """
    settings = settings_in(copy_of(prepared_example, folder, "home"))
    lines = dict(
        zip(
            names := ["alice", "dave", "carol", "erin", "tests", "second", "third"],
            allow(settings, *names),
            strict=True,
        )
    )
    lines["carol"] = lines["carol"].replace("carol", 'carol valid-before="20200101"')
    lines["erin"] = lines["erin"].replace("erin", f"erin {OVERRIDES_ONLY}")
    lines["bea"] = lines["tests"].replace("tests", "bea")
    lines["ally"] = lines["alice"].replace("alice", "ally")
    lines["second"] = lines["second"].replace("second", "ALICE,Tests2")
    lines["third"] = lines["third"].replace("third", "TESTS")
    settings.home.signers.write_text("\n".join(lines.values()) + "\n", encoding="utf-8")


def prepared_in(settings):
    return settings.home.prepared("2020-12")


def uhi(settings, *arguments):
    return CliRunner().invoke(main, arguments, env={"UHI_HOME": str(settings.home.folder)})


def forge(settings, **changes):
    """Prepare another verdict, whole and recorded, as if the gate had given it."""
    prepared = prepared_in(settings)
    verdict = prepared / "verdict.json"
    verdict.write_text(files.to_json(files.read_json(verdict) | changes), encoding="utf-8")
    seal(prepared)
    for event, name in (
        ("verdict", "verdict.json"),
        ("release_verdict", "release_verdict.json"),
        ("prepared", "SHA256SUMS"),
    ):
        details = {"record": bundle.record_digest(prepared)} if event == "prepared" else {}
        ledgers.append(
            settings.home.folder,
            event,
            period="2020-12",
            digest=files.sha256_of(prepared / name),
            **details,
        )


def look_an_hour_later(settings):
    """Let the ledger record a preview an hour after its last line.

    Returns the time of that line, and of the preview.
    """
    *_, last = ledgers.entries(settings.home.folder)
    later = (datetime.fromisoformat(last["at"]) + timedelta(hours=1)).isoformat()
    sums = files.sha256_of(prepared_in(settings) / "SHA256SUMS")
    looked = {"period": "2020-12", "digest": sums, "by": "bea", "reason": "printing"}
    ledgers.append(settings.home.folder, "preview", at=later, **looked)
    return last["at"], later


def end_key(settings, name, at):
    """Let the key of a person end a minute after a time."""
    ended = datetime.fromisoformat(at).astimezone(UTC) + timedelta(minutes=1)
    lines = settings.home.signers.read_text(encoding="utf-8")
    valid = lines.replace(f"{name} ", f'{name} valid-before="{ended:%Y%m%d%H%M%S}Z" ')
    settings.home.signers.write_text(valid, encoding="utf-8")


def change_month_before(settings):
    tables = settings.home.candidate("2020-11") / "tables"
    shutil.copyfile(tables / "union_index.parquet", tables / "alert.parquet")
