"""`uhi personal-data`: the inventory is that of the registry.

What it says of a home is what the home has.
"""

import json

import duckdb
import pytest
import yaml
from click.testing import CliRunner

from orchestration.cli.main import main
from orchestration.contract.registry import REGISTRY
from tests.support.erasing import NUMBER, uhi_erase
from tests.support.faults import copy_of
from tests.support.settings import settings_in


@pytest.fixture
def home(old, tmp_path):
    return copy_of(old[0], tmp_path, "home")


def inventory(home):
    ended = CliRunner().invoke(main, ["personal-data", "--json"], env={"UHI_HOME": str(home)})
    assert ended.exit_code == 0, ended.output
    return json.loads(ended.stdout)


def lines(home):
    return CliRunner().invoke(main, ["personal-data"], env={"UHI_HOME": str(home)}).stdout


def test_every_personal_column_of_the_registry_is_in_it_with_what_becomes_of_it(home):
    [persons] = inventory(home)["persons"]
    tables = yaml.safe_load(REGISTRY.read_text(encoding="utf-8"))["sources"][0]["tables"]
    metas = {
        (table["name"], column["name"]): column.get("config", {}).get("meta", {})
        for table in tables
        for column in table["columns"]
    }
    told = {(persons["table"], column["column"]): column for column in persons["handed_over"]}
    assert set(told) == {place for place, meta in metas.items() if "pii" in meta}
    for (table, name), column in told.items():
        made = {
            place[1]
            for place, meta in metas.items()
            if place[0] == table and meta.get("derived_from") == name
        }
        assert {each["column"] for each in column["landed_as"]} == made
        assert column["pseudonym_purpose"] == (metas[table, name]["pii"] if made else None)
    assert {each["table"]: each["by"] for each in persons["rows_about_one"]} == {
        "member": ["member_id"],
        "member_rating": ["member_id"],
    }


def test_rows_are_those_of_the_landing_and_of_each_why_it_is_kept(home):
    [intake] = inventory(home)["landing"]
    folder = home / "landing" / "intakes" / intake["intake"]
    assert intake["rows"] == {
        table: duckdb.sql(f"from '{folder / table}.parquet'").shape[0]
        for table in ("member", "member_rating")
    }
    assert {"releases/2020-12/r1", "candidates/2020-12", "latest of its source"} <= set(
        intake["kept_for"]
    )
    assert uhi_erase(home, NUMBER).exit_code == 0
    [less] = inventory(home)["landing"]
    assert [erased["rows"] for erased in less["erasures"]] == [{"member": 2, "member_rating": 30}]
    assert less["rows"]["member"] == intake["rows"]["member"] - 2
    assert "erased from 1 time" in lines(home)
    assert "data protection officer" in inventory(home)["acting"]


def test_of_what_is_published_only_stars_and_days_late_go_in_and_only_gathered(home):
    published = inventory(home)["published"]
    values = published["values_that_go_in"]
    assert {value["how"] for value in values} == {"AGGREGATION"}
    into = {value["column"]: value["into"] for value in values}
    stars = into.pop("member_rating.stars")
    assert "union_indicator.value" in stars
    days = {"joined_on", "left_on", "verified_on", "updated_at"}
    assert set(into) == {f"member.{day}" for day in days} | {
        "member_rating.rated_on",
        "member_rating.updated_at",
    }
    assert {column for columns in into.values() for column in columns} <= {
        f"data_quality.{column}" for column in ("dated", "days_late", "timeliness", "score")
    }
    assert 0 < published["dependent"] < published["columns"]


def test_a_column_that_names_a_person_is_found_where_there_should_be_none(home):
    assert not any(each["naming_a_person"] for each in inventory(home)["made"])
    assert "columns in them that name a person: none" in lines(home)
    staging = home / "candidates" / "2020-12" / "staging"
    duckdb.sql(f"copy (select 'x' as id_pseudonym) to '{staging}/extra.parquet' (format parquet)")
    duckdb.sql(
        "copy (select 'member' as source_table, 'M1' as source_key, 'merged' as rule,"
        " null as detail, 1 as landing_row)"
        f" to '{staging}/refused_rows.parquet' (format parquet)"
    )
    [candidate] = [
        each for each in inventory(home)["made"] if each["place"] == "candidates/2020-12"
    ]
    assert candidate["naming_a_person"] == ["staging/extra.parquet: id_pseudonym"]
    assert candidate["refused_rows_by_key"] == {"member": 1}
    assert "names 1 member by the platform's key" in lines(home)


def test_of_a_home_that_holds_nothing_it_says_so(tmp_path):
    told = inventory(settings_in(tmp_path / "home").home.folder)
    assert (told["landing"], told["warehouses"], told["made"], told["acting"]) == ([], [], [], [])
    assert not (tmp_path / "home").exists()
