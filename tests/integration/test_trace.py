"""`uhi trace`: every published figure of the example agrees with the landed rows, and what was tampered with is found and named."""

import json
import shutil
from pathlib import Path

import duckdb
import pytest
from click.testing import CliRunner

from orchestration import files
from orchestration.audit import recount, tracing
from orchestration.cli import main
from orchestration.errors import VerificationError
from orchestration.extract.registry import source_tables
from orchestration.periods import Period
from orchestration.release import preparation
from tests.conftest import EXAMPLE, settings_in
from tests.integration.faults import copy_of, run_again
from tests.integration.forgery import seal
from tests.people import DECEMBER

CITY = "3303"


@pytest.fixture(scope="module")
def home(old):
    return old[0]


@pytest.fixture(scope="module")
def release(home):
    return home / "releases" / "2020-12" / "r1"


@pytest.fixture
def forged(release, tmp_path):
    """A copy of the release that a forger may write to."""
    return copy_of(release, tmp_path, "r1")


def published(release, query):
    with duckdb.connect() as connection:
        for file in (release / "internal").glob("*.parquet"):
            connection.read_parquet(str(file)).create_view(file.stem)
        return connection.sql(query).fetchall()


def rewrite(file, change):
    """Change rows of a Parquet file, told as what UPDATE or DELETE says of `figures`."""
    with duckdb.connect() as connection:
        connection.execute(f"create table figures as from read_parquet('{file}')")
        connection.execute(change)
        file.unlink()
        connection.execute(f"copy figures to '{file}' (format parquet)")


def uhi(home, *arguments):
    return CliRunner().invoke(main, ["trace", *map(str, arguments)], env={"UHI_HOME": str(home)})


@pytest.fixture(scope="module")
def some_union(release):
    """A linked union with a rating of its members, and what goes before it."""
    query = "select union_id from union_indicator where indicator = 'member_satisfaction' and status = 'observed' order by value, union_id"
    return published(release, query)[0][0]


@pytest.fixture(scope="module")
def months(home, release, tmp_path_factory):
    """The release of December, and what is prepared for the months before it."""
    settings = settings_in(copy_of(home, tmp_path_factory.mktemp("months"), "home"))
    earlier = {f"2020-{month}": preparation.prepare(settings, Period(2020, month)) for month in (10, 11)}
    return earlier | {"2020-12": release}


@pytest.mark.parametrize("month", ["2020-10", "2020-11", "2020-12"])
def test_every_linked_union_agrees_with_the_landed_rows_in_all_indicators(months, home, month):
    found = tracing.trace_area(months[month], home, CITY)
    [(unions, facts)] = published(months[month], "select count(distinct union_id), count(*) from union_indicator")
    assert found["period"] == month
    assert found["differences"] == []
    assert len(found["unions"]) == unions == found["area"]["linked"] > 10
    assert facts == unions * 20
    assert len([row for row in found["indicators"] if row["rows"]]) == 20
    assert found["figures_compared"] > facts * 5


def test_every_area_agrees_with_its_unions_and_its_like(release, home):
    for (area,) in published(release, "select area_code from area_index where level <> 'city' order by level, linked limit 8"):
        found = tracing.trace_area(release, home, area)
        assert found["differences"] == []
        assert area in [row["area_code"] for row in found["siblings"]]


@pytest.mark.parametrize("indicator", [path.stem for path in sorted((recount.RECOUNTS / "rows").glob("*.sql"))])
def test_an_indicator_shows_the_rows_that_it_counts(release, home, indicator):
    order = "denominator desc nulls last, value in (0, 100), value desc, union_id"
    query = f"select union_id from union_indicator where indicator = '{indicator}' and status = 'observed' order by {order}"
    [(union,), *_] = published(release, query)
    found = tracing.trace_union(release, home, union, indicator)
    assert found["differences"] == []
    [traced] = [row for row in found["indicators"] if row["rows"] is not None]
    assert traced["indicator"] == indicator
    assert sum(traced["rows"].values()) == len(found["source_rows"]) > 0
    landed = {row["table"]: row for row in found["landing"]["files"]}
    for row in found["source_rows"]:
        key = " || '/' || ".join(f"cast({column} as varchar)" for column in source_tables()[row["table"]].key)
        file = landed[row["table"]]["file"]
        [(landed_key,)] = duckdb.sql(f"select {key} from read_parquet('{file}') where landing_row = {row['landing_row']}").fetchall()
        assert landed_key == row["key"]
        assert files.sha256_of(Path(file)) == landed[row["table"]]["sha256"]


BROKEN = {
    "enrolment_rate": ("left_on <= as_of(), false", "left_on <= as_of(), true"),
    "realname_rate": ("1 as denominator", "2 as denominator"),
    "committee_overdue": ("when term_end >= as_of() then 0", "when term_end >= as_of() then 1"),
    "fund_remittance_rate": ("paid_on <= as_of()", "paid_on <= as_of() + 400"),
    "womens_committee": ("gender = 'f'", "gender = 'm'"),
    "collective_contract": ("registered_on <= as_of()", "signed_on <= as_of()"),
    "wage_agreement": ("signed_on <= as_of() and as_of() between effective_from and effective_to", "signed_on <= as_of()"),
    "labour_protection": ("hazards_rectified as numerator", "hazards_found as numerator"),
    "dispute_resolution": ("'settled', 'withdrawn'", "'settled'"),
    "request_timeliness": ("<= due.due_on", "< due.due_on"),
    "hardship_assistance": ("in_window(registered_on)", "in_window(assisted_on)"),
    "violations_overdue": ("violation.due_on < as_of()", "violation.due_on <= as_of() + 60"),
    "skills_participation": ("in_window(held_on)", "true"),
    "adopted_proposals": ("in_window(adopted_on)", "in_window(submitted_on)"),
    "innovation_studio": ("grade('innovation_studio', level)", "grade('innovation_studio', 'enterprise')"),
    "operating_status": ("and not in_window(occurred_on)", "and in_window(occurred_on)"),
    "open_affairs": ("in_window(held_on)", "held_on <= as_of()"),
    "venues": ("not coalesce(closed_on <= as_of(), false)", "true"),
    "activity_participation": ("in_window(held_on)", "true"),
    "member_satisfaction": ("member.left_on <= member_rating.rated_on", "member.left_on <= as_of()"),
}


@pytest.mark.parametrize("indicator", BROKEN)
def test_a_recount_that_is_broken_differs(release, home, indicator, tmp_path, monkeypatch):
    old, new = BROKEN[indicator]
    copied = shutil.copytree(recount.RECOUNTS, tmp_path / "recounts")
    query = (copied / "rows" / f"{indicator}.sql").read_text(encoding="utf-8")
    assert old in query
    (copied / "rows" / f"{indicator}.sql").write_text(query.replace(old, new), encoding="utf-8")
    monkeypatch.setattr(recount, "RECOUNTS", copied)
    differences = tracing.trace_area(release, home, CITY)["differences"]
    assert {difference["of"].split()[1] for difference in differences} == {indicator}


FORGERIES = {
    "numerator": ("union_indicator", "numerator = numerator + 1 where indicator = 'realname_rate'", "{} realname_rate", "numerator"),
    "denominator": (
        "union_indicator",
        "denominator = denominator + 1 where indicator = 'realname_rate'",
        "{} realname_rate",
        "denominator",
    ),
    "value": ("union_indicator", "value = value + 1 where indicator = 'venues'", "{} venues", "value"),
    "status": ("union_indicator", "status = 'missing', score = 0 where indicator = 'venues'", "{} venues", "status"),
    "score": ("union_indicator", "score = score - 1 where indicator = 'enrolment_rate'", "{} enrolment_rate", "score"),
    "rate": ("union_dimension", "rate = rate - 0.0001 where dimension = 'rights'", "{} rights", "rate"),
    "points": ("union_dimension", "points = points + 0.0001 where dimension = 'rights'", "{} rights", "points"),
    "index": ("union_index", "health_index = health_index + 1", "{}", "health_index"),
    "city rank": ("union_index", "city_rank = city_rank + 1", "{}", "city_rank"),
    "county rank": ("union_index", "county_rank = county_rank + 1", "{}", "county_rank"),
}


@pytest.mark.parametrize("case", FORGERIES)
def test_a_forged_figure_of_a_union_is_found(forged, home, some_union, case):
    table, change, of, figure = FORGERIES[case]
    change, _, condition = change.partition(" where ")
    rewrite(
        forged / "internal" / f"{table}.parquet", f"update figures set {change} where union_id = '{some_union}' and ({condition or 'true'})"
    )
    seal(forged)
    found = [(row["of"], row["figure"]) for row in tracing.trace_union(forged, home, some_union)["differences"]]
    assert (of.format(some_union), figure) in found
    assert len(found) <= 7


AREA_FORGERIES = {
    "index": ("area_index", "health_index = health_index + 0.0001 where area_code = '330381'", ("330381", "health_index")),
    "linked": ("area_index", "linked = linked + 1 where area_code = '330381'", ("330381", "linked")),
    "frame": ("area_index", "frame = frame + 1 where area_code = '330381'", ("330381", "frame")),
    "sampling rate": ("area_index", "sampling_rate = 1 where area_code = '330381'", ("330381", "sampling_rate")),
    "rank": ("area_index", "rank = rank + 1 where area_code = '330381'", ("330381", "rank")),
    "rank of another": ("area_index", "rank = rank + 1 where area_code = '330302'", ("330302", "rank")),
    "rate": ("area_dimension", "rate = rate + 0.0001 where area_code = '330381' and dimension = 'culture'", ("330381 culture", "rate")),
    "points": ("area_dimension", "points = 1 where area_code = '330381' and dimension = 'culture'", ("330381 culture", "points")),
    "rank in a dimension": ("area_dimension", "rank = 9 where area_code = '330381' and dimension = 'culture'", ("330381 culture", "rank")),
    "missing": (
        "area_indicator",
        "missing = missing + 1 where area_code = '330381' and indicator = 'venues'",
        ("330381 venues", "missing"),
    ),
    "mean score": ("area_indicator", "mean_score = 1 where area_code = '330381' and indicator = 'venues'", ("330381 venues", "mean_score")),
}


@pytest.mark.parametrize("case", AREA_FORGERIES)
def test_a_forged_figure_of_an_area_is_found(forged, home, case):
    table, change, named = AREA_FORGERIES[case]
    rewrite(forged / "internal" / f"{table}.parquet", f"update figures set {change}")
    seal(forged)
    assert [(row["of"], row["figure"]) for row in tracing.trace_area(forged, home, "330381")["differences"]] == [named]


def test_a_union_that_is_left_out_is_found(forged, home, some_union):
    for table in ("union_index", "union_indicator", "union_dimension"):
        rewrite(forged / "internal" / f"{table}.parquet", f"delete from figures where union_id = '{some_union}'")
    seal(forged)
    found = tracing.trace_area(forged, home, CITY)["differences"]
    assert {row["published"] for row in found if row["of"] == f"{some_union} venues" and row["figure"] == "status"} == {None}
    assert (CITY, "linked") in [(row["of"], row["figure"]) for row in found]


@pytest.fixture(scope="module")
def defective(old, some_union, tmp_path_factory):
    """A home, and what it has prepared of a source in which rows of some members came twice, twice differing, or with a wrong code."""
    folder = tmp_path_factory.mktemp("defective")
    home, source = copy_of(old[0], folder, "home"), shutil.copytree(EXAMPLE / "source", folder / "source")
    header, *lines = (source / "member.csv").read_text(encoding="utf-8").splitlines()
    own = [number for number, line in enumerate(lines) if line.split(",")[1] == some_union and line.split(",")[7] == ""]
    lines[own[2]] = lines[own[2]].replace(",f,", ",x,").replace(",m,", ",x,")
    other = lines[own[1]].replace(",f,", ",y,").replace(",m,", ",f,").replace(",y,", ",m,")
    (source / "member.csv").write_text("\n".join([header, *lines, lines[own[0]], other]) + "\n", encoding="utf-8")
    run_again(home, source)
    return home, preparation.prepare(settings_in(home), DECEMBER, "revision", "defects")


def test_rows_that_do_not_count_are_told_and_left_out(defective, some_union):
    home, prepared = defective
    found = tracing.trace_union(prepared, home, some_union)
    assert found["differences"] == []
    assert [(row["table"], row["rule"], row["rows"]) for row in found["not_counted"]] == [
        ("member", "conflict", 2),
        ("member", "enumeration", 1),
        ("member", "merged", 1),
        ("member_rating", "reference", 1),
    ]
    told = uhi(home, "--release", prepared, "--union", some_union).stdout
    assert "landed rows that do not count: 2 member (conflict: member_id), 1 member (enumeration: gender), 1 member (merged" in told
    assert tracing.trace_area(prepared, home, CITY)["differences"] == []


def test_a_row_that_counts_twice_or_not_at_all_is_found_where_the_account_of_refused_rows_was_forged(defective, some_union, tmp_path):
    home, prepared = defective
    forged = copy_of(prepared, tmp_path, "prepared")
    refused = forged / "internal" / "staging" / "refused_rows.parquet"
    [(key,)] = duckdb.sql(f"select source_key from '{refused}' where rule = 'merged'").fetchall()
    rewrite(refused, "delete from figures where rule = 'merged'")
    seal(forged)
    found = tracing.trace_union(forged, home, some_union)["differences"]
    assert {"of": f"member {key}", "figure": "rows that count", "published": 1, "computed": 2} in found
    assert (f"{some_union} realname_rate", "denominator") in [(row["of"], row["figure"]) for row in found]


def test_a_changed_file_of_the_release_is_found(forged, home):
    rewrite(forged / "internal" / "union_index.parquet", "update figures set health_index = 100")
    with pytest.raises(VerificationError, match=r"is not as it was built: internal/union_index\.parquet"):
        tracing.trace_area(forged, home, CITY)


@pytest.fixture
def other_landing(home, tmp_path):
    """The intake's files as a copy that may be written to."""
    [intake] = (home / "landing" / "intakes").glob("*")
    return shutil.copytree(intake, tmp_path / "intake")


def test_a_landed_file_of_other_bytes_is_found(release, other_landing, some_union):
    assert tracing.trace_union(release, other_landing, some_union)["differences"] == []
    rewrite(other_landing / "venue.parquet", "update figures set kind = 'sports'")
    with pytest.raises(VerificationError, match=r"made of other bytes than those of .*venue\.parquet"):
        tracing.trace_union(release, other_landing, some_union)
    assert tracing.trace_union(release, other_landing, some_union, "realname_rate")["differences"] == []
    (other_landing / "venue.parquet").unlink()
    with pytest.raises(VerificationError, match=r"missing: .*venue\.parquet"):
        tracing.trace_union(release, other_landing, some_union, "venues")


LANDED = {
    "nothing due": ("fund_remittance", "amount_due = 0", "fund_remittance_rate", "status", "not_applicable"),
    "nothing paid in time": ("fund_remittance", "paid_on = date '2021-01-01'", "fund_remittance_rate", "numerator", "0.0000"),
    "founded later": ("union_org", "established_on = date '2021-01-01'", "venues", "status", None),
    "registered later": ("enterprise", "established_on = date '2021-01-01'", "venues", "status", None),
    "linked later": ("union_org", "linked_on = date '2021-01-01'", "venues", "status", None),
    "no employees": ("enterprise", "employee_count = 0", "enrolment_rate", "status", "not_applicable"),
}


@pytest.mark.parametrize("case", LANDED)
def test_a_changed_landed_row_is_found_though_the_manifest_was_forged(forged, other_landing, some_union, case):
    table, change, indicator, figure, computed = LANDED[case]
    [(enterprise,)] = published(forged, f"select enterprise_id from union_index where union_id = '{some_union}'")
    whose = f"enterprise_id = '{enterprise}'" if table == "enterprise" else f"union_id = '{some_union}'"
    rewrite(other_landing / f"{table}.parquet", f"update figures set {change} where {whose}")
    manifest = files.read_json(forged / "manifest.json")
    for entry in manifest["source"]["tables"]:
        entry["sha256"] = files.sha256_of(other_landing / f"{entry['table']}.parquet")
    (forged / "manifest.json").write_text(files.to_json(manifest), encoding="utf-8")
    seal(forged)
    outcome = uhi(other_landing, "--release", forged, "--union", some_union, "--landing", other_landing, "--json")
    assert outcome.exit_code == 5
    assert "published otherwise than what they are made of gives" in outcome.stderr
    differences = {(row["of"], row["figure"]): row for row in json.loads(outcome.stdout)["differences"]}
    assert differences[f"{some_union} {indicator}", figure]["computed"] == computed


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--union", "U9999999"], "has no linked union U9999999; there are U"),
        (["--area", "330399"], "has no area 330399; it has 3303 温州市 Wenzhou, 330302 鹿城区 Lucheng, 330328"),
        (["--area", "330302999"], "has no area 330302999; it has 3303 温州市 Wenzhou, 330302 鹿城区 Lucheng, 330302001 "),
        (["--union", "UNION", "--indicator", "venue"], "has no indicator venue; it has enrolment_rate, realname_rate"),
        (["--union", "UNION", "--area", CITY], "Give --area CODE, or --union ID"),
        (["--area", CITY, "--indicator", "venues"], "Give --area CODE, or --union ID"),
        ([], "Give --area CODE, or --union ID"),
        (["--area", CITY, "--landing", "."], "has not landed the intake"),
        (["--area", CITY, "--release", "."], "is no release: it has no SHA256SUMS"),
    ],
)
def test_wrong_usage_is_told(release, home, some_union, arguments, message):
    named = [some_union if argument == "UNION" else argument for argument in arguments]
    outcome = uhi(home, "--release", release, *named)
    assert outcome.exit_code == 2, outcome.stderr
    assert message in outcome.stderr


def test_the_screen_shows_ten_rows_and_json_all(release, home, some_union):
    arguments = ["--release", release, "--union", some_union, "--indicator", "realname_rate"]
    told, whole = uhi(home, *arguments), json.loads(uhi(home, *arguments, "--json").stdout)
    assert told.exit_code == 0, told.stderr
    rows = [line for line in told.stdout.splitlines() if line.startswith("  member  ") and line.endswith("member")]
    assert len(rows) == 10
    assert len(whole["source_rows"]) > 10
    assert f"… and {len(whole['source_rows']) - 10:,} more" in told.stdout
    [(value,)] = published(release, f"select value from union_indicator where indicator = 'realname_rate' and union_id = '{some_union}'")
    assert whole["indicators"][1]["value"] == str(value)
    assert whole["differences"] == []


def test_an_area_is_told_in_lines(release, home):
    told = uhi(home, "--release", release, "--area", "330302")
    assert told.exit_code == 0, told.stderr
    [(index, linked, rank)] = published(release, "select health_index, linked, rank from area_index where area_code = '330302'")
    assert f"rank {rank} of 4, " in told.stdout
    assert f"index {index} = " in told.stdout
    assert f"/ {linked} linked unions" in told.stdout
    assert "none of them published otherwise" in told.stdout


def test_no_pseudonym_is_shown(release, home, some_union):
    file = next(iter((home / "landing" / "intakes").glob("*"))) / "member.parquet"
    persons = duckdb.sql(f"select unnest([id_pseudonym, phone_pseudonym]) from '{file}' where union_id = '{some_union}'").fetchall()
    shown = [
        uhi(home, "--release", release, "--union", some_union, "--indicator", name, "--json").stdout
        for name in ("realname_rate", "member_satisfaction")
    ]
    shown.append(uhi(home, "--release", release, "--area", CITY, "--json").stdout)
    pseudonyms = {cell for (cell,) in persons if cell}
    assert pseudonyms
    assert not [cell for cell in pseudonyms if any(cell in text for text in shown)]
