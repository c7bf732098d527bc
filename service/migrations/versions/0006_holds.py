"""Appointments that take a whole team, and that are held."""

import sqlalchemy as sa
from alembic import op

from service.migrations.tables import moment

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the columns."""
    op.add_column("appointments", sa.Column("whole_team", sa.Boolean(), nullable=False, server_default=sa.false()))
    op.add_column("appointments", moment("held_until", null=True))


def downgrade() -> None:
    """Drop them."""
    op.drop_column("appointments", "held_until")
    op.drop_column("appointments", "whole_team")
