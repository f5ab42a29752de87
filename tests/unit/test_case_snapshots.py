"""Cases as of the evaluation of a closed month: what they hold, what a release makes of them."""

import re
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pyarrow.parquet as pq
import pytest

from orchestration.alerts.snapshots import keep_snapshot, renew_snapshot
from orchestration.alerts.store import opened
from orchestration.documents import cases as page
from orchestration.documents.cases.chart import by_week, correction
from orchestration.documents.site import page as index_page
from orchestration.errors import RefusedError
from orchestration.home import files
from orchestration.home.layout import Home
from orchestration.home.records.cases import CaseSnapshot
from orchestration.periods import Period
from orchestration.release.cases import cases_for, copy_cases, other_cases
from quality import contents
from tests.support.alerts import FIRST, acted, candidate, evaluated, finding, store_of
from tests.support.editions import make_edition
from tests.support.records import verdict
from tests.support.settings import settings_in

OCTOBER = Period(2020, 10)
DAY = timedelta(days=1)
OTHER = {"union": "U2", "county_code": "330303"}
TABLES = ("alert_case", "cases_by_county", "cases_by_rule", "correction_curve")
REMARK = "moved to the new building"


@pytest.fixture
def home(tmp_path):
    """A home with the verdict on a candidate of October."""
    home = Home(tmp_path / "home")
    folder = home.candidate(OCTOBER)
    folder.mkdir(parents=True)
    verdict("2020-10").write(folder / "verdict.json")
    return home


def log_of(home):
    """Four cases, of which two are corrected, one of these late; another one is overdue."""
    digest = files.sha256_of(home.verdict(OCTOBER))
    three = finding(), finding(**OTHER), finding("U3")
    log = evaluated(candidate(*three, as_of=FIRST - 20 * DAY))
    reported = acted(action="corrected", on=FIRST, evidence="no. 7", remark=REMARK)
    log = evaluated(candidate(*three[1:], as_of=FIRST - 12 * DAY), log=[*log, reported])
    last = replace(candidate(*three[:2], as_of=FIRST), verdict=digest)
    return evaluated(last, log=log)


def kept(home, log):
    with store_of(log) as store:
        return keep_snapshot(store, home, home.verdict(OCTOBER))


def bytes_in(folder):
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def edition_with_cases(home, tmp_path):
    edition = make_edition(tmp_path / "edition", "internal", ("2020-10",))
    copy_cases(kept(home, log_of(home)), edition.folder)
    return edition


def test_they_are_those_of_the_evaluation_and_no_text_that_somebody_wrote(home):
    folder = kept(home, log_of(home))
    assert folder == home.alerts / "snapshots" / "2020-10"
    record = CaseSnapshot.in_folder(folder)
    assert (record.entry, record.as_of, sorted(record.tables)) == (4, FIRST, sorted(TABLES))
    rows = pq.read_table(folder / "alert_case.parquet").to_pylist()
    assert [row["state"] for row in rows] == ["closed", "open", "closed", "reopened"]
    assert rows[0]["corrected_on"] == FIRST
    assert not {"union_name", "evidence", "remark"} & set(rows[0])
    assert not any(REMARK.encode() in content for content in bytes_in(folder).values())
    curve = pq.read_table(folder / "correction_curve.parquet").to_pylist()
    assert [(row["days"], row["uncorrected_rate"]) for row in curve] == [
        (8, Decimal("66.6667")),
        (20, Decimal("33.3333")),
    ]


def test_what_happens_later_does_not_change_them(home):
    log = log_of(home)
    before = bytes_in(kept(home, log))
    later = evaluated(candidate(as_of=FIRST + 9 * DAY), log=[*log, acted(2)])
    (home.case_snapshot(OCTOBER) / "alert_case.parquet").write_bytes(b"damaged")
    assert bytes_in(kept(home, later)) == before


def forge(folder):
    """Let the cases say that there are none, and their record that they were written so."""
    file = folder / "alert_case.parquet"
    pq.write_table(pq.read_table(file).slice(0, 0), file)
    record = files.read_json(folder / "cases.json")
    record["tables"]["alert_case"] = files.sha256_of(file)
    (folder / "cases.json").write_text(files.to_json(record), encoding="utf-8")


def test_a_release_takes_them_from_the_log_and_not_from_what_lies_in_their_place(home):
    settings = settings_in(home.folder)
    log = log_of(home)
    folder = kept(home, log)
    before = bytes_in(folder)
    forge(folder)
    assert cases_for(home, OCTOBER) == folder
    renew_snapshot(settings, OCTOBER)
    assert cases_for(home, OCTOBER) is None
    with opened(settings) as store:
        for entry in log:
            store.append(entry)
    renew_snapshot(settings, OCTOBER)
    forge(folder)
    renew_snapshot(settings, OCTOBER)
    assert bytes_in(folder) == before


def test_a_running_month_and_a_verdict_that_was_not_evaluated_have_none(home):
    assert kept(home, log_of(home)[:-1]) is None
    verdict("2020-10", provisional=True).write(home.verdict(OCTOBER))
    assert kept(home, log_of(home)) is None
    assert not home.case_snapshots.exists()


def test_a_release_has_those_of_its_own_verdict_alone(home):
    assert cases_for(home, OCTOBER) is None
    folder = kept(home, log_of(home))
    assert cases_for(home, OCTOBER) == folder
    (folder / "cases_by_rule.parquet").unlink()
    with pytest.raises(RefusedError, match=r"cases_by_rule\. Take the folder away, then run `uhi"):
        cases_for(home, OCTOBER)
    verdict("2020-10", prepared_by="others").write(home.verdict(OCTOBER))
    kept(home, log_of(home))
    assert cases_for(home, OCTOBER) == folder
    verdict("2020-10").write(home.verdict(OCTOBER))
    assert cases_for(home, OCTOBER) is None


def test_verification_names_cases_that_were_changed(home, tmp_path):
    release = tmp_path / "release"
    (release / "internal").mkdir(parents=True)
    verdict("2020-10").write(release / "verdict.json")
    assert other_cases(release) == []
    copy_cases(kept(home, log_of(home)), release / "internal")
    assert other_cases(release) == []
    assert contents.cases(release) == {
        "internal/alerts/cases.json",
        *(f"internal/alerts/{table}.parquet" for table in TABLES),
    }
    verdict("2020-10", prepared_by="others").write(release / "verdict.json")
    assert other_cases(release) == ["its cases of alerts are those of another verdict"]
    (release / "internal" / "alerts" / "alert_case.parquet").write_bytes(b"")
    [fault] = other_cases(release)
    assert fault.endswith("is not as it was written: alert_case.")


def test_the_page_shows_the_tables_in_both_languages(home, tmp_path):
    edition = edition_with_cases(home, tmp_path)
    page.write_cases(edition)
    html = (edition.folder / "cases.html").read_text(encoding="utf-8")
    shown = [re.findall(r"<td>(.*?)</td>", row) for row in re.findall(r"<tr>(.*?)</tr>", html)]
    assert ["4", "2", "2", "2", "20", "–", "33.33", "50.00", "0.00"] in shown
    for words in ("鹿城区", "Lucheng", "健康指数过低", "按期整改率", "On time", "2020-10-31"):
        assert words in html
    for name in contents.names_in(edition.folder, "2020-10"):
        if name.startswith(("alerts/", "cases")):
            assert (edition.folder / name).is_file()


def test_the_curve_is_told_by_week(home, tmp_path):
    edition = edition_with_cases(home, tmp_path)
    rates = by_week(edition)
    assert [str(rate) for rate in rates] == ["100", "100", "66.6667", "33.3333"]
    [described] = correction(edition).description
    assert described.endswith("0 100.0; 1 100.0; 2 66.7; 3 33.3")


@pytest.mark.parametrize("name", ["internal", "public"])
def test_the_index_page_leads_to_it_or_says_that_there_is_none(home, tmp_path, name):
    edition = make_edition(tmp_path / "edition", name, ("2020-10",))
    without = index_page.render_page(edition, [])
    assert ("This release has no statistics of cases" in without) == (name == "internal")
    assert "cases.html" not in without
    assert "cases.html" not in contents.names_in(edition.folder, "2020-10")
    if name == "internal":
        copy_cases(kept(home, log_of(home)), edition.folder)
        page.write_cases(edition)
        assert '<a href="cases.html">' in index_page.render_page(edition, [])
        assert "cases.html" in contents.names_in(edition.folder, "2020-10")
