"""Deliveries of notifications, their wording, and quiet hours."""

import sqlalchemy as sa
from alembic import op

from service.migrations.tables import choice, clock, create, index, indexes, moment, number, reference, text

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None

_WAITS = sa.text("status = 'pending'")
_TABLE = "schedule_notifications"


def upgrade() -> None:
    """Make the tables; what waits already is due when it is scheduled."""
    op.add_column(_TABLE, text("client_address", 254, null=True))
    op.add_column(_TABLE, moment("due_at", null=True))
    op.add_column(_TABLE, sa.Column("is_worded", sa.Boolean(), nullable=False, server_default=sa.false()))
    op.add_column(_TABLE, number("told_version", null=True))
    op.add_column(_TABLE, text("told_as", 128, null=True))
    op.execute("UPDATE schedule_notifications SET due_at = scheduled_at WHERE status = 'pending'")
    due = "ix_schedule_notifications_due"
    op.create_index(due, _TABLE, ["due_at"], sqlite_where=_WAITS, postgresql_where=_WAITS)
    create(
        "notification_deliveries",
        reference("notification_id", "schedule_notifications", "CASCADE"),
        reference("user_id", "users", "CASCADE", null=True),
        choice("delivery_method"),
        text("address"),
        text("key", 128, unique=True),
        choice("status"),
        number("attempts"),
        moment("due_at", null=True),
        moment("sent_at", null=True),
        moment("read_at", null=True),
        text("error_message"),
        text("claimed_by", null=True),
        moment("claimed_until", null=True),
    )
    indexes("notification_deliveries", "delivery_method", "status", "due_at", "sent_at", "read_at")
    indexes("notification_deliveries", "notification_id", "user_id", owned=False)
    index("notification_deliveries", "notification_id", "user_id", unique=True)
    create(
        "notification_templates", choice("notification_type"), choice("audience"), text("subject", 200), text("message")
    )
    indexes("notification_templates", "notification_type", "audience")
    index("notification_templates", "notification_type", "audience", unique=True)
    create("quiet_hours", reference("user_id", "users", "CASCADE"), clock("start_time"), clock("end_time"))
    index("quiet_hours", "user_id", owned=False)
    index("quiet_hours", "user_id", unique=True)


def downgrade() -> None:
    """Drop them."""
    for table in ("quiet_hours", "notification_templates", "notification_deliveries"):
        op.drop_table(table)
    op.drop_index("ix_schedule_notifications_due", _TABLE)
    for name in ("told_as", "told_version", "is_worded", "due_at", "client_address"):
        op.drop_column(_TABLE, name)
