"""Up to which day appointments are in an archive."""

from alembic import op

from service.migrations.tables import day

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the column."""
    op.add_column("organizations", day("archived_before", null=True))


def downgrade() -> None:
    """Drop it."""
    op.drop_column("organizations", "archived_before")
