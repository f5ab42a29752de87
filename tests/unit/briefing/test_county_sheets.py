"""What the county sheets say: red notices, weak indicators, and whom a county is like."""

from decimal import Decimal

from orchestration.documents import figures
from orchestration.documents.briefing.county_sheet import county_sheets
from orchestration.documents.briefing.county_tables import points_to_gain
from orchestration.documents.briefing.wording import wording
from tests.support.briefings import (
    city_tables,
    edition_in,
    example_tables,
    write_editions,
)


def test_a_red_notice_that_alerts_persist_is_left_out_where_another_tells_it(tmp_path):
    tables = city_tables([1], 2)
    one, other = sorted({row["union_id"] for row in tables["alert"]})
    key = {
        "period": "2020-12",
        "level": "red",
        "dimension": "",
        "observed": 3,
        "threshold": 3,
        "opened_period": "2020-10",
    }
    persists = key | {"rule": "yellow_persists", "months_open": 1}
    low = key | {"rule": "index_low_red", "observed": 50, "threshold": 60}
    tables["alert"] = [
        persists | {"union_id": one}, low | {"union_id": one, "months_open": 3},
        persists | {"union_id": other}, low | {"union_id": other, "months_open": 2},
    ]  # fmt: skip
    edition = edition_in(write_editions(tables, tmp_path / "release"), "internal")
    rows = county_sheets(edition)["330301"].red_notices.rows
    assert [(row[1], row[2].en) for row in rows] == [
        (one, "Index very low"), (other, "Index very low"), (other, "Yellow alert not corrected"),
    ]  # fmt: skip


def test_a_sheet_lists_red_notices_the_longest_standing_first(tmp_path):
    tables = city_tables([3], 40)
    edition = edition_in(write_editions(tables, tmp_path / "release"), "internal")
    table = county_sheets(edition)["330301"].red_notices
    months = [int(row[4]) for row in table.rows]
    red = [row for row in tables["alert"] if row["level"] == "red"]
    assert months == sorted((row["months_open"] for row in red), reverse=True)[: len(months)]
    assert len(table.rows) == len(red)
    assert f"{len(red)}条，涉及{len(red)}家企业" in table.caption.zh


def test_a_sheet_says_how_many_red_notices_are_beyond_its_annex_and_where(tmp_path, monkeypatch):
    edition = edition_in(write_editions(city_tables([3], 40), tmp_path / "release"), "internal")
    whole = county_sheets(edition)["330301"]
    total, most = len(whole.red_notices.rows), 7
    assert whole.annex.left_out is None
    monkeypatch.setitem(wording()["shown"]["red_notices"], "count", most)
    cut = county_sheets(edition)["330301"]
    assert cut.red_notices.rows == whole.red_notices.rows[:most]
    assert cut.annex.left_out.en == (
        f"{most} are listed at most;"
        f" {total - most} more are in the workbook union_health_index_2020-12.xlsx,"
        " sheet Alerts, filtered by this county and red notices."
    )
    assert f"最多列{most}条；另有{total - most}条" in cut.annex.left_out.zh


def test_a_public_sheet_has_no_annex(public):
    assert {(sheet.red_notices, sheet.annex) for sheet in county_sheets(public).values()} == {
        (None, None)
    }


def test_a_sheet_says_from_whom_a_county_cannot_be_told_apart(internal):
    assert [text.en for text in county_sheets(internal)["330329"].statements] == [
        "Cannot be told apart from Wencheng, Lucheng (rank intervals overlap)."
    ]
    assert county_sheets(internal)["330381"].statements == []


def test_a_sheet_shows_the_weakest_indicators_and_what_is_to_gain_there(internal):
    rows = [
        row
        for row in example_tables()["area_indicator"]
        if row["area_code"] == "330302" and row["mean_score"]
    ]
    due = sorted(Decimal(row["mean_score"]) for row in rows)[:5]
    assert [row[1] for row in county_sheets(internal)["330302"].indicators.rows] == [
        figures.rate(score) for score in due
    ]
    assert points_to_gain(
        {"observed": 6, "missing": 2, "mean_score": Decimal(40)}, Decimal(5), 10
    ) == Decimal("2.4")
    hidden = {"observed": None, "missing": None, "mean_score": Decimal(40)}
    assert points_to_gain(hidden, Decimal(5), 10) is None


def test_points_to_gain_are_never_more_than_the_index_would_rise(internal):
    methods = {row["indicator"]: row for row in internal.methodology.tables["indicators"]}
    weights = {row["dimension"]: Decimal(row["weight"]) for row in internal.dimensions}
    tables = example_tables()
    unions = [row["union_id"] for row in tables["union_index"]]
    scores = {
        (row["union_id"], row["indicator"]): Decimal(row["score"])
        for row in tables["union_indicator"]
        if row["score"]
    }
    city = {row["indicator"]: row for row in tables["area_indicator"] if row["area_code"] == "3303"}
    for name, method in methods.items():
        rise = Decimal(0)
        for union in unions:
            if (union, name) in scores:
                own = [
                    each
                    for each in methods
                    if methods[each]["dimension"] == method["dimension"] and (union, each) in scores
                ]
                effective = (
                    weights[method["dimension"]]
                    * Decimal(method["weight"])
                    / sum(Decimal(methods[each]["weight"]) for each in own)
                )
                rise += effective * (100 - scores[union, name]) / 100
        row = {"mean_score": Decimal(city[name]["mean_score"])} | {
            part: int(city[name][part]) for part in ("observed", "missing")
        }
        assert points_to_gain(row, Decimal(method["weight"]), len(unions)) <= rise / len(
            unions
        ) + Decimal("0.0001")
