"""Statistics of cases: exact, censored where nothing is known yet, and as of any day."""

from collections import Counter
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction

import pyarrow.parquet as pq
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from orchestration.alerts.records import Notified, PassedOver, Silenced
from orchestration.alerts.statistics import History, rate, statistics_of
from orchestration.alerts.statistics_tables import format_statistics, write_statistics
from orchestration.alerts.survival import days_until
from orchestration.errors import RefusedError
from quality.release_files import read_csv
from tests.support.alerts import FIRST, RULES, acted, candidate, evaluated, finding

DAY = timedelta(days=1)
SHARES = (Fraction(1, 2), Fraction(9, 10))
DAYS = st.lists(st.integers(0, 12), max_size=25)
COUNTIES = ("330302", "330303")
UNIONS = ("U1", "U2", "U3")


def on(day, *findings, **others):
    return candidate(*findings, as_of=FIRST + day * DAY, **others)


def statistics(log, day=None):
    return statistics_of(History.read(log, None if day is None else FIRST + day * DAY))


def exact_days_until(share, ended, censored):
    """The same from the definition, in fractions: who is at risk on a day was watched until it."""
    going_on = Fraction(1)
    for day in sorted(set(ended)):
        at_risk = sum(each >= day for each in [*ended, *censored])
        going_on *= 1 - Fraction(ended.count(day), at_risk)
        if going_on <= 1 - share:
            return day
    return None


@given(DAYS, DAYS)
@example([2, 2, 5, 5, 6, 7, 8, 9, 11], [9])  # exactly half on day 6, less by rounding
@example([0, 1, 3, 3, 3, 4, 8, 10, 10], [11])  # exactly nine tenths on day 10
@example([3], [3, 3])  # an end and two losses on one day
def test_times_are_those_of_the_exact_product_limit(ended, censored):
    due = [exact_days_until(share, ended, censored) for share in SHARES]
    assert days_until((0.5, 0.9), ended, censored) == due


def test_times_of_a_published_trial():
    """Remissions in weeks (Freireich and others 1963); the median that is published is 23."""
    ended = [6, 6, 6, 7, 10, 13, 16, 22, 23]
    censored = [6, 9, 10, 11, 17, 19, 20, 25, 32, 32, 34, 35]
    assert days_until((0.5, 0.9), ended, censored) == [23, None]


@given(st.integers(0, 400), st.integers(0, 400))
def test_rates_are_exact_and_rounded_half_away_from_zero(part, rest):
    whole = part + rest
    found = rate(part, whole)
    if whole == 0:
        assert found is None
        return
    units = Fraction(1_000_000 * part, whole)
    assert found.as_tuple().exponent == -4
    assert int(found.scaleb(4)) == (2 * units.numerator + units.denominator) // (
        2 * units.denominator
    )


@pytest.mark.parametrize(("part", "whole", "due"), [(1, 64, "1.5625"), (1, 3200, "0.0313")])
def test_a_tie_is_rounded_up(part, whole, due):
    assert rate(part, whole) == Decimal(due)


def test_an_open_case_is_watched_until_the_evaluation():
    both = finding(), finding("U2")
    log = evaluated(on(0, *both), on(3, finding("U2")), on(5, finding("U2")))
    found = statistics(log).all
    assert (found.opened, found.open_now, found.closed, found.corrected) == (2, 1, 1, 1)
    assert (found.median_days, found.p90_days) == (3, None)


@pytest.mark.parametrize(
    "others", [{"measured": ("U2",)}, {"rules": RULES[1:]}], ids=["not_measured", "rule_withdrawn"]
)
def test_a_case_that_closes_uncorrected_is_watched_until_then(others):
    log = evaluated(on(0, finding()), on(3, **others), on(30, **others))
    found = statistics(log).all
    assert (found.closed, found.corrected, found.median_days) == (1, 0, None)
    assert (found.due, found.on_time_rate) == (0, None)


def test_a_case_is_overdue_once_its_due_day_is_past():
    due = date(2020, 11, 20) - FIRST
    counts = []
    for day in (due.days, due.days + 1):
        kept = statistics(evaluated(on(0, finding()), on(day, finding()))).all
        closed = statistics(evaluated(on(0, finding()), on(day))).all
        counts.append((kept.due, kept.on_time, closed.due, closed.on_time))
    assert counts == [(0, 0, 1, 1), (1, 0, 1, 0)]


def test_a_case_whose_union_was_not_measured_after_its_due_day_was_not_on_time():
    found = statistics(evaluated(on(0, finding()), on(40, measured=("U2",)))).all
    assert (found.due, found.on_time, found.on_time_rate) == (1, 0, 0)


def test_a_corrected_case_that_comes_back_is_reopened():
    log = evaluated(on(0, finding(), finding("U2")), on(1), on(2, finding()))
    found = statistics(log).all
    assert (found.opened, found.corrected, found.reopened) == (3, 2, 1)
    assert found.reopened_rate == Decimal("50.0000")
    assert statistics(log, 1).all.reopened == 0


def test_a_case_that_was_not_measured_for_a_while_was_not_corrected_in_between():
    log = evaluated(on(0, finding()), on(1, measured=()), on(2, finding()))
    found = statistics(log).all
    assert (found.opened, found.reopened, found.reopened_rate) == (2, 0, None)


def test_what_was_unconfirmed_once_stays_so():
    first = acted(action="corrected", on=FIRST + DAY, evidence="7")
    again = acted(action="corrected", on=FIRST + 2 * DAY, evidence="8")
    log = evaluated(on(0, finding(), finding("U2")))
    other = acted(2, "corrected", on=FIRST + DAY, evidence="9")
    log = evaluated(on(1, finding()), log=[*log, first, other])
    log = evaluated(on(2), log=[*log, again])
    found = statistics(log).all
    assert (found.judged, found.unconfirmed, found.unconfirmed_rate) == (2, 1, 50)


def test_a_report_that_no_evaluation_judged_is_neither():
    early = acted(action="corrected", on=FIRST + 5 * DAY, evidence="7")
    log = evaluated(on(1, finding()), log=[*evaluated(on(0, finding())), early])
    assert statistics(log).all.judged == 0
    gone = evaluated(on(2, measured=()), log=log)
    assert statistics(gone).all.judged == 0


def test_a_silenced_case_counts_like_others():
    log = evaluated(on(0, finding()))
    silenced = Silenced(case=1, until=FIRST + 90 * DAY, reason="moving house", by="Li Wei")
    end = on(60, finding())
    assert statistics(evaluated(end, log=[*log, silenced])) == statistics(evaluated(end, log=log))


def test_groups_are_counties_and_rules():
    log = evaluated(
        on(
            0,
            finding(),
            finding("U2", county_code="330303"),
            finding(rule="dimension_low_yellow", dimension="rights"),
            finding(rule="dimension_low_yellow", dimension="culture"),
        )
    )
    found = statistics(log)
    assert {name: each.opened for name, each in found.by_county.items()} == {
        "330302": 3,
        "330303": 1,
    }
    assert {name: each.opened for name, each in found.by_rule.items()} == {
        "dimension_low_yellow": 2,
        "index_low_red": 2,
    }


def test_without_an_evaluation_there_are_none():
    passed_over = PassedOver(period="2020-10", as_of=FIRST, reason="refused")
    with pytest.raises(RefusedError, match="No alerts were evaluated yet; run a month first"):
        statistics([passed_over])
    with pytest.raises(RefusedError, match="as of 2020-10-30 or earlier"):
        statistics(evaluated(on(0, finding())), -1)


def test_a_city_without_cases_has_its_zeros():
    found = statistics(evaluated(on(0)))
    assert found.by_county == {}
    assert (found.all.opened, found.all.median_days, found.all.on_time_rate) == (0, None, None)


@st.composite
def histories(draw):
    """A log: on each day the unions for which a rule holds, notices and reports in between."""
    log = []
    held = st.sets(st.tuples(st.sampled_from(UNIONS), st.sampled_from(RULES[:2])))
    for day, keys in enumerate(draw(st.lists(held, min_size=1, max_size=8))):
        findings = [
            finding(union, rule, county_code=COUNTIES[union == "U3"])
            for union, rule in sorted(keys)
        ]
        measured = draw(st.sets(st.sampled_from(UNIONS))) | {union for union, _ in keys}
        log = evaluated(on(7 * day, *findings, measured=measured), log=log)
        cases = History.read(log).cases
        for case in draw(st.lists(st.sampled_from(cases), max_size=2)) if cases else ():
            reported = acted(case.number, "corrected", on=FIRST + 7 * day * DAY, evidence="7")
            log += [Notified(notice="n", cases=(case.number,)), *([reported] * case_is_open(case))]
    return log


def case_is_open(case):
    return case.closed_on is None


@settings(max_examples=40)
@given(histories(), st.integers(0, 60))
def test_statistics_as_of_a_day_are_those_of_the_log_that_it_had(log, day):
    days = [getattr(entry, "as_of", None) for entry in log]
    until = max(number for number, each in enumerate(days) if each and each <= FIRST + day * DAY)
    assert statistics(log, day) == statistics(log[: until + 1])


@settings(max_examples=40)
@given(histories())
def test_statistics_are_those_of_the_counted_cases(log):
    """Counted again from the log itself, entry by entry."""
    found = statistics(log)
    groups = {"by_county": Counter(), "by_rule": Counter()}
    opened_on, ended, kept = {}, [], {}
    for entry in log:
        for each in getattr(entry, "opened", ()):
            opened_on[each.case] = kept[each.case] = entry.as_of
            groups["by_county"][each.finding.county_code] += 1
            groups["by_rule"][each.finding.rule] += 1
        for each in getattr(entry, "closed", ()):
            opened = kept.pop(each.case)
            ended.append(((entry.as_of - opened).days, each.reason == "corrected"))
    corrected = [days for days, is_corrected in ended if is_corrected]
    censored = [days for days, is_corrected in ended if not is_corrected]
    censored += [(found.as_of - day).days for day in kept.values()]
    for name, counter in groups.items():
        assert {key: each.opened for key, each in getattr(found, name).items()} == counter
    assert (found.all.opened, found.all.open_now, found.all.closed) == (
        len(opened_on),
        len(kept),
        len(ended),
    )
    assert [found.all.median_days, found.all.p90_days] == [
        exact_days_until(share, corrected, censored) for share in SHARES
    ]


@settings(max_examples=40)
@given(histories())
def test_all_cases_are_the_sum_of_the_counties_and_of_the_rules(log):
    found = statistics(log)
    counts = [name for name, kind in type(found.all).__annotations__.items() if kind is int]
    for groups in (found.by_county, found.by_rule):
        sums = {name: sum(getattr(each, name) for each in groups.values()) for name in counts}
        assert sums == {name: getattr(found.all, name) for name in counts}


def test_files_hold_what_the_statistics_say(tmp_path):
    other = finding("U2", county_code="330303")
    found = statistics(evaluated(on(0, finding(), other), on(3, other), on(40, other)))
    written = write_statistics(found, tmp_path / "statistics")
    assert [file.name for file in written] == [
        "cases_by_county.csv",
        "cases_by_county.parquet",
        "cases_by_rule.csv",
        "cases_by_rule.parquet",
    ]
    in_csv, in_parquet = read_csv(written[0]), pq.read_table(written[1]).to_pylist()
    assert [row["county_code"] for row in in_csv] == ["330302", "330303", "all"]
    assert in_csv[0]["median_days"] == "3"
    assert in_csv[1]["median_days"] == ""
    assert in_parquet[-1] == {"as_of": found.as_of, "county_code": "all"} | found.all.model_dump()
    assert [row["rule"] for row in read_csv(written[2])] == ["index_low_red", "all"]
    again = [file.read_bytes() for file in written]
    assert [file.read_bytes() for file in write_statistics(found, tmp_path / "statistics")] == again


def test_a_reader_sees_a_table_by_county_and_one_by_rule():
    lines = format_statistics(statistics(evaluated(on(0, finding(), finding("U2")), on(3))))
    assert lines[0] == "Cases as of the evaluation of 2020-11-03"
    assert lines[2].split()[:2] == ["county", "opened"]
    assert lines[3].split() == ["330302", "2", "0", "2", "2", "3", "3", "100.0000", "0.0000", "–"]
    assert lines[4].split()[0] == lines[8].split()[0] == "all"
    assert lines[7].split()[0] == "index_low_red"
