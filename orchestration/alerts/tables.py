"""The tables of the alerts' database: the log, the cases that follow from it, and the outbox.

The log is append-only; the database itself refuses to change or remove an entry (`migrations/`).
Cases are there to be asked for: they can be made anew from the log at any time.
"""

from decimal import Decimal
from typing import Any

from sqlalchemy import (
    JSON,
    Boolean,
    Column,
    Date,
    Integer,
    MetaData,
    String,
    Table,
    Text,
    TypeDecorator,
)
from sqlalchemy.engine import Dialect


class Exact(TypeDecorator[Decimal]):
    """A decimal as text, for SQLite has none: what is read is exactly what was written."""

    impl = String(24)
    cache_ok = True

    def process_bind_param(self, value: Decimal | None, dialect: Dialect) -> str | None:
        """The decimal as the database has it."""
        del dialect
        return None if value is None else str(value)

    def process_result_value(
        self,
        value: Any | None,  # noqa: ANN401
        dialect: Dialect,
    ) -> Decimal | None:
        """The decimal that the database has."""
        del dialect
        return None if value is None else Decimal(value)


METADATA = MetaData()

LOG = Table(
    "alert_log",
    METADATA,
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("at", String(40), nullable=False),
    Column("entry", String(20), nullable=False),
    Column("body", Text, nullable=False),
)

CASES = Table(
    "alert_case",
    METADATA,
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("state", String(20), nullable=False, index=True),
    Column("union_id", Text, nullable=False, index=True),
    Column("union_name", Text, nullable=False),
    Column("county_code", Text, nullable=False, index=True),
    Column("rule", Text, nullable=False),
    Column("dimension", Text),
    Column("level", Text, nullable=False),
    Column("measure", Text, nullable=False),
    Column("observed", Exact, nullable=False),
    Column("threshold", Exact, nullable=False),
    Column("opened_on", Date, nullable=False),
    Column("due_on", Date, nullable=False),
    Column("due_is_projected", Boolean, nullable=False),
    Column("reopens", Integer),
    Column("step", Text),
    Column("notified_at", String(40)),
    Column("acknowledged_at", String(40)),
    Column("planned_on", Date),
    Column("corrected_on", Date),
    Column("evidence", Text),
    Column("remark", Text),
    Column("is_unconfirmed", Boolean, nullable=False),
    Column("silenced_until", Date),
    Column("closed_on", Date, index=True),
    Column("closed_reason", Text),
)

NOTICES = Table(
    "alert_notice",
    METADATA,
    Column("id", String(80), primary_key=True),
    Column("created_at", String(40), nullable=False),
    Column("county_code", Text, nullable=False),
    Column("channel", String(40), nullable=False),
    Column("title", Text, nullable=False),
    Column("body", Text, nullable=False),
    Column("cases", JSON, nullable=False),
    Column("state", String(10), nullable=False, index=True),
    Column("attempts", Integer, nullable=False),
    Column("next_at", String(40), nullable=False),
    Column("sent_at", String(40)),
    Column("error", Text),
)
