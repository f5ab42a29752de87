"""Real database servers for tests, filled from a folder of CSV files.

Each dialect stores cells as its users would.
"""

import csv
import random
import shutil
import sqlite3
import subprocess
import time
from contextlib import closing
from datetime import datetime
from pathlib import Path
from typing import ClassVar

import psycopg
import pymysql

from orchestration.contract.clock import city_zone
from orchestration.contract.registry import source_tables


def cells_of(folder: Path, table):
    with (folder / f"{table.name}.csv").open(encoding="utf-8", newline="") as lines:
        rows = [
            [row[column.name] or None for column in table.columns] for row in csv.DictReader(lines)
        ]
    random.Random(7).shuffle(rows)
    return rows


class Database:
    """A database of its own for one test: its URL, and statements on it, each committed at once.

    A dialect adds how it connects.
    """

    types: ClassVar[dict[str, str]]
    placeholder = "%s"

    def execute(self, statement, rows=None):
        with closing(self.connect()) as connection:
            cursor = connection.cursor()
            if rows is None:
                cursor.execute(statement)
            else:
                cursor.executemany(statement, rows)
            connection.commit()

    def stored(self, cell, contract_type):
        if cell is None or contract_type != "bool":
            return cell
        return cell == "true"

    def create(self):
        for table in source_tables().values():
            self.create_table(table)

    def create_table(self, table, **others):
        """Create a table; others: the types of columns that are not of the usual ones."""
        types = {column.name: self.types.get(column.type, column.type) for column in table.columns}
        columns = ", ".join(f"{name} {kind}" for name, kind in (types | others).items())
        self.execute(f"create table {table.name} ({columns})")

    def fill(self, folder):
        self.create()
        for table in source_tables().values():
            self.insert(table, cells_of(folder, table))

    def insert(self, table, rows):
        marks = ", ".join([self.placeholder] * len(table.columns))
        stored = [
            [
                self.stored(cell, column.type)
                for cell, column in zip(row, table.columns, strict=True)
            ]
            for row in rows
        ]
        self.execute(f"insert into {table.name} values ({marks})", stored)


class PostgresqlDatabase(Database):
    types: ClassVar = {"int": "integer", "bool": "boolean"}

    def __init__(self, server, name, options=""):
        with psycopg.connect(server, autocommit=True) as connection:
            connection.execute(f"create database {name} {options}")
        self.name = name
        self.url = server.replace("/postgres?", f"/{name}?")

    def connect(self):
        return psycopg.connect(self.url, autocommit=True, options="-c timezone=Asia/Shanghai")


class SqliteDatabase(Database):
    types: ClassVar = {
        "int": "integer",
        "bool": "integer",
        "date": "text",
        "timestamptz": "text",
        "decimal(14,2)": "text",
    }
    placeholder = "?"

    def __init__(self, file):
        self.file = file
        self.url = f"sqlite:///{file}"
        self.execute("pragma journal_mode = wal")

    def connect(self):
        return sqlite3.connect(self.file)


class MysqlDatabase(Database):
    types: ClassVar = {"text": "varchar(200)", "bool": "boolean", "timestamptz": "datetime(6)"}

    def __init__(self, socket, name):
        self.socket, self.name = socket, None
        self.execute(f"create database {name} character set utf8mb4 collate utf8mb4_bin")
        self.name = name
        self.url = f"mysql://root@localhost/{name}?unix_socket={socket}"

    def connect(self):
        return pymysql.connect(
            unix_socket=str(self.socket),
            user="root",
            database=self.name,
            charset="utf8mb4",
            autocommit=True,
        )

    def stored(self, cell, contract_type):
        if cell is not None and contract_type == "timestamptz":
            moment = datetime.fromisoformat(cell)
            return moment.astimezone(city_zone()).replace(tzinfo=None) if moment.tzinfo else moment
        return super().stored(cell, contract_type)


def start_mysql(folder: Path, *more):
    """A MariaDB server without accounts, on a socket in a folder; None where none is installed.

    more: options of its own.
    """
    program = shutil.which("mariadbd", path="/usr/sbin:/usr/bin:/usr/local/bin")
    if program is None:
        return None, None
    socket = folder / "server.sock"
    (folder / "data").mkdir()
    options = [
        "--no-defaults",
        f"--datadir={folder / 'data'}",
        f"--socket={socket}",
        "--skip-networking",
        "--skip-grant-tables",
        "--user=root",
        *more,
    ]
    with (folder / "log").open("wb") as log:
        server = subprocess.Popen(
            [program, *options, f"--pid-file={folder / 'pid'}"], stdout=log, stderr=log
        )
    for _ in range(300):
        if socket.exists():
            return server, socket
        time.sleep(0.1)
    server.kill()
    raise RuntimeError((folder / "log").read_text(encoding="utf-8"))
