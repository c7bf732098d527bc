"""Webhooks: what goes out, and what has come in."""

from alembic import op

from service.migrations.tables import choice, create, document, index, indexes, moment, number, reference, text

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the tables."""
    create(
        "webhook_deliveries",
        reference("integration_id", "schedule_integrations", "CASCADE"),
        text("message", 200),
        text("event", 200),
        text("subject", 200),
        document("payload"),
        choice("status"),
        number("attempts"),
        number("replays"),
        moment("next_attempt_at", null=True),
        moment("delivered_at", null=True),
        number("response_status", null=True),
        text("response_excerpt"),
        text("error_message"),
        text("claimed_by", 128, null=True),
    )
    indexes("webhook_deliveries", "event", "subject", "status", "created_at")
    index("webhook_deliveries", "integration_id", owned=False)
    create(
        "inbound_messages",
        reference("integration_id", "schedule_integrations", "CASCADE"),
        text("message", 128),
        moment("received_at"),
        document("answer"),
        versioned=False,
    )
    index("inbound_messages", "integration_id", owned=False)
    index("inbound_messages", "integration_id", "message", unique=True)


def downgrade() -> None:
    """Drop them."""
    op.drop_table("inbound_messages")
    op.drop_table("webhook_deliveries")
