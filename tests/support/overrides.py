"""What the tests of overrides share: homes with a refused candidate, and people who override."""

import shutil

import duckdb
import pyarrow.parquet as pq

from orchestration import pipeline
from orchestration.demo.city import make_city
from orchestration.release import preparation, verdicts
from tests.support import ledgers
from tests.support.people import DECEMBER, allow
from tests.support.settings import settings_in

REFUSED_SHARE = "rows.refused_share"
STALE = "plausibility.latest_change"
REASON = "Venues of the old register, <checked> by hand; 已核对"
MISLAID_VENUES = """
    select * replace (
        case when row_number() over (order by venue_id) <= 20 then 'nowhere' else union_id end
        as union_id
    )
    from rows
"""
ALIEN_REGION = """
    from rows union all by name
    select
        '330302999' as region_code, '外' as name_zh, 'Alien' as name_en, 'township' as level,
        '330303' as parent_code
"""


def spoil(source, table, query):
    file = source / f"{table}.parquet"
    rows = duckdb.from_parquet(str(file))
    pq.write_table(rows.query("rows", query).to_arrow_table(), file)


def build(settings, prepared_by="bob"):
    source = str(settings.home.folder.parent / "source")
    _, [outcome] = pipeline.run(
        settings, source, pipeline.due_dates("2020-12", None), prepared_by, lambda _: None
    )
    return {check.name for check in outcome.failed_checks() if check.severity == "stop"}


def people(settings):
    """Keys of alice, bob and dave, all allowed to sign.

    Bob prepares, and bea also uses his key.
    """
    lines = allow(settings, "alice", "bob", "dave")
    lines[1] = lines[1].replace("bob", "bea,Bob", 1)
    settings.home.signers.write_text("\n".join(lines) + "\n", encoding="utf-8")


def make_refused_homes(folder):
    """Homes with a refused candidate.

    `likely`: stale tables and many refused rows; `wrong`: a refused region besides.
    """
    make_city(folder / "likely" / "source", enterprises=200)
    spoil(folder / "likely" / "source", "venue", MISLAID_VENUES)
    shutil.copytree(folder / "likely" / "source", folder / "wrong" / "source")
    spoil(folder / "wrong" / "source", "region", ALIEN_REGION)
    for name, refused_by in (
        ("likely", {STALE, REFUSED_SHARE}),
        ("wrong", {STALE, REFUSED_SHARE, "rows.regions_refused"}),
    ):
        settings = settings_in(folder / name / "home")
        assert build(settings) == refused_by
        people(settings)


def copied(refused_homes, name, tmp_path):
    shutil.copytree(refused_homes / name, tmp_path, symlinks=True, dirs_exist_ok=True)
    return settings_in(tmp_path / "home")


def override(settings, check=REFUSED_SHARE, reason=REASON, by="alice", key=None, period=DECEMBER):
    return verdicts.override(
        settings.home, period, check, reason, by, settings.home.folder.parent / (key or by)
    )


def override_both(settings):
    """Release the refused candidate of a home, `likely`."""
    for check in (REFUSED_SHARE, STALE):
        override(settings, check)
    return settings


def prepare_overridden(refused_homes, folder):
    """A home whose refused candidate is released by two overrides, and prepared."""
    preparation.prepare(override_both(copied(refused_homes, "likely", folder)), DECEMBER)


def recorded(settings):
    return [
        entry for entry in ledgers.entries(settings.home.folder) if entry["event"] == "override"
    ]
