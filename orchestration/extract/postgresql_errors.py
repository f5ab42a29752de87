"""What PostgreSQL's errors mean and what to do, by SQLSTATE; no message of a server is repeated.

Before a session is there libpq gives no SQLSTATE; its English phrases then tell what it was.
"""

import psycopg
import pyarrow as pa

TIME_LIMIT = (
    "the reading was ended by a time limit of the server or by an administrator; raise {0} "
    "for the reading role (alter role … set {0} = '1h')"
)
LOST = "the server went away, or an administrator ended the connection; see its log and run again"
ROW_POLICY = (
    "a row-level policy would hide rows from the user; "
    "read as the table's owner, or grant it BYPASSRLS"
)
POLICY_FUNCTION = "check_enable_rls"
REASONS = {
    "08": LOST,
    "22021": "a text is not in the database's own encoding; mend the rows that hold it",
    "22P05": "a text has a character that UTF-8 does not have; mend the rows that hold it",
    "25P03": TIME_LIMIT.format("idle_in_transaction_session_timeout"),
    "25P04": TIME_LIMIT.format("transaction_timeout"),
    "28": "the server refuses the user or the password",
    "3D000": "there is no such database",
    "40001": (
        "the standby cancelled the reading to go on with its recovery; "
        "raise max_standby_streaming_delay, or read the primary server"
    ),
    "42501": "the user may not read it; grant select on it, and usage on its schema",
    "42703": "a column that it is made of is not there",
    "42P01": "there is no such table",
    "53100": (
        "the server's disk, or that of its temporary files, is full; make room there and run again"
    ),
    "53200": "the server is out of memory; give it more, or lower work_mem, and run again",
    "53300": "the server has too many connections; try again later",
    "53400": (
        "reading it needs more temporary files than the server allows; "
        "raise temp_file_limit for the reading role, or read a table in the place of the view"
    ),
    "55000": (
        "it is, or is made from, a materialised view that was never filled; "
        "fill it with: refresh materialized view …"
    ),
    "55P03": ("it is locked by somebody else; run again later, or raise UHI_SOURCE_LOCK_SECONDS"),
    "57014": TIME_LIMIT.format("statement_timeout"),
    "57P01": LOST,
    "57P02": LOST,
    "57P03": "the server is starting or stopping; try again later",
    "XX001": "the server found damaged data; see its log",
}
PHRASES = {
    "password authentication failed": REASONS["28"],
    "no password supplied": f"{REASONS['28']}; none was given",
    "no pg_hba.conf entry": "the server takes no connection of this user from here (pg_hba.conf)",
    "does not exist": "there is no such database or user",
    "too many clients": REASONS["53300"],
    "too many connections": REASONS["53300"],
    "connection slots are reserved": REASONS["53300"],
    "SSL": "no encrypted connection as the URL asks for (sslmode, sslrootcert)",
    "certificate": "the server's certificate is not trusted (sslrootcert)",
    "could not translate host name": "the host's name is not known",
    "Connection refused": "no server answers at that host and port",
    "timeout expired": "no server answers in time",
    "starting up": REASONS["57P03"],
    "shutting down": REASONS["57P03"],
}


def reason_of(error: Exception) -> str:
    """What an error of psycopg, or of reading its stream, means."""
    if isinstance(error, pa.ArrowException):
        return "a row is longer than may be (1 MiB), or the stream is damaged"
    if not isinstance(error, psycopg.Error):
        return f"the driver failed ({type(error).__name__})"
    if error.sqlstate is None:
        return reason_without_state(error)
    if error.diag.source_function == POLICY_FUNCTION:
        return ROW_POLICY
    known = REASONS.get(error.sqlstate, REASONS.get(error.sqlstate[:2]))
    name = type(error).__name__
    return known or f"the server refused to hand it over (SQLSTATE {error.sqlstate}, {name})"


def reason_without_state(error: psycopg.Error) -> str:
    """What an error means that a server did not number."""
    message = str(error)
    known = next((plain for phrase, plain in PHRASES.items() if phrase in message), None)
    detail = f": {known}" if known else f" ({type(error).__name__})"
    return f"the database cannot be reached, refuses the user, or went away{detail}"


def is_lost(error: Exception) -> bool:
    """Whether an error ended the session, or there was none yet."""
    if not isinstance(error, psycopg.OperationalError):
        return False
    state = error.sqlstate or "08000"
    return state.startswith(("08", "57P")) or state in {"25P03", "25P04"}
