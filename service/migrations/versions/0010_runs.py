"""Runs of the auto-scheduler, and their drafts."""

from alembic import op

from service.migrations.tables import (
    choice,
    create,
    document,
    flag,
    index,
    indexes,
    moment,
    number,
    real,
    reference,
    text,
)

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the tables."""
    create(
        "runs",
        choice("mode"),
        document("horizon"),
        document("scope"),
        real("time_limit_seconds"),
        document("weights", null=True),
        choice("preset", null=True),
        flag("publishes"),
        choice("state"),
        flag("cancel_requested"),
        document("progress"),
        document("counts", null=True),
        document("terms"),
        text("error"),
        moment("started_at", null=True),
        moment("finished_at", null=True),
        moment("published_at", null=True),
        moment("scheduled_for", null=True),
        reference("requested_by_id", "users", "SET NULL", null=True),
        number("epoch"),
        text("executor", 128, null=True),
    )
    indexes("runs", "state", "mode", "created_at", "scheduled_for")
    index("runs", "requested_by_id", owned=False)
    create(
        "run_drafts",
        reference("run_id", "runs", "CASCADE"),
        document("checkpoint", null=True),
        real("seconds"),
        document("plan", null=True),
        document("before", null=True),
        document("read_as", null=True),
        versioned=False,
    )
    index("run_drafts", "run_id", owned=False)
    op.create_index("uq_run_drafts_run", "run_drafts", ["run_id"], unique=True)


def downgrade() -> None:
    """Drop them."""
    op.drop_table("run_drafts")
    op.drop_table("runs")
