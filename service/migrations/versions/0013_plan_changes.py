"""Notes of what slots depend on, for those who keep an index."""

import sqlalchemy as sa
from alembic import op

from service.migrations.tables import BIG, big, choice, moment, reference

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the table."""
    op.create_table(
        "plan_changes",
        sa.Column("id", BIG, primary_key=True),
        reference("organization_id", "organizations", "CASCADE"),
        big("transaction_id"),
        moment("at"),
        choice("kind"),
        big("record"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_plan_changes_followed", "plan_changes", ["organization_id", "transaction_id", "id"])
    op.create_index("ix_plan_changes_at", "plan_changes", ["at"])


def downgrade() -> None:
    """Drop it."""
    op.drop_table("plan_changes")
