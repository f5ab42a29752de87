"""`uhi trace`: every published figure of the example agrees with the landed rows.

Each figure comes with the rows that it counts.
"""

import json
import shutil
from pathlib import Path

import duckdb
import pytest

from orchestration.audit import recount, tracing
from orchestration.contract.registry import source_tables
from orchestration.home import files
from orchestration.periods import Period
from orchestration.release import preparation
from tests.support.faults import copy_of, run_again
from tests.support.forgery import seal
from tests.support.lanes import everyday
from tests.support.people import DECEMBER
from tests.support.settings import EXAMPLE, settings_in
from tests.support.traced_figures import CITY, published, rewrite, uhi, union_with_rating

OCTOBER = Period(2020, 10)


def prepare_october(released, folder):
    preparation.prepare(settings_in(copy_of(released, folder, "home")), OCTOBER)


@pytest.fixture(scope="module")
def october(home, prebuilt):
    """What is prepared for October."""
    return prebuilt("october", prepare_october, home) / "home" / "prepared" / "2020-10"


@pytest.fixture(scope="module")
def november(two_months):
    return two_months / "releases" / "2020-11" / "r1"


@pytest.fixture
def folder(request):
    """What is released or prepared for a month, by the name of its fixture."""
    return request.getfixturevalue(request.param)


MONTHS = [("october", "2020-10"), ("november", "2020-11"), ("release", "2020-12")]


@pytest.mark.parametrize(("folder", "month"), everyday(MONTHS, MONTHS[-1]), indirect=["folder"])
def test_every_linked_union_agrees_with_the_landed_rows_in_all_indicators(folder, home, month):
    found = tracing.trace_area(folder, home, CITY)
    [(unions, facts)] = published(
        folder, "select count(distinct union_id), count(*) from union_indicator"
    )
    assert found["period"] == month
    assert found["differences"] == []
    assert len(found["unions"]) == unions == found["area"]["linked"] > 10
    assert facts == unions * 20
    assert len([row for row in found["indicators"] if row["rows"]]) == 20
    assert found["figures_compared"] > facts * 5


def test_every_area_agrees_with_its_unions_and_its_like(release, home):
    for (area,) in published(
        release,
        "select area_code from area_index where level <> 'city' order by level, linked limit 8",
    ):
        found = tracing.trace_area(release, home, area)
        assert found["differences"] == []
        assert area in [row["area_code"] for row in found["siblings"]]


@pytest.mark.parametrize(
    "indicator", [path.stem for path in sorted((recount.RECOUNTS / "indicators").glob("*.sql"))]
)
def test_an_indicator_shows_the_rows_that_it_counts(release, home, indicator):
    order = "denominator desc nulls last, value in (0, 100), value desc, union_id"
    query = f"""
        select union_id from union_indicator
        where indicator = '{indicator}' and status = 'observed' order by {order}
    """
    [(union,), *_] = published(release, query)
    found = tracing.trace_union(release, home, union, indicator)
    assert found["differences"] == []
    [traced] = [row for row in found["indicators"] if row["rows"] is not None]
    assert traced["indicator"] == indicator
    assert sum(traced["rows"].values()) == len(found["source_rows"]) > 0
    landed = {row["table"]: row for row in found["landing"]["files"]}
    for row in found["source_rows"]:
        key = " || '/' || ".join(
            f"cast({column} as varchar)" for column in source_tables()[row["table"]].key
        )
        file = landed[row["table"]]["file"]
        [(landed_key,)] = duckdb.sql(
            f"select {key} from read_parquet('{file}') where landing_row = {row['landing_row']}"
        ).fetchall()
        assert landed_key == row["key"]
        assert files.sha256_of(Path(file)) == landed[row["table"]]["sha256"]


def prepare_defective(released, folder):
    """A home, and what it prepared of a source with defective rows.

    Rows of some members come twice, come twice with differences, or have a wrong code.
    """
    union = union_with_rating(released / "releases" / "2020-12" / "r1")
    home = copy_of(released, folder, "home")
    source = shutil.copytree(EXAMPLE / "source", folder / "source")
    header, *lines = (source / "member.csv").read_text(encoding="utf-8").splitlines()
    own = [
        number
        for number, line in enumerate(lines)
        if line.split(",")[1] == union and line.split(",")[7] == ""
    ]
    lines[own[2]] = lines[own[2]].replace(",f,", ",x,").replace(",m,", ",x,")
    other = lines[own[1]].replace(",f,", ",y,").replace(",m,", ",f,").replace(",y,", ",m,")
    (source / "member.csv").write_text(
        "\n".join([header, *lines, lines[own[0]], other]) + "\n", encoding="utf-8"
    )
    run_again(home, source)
    preparation.prepare(settings_in(home), DECEMBER, "revision", "defects")


@pytest.fixture(scope="module")
def defective(old, prebuilt):
    """A home, and what it prepared of a source with defective rows."""
    home = prebuilt("defective", prepare_defective, old[0]) / "home"
    return home, home / "prepared" / "2020-12"


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
    assert (
        "landed rows that do not count: 2 member (conflict: member_id),"
        " 1 member (enumeration: gender), 1 member (merged"
    ) in told
    assert tracing.trace_area(prepared, home, CITY)["differences"] == []


def test_a_row_counted_twice_or_not_at_all_is_found_where_the_account_of_refused_rows_was_forged(
    defective, some_union, tmp_path
):
    home, prepared = defective
    forged = copy_of(prepared, tmp_path, "prepared")
    refused = forged / "internal" / "staging" / "refused_rows.parquet"
    [(key,)] = duckdb.sql(f"select source_key from '{refused}' where rule = 'merged'").fetchall()
    rewrite(refused, "delete from figures where rule = 'merged'")
    seal(forged)
    found = tracing.trace_union(forged, home, some_union)["differences"]
    assert {
        "of": f"member {key}",
        "figure": "rows that count",
        "published": 1,
        "computed": 2,
    } in found
    assert (f"{some_union} realname_rate", "denominator") in [
        (row["of"], row["figure"]) for row in found
    ]


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--union", "U9999999"], "has no linked union U9999999; there are U"),
        (
            ["--area", "330399"],
            "has no area 330399; it has 3303 温州市 Wenzhou, 330302 鹿城区 Lucheng, 330328",
        ),
        (
            ["--area", "330302999"],
            "has no area 330302999; it has 3303 温州市 Wenzhou, 330302 鹿城区 Lucheng, 330302001 ",
        ),
        (
            ["--union", "UNION", "--indicator", "venue"],
            "has no indicator venue; it has enrolment_rate, realname_rate",
        ),
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
    rows = [
        line
        for line in told.stdout.splitlines()
        if line.startswith("  member  ") and line.endswith("member")
    ]
    assert len(rows) == 10
    assert len(whole["source_rows"]) > 10
    assert f"… and {len(whole['source_rows']) - 10:,} more" in told.stdout
    [(value,)] = published(
        release,
        (
            "select value from union_indicator"
            f" where indicator = 'realname_rate' and union_id = '{some_union}'"
        ),
    )
    assert whole["indicators"][1]["value"] == str(value)
    assert whole["differences"] == []


def test_an_area_is_told_in_lines(release, home):
    told = uhi(home, "--release", release, "--area", "330302")
    assert told.exit_code == 0, told.stderr
    [(index, linked, rank)] = published(
        release, "select health_index, linked, rank from area_index where area_code = '330302'"
    )
    assert f"rank {rank} of 4, " in told.stdout
    assert f"index {index} = " in told.stdout
    assert f"/ {linked} linked unions" in told.stdout
    assert "none of them published otherwise" in told.stdout


def test_no_pseudonym_is_shown(release, home, some_union):
    file = next(iter((home / "landing" / "intakes").glob("*"))) / "member.parquet"
    persons = duckdb.sql(
        f"select unnest([id_pseudonym, phone_pseudonym]) from '{file}'"
        f" where union_id = '{some_union}'"
    ).fetchall()
    shown = [
        uhi(home, "--release", release, "--union", some_union, "--indicator", name, "--json").stdout
        for name in ("realname_rate", "member_satisfaction")
    ]
    shown.append(uhi(home, "--release", release, "--area", CITY, "--json").stdout)
    pseudonyms = {cell for (cell,) in persons if cell}
    assert pseudonyms
    assert not [cell for cell in pseudonyms if any(cell in text for text in shown)]
