"""What the tables of this platform have in common, and its numbers for the contract's keys."""

from datetime import timedelta
from decimal import Decimal
from pathlib import Path

from tests.support.platforms.invented import (
    between,
    codes_in,
    contract_rows,
    moment,
    one_of,
    surrogates,
)

# What each code of the platform is in the contract.
CODES = codes_in(Path(__file__).with_name("source_map.yml"))

AUDIT = """
    crt_by varchar(32) -- 创建人
    crt_dt timestamp(0) -- 创建时间
    upd_by varchar(32) -- 更新人
    upd_dt timestamp(0) not null -- 更新时间
    del_flag char(1) default '0' -- 删除标志：0正常 1删除
"""

DICTIONARY = {
    "appeal_type": {
        "wages": "工资报酬",
        "benefits": "福利待遇",
        "injury": "工伤",
        "leave": "休息休假",
    },
    "gender": {"1": "男", "2": "女"},
    "contr_type": {"1": "综合", "2": "工资专项", "3": "女职工专项", "4": "劳动安全卫生专项"},
}

CLERKS = ("admin", "wzzgh01", "wzzgh02", "lcqgh", "rasgh", "import")


class Platform:
    """The contract's rows, and the platform's numbers for its keys."""

    def __init__(self, folder):
        self.folder = folder
        self.areas = surrogates((row["region_code"] for row in self.rows("region")), 1001)
        self.enterprises = surrogates(
            (row["enterprise_id"] for row in self.rows("enterprise")), 200_001
        )
        self.unions = surrogates((row["union_id"] for row in self.rows("union_org")), 300_001)
        self.members = surrogates((row["member_id"] for row in self.rows("member")), 5_000_001)
        self.names = {row["enterprise_id"]: row["name_zh"] for row in self.rows("enterprise")}

    def rows(self, name):
        return contract_rows(self.folder, name)

    def numbered(self, name, key, first):
        """Rows of a table of the contract, each with its number, its key and AUDIT's columns."""
        numbers = surrogates((row[key] for row in self.rows(name)), first)
        for row in self.rows(name):
            yield row, numbers[row[key]], row[key], audit(row, row[key])

    def union(self, row):
        return {"org_id": self.unions[row["union_id"]], "org_no": row["union_id"]}

    def enterprise(self, row):
        return {
            "ent_id": self.enterprises[row["enterprise_id"]],
            "uscc": row["enterprise_id"],
        }


def table(name, comment, columns, audit=AUDIT):
    """The statements of a table: its columns a line each, every one with its comment."""
    lines = [line.strip().split(" -- ") for line in (columns + audit).splitlines() if line.strip()]
    return [
        f"create table {name} ({', '.join(definition for definition, _ in lines)})",
        f"comment on table {name} is '{comment}'",
        *(
            f"comment on column {name}.{definition.split()[0]} is '{said}'"
            for definition, said in lines
        ),
    ]


def code(table_name, column, cell):
    """The platform's code of a contract's; None where the cell is empty."""
    written = {told: code for code, told in CODES[table_name, column].items()}
    return written[cell] if cell else None


def compact(cell):
    return cell.replace("-", "") or None


def amount(cell):
    return Decimal(cell) if cell else None


def ten_thousands(value):
    return Decimal(value) / 10_000


def count(cell):
    return int(cell) if cell else None


def drawn_amount(low, high, *parts):
    return Decimal(between(low * 100, high * 100, *parts)) / 100


def audit(row, key):
    """The columns of AUDIT for a contract's row; a row was created some time before."""
    updated = moment(row["updated_at"])
    return {
        "crt_by": one_of(CLERKS, "created", key),
        "crt_dt": updated - timedelta(minutes=between(60, 900_000, "created at", key)),
        "upd_by": one_of(CLERKS, "updated", key),
        "upd_dt": updated,
        "del_flag": "0",
    }


def installed(key):
    """The columns of AUDIT for a row that came with the platform."""
    return audit({"updated_at": "2018-05-02T09:00:00"}, key)
