"""Editions made from the tables of the contract's example, without a build.

They hold what the pipeline would hand to the documents.
"""

import shutil
from pathlib import Path

import duckdb

from orchestration.contract.methodology import load_methodology
from orchestration.contract.methodology_tables import COLUMNS
from orchestration.documents.edition import Edition
from orchestration.home.records.release import Imprint
from orchestration.home.records.verdict import MethodologyIdentity
from orchestration.periods import Period
from orchestration.release.editions import copy_methodology, write_internal, write_public
from orchestration.settings import METHODOLOGY
from quality.publication import published_tables
from tests.support.accounts import write_staging
from tests.support.records import check, override, verdict
from tests.support.settings import EXAMPLE

MONTHS = ("2020-10", "2020-11", "2020-12")
PERIOD = MONTHS[-1]
EDITIONS = ("public", "internal")
SITE_URL = "https://health.example.org/internal/"
MARKUP = {
    "U0000379": "<img src=x onerror=alert(1)>",
    "U0000400": "</script><script>alert(2)</script>",
    "U0000599": "𠮷字有限公司",
}
CITY, SMALL_COUNTY, COUNTY = "3303", "330381", "330302"

# The example has no rank intervals, for these are drawn at random; what stands in their place is as
# wide as intervals are.
RANKING = """
    select period, rank, previous_rank, area_code, name_zh, name_en, health_index, sampling_rate,
        greatest(1, cast(rank as integer) - 1) as rank_low, cast(rank as integer) + 1 as rank_high
    from area_index where level = 'county'
"""
CHECKS = (
    check("area_index.counts", "0 areas"),
    check("plausibility.city_sampling", "<b>58 %</b>", passed=False, severity="warn"),
    check("rows.refused_share", "0.5 % refused", passed=False, override="allowed"),
)
METHOD = MethodologyIdentity(name="2020", sha256="ab" * 32)
OVERRIDES = [
    override(
        "rows.refused_share",
        reason="<i>checked</i> by hand; 已核对",
        by="dave",
        at="2021-01-04T08:00:00+00:00",
    )
]


def write_tables(month: str, folder: Path) -> None:
    """The published tables of a month as Parquet files.

    In December some enterprises have names out of the ordinary.
    """
    folder.mkdir(parents=True)
    with duckdb.connect() as connection:
        for name in (
            "area_index",
            *sorted(published_tables().keys() - {"area_index", "county_ranking"}),
        ):
            file = EXAMPLE / "expected" / month / f"{name}.csv"
            read = f"read_csv('{file}', header = true, all_varchar = true, quote = '\"')"
            connection.execute(f"create table {name} as select * from {read}")
        connection.execute(f"create table county_ranking as {RANKING}")
        if month == PERIOD:
            for union, enterprise in MARKUP.items():
                connection.execute(
                    "update union_index set name_zh = $1 where union_id = $2", [enterprise, union]
                )
        for name, table in published_tables().items():
            columns = ", ".join(
                f"cast({column} as {kind}) as {column}" for column, kind in table.columns.items()
            )
            query = f"select {columns} from {name} order by {', '.join(table.key)}"
            connection.execute(f"copy ({query}) to '{folder / f'{name}.parquet'}'")


def write_editions(month: str, folder: Path) -> None:
    """Both editions of a month, without their documents."""
    write_tables(month, folder / "tables")
    write_internal(folder / "tables", folder / "internal")
    write_public(folder / "tables", folder / "public")
    for edition in EDITIONS:
        copy_methodology(COLUMNS, folder / edition / "methodology")


def write_accounts(root: Path) -> None:
    """Write the accounts and the month before of December's internal edition.

    The accounts tell of unions and rows that do not count; the month before is archived in it.
    """
    internal = root / PERIOD / "internal"
    write_staging(internal / "staging")
    before = internal / "predecessor"
    shutil.copytree(root / MONTHS[1] / "tables", before / "tables")
    verdict(MONTHS[1], methodology=METHOD).write(before / "verdict.json")


def edition_in(root: Path, name: str, site_url: str | None = SITE_URL) -> Edition:
    """December's edition, with the two months before it, in a folder of editions by month."""
    judged = verdict(PERIOD, CHECKS, notice="仅供演示 A demonstration <only>", methodology=METHOD)
    earlier = [root / month / name for month in MONTHS[:-1]]
    imprint = Imprint(publisher="某某市总工会", release_time="2021-01-20T10:00+08:00")
    methodology = load_methodology(METHODOLOGY, Period(2020, 12))
    return Edition(
        root / PERIOD / name, methodology, judged, OVERRIDES, earlier, site_url, imprint=imprint
    )
