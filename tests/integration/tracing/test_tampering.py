"""`uhi trace` finds and names what was tampered with: in a release, its landing or a recount."""

import json
import shutil

import pytest

from orchestration.audit import recount, tracing
from orchestration.errors import VerificationError
from orchestration.home import files
from tests.support.faults import copy_of
from tests.support.forgery import seal
from tests.support.lanes import everyday
from tests.support.traced_figures import CITY, published, rewrite, uhi


@pytest.fixture
def forged(release, tmp_path):
    """A copy of the release that a forger may write to."""
    return copy_of(release, tmp_path, "r1")


BROKEN = {
    "enrolment_rate": ("left_on <= as_of(), false", "left_on <= as_of(), true"),
    "realname_rate": ("1 as denominator", "2 as denominator"),
    "committee_overdue": ("when term_end >= as_of() then 0", "when term_end >= as_of() then 1"),
    "fund_remittance_rate": ("paid_on <= as_of()", "paid_on <= as_of() + 400"),
    "womens_committee": ("gender = 'f'", "gender = 'm'"),
    "collective_contract": ("registered_on <= as_of()", "signed_on <= as_of()"),
    "wage_agreement": (
        "signed_on <= as_of() and as_of() between effective_from and effective_to",
        "signed_on <= as_of()",
    ),
    "labour_protection": ("hazards_rectified as numerator", "hazards_found as numerator"),
    "dispute_resolution": ("'settled', 'withdrawn'", "'settled'"),
    "request_timeliness": ("<= due.due_on", "< due.due_on"),
    "hardship_assistance": ("in_window(registered_on)", "in_window(assisted_on)"),
    "violations_overdue": ("violation.due_on < as_of()", "violation.due_on <= as_of() + 60"),
    "skills_participation": ("in_window(held_on)", "true"),
    "adopted_proposals": ("in_window(adopted_on)", "in_window(submitted_on)"),
    "innovation_studio": (
        "grade('innovation_studio', level)",
        "grade('innovation_studio', 'enterprise')",
    ),
    "operating_status": ("and not in_window(occurred_on)", "and in_window(occurred_on)"),
    "open_affairs": ("in_window(held_on)", "held_on <= as_of()"),
    "venues": ("not coalesce(closed_on <= as_of(), false)", "true"),
    "activity_participation": ("in_window(held_on)", "true"),
    "member_satisfaction": (
        "member.left_on <= member_rating.rated_on",
        "member.left_on <= as_of()",
    ),
}


@pytest.mark.parametrize("indicator", everyday(BROKEN, "fund_remittance_rate", "venues"))
def test_a_recount_that_is_broken_differs(release, home, indicator, tmp_path, monkeypatch):
    old, new = BROKEN[indicator]
    copied = shutil.copytree(recount.RECOUNTS, tmp_path / "recounts")
    query = (copied / "indicators" / f"{indicator}.sql").read_text(encoding="utf-8")
    assert old in query
    (copied / "indicators" / f"{indicator}.sql").write_text(
        query.replace(old, new), encoding="utf-8"
    )
    monkeypatch.setattr(recount, "RECOUNTS", copied)
    differences = tracing.trace_area(release, home, CITY)["differences"]
    assert {difference["of"].split()[1] for difference in differences} == {indicator}


FORGERIES = {
    "numerator": (
        "union_indicator",
        "numerator = numerator + 1 where indicator = 'realname_rate'",
        "{} realname_rate",
        "numerator",
    ),
    "denominator": (
        "union_indicator",
        "denominator = denominator + 1 where indicator = 'realname_rate'",
        "{} realname_rate",
        "denominator",
    ),
    "value": (
        "union_indicator",
        "value = value + 1 where indicator = 'venues'",
        "{} venues",
        "value",
    ),
    "status": (
        "union_indicator",
        "status = 'missing', score = 0 where indicator = 'venues'",
        "{} venues",
        "status",
    ),
    "score": (
        "union_indicator",
        "score = score - 1 where indicator = 'enrolment_rate'",
        "{} enrolment_rate",
        "score",
    ),
    "rate": (
        "union_dimension",
        "rate = rate - 0.0001 where dimension = 'rights'",
        "{} rights",
        "rate",
    ),
    "points": (
        "union_dimension",
        "points = points + 0.0001 where dimension = 'rights'",
        "{} rights",
        "points",
    ),
    "index": ("union_index", "health_index = health_index + 1", "{}", "health_index"),
    "city rank": ("union_index", "city_rank = city_rank + 1", "{}", "city_rank"),
    "county rank": ("union_index", "county_rank = county_rank + 1", "{}", "county_rank"),
}


@pytest.mark.parametrize("case", everyday(FORGERIES, "numerator", "score", "index"))
def test_a_forged_figure_of_a_union_is_found(forged, home, some_union, case):
    table, change, of, figure = FORGERIES[case]
    change, _, condition = change.partition(" where ")
    rewrite(
        forged / "internal" / f"{table}.parquet",
        f"update figures set {change} where union_id = '{some_union}' and ({condition or 'true'})",
    )
    seal(forged)
    found = [
        (row["of"], row["figure"])
        for row in tracing.trace_union(forged, home, some_union)["differences"]
    ]
    assert (of.format(some_union), figure) in found
    assert len(found) <= 7


AREA_FORGERIES = {
    "index": (
        "area_index",
        "health_index = health_index + 0.0001 where area_code = '330381'",
        ("330381", "health_index"),
    ),
    "linked": (
        "area_index",
        "linked = linked + 1 where area_code = '330381'",
        ("330381", "linked"),
    ),
    "frame": ("area_index", "frame = frame + 1 where area_code = '330381'", ("330381", "frame")),
    "sampling rate": (
        "area_index",
        "sampling_rate = 1 where area_code = '330381'",
        ("330381", "sampling_rate"),
    ),
    "rank": ("area_index", "rank = rank + 1 where area_code = '330381'", ("330381", "rank")),
    "rank of another": (
        "area_index",
        "rank = rank + 1 where area_code = '330302'",
        ("330302", "rank"),
    ),
    "rate": (
        "area_dimension",
        "rate = rate + 0.0001 where area_code = '330381' and dimension = 'culture'",
        ("330381 culture", "rate"),
    ),
    "points": (
        "area_dimension",
        "points = 1 where area_code = '330381' and dimension = 'culture'",
        ("330381 culture", "points"),
    ),
    "rank in a dimension": (
        "area_dimension",
        "rank = 9 where area_code = '330381' and dimension = 'culture'",
        ("330381 culture", "rank"),
    ),
    "missing": (
        "area_indicator",
        "missing = missing + 1 where area_code = '330381' and indicator = 'venues'",
        ("330381 venues", "missing"),
    ),
    "mean score": (
        "area_indicator",
        "mean_score = 1 where area_code = '330381' and indicator = 'venues'",
        ("330381 venues", "mean_score"),
    ),
}


@pytest.mark.parametrize("case", everyday(AREA_FORGERIES, "index", "rank", "missing"))
def test_a_forged_figure_of_an_area_is_found(forged, home, case):
    table, change, named = AREA_FORGERIES[case]
    rewrite(forged / "internal" / f"{table}.parquet", f"update figures set {change}")
    seal(forged)
    assert [
        (row["of"], row["figure"])
        for row in tracing.trace_area(forged, home, "330381")["differences"]
    ] == [named]


def test_a_union_that_is_left_out_is_found(forged, home, some_union):
    for table in ("union_index", "union_indicator", "union_dimension"):
        rewrite(
            forged / "internal" / f"{table}.parquet",
            f"delete from figures where union_id = '{some_union}'",
        )
    seal(forged)
    found = tracing.trace_area(forged, home, CITY)["differences"]
    assert {
        row["published"]
        for row in found
        if row["of"] == f"{some_union} venues" and row["figure"] == "status"
    } == {None}
    assert (CITY, "linked") in [(row["of"], row["figure"]) for row in found]


def test_a_changed_file_of_the_release_is_found(forged, home):
    rewrite(forged / "internal" / "union_index.parquet", "update figures set health_index = 100")
    with pytest.raises(
        VerificationError, match=r"is not as it was built: internal/union_index\.parquet"
    ):
        tracing.trace_area(forged, home, CITY)


@pytest.fixture
def other_landing(home, tmp_path):
    """The intake's files as a copy that may be written to."""
    [intake] = (home / "landing" / "intakes").glob("*")
    return shutil.copytree(intake, tmp_path / "intake")


def test_a_landed_file_of_other_bytes_is_found(release, other_landing, some_union):
    assert tracing.trace_union(release, other_landing, some_union)["differences"] == []
    rewrite(other_landing / "venue.parquet", "update figures set kind = 'sports'")
    with pytest.raises(
        VerificationError, match=r"made of other bytes than those of .*venue\.parquet"
    ):
        tracing.trace_union(release, other_landing, some_union)
    assert (
        tracing.trace_union(release, other_landing, some_union, "realname_rate")["differences"]
        == []
    )
    (other_landing / "venue.parquet").unlink()
    with pytest.raises(VerificationError, match=r"missing: .*venue\.parquet"):
        tracing.trace_union(release, other_landing, some_union, "venues")


LANDED = {
    "nothing due": (
        "fund_remittance",
        "amount_due = 0",
        "fund_remittance_rate",
        "status",
        "not_applicable",
    ),
    "nothing paid in time": (
        "fund_remittance",
        "paid_on = date '2021-01-01'",
        "fund_remittance_rate",
        "numerator",
        "0.0000",
    ),
    "founded later": ("union_org", "established_on = date '2021-01-01'", "venues", "status", None),
    "registered later": (
        "enterprise",
        "established_on = date '2021-01-01'",
        "venues",
        "status",
        None,
    ),
    "linked later": ("union_org", "linked_on = date '2021-01-01'", "venues", "status", None),
    "no employees": (
        "enterprise",
        "employee_count = 0",
        "enrolment_rate",
        "status",
        "not_applicable",
    ),
}


@pytest.mark.parametrize("case", everyday(LANDED, "linked later"))
def test_a_changed_landed_row_is_found_though_the_manifest_was_forged(
    forged, other_landing, some_union, case
):
    table, change, indicator, figure, computed = LANDED[case]
    [(enterprise,)] = published(
        forged, f"select enterprise_id from union_index where union_id = '{some_union}'"
    )
    whose = (
        f"enterprise_id = '{enterprise}'" if table == "enterprise" else f"union_id = '{some_union}'"
    )
    rewrite(other_landing / f"{table}.parquet", f"update figures set {change} where {whose}")
    manifest = files.read_json(forged / "manifest.json")
    for entry in manifest["source"]["tables"]:
        entry["sha256"] = files.sha256_of((other_landing / f"{entry['table']}.parquet").resolve())
    (forged / "manifest.json").write_text(files.to_json(manifest), encoding="utf-8")
    seal(forged)
    outcome = uhi(
        other_landing,
        "--release",
        forged,
        "--union",
        some_union,
        "--landing",
        other_landing,
        "--json",
    )
    assert outcome.exit_code == 5
    assert "published otherwise than the landed rows give" in outcome.stderr
    differences = {
        (row["of"], row["figure"]): row for row in json.loads(outcome.stdout)["differences"]
    }
    assert differences[f"{some_union} {indicator}", figure]["computed"] == computed
