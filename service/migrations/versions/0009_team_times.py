"""The appointments of a team by time."""

from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the index."""
    op.create_index("ix_appointments_team_times", "appointments", ["assigned_team_id", "start_datetime"])


def downgrade() -> None:
    """Drop it."""
    op.drop_index("ix_appointments_team_times", "appointments")
