"""Rows of `rectification` as a platform has them, and as they are landed, for tests."""

import csv

import duckdb

from orchestration.contract.registry import further_tables

TABLE = further_tables()["rectification"]
COLUMNS = [column.name for column in TABLE.columns]
TYPES = {column.name: column.type.replace("text", "varchar") for column in TABLE.columns}


def row(number="R1", union="U1", action="acknowledged", acted_on="2020-11-03", **others):
    """A row as a platform has it: a text or nothing by column."""
    stated = {
        "rectification_id": number,
        "union_id": union,
        "rule": "index_low_red",
        "action": action,
        "acted_on": str(acted_on),
        "updated_at": "2020-11-03T09:00:00+08:00",
    }
    texts = {name: str(value) for name, value in others.items() if value is not None}
    return dict.fromkeys(COLUMNS) | stated | texts


def write_csv(folder, rows):
    """Put the table into the folder of a source."""
    with (folder / "rectification.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, COLUMNS)
        writer.writeheader()
        writer.writerows(rows)


def landed(file, rows, fault=(None, None)):
    """Write a landed file of rows, as extraction would; fault: rule and column, of all of them."""
    cells = [[each[name] for name in COLUMNS] for each in rows]
    types = ", ".join(f"{name} varchar" for name in COLUMNS)
    typed = ", ".join(f"cast({name} as {TYPES[name]}) as {name}" for name in COLUMNS)
    with duckdb.connect() as connection:
        connection.execute(f"create table handed ({types})")
        if cells:
            marks = ", ".join("?" * len(COLUMNS))
            connection.executemany(f"insert into handed values ({marks})", cells)
        connection.execute(
            f"copy (select {typed}, row_number() over () as landing_row, 1 as key_rows,"
            " $1::varchar as fault_rule, $2::varchar as fault_column from handed)"
            f" to '{file}' (format parquet)",
            list(fault),
        )
    return file
