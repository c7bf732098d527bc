"""Which appointment follows which, and an index of long appointments."""

import sqlalchemy as sa
from alembic import op

from service.migrations.tables import BIG

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the table and fill it from what is stored."""
    table = op.create_table(
        "appointment_follows",
        _key("appointment_id"),
        _key("follows_id"),
        sa.PrimaryKeyConstraint("appointment_id", "follows_id", name="pk_appointment_follows"),
    )
    op.create_index("ix_appointment_follows_follows_id", "appointment_follows", ["follows_id"])
    long = sa.text("duration_minutes > 2880")
    op.create_index(
        "ix_appointments_long",
        "appointments",
        ["organization_id", "start_datetime"],
        sqlite_where=long,
        postgresql_where=long,
    )
    stored = sa.table("appointments", sa.column("id"), sa.column("requirements", sa.JSON()))
    found = op.get_bind().execute(sa.select(stored).where(stored.c.requirements.is_not(None))).all()
    known = {row.id for row in op.get_bind().execute(sa.select(stored.c.id))} if found else set()
    rows = {
        (row.id, int(link["appointment"]))
        for row in found
        for link in (row.requirements or {}).get("after", ())
        if str(link["appointment"]).isdecimal() and int(link["appointment"]) in known
    }
    if rows:
        op.bulk_insert(table, [{"appointment_id": near, "follows_id": far} for near, far in sorted(rows)])


def downgrade() -> None:
    """Drop both."""
    op.drop_index("ix_appointments_long", "appointments")
    op.drop_table("appointment_follows")


def _key(name: str) -> sa.Column[int]:
    foreign = sa.ForeignKey("appointments.id", ondelete="CASCADE", name=f"fk_appointment_follows_{name}")
    return sa.Column(name, BIG, foreign, nullable=False)
