"""Mapped sources: the same landing, bit for bit, as from the contract's own form of the rows."""

import duckdb
import pytest
import yaml
from click.testing import CliRunner
from jsonschema import Draft202012Validator

from orchestration.cli.main import main
from orchestration.contract.registry import source_tables
from orchestration.errors import SourceError, UsageError
from orchestration.extract.landing import extract
from orchestration.extract.mapping.source_map import schema_of_map
from tests.support.foreign import (
    PINYIN_TABLES,
    fill_database,
    fill_workbook,
    in_database,
    in_text,
    map_of_columns,
    write_foreign_csv,
    write_map,
    written_table,
)
from tests.support.settings import EXAMPLE, KEY, settings_in

SOURCE = EXAMPLE / "source"


@pytest.fixture(scope="module")
def digest(tmp_path_factory):
    """The digest of the landing from the contract's own form."""
    settings = settings_in(tmp_path_factory.mktemp("own") / "home")
    return extract(settings, str(SOURCE), lambda _: None).record.digest


def land(settings, source, source_map):
    return extract(
        settings.model_copy(update={"source_map": source_map}), source, lambda _: None
    ).record


def test_a_postgresql_in_pinyin(settings, tmp_path, postgresql, digest):
    source_map = write_map(tmp_path / "map.yml", fill_database(postgresql, SOURCE, in_database))
    record = land(settings, postgresql.url, source_map)
    assert record.digest == digest


def test_a_mysql_of_texts(settings, tmp_path, mysql, digest):
    source_map = write_map(tmp_path / "map.yml", fill_database(mysql, SOURCE, in_text))
    assert land(settings, mysql.url, source_map).digest == digest


def test_a_sqlite_of_texts(settings, tmp_path, sqlite, digest):
    source_map = write_map(tmp_path / "map.yml", fill_database(sqlite, SOURCE, in_text))
    assert land(settings, sqlite.url, source_map).digest == digest


@pytest.mark.drill
def test_a_workbook_of_many_sheets(settings, tmp_path, digest):
    folder = tmp_path / "handed"
    folder.mkdir()
    source_map = write_map(tmp_path / "map.yml", fill_workbook(folder / "台账.xlsx", SOURCE))
    assert land(settings, str(folder), source_map).digest == digest


def test_members_from_a_database_and_contracts_from_a_file_in_gb18030(
    settings, tmp_path, postgresql, digest
):
    tables = fill_database(postgresql, SOURCE, in_database)
    handed = tmp_path / "handed"
    handed.mkdir()
    for name in ("enterprise", "collective_contract"):
        file = handed / f"{name}.csv"
        written = write_foreign_csv(file, SOURCE, source_tables()[name], "gb18030")
        tables[name] = written | {"source": "offices"}
    tables = {name: {"source": "platform"} | table for name, table in tables.items()}
    source_map = write_map(tmp_path / "map.yml", tables, platform={}, offices={"url": handed.name})
    record = land(settings, postgresql.url, source_map)
    assert record.digest == digest
    assert record.source == f"{record.tables[0].source.partition(',')[0]}; {handed}"


def test_only_what_changed_is_read_by_the_mapped_watermark(settings, tmp_path, postgresql):
    source_map = write_map(tmp_path / "map.yml", fill_database(postgresql, SOURCE, in_database))
    earlier = "update hy_jbxx set gxsj = gxsj - interval '30 days' where hybh > 'M0005'"
    postgresql.execute(earlier)
    land(settings, postgresql.url, source_map)
    postgresql.execute("update hd_cs set lx = '2', gxsj = now() at time zone 'Asia/Shanghai'")
    changed = land(settings, postgresql.url, source_map)
    members, venues = (table(changed, name) for name in ("member", "venue"))
    assert members.since
    assert members.rows_read < members.rows
    assert venues.rows_read == venues.rows
    anew = settings_in(tmp_path / "anew")
    assert land(anew, postgresql.url, source_map).digest == changed.digest


def test_rows_that_do_not_count_are_left_out_by_where(settings, tmp_path, postgresql):
    tables = fill_database(postgresql, SOURCE, in_database)
    postgresql.execute("alter table hd_cs add column scbz integer default 0")
    tables["venue"]["where"] = "scbz = 0"
    source_map = write_map(tmp_path / "map.yml", tables)
    whole = table(land(settings, postgresql.url, source_map), "venue").rows
    postgresql.execute(
        "update hd_cs set scbz = 1 where csbh in (select csbh from hd_cs order by csbh limit 2)"
    )
    anew = settings_in(tmp_path / "anew")
    assert table(land(anew, postgresql.url, source_map), "venue").rows == whole - 2


def table(record, name):
    return next(table for table in record.tables if table.table == name)


def test_another_map_is_another_source(settings, tmp_path, sqlite):
    tables = fill_database(sqlite, SOURCE, in_text)
    first = land(settings, sqlite.url, write_map(tmp_path / "map.yml", tables))
    tables["venue"]["columns"]["kind"]["codes"]["9"] = "sports"
    second = land(settings, sqlite.url, write_map(tmp_path / "other.yml", tables))
    assert first.source_map != second.source_map
    assert all(table.keys_gone is None for table in second.tables)


def test_a_cell_that_the_map_does_not_cover_refuses_its_row(settings, tmp_path, sqlite):
    source_map = write_map(tmp_path / "map.yml", fill_database(sqlite, SOURCE, in_text))
    sqlite.execute("update hd_cs set lx = '体育' where csbh = 'N0001199'")
    sqlite.execute("update hy_jbxx set rhrq = '5/3/2019' where hybh = 'M0003939'")
    sqlite.execute("update jf_sj set sjje = '十元' where rowid = 1")
    land(settings, sqlite.url, source_map)
    faults = [
        (name, *fault)
        for name in ("venue", "member", "fund_remittance")
        for fault in faults_in(settings.home.intake_folders()[-1] / f"{name}.parquet")
    ]
    assert faults == [
        ("venue", "map", "kind", None),
        ("member", "map", "joined_on", None),
        ("fund_remittance", "map", "amount_paid", None),
    ]


def faults_in(file):
    """The faults of a landed file: rule and column, and what landed of the cell."""
    with duckdb.connect() as connection:
        columns = {
            column
            for (column,) in connection.execute(
                f"select distinct fault_column from '{file}' where fault_rule is not null"
            ).fetchall()
        }
        [column] = columns
        return connection.execute(
            f"select fault_rule, fault_column, {column} from '{file}' where fault_rule is not null"
        ).fetchall()


def test_columns_that_are_not_there_or_of_another_type_are_told_at_once(
    settings, tmp_path, postgresql
):
    tables = fill_database(postgresql, SOURCE, in_database)
    tables["venue"]["columns"]["opened_on"] = "kyrq"
    postgresql.execute("alter table hy_jbxx add column bz varchar")
    tables["member"]["columns"]["joined_on"] = "bz"
    tables["region"]["table"] = "xzqh_2020"
    source_map = write_map(tmp_path / "map.yml", tables)
    with pytest.raises(SourceError) as refused:
        land(settings, postgresql.url, source_map)
    told = str(refused.value)
    assert "The source has 3 problems" in told
    assert "there is no column kyrq, which the map names for venue; is ksrq meant?" in told
    assert (
        "column bz is varchar, which cannot hold joined_on (date) without loss; "
        "say in the map how it is written: date."
    ) in told
    assert "xzqh_2020: there is no such table" in told


def test_sql_of_the_database_stands_for_a_table_or_a_column(settings, tmp_path, postgresql, digest):
    tables = fill_database(postgresql, SOURCE, in_database)
    postgresql.execute("alter table hd_cs rename column lx to lx_old")
    postgresql.execute(
        "create table lx_zd as select distinct lx_old as dm, lx_old as mc from hd_cs"
    )
    tables["venue"] |= {
        "table": None,
        "select": "select hd_cs.*, lx_zd.mc as lx from hd_cs join lx_zd on lx_zd.dm = hd_cs.lx_old",
    }
    postgresql.execute("update hy_jbxx set xm = '党员' || xm")
    tables["member"]["columns"]["name"] = {"expression": "substr(xm, 3)"}
    source_map = write_map(tmp_path / "map.yml", tables)
    assert land(settings, postgresql.url, source_map).digest == digest


@pytest.mark.parametrize(
    ("spoil", "message"),
    [
        (lambda read: read["tables"].pop("venue"), "tables: venue is not mapped"),
        (
            lambda read: read["tables"]["venue"]["columns"].pop("kind"),
            "tables.venue.columns: kind is not mapped; write `kind: null`",
        ),
        (
            lambda read: read["tables"]["venue"]["columns"].update(kind=None),
            "tables.venue.columns.kind: it must be filled",
        ),
        (
            lambda read: read["tables"]["venue"]["columns"].update(colour="ys"),
            "tables.venue.columns.colour: the registry has no such name",
        ),
        (
            lambda read: read["tables"]["venue"].update(select="select 1"),
            "tables.venue: say one of table, select and file",
        ),
        (
            lambda read: read["tables"]["venue"].update(source="elsewhere"),
            "tables.venue.source: there is no source elsewhere",
        ),
        (
            lambda read: read["tables"]["venue"]["columns"].update(
                opened_on={"column": "ksrq", "number": {}}
            ),
            "tables.venue.columns.opened_on: number is for numbers; it is date",
        ),
        (
            lambda read: read["tables"]["venue"]["columns"]["kind"]["codes"].update({1: "home"}),
            "1 was read as a number or truth; write it in quotes",
        ),
        (
            lambda read: read["tables"]["venue"]["columns"]["kind"]["codes"].update({"9": "sport"}),
            "tables.venue.columns.kind: sport is no code of kind; these are: sports, reading, home",
        ),
        (
            lambda read: read["tables"]["union_org"]["columns"].update(
                womens_committee={"constant": "1"}
            ),
            "1 is no code of womens_committee; these are: true, false",
        ),
        (
            lambda read: read["tables"]["venue"].update(
                table=None, select="select 1", where="scbz = 0"
            ),
            "where is for a table; write it into the select",
        ),
        (
            lambda read: read["tables"]["venue"].update(unresolved="which of two"),
            "tables.venue.unresolved: which of two",
        ),
        (
            lambda read: read["sources"]["platform"].update(unresolved="of which zone"),
            "sources.platform.unresolved: of which zone",
        ),
        (lambda read: read.update(version=2), "version: Input should be 1"),
    ],
)
def test_a_map_that_is_none_is_told_with_its_line(settings, tmp_path, spoil, message):
    tables = {
        name: {
            "table": PINYIN_TABLES[name],
            "columns": map_of_columns(written_table(table, in_database)),
        }
        for name, table in source_tables().items()
    }
    file = write_map(tmp_path / "map.yml", tables)
    content = yaml.safe_load(file.read_text(encoding="utf-8"))
    spoil(content)
    file.write_text(yaml.safe_dump(content, allow_unicode=True), encoding="utf-8")
    with pytest.raises(UsageError, match=r"map.yml, line \d+, ") as refused:
        land(settings, "sqlite:////nowhere", file)
    assert message in str(refused.value)


def test_a_month_from_a_foreign_source(tmp_path, sqlite):
    source_map = write_map(tmp_path / "map.yml", fill_database(sqlite, SOURCE, in_text))
    sqlite.execute("update hd_cs set lx = '体育' where csbh = 'N0001199'")
    settings = settings_in(tmp_path / "home")
    arguments = ["run", "--map", str(source_map), "--source", sqlite.url, "--period", "2020-12"]
    environment = {"UHI_HOME": str(settings.home.folder), "UHI_PSEUDONYM_KEY": KEY}
    outcome = CliRunner().invoke(main, arguments, env=environment)
    assert outcome.exit_code == 3
    assert "venue 1 of 179 by map kind 1 (N0001199)" in outcome.stdout
    staging = settings.home.candidate("2020-12") / "staging"
    with duckdb.connect() as connection:
        refused = connection.execute(
            "select source_table, rule, detail from read_parquet(?) where rule = 'map'",
            [str(staging / "refused_rows.parquet")],
        ).fetchall()
    assert refused == [("venue", "map", "kind")]


def test_the_schema_of_a_map_takes_what_is_read(tmp_path, sqlite):
    source_map = write_map(tmp_path / "map.yml", fill_database(sqlite, SOURCE, in_text))
    content = yaml.safe_load(source_map.read_text(encoding="utf-8"))
    Draft202012Validator.check_schema(schema_of_map())
    validator = Draft202012Validator(schema_of_map())
    assert not list(validator.iter_errors(content))
    content["tables"]["venue"]["columns"]["kind"]["colour"] = "red"
    assert list(validator.iter_errors(content))
