"""Foreign platforms: the example's rows in schemas of others, each with the map that leads back.

How a platform writes a kind of cell, and what its map says of it, stand side by side.
"""

import csv
from collections.abc import Callable
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any, NamedTuple

import yaml
from openpyxl import Workbook

from orchestration.contract.registry import registry_entries, source_tables

# Tables and columns by the initials of their names in pinyin, as platforms abbreviate them.
PINYIN_TABLES = {
    "region": "xzqh",
    "enterprise": "qy_jbxx",
    "operating_event": "qy_jysj",
    "union_org": "gh_zzxx",
    "member": "hy_jbxx",
    "fund_remittance": "jf_sj",
    "collective_contract": "jtht",
    "safety_inspection": "aqjc",
    "labour_dispute": "ldzy",
    "service_request": "zgsq",
    "hardship_case": "kn_bf",
    "skills_event": "jn_hd",
    "proposal": "hlh_jy",
    "innovation_studio": "cx_gzs",
    "workers_congress": "zdh",
    "venue": "hd_cs",
    "activity": "wt_hd",
    "member_rating": "hy_pj",
    "violation": "wf_xw",
}
PINYIN_COLUMNS = {
    "region_code": "xzqhdm",
    "name_zh": "mc",
    "name_en": "ywmc",
    "level": "jb",
    "parent_code": "sjdm",
    "enterprise_id": "tyshxydm",
    "industry_code": "hydm",
    "employee_count": "zgrs",
    "established_on": "clrq",
    "updated_at": "gxsj",
    "event_id": "sjbh",
    "event": "sjlx",
    "occurred_on": "fsrq",
    "union_id": "ghbh",
    "committee_elected_on": "hjrq",
    "committee_term_years": "rq_n",
    "womens_committee": "sfnzgwyh",
    "linked_on": "jrrq",
    "member_id": "hybh",
    "name": "xm",
    "id_number": "sfzh",
    "phone": "sjh",
    "gender": "xb",
    "joined_on": "rhrq",
    "left_on": "thrq",
    "verified_on": "smrzrq",
    "month": "yf",
    "amount_due": "yjje",
    "amount_paid": "sjje",
    "paid_on": "jnrq",
    "contract_id": "htbh",
    "kind": "lx",
    "scope": "fw",
    "signed_on": "qdrq",
    "effective_from": "sxrq",
    "effective_to": "zzrq",
    "registered_on": "djrq",
    "inspection_id": "jcbh",
    "inspected_on": "jcrq",
    "hazards_found": "yhs",
    "hazards_rectified": "zgs",
    "case_id": "ajbh",
    "route": "qd",
    "opened_on": "ksrq",
    "closed_on": "jsrq",
    "outcome": "jg",
    "recovered": "whss",
    "revisited_on": "hfrq",
    "request_id": "sqbh",
    "category": "lb",
    "opened_at": "slsj",
    "closed_at": "bjsj",
    "assisted_on": "bfrq",
    "lifted_on": "tkrq",
    "held_on": "jxrq",
    "participants": "cyrs",
    "proposal_id": "jybh",
    "submitted_on": "tjrq",
    "adopted_on": "cnrq",
    "benefit": "xy",
    "studio_id": "gzsbh",
    "meeting_id": "hybh",
    "disclosures": "gkcs",
    "venue_id": "csbh",
    "activity_id": "hdbh",
    "rating_id": "pjbh",
    "rated_on": "pjrq",
    "stars": "xj",
    "violation_id": "wfbh",
    "found_on": "fxrq",
    "due_on": "zgqx",
    "rectified_on": "zgrq",
}


class Written(NamedTuple):
    """How a platform writes a kind of cell: its column's type, the cell, and what a map says."""

    column_type: str
    write: Callable[[str], Any]
    says: dict[str, Any]


def accepted_values():
    """The codes of each enumeration, by table and column."""
    return {
        (table["name"], column["name"]): column["config"]["meta"]["accepted"]
        for table in registry_entries()
        for column in table["columns"]
        if "accepted" in column.get("config", {}).get("meta", {})
    }


def numbered(codes):
    """Codes as a platform has them: numbers from 1, as text."""
    numbers = {code: str(number) for number, code in enumerate(codes, start=1)}
    says = {"codes": {number: code for code, number in numbers.items()}}
    return Written("varchar(200)", numbers.__getitem__, says)


def in_database(column, codes):
    """As a database has it: days and moments typed, moments without zone, money in 万元."""
    if codes:
        return numbered(codes)
    if column.kind == "bool":
        says = {"codes": {"Y": "true", "N": "false"}}
        return Written("varchar(200)", {"true": "Y", "false": "N"}.__getitem__, says)
    if column.kind == "decimal":
        return Written("decimal(20, 6)", ten_thousands, {"number": {"unit": "10000"}})
    if column.kind == "timestamptz":
        return Written("timestamp", without_zone, {"zone": "Asia/Shanghai"})
    types = {"text": "varchar(200)", "int": "integer", "date": "date"}
    return Written(types[column.kind], str, {})


def in_text(column, codes):
    """As a database has it in which everything is text, days as 2019/3/5."""
    if codes:
        return numbered(codes)
    if column.kind == "bool":
        says = {"codes": {"是": "true", "*": "false"}}
        return Written("varchar(200)", {"true": "是", "false": "否"}.__getitem__, says)
    if column.kind == "date":
        return Written("varchar(200)", with_slashes, {"date": ["%Y/%m/%d"], "nulls": [""]})
    if column.kind == "timestamptz":
        says = {"moment": ["%Y%m%d%H%M%S"], "zone": "Asia/Shanghai"}
        return Written("varchar(200)", digits_of_moment, says)
    if column.kind == "decimal":
        says = {"number": {"suffix": "元", "thousands": True}}
        return Written("varchar(200)", lambda cell: f"{Decimal(cell):,.2f} 元", says)
    return Written("varchar(200)", str, {"number": {}} if column.kind == "int" else {})


def in_sheet(column, codes):
    """As a workbook has it: days as Excel's serial days, numbers in full-width digits."""
    if codes:
        return numbered(codes)
    kinds = {
        "text": (str, {}),
        "bool": ({"true": 1, "false": 0}.__getitem__, {"codes": {"1": "true", "0": "false"}}),
        "date": (serial_day, {"date": ["excel"]}),
        "timestamptz": (
            lambda cell: f"{moment(cell):%Y年%m月%d日 %H:%M:%S}",
            {"moment": ["%Y年%m月%d日 %H:%M:%S"], "zone": "Asia/Shanghai"},
        ),
        "int": (full_width, {"half_width": True}),
        "decimal": (full_width, {"half_width": True, "number": {}}),
    }
    return Written("", *kinds[column.kind])


def ten_thousands(cell):
    return str(Decimal(cell) / 10_000)


def moment(cell):
    return datetime.fromisoformat(cell)


def without_zone(cell):
    return f"{moment(cell):%Y-%m-%d %H:%M:%S}"


def with_slashes(cell):
    day = date.fromisoformat(cell)
    return f"{day.year}/{day.month}/{day.day}"


def digits_of_moment(cell):
    return f"{moment(cell):%Y%m%d%H%M%S}"


def serial_day(cell):
    return (date.fromisoformat(cell) - date(1899, 12, 30)).days


def full_width(cell):
    return cell.translate({ord(plain): chr(ord(plain) + 0xFEE0) for plain in "0123456789.-"})


def written_table(table, writing):
    """How each column of a table is written, by its contract name."""
    accepted = accepted_values()
    return {
        column.name: writing(column, accepted.get((table.name, column.name)))
        for column in table.columns
    }


def foreign_rows(folder: Path, table, written, empty=None):
    """The rows of the example in a platform's writing; empty: what it has for none."""
    with (folder / f"{table.name}.csv").open(encoding="utf-8", newline="") as lines:
        for row in csv.DictReader(lines):
            yield [
                write.write(row[name]) if row[name] else empty for name, write in written.items()
            ]


def map_of_columns(written):
    """What a map says of a table's columns."""
    return {
        name: {"column": PINYIN_COLUMNS[name], **writing.says}
        if writing.says
        else PINYIN_COLUMNS[name]
        for name, writing in written.items()
    }


def fill_database(database, folder, writing):
    """A platform's database with the rows of the example; the tables of its map."""
    tables = {}
    for table in source_tables().values():
        written = written_table(table, writing)
        name = PINYIN_TABLES[table.name]
        columns = [
            f"{PINYIN_COLUMNS[column]} {kind.column_type}" for column, kind in written.items()
        ]
        database.execute(f"create table {name} ({', '.join(columns)})")
        marks = ", ".join([database.placeholder] * len(written))
        rows = list(foreign_rows(folder, table, written))
        database.execute(f"insert into {name} values ({marks})", rows)
        tables[table.name] = {"table": name, "columns": map_of_columns(written)}
    return tables


def fill_workbook(file, folder):
    """A workbook with a sheet for each table of the example; the tables of its map."""
    workbook = Workbook()
    workbook.remove(workbook.active)
    tables = {}
    for table in source_tables().values():
        written = written_table(table, in_sheet)
        sheet = workbook.create_sheet(PINYIN_TABLES[table.name])
        sheet.append([PINYIN_COLUMNS[column] for column in written])
        for row in foreign_rows(folder, table, written):
            sheet.append(row)
            for cell in sheet[sheet.max_row]:
                if cell.data_type == "f":
                    cell.data_type = "s"
        tables[table.name] = {
            "file": file.name,
            "sheet": PINYIN_TABLES[table.name],
            "columns": map_of_columns(written),
        }
    workbook.save(file)
    return tables


def write_foreign_csv(file, folder, table, encoding):
    """A CSV file of one table in an encoding of its own; the table of its map."""
    written = written_table(table, in_text)
    with file.open("w", encoding=encoding, newline="") as lines:
        writer = csv.writer(lines, delimiter=";")
        writer.writerow([PINYIN_COLUMNS[column] for column in written])
        writer.writerows(foreign_rows(folder, table, written, empty=""))
    return {
        "file": file.name,
        "encoding": encoding,
        "delimiter": ";",
        "columns": map_of_columns(written),
    }


def write_map(file, tables, **sources):
    """A map as a file; sources: by name, each with what the map says of it."""
    content = {"version": 1, "sources": sources or {"platform": {}}, "tables": tables}
    file.write_text(yaml.safe_dump(content, allow_unicode=True, sort_keys=False), encoding="utf-8")
    return file
