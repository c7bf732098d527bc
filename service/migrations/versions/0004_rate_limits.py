"""Rate limits."""

import sqlalchemy as sa
from alembic import op

from service.migrations.tables import big, number

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the table."""
    op.create_table("rate_limits", sa.Column("key", sa.String(200), primary_key=True), big("window"), number("count"))


def downgrade() -> None:
    """Drop it."""
    op.drop_table("rate_limits")
