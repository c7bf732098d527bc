"""People and resources."""

import sqlalchemy as sa
from alembic import op

from service.migrations.tables import (
    choice,
    clock,
    create,
    day,
    decimal,
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

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the tables."""
    create(
        "organizations",
        text("name", 200),
        text("timezone"),
        text("currency", 3),
        number("step_minutes"),
        document("weights"),
        document("travel", null=True),
        document("retention"),
        document("policies"),
        owned=False,
    )
    create(
        "locations",
        text("name", 200),
        text("address", 200),
        real("latitude"),
        real("longitude"),
    )
    indexes("locations", "name")
    create(
        "users",
        text("name", 200),
        text("email", 254, null=True),
        text("phone", 50),
        choice("role"),
        flag("is_active"),
        document("skills"),
        document("certifications"),
        document("availability", null=True),
        document("unavailable"),
        text("timezone", null=True),
        decimal("max_hours_per_week", null=True),
        decimal("overtime_hours_per_week", null=True),
        decimal("hourly_cost", null=True),
        reference("start_location_id", "locations", null=True),
        reference("end_location_id", "locations", null=True),
        text("password_hash", 200, null=True),
        moment("last_login_at", null=True),
    )
    indexes("users", "email", "is_active", "name", "role")
    indexes("users", "end_location_id", "start_location_id", owned=False)
    index("users", "email", unique=True)
    create(
        "teams",
        text("name", 200),
        text("description"),
        flag("is_active"),
        number("max_members", null=True),
        reference("team_lead_id", "users", null=True),
        document("skills"),
        document("specializations"),
        document("availability_schedule", null=True),
        text("timezone", null=True),
        number("max_concurrent"),
    )
    indexes("teams", "is_active", "name")
    indexes("teams", "team_lead_id", owned=False)
    create(
        "team_members",
        reference("team_id", "teams", "CASCADE"),
        reference("user_id", "users", "CASCADE"),
        choice("role"),
        day("joined_date"),
        flag("is_active"),
        document("skills"),
        document("certifications"),
        document("availability_schedule", null=True),
        decimal("max_hours_per_week", null=True),
    )
    indexes("team_members", "is_active", "joined_date", "role")
    indexes("team_members", "team_id", "user_id", owned=False)
    index("team_members", "team_id", "user_id", unique=True)
    create(
        "resources",
        text("name", 200),
        choice("resource_type"),
        text("description"),
        text("location", 200),
        number("capacity"),
        document("specifications"),
        flag("is_active"),
        flag("is_available"),
        document("availability_schedule", null=True),
        document("unavailable"),
        text("timezone", null=True),
        document("maintenance_schedule", null=True),
        moment("last_maintenance", null=True),
        moment("next_maintenance", null=True),
        decimal("hourly_rate", null=True),
        decimal("daily_rate", null=True),
        text("currency", 3),
        text("image_url"),
        document("documents"),
    )
    indexes("resources", "capacity", "is_active", "is_available", "name", "next_maintenance", "resource_type")
    create(
        "absences",
        reference("user_id", "users", "CASCADE", null=True),
        reference("resource_id", "resources", "CASCADE", null=True),
        choice("kind"),
        moment("start"),
        moment("end"),
        text("reason", 200),
        text("notes"),
        text("external_uid", 200, null=True),
        sa.CheckConstraint('"start" < "end"', name="forward"),
        sa.CheckConstraint("(user_id IS NULL) <> (resource_id IS NULL)", name="one_subject"),
    )
    indexes("absences", "end", "kind", "start")
    indexes("absences", "external_uid", "resource_id", "user_id", owned=False)
    create(
        "schedule_rules",
        text("name", 200),
        choice("rule_type"),
        text("description"),
        flag("is_active"),
        flag("is_global"),
        day("start_date", null=True),
        day("end_date", null=True),
        clock("start_time", null=True),
        clock("end_time", null=True),
        flag("is_recurring"),
        document("recurrence_rule", null=True),
        document("parameters", null=True),
    )
    indexes("schedule_rules", "end_date", "is_active", "is_global", "name", "rule_type", "start_date")
    op.create_table(
        "schedule_rule_users",
        reference("rule_id", "schedule_rules", "CASCADE", key=True),
        reference("user_id", "users", "NONE", key=True),
    )
    indexes("schedule_rule_users", "user_id", owned=False)
    op.create_table(
        "schedule_rule_teams",
        reference("rule_id", "schedule_rules", "CASCADE", key=True),
        reference("team_id", "teams", "NONE", key=True),
    )
    indexes("schedule_rule_teams", "team_id", owned=False)
    op.create_table(
        "schedule_rule_resources",
        reference("rule_id", "schedule_rules", "CASCADE", key=True),
        reference("resource_id", "resources", "NONE", key=True),
    )
    indexes("schedule_rule_resources", "resource_id", owned=False)


def downgrade() -> None:
    """Drop them."""
    op.drop_table("schedule_rule_resources")
    op.drop_table("schedule_rule_teams")
    op.drop_table("schedule_rule_users")
    op.drop_table("schedule_rules")
    op.drop_table("absences")
    op.drop_table("resources")
    op.drop_table("team_members")
    op.drop_table("teams")
    op.drop_table("users")
    op.drop_table("locations")
    op.drop_table("organizations")
