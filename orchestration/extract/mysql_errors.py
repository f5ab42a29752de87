"""What the errors and warnings of MySQL and MariaDB mean and what to do, by their numbers.

No message of a server is repeated, for many of them quote cells.
"""

import ssl

import pymysql
from pymysql.constants import CR, ER
from pymysql.err import Warning as DriverWarning

STATEMENT_TIMEOUT_MARIADB = 1969
QUERY_TIMEOUT_MYSQL = 3024
CUT_BY_GROUP_CONCAT = 1260
LARGER_THAN_PACKET = 1301
AUTHENTICATION_PLUGIN = 2059
WRITE_FAILED = 3
DISK_FULL = 20
BROKEN_INDEX = 126
TIME_LIMIT = (
    "a time limit of the server ended the reading; raise max_statement_time (MariaDB) "
    "or max_execution_time (MySQL) for the reading user"
)
LOST = "the server went away, or an administrator ended the connection; see its log and run again"
UNREACHABLE = "the database cannot be reached"
FULL = (
    "the server's disk, or that of its temporary files (tmpdir), is full; "
    "make room there and run again"
)
OUT_OF_MEMORY = "the server is out of memory; give it more and run again"
BUSY = "the server has too many connections; try again later"
REFUSED = "the server refuses the user or the password"
NO_GRANT = "the user may not read it; grant select on it"
BROKEN_VIEW = "it is a view that cannot be read: a table, column or grant that it needs is gone"
REASONS = {
    ER.NO_SUCH_TABLE: "there is no such table",
    ER.TABLEACCESS_DENIED_ERROR: NO_GRANT,
    ER.COLUMNACCESS_DENIED_ERROR: NO_GRANT,
    ER.VIEW_INVALID: BROKEN_VIEW,
    ER.NO_SUCH_USER: BROKEN_VIEW,
    ER.ACCESS_DENIED_ERROR: REFUSED,
    ER.DBACCESS_DENIED_ERROR: "the user may not use the database",
    ER.BAD_DB_ERROR: "there is no such database",
    ER.NO_DB_ERROR: "the URL names no database",
    ER.HOST_NOT_PRIVILEGED: "the server takes no connection from this host",
    ER.HOST_IS_BLOCKED: "the server has blocked this host; unblock it with: flush hosts",
    ER.CON_COUNT_ERROR: BUSY,
    ER.TOO_MANY_USER_CONNECTIONS: BUSY,
    ER.USER_LIMIT_REACHED: BUSY,
    ER.LOCK_WAIT_TIMEOUT: (
        "it is locked by somebody else; run again later, or raise UHI_SOURCE_LOCK_SECONDS"
    ),
    ER.TOO_BIG_SELECT: "the server refuses readings of that size (max_join_size)",
    ER.DISK_FULL: FULL,
    ER.ERROR_ON_WRITE: FULL,
    ER.RECORD_FILE_FULL: FULL,
    WRITE_FAILED: FULL,
    DISK_FULL: FULL,
    ER.OUT_OF_RESOURCES: OUT_OF_MEMORY,
    ER.OUTOFMEMORY: OUT_OF_MEMORY,
    ER.OUT_OF_SORTMEMORY: "the server is out of memory to sort in; raise sort_buffer_size",
    BROKEN_INDEX: (
        "an index is damaged, or the disk of the server's temporary files (tmpdir) is full; "
        "make room there, or repair the table, and run again"
    ),
    ER.NOT_KEYFILE: "the table is damaged; repair it",
    ER.CRASHED_ON_USAGE: "the table is damaged; repair it",
    ER.SERVER_SHUTDOWN: LOST,
    ER.QUERY_INTERRUPTED: TIME_LIMIT,
    STATEMENT_TIMEOUT_MARIADB: TIME_LIMIT,
    QUERY_TIMEOUT_MYSQL: TIME_LIMIT,
    CR.CR_CONNECTION_ERROR: f"{UNREACHABLE}: no server answers there",
    CR.CR_CONN_HOST_ERROR: f"{UNREACHABLE}: no server answers there",
    CR.CR_SSL_CONNECTION_ERROR: "no encrypted connection as the URL asks for (ssl_ca)",
    CR.CR_SERVER_GONE_ERROR: LOST,
    CR.CR_SERVER_LOST: LOST,
    AUTHENTICATION_PLUGIN: "the server wants a way of logging in that the driver lacks",
}
WARNINGS = {
    CUT_BY_GROUP_CONCAT: "a text of group_concat was cut",
    LARGER_THAN_PACKET: "a value longer than max_allowed_packet was left out",
}
NAMES = {number: name for name, number in vars(ER).items() if isinstance(number, int)}


class ServerWarning(DriverWarning):
    """The server handed all rows over, but warned of a value that it cut, changed or left out."""


def reason_of(error: Exception) -> str:
    """What an error of the driver means."""
    if isinstance(error, ssl.SSLError):
        return "a certificate or key that the URL names cannot be used (ssl_ca, ssl_cert, ssl_key)"
    if not isinstance(error, pymysql.MySQLError):
        return f"{UNREACHABLE}, or the driver failed ({type(error).__name__})"
    number = number_of(error)
    named = f"{number} {NAMES.get(number, '')}".rstrip()
    if isinstance(error, ServerWarning):
        cause = WARNINGS.get(number, "a value may have been cut or changed")
        return f"the server warned while it handed over the rows ({named}): {cause}"
    if number in REASONS:
        return REASONS[number]
    if is_lost(error):
        return f"{UNREACHABLE} or went away ({named})"
    return f"the server refused to hand it over (error {named})"


def number_of(error: pymysql.MySQLError) -> int:
    """The number of an error; 0 where it has none."""
    number = error.args[0] if error.args else 0
    return number if isinstance(number, int) else 0


def is_lost(error: Exception) -> bool:
    """Whether an error ended the session, or there was none yet: those of the client's side."""
    if not isinstance(error, pymysql.MySQLError):
        return isinstance(error, OSError)
    number = number_of(error)
    is_client_side = CR.CR_ERROR_FIRST <= number <= CR.CR_ERROR_LAST
    return is_client_side or number in {0, ER.SERVER_SHUTDOWN}
