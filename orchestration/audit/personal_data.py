"""`uhi personal-data`: the inventory of a home's personal data.

It says whose data it is, what becomes of it, where it is, and how long it is kept. The registry of
source tables says which columns are personal, and which rows are about one person each. Where such
rows are is found in the home's own files. What of them is published is read from the column
lineage.
"""

from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq

from orchestration.alerts import store
from orchestration.build.warehouse import FILE
from orchestration.contract.registry import SourceTable, person_columns, source_tables
from orchestration.extract.intakes import intake_records
from orchestration.home import files
from orchestration.home.events import (
    Approved,
    Erased,
    HolidaysChanged,
    Overridden,
    Previewed,
    Retracted,
)
from orchestration.home.layout import Home, period_folders
from orchestration.home.ledger import Ledger
from orchestration.lineage.columns import SOURCE, published_lineage
from orchestration.lineage.statements import DIRECT, Inputs, Transformation
from orchestration.privacy.accounts import REFUSED_ROWS
from orchestration.privacy.retention import reasons_to_keep
from orchestration.settings import Settings
from quality.connection import connect
from quality.nouns import counted_noun

ACTING = (Approved, Erased, HolidaysChanged, Overridden, Previewed, Retracted)


def inventory(settings: Settings) -> dict[str, Any]:
    """The personal data of a home, as JSON.

    Of which persons; in which intakes, warehouses, candidates and releases; published how.
    """
    return {
        "home": str(settings.home),
        "persons": [
            persons_of(table)
            for table in source_tables().values()
            if any(column.pii for column in table.columns)
        ],
        "landing": landed(settings),
        "keep_days": settings.keep_days,
        "warehouses": [
            folder.name
            for folder in period_folders(settings.home.warehouse)
            if (folder / FILE).exists()
        ],
        "made": [
            made(settings.home, place)
            for place in settings.home.judged_folders()
            if any(place.iterdir())
        ],
        "published": published(),
        "acting": sorted(people_in_ledger(settings.home) | people_of_alerts(settings)),
    }


def people_in_ledger(home: Home) -> set[str]:
    """The names that the ledger has of those who acted."""
    return {event.by for event in Ledger.of(home).events if isinstance(event, ACTING)}


def people_of_alerts(settings: Settings) -> set[str]:
    """The names that the log of alerts has of those who acted."""
    if not settings.has_alerts:
        return set()
    with store.opened(settings) as alerts:
        return alerts.people()


def persons_of(table: SourceTable) -> dict[str, Any]:
    """What the source hands over about the persons of a table, and what becomes of it.

    Also the landed tables whose rows are about one of these persons each.
    """
    return {
        "table": table.name,
        "name_zh": table.name_zh,
        "description": table.description,
        "handed_over": [
            {
                "column": column.name,
                "description": column.description,
                "pseudonym_purpose": None if column.pii == "drop" else column.pii,
                "landed_as": [
                    {"column": made.name, "description": made.description}
                    for made in table.landed
                    if made.derived_from == column.name
                ],
            }
            for column in table.columns
            if column.pii
        ],
        "rows_about_one": [
            {
                "table": name,
                "name_zh": source_tables()[name].name_zh,
                "by": [column for column, persons in columns.items() if persons == table.name],
                "columns": [column.name for column in source_tables()[name].landed],
            }
            for name, columns in person_columns().items()
            if table.name in columns.values()
        ],
    }


def landed(settings: Settings) -> list[dict[str, Any]]:
    """The rows about persons of each intake by table, what was erased, and why it is kept."""
    records = intake_records(settings.home)
    kept = reasons_to_keep(settings, records)
    return [
        {
            "intake": record.intake,
            "source": record.source,
            "rows": {
                landed.table: landed.rows
                for landed in record.tables
                if landed.table in person_columns()
            },
            "erasures": [erasure.as_json() for erasure in record.erasures],
            "kept_for": kept[record.intake],
        }
        for record in records
    ]


def made(home: Home, place: Path) -> dict[str, Any]:
    """What a candidate or a release has of persons.

    Its tables with a column that names a person, and by table how many refused rows are named by
    their key.
    """
    found = files.plain_files(place.resolve()).items()
    tables = {name: file for name, file in found if file.suffix == ".parquet"}
    rows: Counter[str] = Counter()
    query = "select source_table, count(*) from read_parquet($1) group by source_table"
    with connect() as connection:
        for account in (file for file in tables.values() if file.name == REFUSED_ROWS):
            rows.update(dict(connection.execute(query, [str(account)]).fetchall()))
    columns = [
        (name, column) for name, file in tables.items() for column in pq.read_schema(file).names
    ]
    return {
        "place": place.relative_to(home.folder).as_posix(),
        "tables": len(tables),
        "naming_a_person": [
            f"{table}: {column}" for table, column in columns if column in naming()
        ],
        "refused_rows_by_key": {table: rows[table] for table in person_columns() if table in rows},
    }


def naming() -> set[str]:
    """The names of all columns that are personal, are made of such, or hold the key of a person."""
    names = {column for columns in person_columns().values() for column in columns}
    for table in source_tables().values():
        names |= {column.name for column in table.columns if column.pii}
        names |= {column.name for column in table.landed if column.derived_from}
    return names


def published() -> dict[str, Any]:
    """How published columns depend on rows about persons.

    How many do, which landed columns give their values to them, and how.
    """
    lineage = published_lineage()
    columns = [
        (f"{table}.{column}", inputs)
        for table, each in lineage.items()
        for column, inputs in each.columns.items()
    ]
    entering: dict[tuple[str, str], list[str]] = {}
    dependent = set()
    for name, inputs in columns:
        for origin, uses in landed_of_persons(inputs):
            dependent.add(name)
            for _, subtype in sorted(uses & set(DIRECT)):
                entering.setdefault((origin, subtype), []).append(name)
    values = []
    for (origin, how), into in sorted(entering.items()):
        values.append({"column": origin, "how": how, "into": into})
    return {
        "columns": len(columns),
        "dependent": len(dependent),
        "values_that_go_in": values,
    }


def landed_of_persons(inputs: Inputs) -> Iterator[tuple[str, frozenset[Transformation]]]:
    """The landed columns among some inputs whose rows are about persons, and how each is used."""
    for (kind, origin), uses in inputs.items():
        table, _, _ = origin.partition(".")
        if kind == SOURCE and table in person_columns():
            yield origin, uses


def format_inventory(found: dict[str, Any]) -> list[str]:
    """The inventory for a reader."""
    persons = [line for table in found["persons"] for line in lines_of_persons(table)]
    naming = [
        f"{each['place']}/{column}" for each in found["made"] for column in each["naming_a_person"]
    ]
    with_such_rows = counted_noun(
        len(found["landing"]), "intake holds such rows", "intakes hold such rows"
    )
    accounts = [
        f"  {each['place']}: its account of refused and merged rows names "
        f"{counted(each['refused_rows_by_key'])} by the platform's key"
        for each in found["made"]
        if each["refused_rows_by_key"]
    ]
    return [
        *persons,
        f"Landing of {found['home']}: {with_such_rows}",
        *(line_of_intake(intake) for intake in found["landing"]),
        (
            f"  What nothing is made of is kept for {found['keep_days']} days (UHI_KEEP_DAYS), "
            "and the latest of each source until the next;"
        ),
        "  uhi erase takes one person out of all, on their request.",
        (
            f"Warehouses: {', '.join(found['warehouses']) or 'none'}; "
            "a cache of the same rows, which can be deleted at any time"
        ),
        (
            f"Candidates and releases: {len(found['made']):,}; "
            f"columns in them that name a person: {', '.join(naming) or 'none'}"
        ),
        *accounts,
        *lines_of_published(found["published"]),
        (
            "Who approved, overrode, previewed, retracted or erased, in the ledger, or acted on "
            "alerts, in their log, for good: "
            f"{', '.join(found['acting']) or 'nobody'}"
        ),
    ]


def line_of_intake(intake: dict[str, Any]) -> str:
    """The rows about persons of an intake, why it is kept, and how often rows were erased."""
    kept = ", ".join(intake["kept_for"]) or "no longer, uhi prune removes it"
    erasures = len(intake["erasures"])
    erased = f"; erased from {counted_noun(erasures, 'time')}" if erasures else ""
    return f"  {intake['intake']}: {counted(intake['rows'])}; kept: {kept}{erased}"


def lines_of_persons(persons: dict[str, Any]) -> Iterator[str]:
    """What is handed over about persons of a kind, and where their rows are."""
    yield f"{persons['name_zh']} {persons['table']}: {persons['description']}"
    yield "  handed over, and what becomes of it"
    for column in persons["handed_over"]:
        yield f"    {column['column']:12} {becomes(column)}"
    yield "  landed rows about one of them each, by the column that says whose"
    for each in persons["rows_about_one"]:
        by = ", ".join(each["by"])
        columns = ", ".join(each["columns"])
        yield f"    {each['name_zh']} {each['table']}, by {by}: {columns}"


def becomes(column: dict[str, Any]) -> str:
    """What becomes of a personal column that is handed over."""
    landed_as = [each["column"] for each in column["landed_as"]]
    if not landed_as:
        return "never landed"
    purpose = column["pseudonym_purpose"]
    return f"{', '.join(landed_as)}; keyed with HMAC-SHA256, purpose {purpose}"


def lines_of_published(published: dict[str, Any]) -> Iterator[str]:
    """How published columns depend on rows about persons."""
    yield (
        f"Published columns: {published['dependent']:,} of {published['columns']:,} depend on "
        "such rows, by which of them there are;"
    )
    for value in published["values_that_go_in"]:
        into = f"go into {len(value['into']):,} of them"
        yield f"  values of {value['column']} {into} ({value['how']})"
    yield "  nothing else that is landed of a person gives its value to one"


def counted(rows: dict[str, int]) -> str:
    """Rows by table."""
    return ", ".join(f"{count:,} {table}" for table, count in rows.items())
