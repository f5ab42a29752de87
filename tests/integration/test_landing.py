"""The landing: the same rows give the same bytes, nothing personal gets in, and a bad source lands nothing."""

import csv
import json
import random
import shutil

import duckdb
import pytest

from orchestration.errors import SourceError, UsageError
from orchestration.extract.landing import extract
from orchestration.extract.registry import source_tables
from orchestration.settings import Settings
from tests.conftest import EXAMPLE

TYPES = {"int": "integer", "bool": "boolean", "text": "varchar"}


def land(settings, source):
    return extract(settings, str(source), lambda _: None)


@pytest.fixture
def source(tmp_path):
    return shutil.copytree(EXAMPLE / "source", tmp_path / "source")


def edit(source, table, old, new):
    file = source / f"{table}.csv"
    text = file.read_text(encoding="utf-8")
    assert old in text
    file.write_text(text.replace(old, new, 1), encoding="utf-8")


def test_csv_and_parquet_in_any_order_land_the_same_bytes(settings, source, tmp_path):
    typed = tmp_path / "typed"
    typed.mkdir()
    for table in source_tables().values():
        file = source / f"{table.name}.csv"
        columns = ", ".join(f"cast({column.name} as {TYPES.get(column.type, column.type)}) as {column.name}" for column in table.columns)
        duckdb.sql(
            f"copy (select {columns} from read_csv('{file}', all_varchar = true) order by hash({table.key[0]}))"
            f" to '{typed / table.name}.parquet' (format parquet)"
        )
        with file.open(encoding="utf-8", newline="") as lines:
            header, *rows = list(csv.reader(lines))
        random.Random(1).shuffle(rows)
        with file.open("w", encoding="utf-8", newline="") as lines:
            csv.writer(lines).writerows([header, *rows])
    landed = [land(settings, folder) for folder in (EXAMPLE / "source", source, typed)]
    assert len({intake.digest for intake in landed}) == 1
    assert len(list((settings.home / "landing" / "objects").iterdir())) == len(source_tables())


def test_the_intake_says_what_was_read(settings, source):
    edit(source, "activity", "activity_id,union_id", "remark,activity_id,union_id")
    text = (source / "activity.csv").read_text(encoding="utf-8").splitlines()
    (source / "activity.csv").write_text("\n".join([text[0], *(f"x,{line}" for line in text[1:])]) + "\n", encoding="utf-8")
    (source / "notice.txt").write_text("made up", encoding="utf-8")
    intake = land(settings, source)
    record = json.loads((intake.folder / "intake.json").read_text(encoding="utf-8"))
    [activity] = [table for table in record["tables"] if table["table"] == "activity"]
    assert activity["ignored_columns"] == ["remark"]
    assert activity["rows"] == len(text) - 1
    assert activity["watermark_to"].startswith("2021-01-21T23:")
    assert record["notice"] == "made up"
    [line] = (settings.home / "ledger.jsonl").read_text(encoding="utf-8").splitlines()
    assert json.loads(line)["digest"] == intake.digest


def test_no_person_gets_past_the_door(settings, source):
    canaries = {"name": "金丝雀名", "id_number": "110101190001010030", "phone": "13900009999"}
    with (source / "member.csv").open(encoding="utf-8", newline="") as lines:
        rows = list(csv.DictReader(lines))
    rows[0].update(canaries)
    rows[1].update({"id_number": canaries["id_number"].lower(), "left_on": "soon"})
    with (source / "member.csv").open("w", encoding="utf-8", newline="") as lines:
        writer = csv.DictWriter(lines, rows[0])
        writer.writeheader()
        writer.writerows(rows)
    land(settings, source)
    files = [path for path in settings.home.rglob("*") if path.is_file()]
    assert files
    for path in files:
        content = path.read_bytes()
        if path.suffix == ".parquet":
            content = str(duckdb.sql(f"select * from '{path}'").fetchall()).encode()
        for canary in canaries.values():
            assert canary.encode() not in content, path


@pytest.mark.parametrize(
    ("table", "old", "new", "message"),
    [
        ("region", "name_en", "name_english", r"region\.csv: table region lacks the column name_en"),
        ("region", "region_code,name_zh", "region_code,region_code", "more than once"),
        ("activity", "\nA0000433,U0000400,2020-06-12,11", '\nA0000433,"U0000400,2020-06-12,11', "line"),
        ("activity", "\nA0000433,U0000400", "\nA0000433,U0000400,more", r"activity\.csv, line 2: the row has another number of cells"),
    ],
)
def test_a_broken_file_is_named_and_lands_nothing(settings, source, table, old, new, message):
    edit(source, table, old, new)
    with pytest.raises(SourceError, match=message):
        land(settings, source)
    assert not list((settings.home / "landing").rglob("*.parquet"))
    assert not (settings.home / "ledger.jsonl").exists()


def test_other_broken_sources(settings, source, tmp_path):
    with pytest.raises(SourceError, match="does not exist"):
        land(settings, tmp_path / "nowhere")
    (source / "venue.csv").rename(tmp_path / "venue.csv")
    with pytest.raises(SourceError, match="Table venue is missing"):
        land(settings, source)
    (source / "venue.csv").write_bytes((tmp_path / "venue.csv").read_text(encoding="utf-8").replace("sports", "体育").encode("gb18030"))
    with pytest.raises(SourceError, match="UTF-8"):
        land(settings, source)
    (source / "venue.csv").write_text("", encoding="utf-8")
    with pytest.raises(SourceError, match=r"venue\.csv is empty"):
        land(settings, source)
    (source / "venue.csv").unlink()
    (source / "venue.parquet").write_bytes(b"PAR1 no, not really PAR1")
    with pytest.raises(SourceError, match="cannot be read as Parquet"):
        land(settings, source)
    (source / "venue.parquet").unlink()
    venue = (tmp_path / "venue.csv").read_text(encoding="utf-8").splitlines()
    dated = [venue[0], *(",".join([*line.split(",")[:3], "soon", *line.split(",")[4:]]) for line in venue[1:])]
    (source / "venue.csv").write_text("\n".join(dated) + "\n", encoding="utf-8")
    with pytest.raises(SourceError, match="no cell of column opened_on of venue is a date"):
        land(settings, source)


def test_an_error_shows_no_cell(settings, source):
    edit(source, "member", "黄芳", '黄芳"",秘密')
    with pytest.raises(SourceError) as raised:
        land(settings, source)
    assert "秘密" not in str(raised.value)
    assert "黄芳" not in str(raised.value)


def test_without_a_key_nothing_is_read(tmp_path, source):
    with pytest.raises(UsageError, match="No pseudonym key"):
        land(Settings(home=tmp_path / "home"), source)
    assert not (tmp_path / "home").exists()
