"""The notices that wait to be sent, were sent, or cannot be."""

import sqlalchemy as sa
from alembic import op

revision = "2"
down_revision = "1"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the table."""
    op.create_table(
        "alert_notice",
        sa.Column("id", sa.String(80), primary_key=True),
        sa.Column("created_at", sa.String(40), nullable=False),
        sa.Column("county_code", sa.Text, nullable=False),
        sa.Column("channel", sa.String(40), nullable=False),
        sa.Column("title", sa.Text, nullable=False),
        sa.Column("body", sa.Text, nullable=False),
        sa.Column("cases", sa.JSON, nullable=False),
        sa.Column("state", sa.String(10), nullable=False, index=True),
        sa.Column("attempts", sa.Integer, nullable=False),
        sa.Column("next_at", sa.String(40), nullable=False),
        sa.Column("sent_at", sa.String(40)),
        sa.Column("error", sa.Text),
    )


def downgrade() -> None:
    """Refused: what is to be sent is never taken away. Raises RuntimeError."""
    message = "notices are never taken away"
    raise RuntimeError(message)
