"""The log and the cases; the database refuses to change or remove an entry of the log."""

import sqlalchemy as sa
from alembic import op

revision = "1"
down_revision = None
branch_labels = None
depends_on = None

REFUSAL = "the log of alerts is append-only"


def upgrade() -> None:
    """Make the tables, and what guards the log."""
    op.create_table(
        "alert_log",
        sa.Column("number", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("at", sa.String(40), nullable=False),
        sa.Column("entry", sa.String(20), nullable=False),
        sa.Column("body", sa.Text, nullable=False),
    )
    op.create_table(
        "alert_case",
        sa.Column("number", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("state", sa.String(20), nullable=False, index=True),
        sa.Column("union_id", sa.Text, nullable=False, index=True),
        sa.Column("union_name", sa.Text, nullable=False),
        sa.Column("county_code", sa.Text, nullable=False, index=True),
        sa.Column("rule", sa.Text, nullable=False),
        sa.Column("dimension", sa.Text),
        sa.Column("level", sa.Text, nullable=False),
        sa.Column("measure", sa.Text, nullable=False),
        sa.Column("observed", sa.String(24), nullable=False),
        sa.Column("threshold", sa.String(24), nullable=False),
        sa.Column("opened_on", sa.Date, nullable=False),
        sa.Column("due_on", sa.Date, nullable=False),
        sa.Column("due_is_projected", sa.Boolean, nullable=False),
        sa.Column("reopens", sa.Integer),
        sa.Column("step", sa.Text),
        sa.Column("notified_at", sa.String(40)),
        sa.Column("acknowledged_at", sa.String(40)),
        sa.Column("planned_on", sa.Date),
        sa.Column("corrected_on", sa.Date),
        sa.Column("evidence", sa.Text),
        sa.Column("remark", sa.Text),
        sa.Column("is_unconfirmed", sa.Boolean, nullable=False),
        sa.Column("silenced_until", sa.Date),
        sa.Column("closed_on", sa.Date, index=True),
        sa.Column("closed_reason", sa.Text),
    )
    guard_log()


def guard_log() -> None:
    """Let the database refuse whatever would change or remove an entry of the log."""
    if op.get_context().dialect.name == "sqlite":
        for act in ("update", "delete"):
            op.execute(
                f"create trigger alert_log_{act} before {act} on alert_log "
                f"begin select raise(abort, '{REFUSAL}'); end"
            )
        return
    op.execute(
        "create function refuse_alert_log() returns trigger language plpgsql as "
        f"$$ begin raise exception '{REFUSAL}'; end $$"
    )
    op.execute(
        "create trigger alert_log_guard before update or delete or truncate on alert_log "
        "for each statement execute function refuse_alert_log()"
    )


def downgrade() -> None:
    """Refused: a log is never taken away. Raises RuntimeError."""
    raise RuntimeError(REFUSAL)
