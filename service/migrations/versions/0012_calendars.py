"""Calendars elsewhere: how far they were read, their files, what is read from them; and feeds of our own."""

import sqlalchemy as sa
from alembic import op

from service.migrations.tables import (
    BIG,
    choice,
    create,
    document,
    flag,
    index,
    indexes,
    moment,
    number,
    reference,
    text,
)

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the tables, and let absences say where they come from."""
    create(
        "calendar_states",
        reference("integration_id", "schedule_integrations", "CASCADE"),
        text("token"),
        text("tag"),
        document("terms"),
        text("lease", 128, null=True),
        moment("leased_until", null=True),
        versioned=False,
    )
    index("calendar_states", "integration_id", unique=True)
    index("calendar_states", "integration_id", owned=False)
    create(
        "calendar_objects",
        reference("integration_id", "schedule_integrations", "CASCADE"),
        text("href"),
        text("uid"),
        text("etag"),
        number("sequence"),
        moment("read_until", null=True),
        reference("appointment_id", "appointments", "CASCADE", null=True),
        number("appointment_version", null=True),
        document("base", null=True),
        document("sent", null=True),
        document("outside", null=True),
        flag("altered"),
        reference("conflict_id", "schedule_conflicts", "SET NULL", null=True),
        versioned=False,
    )
    index("calendar_objects", "href", "integration_id", unique=True)
    indexes("calendar_objects", "integration_id", "appointment_id", "conflict_id", owned=False)
    create(
        "calendar_feeds",
        text("name", 200),
        reference("user_id", "users", "CASCADE", null=True),
        reference("team_id", "teams", "CASCADE", null=True),
        reference("resource_id", "resources", "CASCADE", null=True),
        choice("details"),
        number("days_back"),
        number("days_ahead"),
        text("prefix", 200),
        text("digest", 128, unique=True),
        moment("revoked_at", null=True),
        sa.CheckConstraint(
            "CAST(user_id IS NOT NULL AS INTEGER) + CAST(team_id IS NOT NULL AS INTEGER)"
            " + CAST(resource_id IS NOT NULL AS INTEGER) = 1",
            name="one_subject",
        ),
    )
    indexes("calendar_feeds", "details")
    indexes("calendar_feeds", "user_id", "team_id", "resource_id", owned=False)
    with op.batch_alter_table("absences") as table:
        table.add_column(sa.Column("integration_id", BIG, nullable=True))
        table.add_column(text("recurrence_id", 200, null=True))
        table.create_foreign_key(
            "fk_absences_integration_id", "schedule_integrations", ["integration_id"], ["id"], ondelete="CASCADE"
        )
    index("absences", "integration_id", owned=False)
    index("absences", "integration_id", "external_uid", "recurrence_id", unique=True)


def downgrade() -> None:
    """Drop them."""
    op.drop_index("uq_absences_integration_id", "absences")
    op.drop_index("ix_absences_integration_id", "absences")
    with op.batch_alter_table("absences") as table:
        table.drop_constraint("fk_absences_integration_id", type_="foreignkey")
        table.drop_column("recurrence_id")
        table.drop_column("integration_id")
    for name in ("calendar_feeds", "calendar_objects", "calendar_states"):
        op.drop_table(name)
