"""Mapped sources: the same landing, bit for bit, as from the contract's own form of the rows."""

import pytest

from orchestration.extract.landing import extract
from tests.support.foreign import (
    fill_database,
    fill_workbook,
    in_database,
    in_text,
    write_map,
)
from tests.support.settings import EXAMPLE, settings_in

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


def test_a_workbook_of_many_sheets(settings, tmp_path, digest):
    folder = tmp_path / "handed"
    folder.mkdir()
    source_map = write_map(tmp_path / "map.yml", fill_workbook(folder / "台账.xlsx", SOURCE))
    assert land(settings, str(folder), source_map).digest == digest
