"""Appointments."""

import sqlalchemy as sa
from alembic import op

from service.migrations.tables import (
    big,
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

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the tables."""
    create(
        "schedule_templates",
        text("name", 200),
        text("description"),
        choice("schedule_type"),
        number("recurrence_interval"),
        document("recurrence_days"),
        document("recurrence_dates"),
        clock("start_time"),
        clock("end_time"),
        number("duration_minutes", null=True),
        number("break_duration_minutes"),
        clock("break_start_time", null=True),
        number("max_capacity"),
        number("min_advance_booking_hours"),
        number("max_advance_booking_days", null=True),
        decimal("base_price"),
        text("currency", 3),
        flag("is_active"),
        flag("is_default"),
    )
    indexes("schedule_templates", "is_active", "is_default", "name", "schedule_type")
    create(
        "appointments",
        text("title", 200),
        text("description"),
        moment("start_datetime", null=True),
        moment("end_datetime", null=True),
        number("duration_minutes", null=True),
        choice("status"),
        choice("priority"),
        text("client_name", 200),
        text("client_email", 254, null=True),
        text("client_phone", 50),
        text("client_notes"),
        reference("assigned_team_id", "teams", null=True),
        document("requirements", null=True),
        flag("pinned"),
        text("location", 200),
        real("latitude", null=True),
        real("longitude", null=True),
        flag("is_virtual"),
        text("meeting_url"),
        flag("is_recurring"),
        document("recurrence_rule", null=True),
        reference("parent_appointment_id", "appointments", null=True),
        moment("original_start", null=True),
        document("excluded_starts"),
        reference("schedule_template_id", "schedule_templates", "SET NULL", null=True),
        decimal("estimated_cost", null=True),
        decimal("actual_cost", null=True),
        text("currency", 3),
        flag("is_billable"),
        flag("reminder_sent"),
        moment("reminder_datetime", null=True),
        text("completion_notes"),
        number("completion_rating", null=True),
        text("completion_feedback"),
        text("external_id", 200, null=True),
        text("external_url"),
        moment("hidden_at", null=True),
        sa.CheckConstraint(
            "start_datetime IS NOT NULL OR status IN ('requested', 'cancelled')", name="booked_has_time"
        ),
        sa.CheckConstraint("(start_datetime IS NULL) = (end_datetime IS NULL)", name="both_times"),
        sa.CheckConstraint("start_datetime < end_datetime", name="forward"),
    )
    indexes(
        "appointments",
        "client_email",
        "client_name",
        "end_datetime",
        "external_id",
        "is_billable",
        "is_recurring",
        "is_virtual",
        "pinned",
        "priority",
        "reminder_datetime",
        "start_datetime",
        "status",
    )
    indexes("appointments", "assigned_team_id", "parent_appointment_id", "schedule_template_id", owned=False)
    op.create_table(
        "appointment_users",
        reference("appointment_id", "appointments", "CASCADE", key=True),
        reference("user_id", "users", "NONE", key=True),
        number("position", null=True),
    )
    indexes("appointment_users", "user_id", owned=False)
    op.create_table(
        "appointment_resources",
        reference("appointment_id", "appointments", "CASCADE", key=True),
        reference("resource_id", "resources", "NONE", key=True),
        number("demand", null=True),
        number("units", null=True),
    )
    indexes("appointment_resources", "resource_id", owned=False)
    create(
        "occupancies",
        reference("appointment_id", "appointments", "CASCADE"),
        big("subject"),
        big("start_minute"),
        big("end_minute"),
        flag("exclusive"),
        number("units", null=True),
        moment("expires_at", null=True),
        sa.CheckConstraint("start_minute < end_minute", name="forward"),
        versioned=False,
    )
    indexes("occupancies", "appointment_id", "expires_at", owned=False)
    index("occupancies", "subject", "start_minute", "end_minute", owned=False)
    create(
        "schedule_conflicts",
        choice("conflict_type"),
        choice("status"),
        reference("primary_appointment_id", "appointments", "CASCADE"),
        reference("conflicting_appointment_id", "appointments", "CASCADE", null=True),
        text("conflict_description"),
        moment("conflict_datetime"),
        text("resolution_notes"),
        reference("resolved_by_id", "users", "SET NULL", null=True),
        moment("resolved_at", null=True),
        choice("impact_level"),
        text("rule", 200, null=True),
        text("subject", 200, null=True),
        document("details"),
        text("identity", 128, null=True),
    )
    indexes("schedule_conflicts", "conflict_datetime", "conflict_type", "impact_level", "rule", "status")
    indexes("schedule_conflicts", "conflicting_appointment_id", "primary_appointment_id", "resolved_by_id", owned=False)
    index("schedule_conflicts", "identity", unique=True)
    op.create_table(
        "schedule_conflict_users",
        reference("conflict_id", "schedule_conflicts", "CASCADE", key=True),
        reference("user_id", "users", "CASCADE", key=True),
    )
    indexes("schedule_conflict_users", "user_id", owned=False)
    op.create_table(
        "schedule_conflict_resources",
        reference("conflict_id", "schedule_conflicts", "CASCADE", key=True),
        reference("resource_id", "resources", "CASCADE", key=True),
    )
    indexes("schedule_conflict_resources", "resource_id", owned=False)
    op.create_table(
        "schedule_conflict_appointments",
        reference("conflict_id", "schedule_conflicts", "CASCADE", key=True),
        reference("appointment_id", "appointments", "CASCADE", key=True),
    )
    indexes("schedule_conflict_appointments", "appointment_id", owned=False)
    create(
        "schedule_notifications",
        choice("notification_type"),
        choice("delivery_method"),
        text("subject", 200),
        text("message"),
        reference("related_appointment_id", "appointments", "CASCADE", null=True),
        reference("related_conflict_id", "schedule_conflicts", "CASCADE", null=True),
        moment("scheduled_at"),
        moment("sent_at", null=True),
        choice("status"),
        document("delivery_details"),
        text("error_message"),
    )
    indexes("schedule_notifications", "delivery_method", "notification_type", "scheduled_at", "sent_at", "status")
    indexes("schedule_notifications", "related_appointment_id", "related_conflict_id", owned=False)
    op.create_table(
        "schedule_notification_recipients",
        reference("notification_id", "schedule_notifications", "CASCADE", key=True),
        reference("user_id", "users", "CASCADE", key=True),
    )
    indexes("schedule_notification_recipients", "user_id", owned=False)
    create(
        "notification_channels",
        text("name", 200),
        choice("delivery_method"),
        text("url"),
        flag("is_active"),
    )
    indexes("notification_channels", "delivery_method", "is_active")
    create(
        "notification_preferences",
        reference("user_id", "users", "CASCADE"),
        choice("notification_type"),
        choice("delivery_method"),
        flag("is_enabled"),
    )
    indexes("notification_preferences", "delivery_method", "is_enabled", "notification_type")
    indexes("notification_preferences", "user_id", owned=False)
    index("notification_preferences", "user_id", "notification_type", "delivery_method", unique=True)
    create(
        "schedule_analytics",
        day("period_start"),
        day("period_end"),
        choice("period_type"),
        number("total_appointments"),
        number("completed_appointments"),
        number("cancelled_appointments"),
        number("no_show_appointments"),
        decimal("total_scheduled_hours"),
        decimal("total_available_hours"),
        decimal("utilization_rate"),
        document("resource_utilization"),
        document("team_utilization"),
        number("total_conflicts"),
        number("resolved_conflicts"),
        decimal("conflict_resolution_time", null=True),
        decimal("total_revenue"),
        decimal("average_appointment_value", null=True),
        document("metrics"),
    )
    indexes("schedule_analytics", "period_end", "period_start", "period_type")
    index("schedule_analytics", "period_type", "period_start", "period_end", unique=True)
    create(
        "schedule_integrations",
        text("name", 200),
        choice("integration_type"),
        text("provider_name", 200),
        text("provider_url"),
        flag("is_active"),
        document("configuration"),
        text("api_key", null=True),
        text("api_secret", null=True),
        text("access_token", null=True),
        text("refresh_token", null=True),
        moment("token_expires_at", null=True),
        flag("sync_enabled"),
        choice("sync_frequency"),
        moment("last_sync", null=True),
        choice("sync_status"),
        text("error_message"),
        number("retry_count"),
        number("max_retries"),
    )
    indexes(
        "schedule_integrations",
        "integration_type",
        "is_active",
        "last_sync",
        "name",
        "sync_enabled",
        "sync_frequency",
        "sync_status",
    )
    _guard_occupancies()


def _guard_occupancies() -> None:
    """Let the database itself refuse a double booking. Altering the table on SQLite drops its triggers."""
    if op.get_bind().dialect.name == "postgresql":
        op.execute(
            "ALTER TABLE occupancies ADD CONSTRAINT ex_occupancies_alone EXCLUDE USING gist "
            "(int8range(subject, subject, '[]') WITH &&, int8range(start_minute, end_minute) WITH &&) WHERE (exclusive)"
        )
        return
    for change in ("INSERT", "UPDATE"):
        op.execute(
            f"CREATE TRIGGER occupancies_alone_{change.lower()} BEFORE {change} ON occupancies WHEN NEW.exclusive "
            "BEGIN SELECT RAISE(ABORT, 'ex_occupancies_alone') FROM occupancies "
            'WHERE "exclusive" AND subject = NEW.subject AND id <> NEW.id '
            "AND start_minute < NEW.end_minute AND end_minute > NEW.start_minute; END"
        )


def downgrade() -> None:
    """Drop them."""
    op.drop_table("schedule_integrations")
    op.drop_table("schedule_analytics")
    op.drop_table("notification_preferences")
    op.drop_table("notification_channels")
    op.drop_table("schedule_notification_recipients")
    op.drop_table("schedule_notifications")
    op.drop_table("schedule_conflict_appointments")
    op.drop_table("schedule_conflict_resources")
    op.drop_table("schedule_conflict_users")
    op.drop_table("schedule_conflicts")
    op.drop_table("occupancies")
    op.drop_table("appointment_resources")
    op.drop_table("appointment_users")
    op.drop_table("appointments")
    op.drop_table("schedule_templates")
