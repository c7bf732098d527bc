"""Where a series starts, what its occurrences changed by themselves, and who says what an appointment costs."""

import sqlalchemy as sa
from alembic import op

from service.migrations.tables import DOCUMENT, moment, text

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the columns."""
    op.add_column("appointments", moment("recurrence_start", null=True))
    op.add_column("appointments", text("recurrence_timezone", null=True))
    op.add_column("appointments", sa.Column("series_values", DOCUMENT, nullable=False, server_default="{}"))
    op.add_column("appointments", sa.Column("estimates_cost", sa.Boolean(), nullable=False, server_default=sa.true()))


def downgrade() -> None:
    """Drop them."""
    for name in ("estimates_cost", "series_values", "recurrence_timezone", "recurrence_start"):
        op.drop_column("appointments", name)
