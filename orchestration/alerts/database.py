"""Where the log of alerts and its cases are kept: SQLite in the home, or PostgreSQL.

A command reads and writes in one transaction, one process at a time; so an entry, what it changes
and what is to be sent about it are all there, or none of them.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.util import CommandError
from sqlalchemy import Connection, create_engine
from sqlalchemy.engine import URL, Engine, make_url
from sqlalchemy.exc import ArgumentError, DBAPIError

from orchestration.errors import AlertsError, UsageError
from orchestration.home import locks
from orchestration.home.layout import Home
from orchestration.settings import Settings

MIGRATIONS = Path(__file__).parent / "migrations"
DRIVER = "postgresql+psycopg"
WAIT_SECONDS = 60.0
URL_NEEDED = (
    "UHI_ALERTS_URL is no URL of a PostgreSQL database, such as postgresql://host/alerts; without "
    "it, alerts are kept in the home."
)


@contextmanager
def transaction(settings: Settings) -> Iterator[Connection]:
    """The database, brought to this version, in one transaction.

    Raises HomeBusyError where another process works on it for long, UsageError where its URL is
    none, AlertsError where it cannot be used.
    """
    home = settings.home
    with locks.held(home, locks.ALERTS, wait_seconds=WAIT_SECONDS):
        engine = engine_of(home, settings)
        try:
            with engine.begin() as connection:
                upgrade(connection)
                yield connection
        except DBAPIError as error:
            raise AlertsError(str(error.orig).strip().splitlines()[0]) from None
        finally:
            engine.dispose()


def engine_of(home: Home, settings: Settings) -> Engine:
    """The engine of the database that is set, by default a file in the home. Raises UsageError."""
    if settings.alerts_url is None:
        return create_engine(URL.create("sqlite", database=str(home.alerts_database)))
    try:
        url = make_url(settings.alerts_url.get_secret_value())
    except ArgumentError:
        raise UsageError(URL_NEEDED) from None
    if url.get_backend_name() != "postgresql":
        raise UsageError(URL_NEEDED)
    return create_engine(url.set(drivername=DRIVER))


def upgrade(connection: Connection) -> None:
    """Bring the tables to this version. Raises AlertsError where a later version made them."""
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    config.attributes["connection"] = connection
    try:
        command.upgrade(config, "head")
    except CommandError:
        raise AlertsError(
            "a later version of this project made its tables; use that version"
        ) from None
