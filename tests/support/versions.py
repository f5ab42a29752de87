"""A copy of the project whose methodology has four versions, and what is done in it.

From September to December 2020 each month has a version of its own: of 4 indicators that seldom
apply, the 20 of the contract, 19 in 3 dimensions, and 21 in 5 dimensions with fractional weights,
of which one is new. Run as a program, it is `uhi` in that copy, from source to release, trace and
rebuild; it prints the results as JSON.
"""

import csv
import json
import os
import shutil
import subprocess
import sys
from fractions import Fraction
from pathlib import Path

from orchestration.contract.generated_models import write_models
from orchestration.contract.methodology import read_methodology
from orchestration.contract.methodology_tables import TABLES
from orchestration.periods import Period
from orchestration.settings import PROJECT

PERIODS = [Period(2020, month) for month in (9, 10, 11, 12)]
SEPTEMBER, OCTOBER, NOVEMBER, DECEMBER = PERIODS
NEW = "female_members"
SELDOM = {
    "dispute_resolution": "27.5",
    "request_timeliness": "22.5",
    "hardship_assistance": "10",
    "member_satisfaction": "40",
}
CALENDAR = """period,kind,release_time,announced_on
2020-09,monthly,2020-10-20T10:00:00+08:00,2020-09-20
2020-11,monthly,2020-12-18T10:00:00+08:00,2020-11-20
2020-12,annual,2021-01-20T10:00:00+08:00,2020-12-21
"""
MODEL = """select
    linked_unions.union_id,
    'observed' as status,
    coalesce(memberships.female_members, 0) as numerator,
    cast(null as bigint) as denominator,
    1 as factor
from {{ ref('int_linked_union') }} as linked_unions
left join
    {{ ref('int_membership') }} as memberships
    on linked_unions.union_id = memberships.union_id
"""
RECOUNT = """select union_id, origin, 'female member' as counts_as, 1 as numerator, 1 as denominator
from member
where gender = 'f' and joined_on <= as_of() and not coalesce(left_on <= as_of(), false);

select
    union_id,
    'observed' as status,
    coalesce(numerator_sum, 0) as numerator,
    null as denominator,
    1 as factor
from sums
"""


def copy_project(folder):
    """Copy the project into a folder, with the four versions, approved.

    The new indicator is added as the guide for developers says.
    """
    for room in ("orchestration", "quality", "dbt_project"):
        shutil.copytree(
            PROJECT / room,
            folder / room,
            ignore=shutil.ignore_patterns("target", "__pycache__", ".user.yml"),
        )
    models = folder / "dbt_project" / "models"
    (models / "indicators" / f"ind_{NEW}.sql").write_text(MODEL, encoding="utf-8")
    described = (
        (models / "indicators" / "ind_venues.yml")
        .read_text(encoding="utf-8")
        .replace("ind_venues", f"ind_{NEW}")
    )
    (models / "indicators" / f"ind_{NEW}.yml").write_text(described, encoding="utf-8")
    (folder / "orchestration" / "audit" / "recounts" / "indicators" / f"{NEW}.sql").write_text(
        RECOUNT, encoding="utf-8"
    )
    methodology = folder / "dbt_project" / "seeds" / "methodology"
    write_versions(methodology)
    write_models(folder / "dbt_project")
    approve_versions(methodology, folder / "quality" / "approved_methodologies.yml")
    return folder


def write_versions(folder):
    """Write the versions as a person might.

    With a byte order mark, quotes, other line ends and blank last lines.
    """
    tables = {table: rows_of(folder / f"{table}.csv") for table in TABLES}
    written = {table: rows if table == "labels" else [] for table, rows in tables.items()}
    for make in (seldom, twenty, nineteen, twenty_one):
        version = make({table: [dict(row) for row in rows] for table, rows in tables.items()})
        for table, rows in version.items():
            if table != "labels":
                written[table] += rows
    for table, rows in written.items():
        with (folder / f"{table}.csv").open("w", encoding="utf-8-sig", newline="") as lines:
            writer = csv.DictWriter(lines, list(tables[table][0]), quoting=csv.QUOTE_ALL)
            writer.writeheader()
            writer.writerows(rows)
            lines.write("\r\n\r\n")


def rows_of(file):
    with file.open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


def named(tables, name, first, last):
    """Name the version of tables, and say when it is in force."""
    for rows in tables.values():
        for row in rows:
            if "methodology" in row:
                row["methodology"] = name
    tables["methodologies"][0].update(effective_from=first, effective_to=last)
    return tables


def keep(tables, indicators):
    """Leave out the rows of other indicators, and the rules on them."""
    measures = {"index", "dimension_rate", "index_change", "months_yellow", *indicators}
    for table in ("indicators", "scoring_knots", "grades"):
        tables[table] = [row for row in tables[table] if row["indicator"] in indicators]
    tables["alert_rules"] = [row for row in tables["alert_rules"] if row["measure"] in measures]


def weigh(tables, weights):
    """Give indicators or dimensions other weights."""
    for row in (*tables["indicators"], *tables["dimensions"]):
        name = row.get("indicator", row["dimension"])
        row["weight"] = weights.get(name, row["weight"])


def move(tables, dimensions):
    """Move indicators to other dimensions."""
    for row in tables["indicators"]:
        row["dimension"] = dimensions.get(
            row["indicator"], dimensions.get(row["dimension"], row["dimension"])
        )


def seldom(tables):
    """A version of indicators that apply to some unions only, to some none of them."""
    keep(tables, SELDOM)
    tables["dimensions"] = [
        row for row in tables["dimensions"] if row["dimension"] in ("rights", "culture")
    ]
    weigh(tables, {"rights": "60", "culture": "40", **SELDOM})
    return named(tables, "2019", "2019-01", "2020-09")


def twenty(tables):
    """The contract's own."""
    return named(tables, "2020", "2020-10", "2020-10")


def nineteen(tables):
    """One indicator and one dimension less."""
    keep(tables, {row["indicator"] for row in tables["indicators"]} - {"womens_committee"})
    move(tables, {"culture": "innovation"})
    tables["dimensions"] = tables["dimensions"][:3]
    weigh(tables, {"realname_rate": "10", "innovation": "40"})
    return named(tables, "2020b", "2020-11", "2020-11")


def twenty_one(tables):
    """One indicator and one dimension more, and fractional weights."""
    new = {
        "indicator": NEW,
        "dimension": "rights",
        "position": "21",
        "item_type": "basic",
        "unit": "count",
    }
    tables["indicators"].append(
        {**tables["indicators"][0], **new, "name_zh": "女会员数", "name_en": "Female members"}
    )
    tables["scoring_knots"] += [
        {"methodology": "", "indicator": NEW, "value": value, "score": value}
        for value in ("0", "50")
    ]
    voice = {"dimension": "voice", "position": "5", "name_zh": "民主参与", "name_en": "Voice"}
    tables["dimensions"].append({**tables["dimensions"][0], **voice})
    move(tables, {"open_affairs": "voice", "member_satisfaction": "voice"})
    weigh(
        tables,
        {
            "organization": "27.5",
            "enrolment_rate": "6.5",
            "rights": "32.5",
            NEW: "2.5",
            "culture": "12.5",
            "venues": "6.0625",
        },
    )
    weigh(
        tables,
        {
            "activity_participation": "6.4375",
            "voice": "7.5",
            "open_affairs": "3.25",
            "member_satisfaction": "4.25",
        },
    )
    return named(tables, "2021", "2020-12", "")


def approve_versions(methodology, file):
    """Approve each version by its own digest."""
    found = [read_methodology(methodology, period) for period in PERIODS]
    approvals = {
        each.version_digest: {
            "methodology": each.name,
            "approved_on": "2026-11-21",
            "approved_by": "the tests",
        }
        for each in found
    }
    file.write_text(json.dumps(approvals), encoding="utf-8")


def women(unit):
    """The new indicator as the independent calculation has it."""
    from tests.reference.indicators import observed

    return observed(Fraction(sum(row["gender"] == "f" for row in unit.members)))


def run_in(project, *arguments):
    """Run this file with the code of a copy of the project; returns what it printed."""
    environment = {
        **os.environ,
        "PYTHONPATH": os.pathsep.join([str(project), str(PROJECT)]),
        "PYTHONDONTWRITEBYTECODE": "1",
    }
    command = [sys.executable, __file__, *map(str, arguments)]
    ended = subprocess.run(
        command, env=environment, cwd=project, capture_output=True, text=True, check=False
    )
    assert ended.returncode == 0, ended.stderr
    return json.loads(ended.stdout)


def main(home, source):
    """Go from source to release in the copy.

    Returns the months' verdicts, and what trace and rebuild say.
    """
    from orchestration import pipeline
    from orchestration.audit.rebuilding import rebuild
    from orchestration.audit.recount import RECOUNTS
    from orchestration.audit.trace_report import format_area, format_union
    from orchestration.audit.tracing import trace_area, trace_union
    from orchestration.errors import UsageError
    from orchestration.release import preparation, publication
    from orchestration.settings import Settings
    from tests.support.people import approve
    from tests.support.settings import KEY

    calendar = Path(home).parent / "release_calendar.csv"
    calendar.write_text(CALENDAR, encoding="utf-8")
    settings = Settings(home=Path(home), pseudonym_key=KEY, release_calendar=calendar, processes=1)
    _, outcomes = pipeline.run(
        settings,
        source,
        pipeline.due_dates(f"{SEPTEMBER}..{DECEMBER}", None),
        "tests",
        lambda _: None,
    )
    preparation.prepare(settings, SEPTEMBER)
    for period in (NOVEMBER, DECEMBER):
        preparation.prepare(settings, period)
        approve(settings, period=period)
        release = publication.publish(settings.home, period)
    traced = [
        trace_area(settings.home.prepared(SEPTEMBER), settings.home.folder, "3303"),
        *(
            trace_area(settings.home.release(period, "r1"), settings.home.folder, "3303")
            for period in (NOVEMBER, DECEMBER)
        ),
    ]
    unmeasured = next(
        union["union_id"] for union in traced[0]["unions"] if union["health_index"] is None
    )
    of_unmeasured = trace_union(settings.home.prepared(SEPTEMBER), settings.home.folder, unmeasured)
    rebuilt = [
        rebuild(each, settings.home.folder, lambda _: None)
        for each in (settings.home.prepared(SEPTEMBER), release)
    ]
    (RECOUNTS / "indicators" / f"{NEW}.sql").unlink()
    refused = []
    for action in (
        lambda: trace_area(release, settings.home.folder, "3303"),
        lambda: trace_union(release, settings.home.folder, traced[2]["unions"][0]["union_id"], NEW),
        lambda: rebuild(release, settings.home.folder, lambda _: None),
    ):
        try:
            action()
        except UsageError as error:
            refused.append(str(error))
    result = {
        "passed": [outcome.passed for outcome in outcomes],
        "failed": [
            [
                f"{check.name}: {check.observed}"
                for check in outcome.verdict.checks
                if not check.passed
            ]
            for outcome in outcomes
        ],
        "differences": [trace["differences"] for trace in (*traced, of_unmeasured)],
        "lines": [format_area(traced[0]), format_union(of_unmeasured)],
        "indicators": [[row["indicator"] for row in trace["indicators"]] for trace in traced],
        "rebuilt": [[each["identical"], each["first_difference"]] for each in rebuilt],
        "refused": refused,
    }
    print(json.dumps(result, default=str))  # noqa: T201


if __name__ == "__main__":
    main(*sys.argv[1:])
