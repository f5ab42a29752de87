"""The landing: the same rows give the same bytes, stored once, and a bad source lands nothing."""

import csv
import hashlib
import itertools
import json
import os
import random
import shutil
from datetime import datetime

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from orchestration.contract.registry import source_tables
from orchestration.errors import SourceError, UsageError
from orchestration.extract import landing
from orchestration.extract.folder import FolderSource
from orchestration.extract.landing import extract
from orchestration.privacy import retention
from orchestration.settings import Settings
from tests.corruptions.handover import HANDOVER
from tests.support.settings import EXAMPLE, settings_in

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
        columns = ", ".join(
            f"cast({column.name} as {TYPES.get(column.type, column.type)}) as {column.name}"
            for column in table.columns
        )
        duckdb.sql(
            f"copy (select {columns} from read_csv('{file}', all_varchar = true)"
            f" order by hash({table.key[0]}))"
            f" to '{typed / table.name}.parquet' (format parquet)"
        )
        with file.open(encoding="utf-8", newline="") as lines:
            header, *rows = list(csv.reader(lines))
        random.Random(1).shuffle(rows)
        with file.open("w", encoding="utf-8", newline="") as lines:
            csv.writer(lines).writerows([header, *rows])
    landed = [land(settings, folder) for folder in (EXAMPLE / "source", source, typed)]
    assert len({intake.record.digest for intake in landed}) == 1
    assert len(list((settings.home.objects).iterdir())) == len(source_tables())


def test_the_intake_says_what_was_read(settings, source):
    edit(source, "activity", "activity_id,union_id", "remark,activity_id,union_id")
    text = (source / "activity.csv").read_text(encoding="utf-8").splitlines()
    (source / "activity.csv").write_text(
        "\n".join([text[0], *(f"x,{line}" for line in text[1:])]) + "\n", encoding="utf-8"
    )
    (source / "notice.txt").write_text("made up", encoding="utf-8")
    intake = land(settings, source)
    record = json.loads((intake.folder / "intake.json").read_text(encoding="utf-8"))
    [activity] = [table for table in record["tables"] if table["table"] == "activity"]
    assert activity["ignored_columns"] == ["remark"]
    assert activity["rows"] == len(text) - 1
    assert activity["watermark_to"].startswith("2021-01-21T23:")
    assert record["notice"] == "made up"
    [line] = (settings.home.ledger).read_text(encoding="utf-8").splitlines()
    assert json.loads(line)["digest"] == intake.record.digest


@pytest.mark.corruption
@pytest.mark.parametrize("corruption", HANDOVER, ids=lambda corruption: corruption.name)
def test_a_corruption_is_named_and_lands_nothing(settings, source, corruption):
    corruption.spoil(source)
    assert corruption.check == "source"
    with pytest.raises(SourceError, match=corruption.message):
        land(settings, source)
    assert not list((settings.home.landing).rglob("*.parquet"))
    assert not (settings.home.ledger).exists()


def test_all_problems_of_columns_are_told_at_once_before_a_row_is_read(settings, source):
    (source / "venue.csv").unlink()
    edit(source, "member", "gender", "gendr")
    edit(source, "activity", "participants", "x")
    (source / "violation.csv").write_text("nothing", encoding="utf-8")
    edit(source, "region", "city", "town")
    read = []
    with pytest.raises(SourceError) as raised:
        extract(settings, str(source), read.append)
    told = "\n".join(raised.value.args)
    assert read == []
    assert "Table venue is missing" in told
    assert "table member lacks the column gender (text); is gendr meant?" in told
    assert "table activity lacks the column participants (int); unknown columns there: x." in told
    assert told.count("table violation lacks the column") == len(
        source_tables()["violation"].columns
    )


def test_all_problems_of_rows_are_told_at_once(settings, source):
    for table, column in (("violation", 3), ("venue", 3)):
        lines = (source / f"{table}.csv").read_text(encoding="utf-8").splitlines()
        rows = [line.split(",") for line in lines[1:]]
        spoilt = [",".join([*row[:column], "soon", *row[column + 1 :]]) for row in rows]
        (source / f"{table}.csv").write_text(
            "\n".join([lines[0], *spoilt]) + "\n", encoding="utf-8"
        )
    edit(
        source, "region", (source / "region.csv").read_text(encoding="utf-8").partition("\n")[2], ""
    )
    with pytest.raises(SourceError) as raised:
        land(settings, source)
    told = str(raised.value)
    assert told.startswith("The source has 3 problems:\n- ")
    assert "region.csv: the table has 0 rows" in told
    assert "no cell of column opened_on of venue is a date; a day as YYYY-MM-DD is due" in told
    assert "A row in question has the key " in told
    assert "of violation is a date" in told
    assert not list((settings.home.landing).rglob("*.parquet"))


def test_a_source_that_does_not_exist(settings, tmp_path):
    with pytest.raises(SourceError, match="does not exist"):
        land(settings, tmp_path / "nowhere")


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


def write_manifest(source, **changed):
    with (source / "manifest.csv").open("w", encoding="utf-8", newline="") as lines:
        writer = csv.writer(lines)
        writer.writerow(["table", "rows", "sha256"])
        for name in source_tables():
            content = (source / f"{name}.csv").read_bytes()
            rows = sum(1 for _ in csv.reader(content.decode().splitlines())) - 1
            writer.writerow([name, changed.get(name, rows), hashlib.sha256(content).hexdigest()])


def test_a_manifest_is_held_to(settings, source):
    write_manifest(source)
    land(settings, source)
    for content in (
        "table,rows\nvenue,1\n",
        "table,rows,sha256\nvenue,many,x\n",
        "table,rows,sha256\n../venue,1,x\n",
    ):
        (source / "manifest.csv").write_text(content, encoding="utf-8")
        with pytest.raises(SourceError, match=r"manifest\.csv"):
            land(settings, source)


def test_a_file_cut_at_a_row_shows_by_its_manifest_alone(settings, source):
    write_manifest(source)
    lines = (source / "venue.csv").read_bytes().splitlines(keepends=True)
    (source / "venue.csv").write_bytes(b"".join(lines[:-20]))
    with pytest.raises(SourceError, match="manifest"):
        land(settings, source)


def test_a_table_that_had_rows_cannot_be_empty(settings, source):
    whole = (source / "violation.csv").read_bytes()
    header = whole.splitlines(keepends=True)[0]
    (source / "violation.csv").write_bytes(header)
    assert land(settings, source).record.tables[-1].rows == 0
    (source / "violation.csv").write_bytes(whole)
    land(settings, source)
    (source / "violation.csv").write_bytes(header)
    with pytest.raises(SourceError, match=r"violation\.csv: the table has 0 rows"):
        land(settings, source)


def test_patterns_in_a_path_are_not_followed(settings, source, tmp_path):
    odd = tmp_path / "a [b]* 'c'? 温州"
    source.rename(odd)
    expected = land(settings, odd).record.digest
    assert expected == land(settings, EXAMPLE / "source").record.digest


def test_a_file_that_changes_while_it_is_read(settings, source):
    with duckdb.connect() as connection:
        relation = FolderSource(source).open_table(connection, source_tables()["enterprise"])
        edit(source, "enterprise", "913303021165777630", "913303021165777631")
        with pytest.raises(SourceError, match="was changed while it was read"):
            relation.confirm(104)


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda file: file.symlink_to("/etc/hostname"), "is a link, which is not followed"),
        (os.mkfifo, "folders, pipes and devices are not read"),
        (lambda file: file.mkdir(), "folders, pipes and devices are not read"),
        (lambda file: file.write_bytes(b"x" * 70_000), "has 70,000 bytes; at most 65,536 are read"),
        (lambda file: file.write_bytes("说明\n数据".encode("gbk")), "seems to be GBK"),
        (lambda file: file.write_bytes("说明".encode("utf-16")), "seems to be UTF-16"),
        (lambda file: file.write_bytes(b"a\x1b[2Jb"), r"control character U\+001B"),
    ],
)
def test_a_notice_that_is_no_short_plain_text(source, make, message):
    make(source / "notice.txt")
    with pytest.raises(SourceError, match=rf"notice\.txt.*{message}"):
        FolderSource(source).notice()


@pytest.mark.parametrize(
    "make",
    [
        lambda file: file.symlink_to("/etc/hostname"),
        os.mkfifo,
        lambda file: file.symlink_to("nowhere"),
    ],
)
def test_a_manifest_that_is_no_plain_file(source, make):
    make(source / "manifest.csv")
    with pytest.raises(SourceError, match=r"manifest\.csv"):
        FolderSource(source)


def test_a_table_that_ends_where_a_sheet_ends(source):
    for rows in (65_535, 1_048_575):
        with duckdb.connect() as connection:
            relation = FolderSource(source).open_table(connection, source_tables()["venue"])
            with pytest.raises(SourceError, match="ends exactly where a spreadsheet does"):
                relation.confirm(rows)


def test_rows_that_a_reader_lost_are_missed(source):
    for name in ("venue", "enterprise"):
        with duckdb.connect() as connection:
            relation = FolderSource(source).open_table(connection, source_tables()[name])
            rows = connection.sql(f"from {relation.sql}").fetchall()
            relation.confirm(len(rows))
            with pytest.raises(
                SourceError, match=rf"has {len(rows)} rows, of which {len(rows) - 1} were read"
            ):
                relation.confirm(len(rows) - 1)


def test_what_no_document_can_hold_refuses_its_row_by_name(settings, source):
    name, moment = "activity", "2021-01-21T"
    text = (source / f"{name}.csv").read_text(encoding="utf-8").splitlines(keepends=True)
    assert moment in "".join(text)
    changed = [line.rsplit(",", 1)[0] + ",9999-12-31T23:59:59Z\n" for line in text[1:2]]
    (source / f"{name}.csv").write_text("".join([text[0], *changed, *text[2:]]), encoding="utf-8")
    edit(source, "enterprise", "有限公司", "有限\x0b公司")
    intake = land(settings, source)
    query = "select fault_rule, fault_column from '{}' where fault_rule is not null"
    for table, column in (("activity", "updated_at"), ("enterprise", "name_zh")):
        assert duckdb.sql(query.format(intake.folder / f"{table}.parquet")).fetchall() == [
            ("type", column)
        ]


def in_parquet(source, name, column, **options):
    """Put a table's rows into a Parquet file, with a column of times written by pyarrow.

    The options are pyarrow's own.
    """
    columns = ", ".join(
        f"cast({each.name} as {TYPES.get(each.type, each.type)}) as {each.name}"
        for each in source_tables()[name].columns
    )
    file = source / f"{name}.csv"
    with duckdb.connect() as connection:
        table = connection.sql(
            f"select {columns} from read_csv('{file}', all_varchar = true)"
        ).to_arrow_table()
    position = table.schema.get_field_index(column)
    nanoseconds = table[column].cast(pa.timestamp("ns", "Asia/Shanghai"))
    pq.write_table(
        table.set_column(position, column, nanoseconds), source / f"{name}.parquet", **options
    )
    file.unlink()


def test_times_in_nanoseconds_are_read_as_they_are(settings, source):
    expected = land(settings, source).record.digest
    in_parquet(source, "venue", "updated_at", version="2.6")
    assert pq.read_schema(source / "venue.parquet").field("updated_at").type == pa.timestamp(
        "ns", "Asia/Shanghai"
    )
    assert land(settings, source).record.digest == expected


def test_times_of_the_old_type_are_refused(settings, source):
    in_parquet(source, "venue", "updated_at", use_deprecated_int96_timestamps=True)
    with pytest.raises(SourceError, match="column updated_at is INT96"):
        land(settings, source)


def test_a_parquet_file_out_of_proportion_is_not_unpacked(source):
    (source / "venue.csv").unlink()
    bomb = {column.name: ["x" * 2**26] for column in source_tables()["venue"].columns}
    pq.write_table(pa.table(bomb), source / "venue.parquet", compression="zstd")
    with duckdb.connect() as connection, pytest.raises(SourceError, match="out of proportion"):
        FolderSource(source).open_table(connection, source_tables()["venue"])


def clock_within_a_second(monkeypatch):
    """Each look at the clock of extraction is a millisecond later."""
    moments = itertools.count(1000, 1000)

    class Clock(datetime):
        @classmethod
        def now(cls, tz=None):
            return datetime(2026, 11, 30, 16, microsecond=next(moments), tzinfo=tz)

    monkeypatch.setattr(landing, "datetime", Clock)


def test_what_is_read_twice_within_a_second_is_two_intakes(settings, source, monkeypatch):
    clock_within_a_second(monkeypatch)
    first, second, third = (land(settings, source) for _ in range(3))
    assert first.record.digest == second.record.digest == third.record.digest
    assert settings.home.intake_folders() == [first.folder, second.folder, third.folder]


def test_the_same_bytes_are_stored_once_and_pruned_when_nothing_names_them(
    settings, source, example_run
):
    first = land(settings, source)
    edit(source, "venue", "reading", "sports")
    second = land(settings, source)
    objects = settings.home.objects
    assert len(list(objects.iterdir())) == len(source_tables()) + 1
    kept = retention.prune(settings, dry_run=False)
    assert (kept.intakes, kept.objects, kept.bytes) == ([], [], 0)
    eager = settings.model_copy(update={"keep_days": 0})
    would = retention.prune(eager, dry_run=True)
    assert would.intakes == [first.record.intake]
    assert first.folder.exists()
    assert retention.prune(eager, dry_run=False) == would
    assert not first.folder.exists()
    assert second.folder.exists()
    assert {path.stem for path in objects.iterdir()} == {
        table.sha256 for table in second.record.tables
    }
    assert retention.prune(eager, dry_run=False).intakes == []


def test_what_a_candidate_names_is_never_pruned(example_run, tmp_path, source):
    settings, _ = example_run
    copied = settings_in(
        shutil.copytree(settings.home.folder, tmp_path / "copy", symlinks=True)
    ).model_copy(update={"keep_days": 0})
    [named] = [path.name for path in (copied.home.intakes).iterdir()]
    later = land(copied, EXAMPLE / "source")
    shutil.rmtree(copied.home.warehouse)
    assert named not in retention.prune(copied, dry_run=False).intakes
    assert (
        later.record.digest
        == json.loads((copied.home.intake(named) / "intake.json").read_text(encoding="utf-8"))[
            "digest"
        ]
    )
    shutil.rmtree(copied.home.candidates)
    assert retention.prune(copied, dry_run=False).intakes == [named]
