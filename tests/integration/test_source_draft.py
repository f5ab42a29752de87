"""A map drafted of foreign databases: what it finds, what it leaves open, and how it is settled."""

import csv
from collections import Counter
from contextlib import closing
from pathlib import Path

import psycopg
import pytest
import yaml
from click.testing import CliRunner

from orchestration.cli.main import main
from orchestration.errors import UsageError
from orchestration.extract.landing import extract
from orchestration.extract.mapping.source_map import read_map
from orchestration.source_draft.drafting import draft_map
from orchestration.source_draft.writing import SURE, confidence_of
from tests.support.databases import PostgresqlDatabase
from tests.support.foreign import PINYIN_COLUMNS, PINYIN_TABLES, fill_database, in_text
from tests.support.platforms import commented, pinyin_full
from tests.support.settings import EXAMPLE, settings_in

SOURCE = EXAMPLE / "source"
PLATFORMS = {"commented": commented, "pinyin_full": pinyin_full}


@pytest.fixture(scope="module", params=PLATFORMS)
def platform(request, postgresql_server):
    """A foreign platform's database with the example's rows: (its module, its URL)."""
    module = PLATFORMS[request.param]
    return module, filled(module, PostgresqlDatabase(postgresql_server, request.param))


def filled(module, database):
    """The URL of a database with a platform's tables and rows."""
    with closing(psycopg.connect(database.url)) as connection:
        for statement in module.TABLES:
            connection.execute(statement)
        module.fill(connection, SOURCE)
        connection.commit()
    return database.url


@pytest.fixture(scope="module")
def draft(platform, tmp_path_factory):
    settings = settings_in(tmp_path_factory.mktemp("draft") / "home")
    return draft_map(settings, platform[1], lambda _: None)


def right_columns(platform):
    """By the contract's table the foreign one, and its column for each of the contract's."""
    return {
        name: (table.table, {key: said and said.column for key, said in table.columns.items()})
        for name, table in read_map(platform.MAP).tables.items()
    }


def compared(draft, right):
    """How many columns are right, wrong, or left open, by how sure the draft is of them."""
    counts = Counter()
    for name, (table, columns) in right.items():
        match = draft.matches[name]
        is_table = match.table is not None and match.table.name == table
        for column, foreign in columns.items():
            found = match.columns.get(column) if is_table else None
            best = found.best.column if found and found.best else None
            outcome = "right" if best == foreign else "open" if best is None else "wrong"
            counts[outcome, confidence_of(match, found)] += 1
    return counts


def test_nearly_all_is_found_and_nothing_is_sure_and_wrong(platform, draft):
    counts = compared(draft, right_columns(platform[0]))
    right = sum(number for (outcome, _), number in counts.items() if outcome == "right")
    assert right >= 0.95 * counts.total()
    assert counts["right", SURE] >= 0.85 * counts.total()
    assert counts["wrong", SURE] == 0


def test_of_initials_without_comments_as_well(sqlite, tmp_path):
    fill_database(sqlite, SOURCE, in_text)
    draft = draft_map(settings_in(tmp_path / "home"), sqlite.url, lambda _: None)
    right = {
        name: (PINYIN_TABLES[name], {column: PINYIN_COLUMNS[column] for column in match.columns})
        for name, match in draft.matches.items()
    }
    counts = compared(draft, right)
    assert set(counts) == {("right", SURE), ("right", "medium")}
    assert counts["right", SURE] > 0.75 * counts.total()


def test_what_is_not_sure_is_marked_and_such_a_map_is_not_read(draft, tmp_path):
    file = tmp_path / "source_map.yml"
    file.write_text(draft.text, encoding="utf-8")
    with pytest.raises(UsageError, match="unresolved: ") as raised:
        read_map(file)
    said = [line for line in draft.text.splitlines() if "unresolved:" in line]
    assert len(raised.value.args) >= len(said)
    assert all(" line " in problem for problem in raised.value.args)


def test_once_settled_it_gives_the_landing_of_the_contract_s_own_form(platform, draft, tmp_path):
    module, url = platform
    own = extract(settings_in(tmp_path / "own"), str(SOURCE), lambda _: None).record
    right = yaml.safe_load(module.MAP.read_text(encoding="utf-8"))
    for name, content in (("right", right), ("settled", settled(module, draft))):
        (tmp_path / name).mkdir()
        assert digests(landed_by(content, url, tmp_path / name)) == digests(own), name


def landed_by(content, url, folder):
    """The record of an intake by a map."""
    file = folder / "source_map.yml"
    file.write_text(yaml.safe_dump(content, allow_unicode=True), encoding="utf-8")
    mapped = settings_in(folder / "home").model_copy(update={"source_map": file})
    return extract(mapped, url, lambda _: None).record


def digests(record):
    """The digest of each landed table."""
    return {table.table: table.sha256 for table in record.tables}


def settled(module, draft):
    """The draft's map, once a person who knows the platform has gone through it."""
    content = yaml.safe_load(draft.text)
    content["sources"]["platform"].pop("unresolved", None)
    for name, right in read_map(module.MAP).tables.items():
        settle(content["tables"][name], right)
    return content


def settle(table, right):
    """Do what a person does who knows the platform: confirm, and say which codes are what."""
    table.pop("unresolved", None)
    for column, known in right.columns.items():
        says = table["columns"][column]
        says = {"column": says} if isinstance(says, str) else says
        says.pop("unresolved", None)
        if known is None:
            table["columns"][column] = None
        elif "expression" not in says:
            says["column"] = known.column
            says |= {"codes": known.codes} if known.codes else {}
            table["columns"][column] = says


def test_rows_that_name_others_by_an_inner_key_get_the_contract_s_by_a_lookup(postgresql, tmp_path):
    url = filled(commented, postgresql)
    postgresql.execute("alter table t_ent_oper_chg drop column uscc")
    postgresql.execute("alter table t_mbr_info drop column org_no cascade")
    draft = draft_map(settings_in(tmp_path / "draft"), url, lambda _: None)
    columns = {
        (name, column): match.best.lookup
        for name, found in draft.matches.items()
        for column, match in found.columns.items()
        if match.best and match.best.lookup
    }
    assert columns == {
        ("operating_event", "enterprise_id"): ("t_ent_base_info", "ent_id", "uscc"),
        ("member", "union_id"): ("t_union_org", "org_id", "org_no"),
    }
    own = extract(settings_in(tmp_path / "own"), str(SOURCE), lambda _: None).record
    assert digests(landed_by(settled(commented, draft), url, tmp_path)) == digests(own)


def test_rows_that_are_marked_as_deleted_are_left_out_by_where(draft, platform):
    member = settled(platform[0], draft)["tables"]["member"]
    expected = "\"del_flag\" = '0'" if platform[0] is commented else None
    assert member.get("where") == expected


def test_no_person_s_value_is_in_a_draft(draft):
    with (SOURCE / "member.csv").open(encoding="utf-8", newline="") as lines:
        values = {
            row[column]
            for row in csv.DictReader(lines)
            for column in ("name", "id_number", "phone")
            if row[column]
        }
    assert values
    assert not [value for value in values if value in draft.text]


def test_the_same_database_gives_the_same_draft(platform, draft, settings):
    assert draft_map(settings, platform[1], lambda _: None).text == draft.text


def run(*arguments):
    return CliRunner().invoke(main, ["source", "draft-map", *map(str, arguments)])


def test_the_command_writes_a_file_and_overwrites_none(sqlite, tmp_path, monkeypatch):
    monkeypatch.setenv("UHI_HOME", str(tmp_path / "home"))
    fill_database(sqlite, SOURCE, in_text)
    file = tmp_path / "source_map.yml"
    drafted = run(sqlite.url, "--output", file)
    assert drafted.exit_code == 0, drafted.output
    assert f"uhi source check {sqlite.url} --map {file}" in drafted.output
    written = file.read_bytes()
    again = run(sqlite.url, "--output", file)
    assert again.exit_code == UsageError.exit_code
    assert file.read_bytes() == written


def test_a_folder_and_an_empty_database_are_told(sqlite, tmp_path, monkeypatch):
    monkeypatch.setenv("UHI_HOME", str(tmp_path / "home"))
    folder = run(SOURCE, "--output", tmp_path / "map.yml")
    assert (folder.exit_code, "is no database" in folder.output) == (UsageError.exit_code, True)
    empty = run(sqlite.url, "--output", tmp_path / "map.yml")
    assert empty.exit_code == 4
    assert "no table with rows" in empty.output
    assert not Path(tmp_path / "map.yml").exists()
