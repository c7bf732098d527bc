"""Ways out of conflicts that were offered, and since when a conflict is pending."""

import sqlalchemy as sa
from alembic import op

from service.migrations.tables import create, document, index, moment, text

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the table and the column."""
    create(
        "offered_ways",
        text("subject", 200),
        text("option", 128),
        moment("offered_at"),
        document("way"),
        document("read_as"),
        versioned=False,
    )
    index("offered_ways", "offered_at", owned=False)
    op.create_index("uq_offered_ways_option", "offered_ways", ["organization_id", "subject", "option"], unique=True)
    op.add_column("schedule_conflicts", moment("pending_since", null=True))
    conflicts = sa.table("schedule_conflicts", sa.column("pending_since"), sa.column("updated_at"), sa.column("status"))
    op.execute(conflicts.update().where(conflicts.c.status == "pending").values(pending_since=conflicts.c.updated_at))


def downgrade() -> None:
    """Drop them."""
    op.drop_column("schedule_conflicts", "pending_since")
    op.drop_table("offered_ways")
