"""Executors of jobs."""

import sqlalchemy as sa
from alembic import op

from service.migrations.tables import big, moment, text

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the table."""
    op.create_table(
        "executors",
        sa.Column("key", sa.String(36), primary_key=True),
        text("place", 200),
        big("beat"),
        moment("seen_at"),
    )


def downgrade() -> None:
    """Drop it."""
    op.drop_table("executors")
