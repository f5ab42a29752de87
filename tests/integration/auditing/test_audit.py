"""`uhi audit`: each answer agrees with what was recorded or landed elsewhere.

A release that was altered gives no answer.
"""

import json
import shutil
import subprocess
from decimal import Decimal

import duckdb

from orchestration.audit import audit, audit_report
from orchestration.audit.text import change_text
from orchestration.build.candidate import methodology_of
from orchestration.build.warehouse import ACCOUNTS
from orchestration.home import files
from orchestration.home.records.release import Manifest
from orchestration.release import comparison, retraction
from quality.publication import published_tables
from tests.support.audits import entries, rows, uhi
from tests.support.faults import copy_of
from tests.support.forgery import seal
from tests.support.homes import LOOKED
from tests.support.overrides import REASON, REFUSED_SHARE, STALE
from tests.support.people import APPROVERS, DECEMBER
from tests.support.settings import settings_in


def test_the_files_read_are_those_of_the_intake(found, home):
    [folder] = (home / "landing" / "intakes").glob("*")
    intake = files.read_json(folder / "intake.json")
    source = found["source"]
    assert (source["location"], source["extracted_at"]) == (
        intake["source"],
        intake["extracted_at"],
    )
    assert source["landing"]["intake"] == folder.name
    assert {table["table"] for table in source["tables"]} == {
        file.stem for file in folder.glob("*.parquet")
    }
    for table in source["tables"]:
        file = folder / f"{table['table']}.parquet"
        assert table["sha256"] == files.sha256_of(file.resolve())
        assert table["rows"] == rows(f"select count(*) from '{file}'")[0][0] > 0
        assert table["since"] is None
        assert table["source"].endswith(f"source/{table['table']}.csv")


def test_a_table_of_which_changes_were_read_says_since_when(found):
    tables = [found["source"]["tables"][1] | {"since": "2020-12-01T00:00:00+08:00", "keys_gone": 3}]
    *_, line = audit_report.files_read(found["source"] | {"tables": tables})
    assert "  changes since 2020-12-01T00:00:00+08:00, changed " in line
    assert ", 3 keys gone: " in line


def test_rows_refused_are_counted_by_table_and_rule(overridden):
    home, folder = overridden
    told = {table["table"]: table for table in audit.audit_release(folder)["rows"]}
    assert told["venue"]["rules"] == {"reference": 20}
    assert (told["venue"]["refused"], told["venue"]["merged"]) == (20, 0)
    [intake] = (home / "landing" / "intakes").glob("*")
    for name, table in told.items():
        assert table["landed"] == rows(f"select count(*) from '{intake / name}.parquet'")[0][0]
        assert table["landed"] == table["accepted"] + table["refused"] + table["merged"]
        assert sum(table["rules"].values()) == table["refused"] + table["merged"]
    shown = uhi(folder).stdout
    [line] = [
        line
        for line in shown.splitlines()
        if line.startswith("  venue ") and line.endswith("reference")
    ]
    assert line.split()[3:] == ["20", "0", "20", "reference"]
    assert "internal/staging/refused_rows.parquet" in shown


def test_the_methodology_is_the_approved_one_and_that_of_the_release_before(found, release):
    told = found["methodology"]
    assert told["sha256"] == methodology_of(DECEMBER).digest
    assert told["approval"].startswith("2020, approved on ")
    assert told["followed"]["same"] is True
    assert told["followed"]["sha256sums"] == files.sha256_of(
        release.parents[1] / "2020-11" / "r1" / "SHA256SUMS"
    )
    assert "  the same as in 2020-11 r1 (SHA256SUMS " in uhi(release).stdout


def test_a_changed_methodology_is_told(home, tmp_path):
    """Both releases are forged: methodologies that differ between months need rows of their own."""
    forged = copy_of(home, tmp_path, "home")
    before, after = (forged / "releases" / month / "r1" for month in ("2020-11", "2020-12"))
    verdict = files.read_json(before / "verdict.json")
    verdict["methodology"] = {"name": "2019", "sha256": "0" * 64}
    (before / "verdict.json").write_text(files.to_json(verdict), encoding="utf-8")
    seal(before)
    manifest = Manifest.read(after / "manifest.json")
    sums = {"sha256sums": files.sha256_of(before / "SHA256SUMS")}
    followed = manifest.compared_with.model_copy(update=sums)
    told = audit.methodology(after, manifest.model_copy(update={"compared_with": followed}))
    assert (told["followed"]["same"], told["followed"]["methodology"]["name"]) == (False, "2019")
    assert "changed from 2019 (000" in "\n".join(audit_report.methodology(told))


def test_a_release_before_that_is_not_there_as_it_was_says_nothing_of_the_methodology(
    home, release, tmp_path
):
    alone = copy_of(release, tmp_path, "r1")
    told = audit.audit_release(alone)["methodology"]["followed"]
    assert (told["same"], told["methodology"]) == (None, None)
    assert "which is not beside it as it was" in uhi(alone).stdout
    forged = copy_of(home, tmp_path, "home")
    verdict = forged / "releases" / "2020-11" / "r1" / "verdict.json"
    verdict.write_text(verdict.read_text(encoding="utf-8") + " ", encoding="utf-8")
    assert (
        audit.audit_release(forged / "releases" / "2020-12" / "r1")["methodology"]["followed"][
            "same"
        ]
        is None
    )


def test_the_code_is_that_of_the_records(found, release):
    [line] = [
        line
        for line in uhi(release).stdout.splitlines()
        if line.startswith("  candidate: version ")
    ]
    code = json.loads((release / "verdict.json").read_text(encoding="utf-8"))["code"]
    assert found["code"]["candidate"] == code
    assert f"commit {code['commit'] or '–'} (" in line
    assert ("(clean)" in line) == (code["clean"] is True)
    statement = json.loads((release / "provenance.json").read_text(encoding="utf-8"))
    locks = [
        each["digest"]
        for each in statement["predicate"]["buildDefinition"]["resolvedDependencies"]
        if "lock" in each["name"]
    ]
    assert {"sha256": found["code"]["release"]["requirements_lock"]} in locks


def test_every_check_that_ran_is_counted_and_its_tables_are_those_of_the_release(found, release):
    verdict = json.loads((release / "verdict.json").read_text(encoding="utf-8"))
    candidate = found["checks"]["candidate"]
    assert candidate["ran"] == candidate["checks"] == len(verdict["checks"]) > 200
    assert {check["name"] for check in candidate["not_passed"]} == {
        check["name"] for check in verdict["checks"] if not check["passed"]
    }
    assert found["checks"]["release"]["not_passed"] == found["checks"]["overrides"] == []
    assert len(found["checks"]["tables"]) == len(published_tables()) + len(ACCOUNTS) + 1
    for table in found["checks"]["tables"]:
        assert table["agrees"] is True
        assert table["sha256"] == files.sha256_of(release / table["file"])


def test_what_was_overridden_is_told_with_who_answers_for_it(overridden):
    home, folder = overridden
    told = audit.audit_release(folder)["checks"]
    assert {REFUSED_SHARE, STALE} <= {
        check["name"] for check in told["candidate"]["not_passed"] if check["severity"] == "stop"
    }
    assert (told["candidate"]["passed"], told["release"]["passed"]) == (False, True)
    recorded = [
        {name: entry[name] for name in ("check", "reason", "by", "at")}
        for entry in entries(home, "override")
    ]
    assert [{name: entry[name] for name in recorded[0]} for entry in told["overrides"]] == recorded
    shown = uhi(folder).stdout
    assert f"overridden: {REFUSED_SHARE}, by alice at {recorded[0]['at']}, key SHA256:" in shown
    assert REASON in shown
    assert f"  stop {REFUSED_SHARE} did not pass: " in shown


def test_a_check_that_did_not_run_is_told(found):
    checks = found["checks"]["candidate"]
    unrun = {
        "name": "rows.balance",
        "severity": "stop",
        "required": True,
        "executed": False,
        "observed": "raised KeyError",
    }
    judged = checks | {"ran": checks["ran"] - 1, "not_run": ["rows.balance"], "not_passed": [unrun]}
    lines = list(audit_report.checks(found["checks"] | {"candidate": judged}))
    of_all, of_run = checks["checks"], checks["checks"] - 1
    due = f"of the candidate's tables: {of_all} checks, {of_run} ran, {of_run} passed"
    assert lines[0] == due
    assert "  stop rows.balance did not run: raised KeyError" in lines


def test_people_are_those_of_the_ledger_with_the_fingerprints_of_their_keys(found, home, release):
    people = found["people"]
    assert people["candidate_by"] == "tests"
    [preview] = entries(home, "preview")
    assert people["previews"] == [{"by": "press office", "reason": LOOKED, "at": preview["at"]}]
    assert [entry["at"] for entry in people["approvals"]] == [
        entry["at"] for entry in entries(home, "approval")
    ]
    for entry, name in zip(people["approvals"], APPROVERS, strict=True):
        command = ["ssh-keygen", "-l", "-f", str(home.parent / name)]
        shown = subprocess.run(command, capture_output=True, text=True, check=True).stdout
        assert (entry["by"], entry["key"]) == (name, shown.split()[1])
    [published] = entries(home, "publication")
    assert (people["published_as"], people["planned"]["release_time"]) == (
        published["release"],
        published["release_time"],
    )
    assert people["published_at"] <= published["at"]
    assert people["prepared_at"] <= entries(home, "prepared")[0]["at"]
    assert people["retraction"] is None
    assert f"  {people['published_at']}  published as r1" in uhi(release).stdout


def test_what_changed_is_what_a_comparison_finds(found, release):
    compared = comparison.compare(release.parents[1] / "2020-11" / "r1", release)
    counts = {}
    for change in compared["changes"]:
        counts[change["table_name"], change["change"]] = (
            counts.get((change["table_name"], change["change"]), 0) + 1
        )
    assert (
        {(row["table"], row["change"]): row["differences"] for row in found["changes"]["counts"]}
        == counts
        != {}
    )
    [city] = [row for row in compared["decomposition"] if row["level"] == "city"]
    assert {
        name: str(found["changes"]["city"][name])
        for name in ("before", "after", "data", "membership", "method")
    } == {name: city[name] for name in ("before", "after", "data", "membership", "method")}
    change, data = (change_text(Decimal(city[name])) for name in ("change", "data"))
    moved = f"{city['before']} -> {city['after']}, {change}"
    assert f"the city's index {moved}: data {data}, " in uhi(release).stdout


def test_a_first_release_follows_none(release):
    first = uhi(release.parents[1] / "2020-11" / "r1")
    assert first.exit_code == 0, first.stderr
    assert first.stdout.endswith("What changed\n  follows no release\n")


def test_what_is_prepared_says_what_is_still_due(overridden):
    _, folder = overridden
    told = audit.audit_release(folder)
    assert (told["state"], told["people"]["published_at"], told["people"]["approvals"]) == (
        "prepared",
        None,
        [],
    )
    shown = uhi(folder).stdout
    assert "approved by nobody yet" in shown
    assert "not published yet" in shown


def test_a_retracted_release_still_answers_and_its_tombstone_says_why_not(home, tmp_path):
    copied_home = copy_of(home, tmp_path, "home")
    stone = retraction.retract(settings_in(copied_home).home, DECEMBER, "wrong venues", "bob")
    told = audit.audit_release(copied_home / "retracted" / "2020-12" / "r1")
    [entry] = entries(copied_home, "retraction")
    assert told["state"] == "retracted"
    assert told["people"]["retraction"] == {
        "reason": "wrong venues",
        "by": "bob",
        "at": entry["at"],
    }
    assert told["methodology"]["followed"]["same"] is True
    refused = uhi(stone)
    assert refused.exit_code == 5
    assert "has been retracted: wrong venues" in refused.stderr


def test_an_altered_release_gives_no_answer(release, tmp_path):
    altered = copy_of(release, tmp_path, "r1")
    (altered / "internal" / "staging" / "row_balance.parquet").write_bytes(b"")
    (altered / "public" / "extra.csv").write_text("x", encoding="utf-8")
    refused = uhi(altered, "--json")
    assert refused.exit_code == 5
    assert refused.stdout == ""
    assert "internal/staging/row_balance.parquet has changed" in refused.stderr
    assert "public/extra.csv is not listed" in refused.stderr


def test_an_account_of_rows_that_is_not_the_judged_one_is_told_though_the_release_was_sealed_anew(
    release, tmp_path
):
    forged = copy_of(release, tmp_path, "r1")
    file = forged / "internal" / "staging" / "row_balance.parquet"
    changed = duckdb.sql(
        f"select * replace (refused + 1 as refused) from '{file}'"
    ).to_arrow_table()
    duckdb.sql("from changed").write_parquet(str(tmp_path / "balance.parquet"))
    (tmp_path / "balance.parquet").replace(file)
    seal(forged)
    (forged / "publication.json").unlink()
    shutil.rmtree(forged / "approvals")
    outcome = uhi(forged)
    assert outcome.exit_code == 5
    assert "of other bytes here: internal/staging/row_balance.parquet" in outcome.stdout
    assert (
        "has tables of other bytes than those judged: internal/staging/row_balance.parquet"
        in outcome.stderr
    )
    assert changed.num_rows > 0


def test_signatures_are_verified_by_the_keys(home, release, tmp_path):
    told = uhi(release, "--keys", home / "allowed_signers")
    assert told.exit_code == 0, told.stderr
    assert "; signatures verified" in told.stdout
    strangers = tmp_path / "strangers"
    strangers.write_text("", encoding="utf-8")
    assert uhi(release, "--keys", strangers).exit_code == 5


def test_the_whole_is_json(release):
    told = json.loads(uhi(release, "--json").stdout)
    assert list(told)[-7:] == [
        "source",
        "rows",
        "methodology",
        "code",
        "checks",
        "people",
        "changes",
    ]
    assert told["changes"]["city"]["after"].count(".") == 1
