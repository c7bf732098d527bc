"""Accounts."""

from alembic import op

from service.migrations.tables import big, binary, create, document, index, indexes, moment, number, reference, text

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the tables."""
    create(
        "api_keys",
        text("name", 200),
        reference("user_id", "users", "CASCADE"),
        document("scopes"),
        moment("expires_at", null=True),
        text("prefix", 200),
        text("digest", 128, unique=True),
        moment("revoked_at", null=True),
        moment("last_used_at", null=True),
    )
    indexes("api_keys", "expires_at", "revoked_at")
    indexes("api_keys", "user_id", owned=False)
    create(
        "refresh_sessions",
        reference("user_id", "users", "CASCADE"),
        text("family", 128),
        text("digest", 128, unique=True),
        moment("created_at"),
        moment("expires_at"),
        moment("used_at", null=True),
        moment("revoked_at", null=True),
        versioned=False,
    )
    indexes("refresh_sessions", "family", "user_id", owned=False)
    create(
        "audit_entries",
        moment("at"),
        big("actor", null=True),
        text("actor_name", 200),
        text("action", 200),
        text("record_type", 200),
        big("record"),
        document("before", null=True),
        document("after", null=True),
        text("reason"),
        text("request_id", 200, null=True),
        versioned=False,
    )
    indexes("audit_entries", "action", "actor", "at", "record", "record_type")
    create(
        "idempotency_keys",
        text("caller", 200),
        text("path", 200),
        text("key", 200),
        text("body_digest", 128),
        moment("created_at"),
        number("status", null=True),
        document("headers"),
        binary("body", null=True),
        versioned=False,
    )
    indexes("idempotency_keys", "created_at", owned=False)
    index("idempotency_keys", "caller", "path", "key", unique=True, name="use")
    _guard_audit()


def _guard_audit() -> None:
    """Let the database itself refuse to change history."""
    if op.get_bind().dialect.name == "postgresql":
        op.execute(
            "CREATE FUNCTION audit_entries_stay() RETURNS trigger LANGUAGE plpgsql AS "
            "$$ BEGIN RAISE EXCEPTION 'audit entries stay as they are'; END $$"
        )
        op.execute(
            "CREATE TRIGGER audit_entries_stay BEFORE UPDATE OR DELETE ON audit_entries "
            "FOR EACH ROW EXECUTE FUNCTION audit_entries_stay()"
        )
        return
    for change in ("UPDATE", "DELETE"):
        op.execute(
            f"CREATE TRIGGER audit_entries_stay_{change.lower()} BEFORE {change} ON audit_entries "
            "BEGIN SELECT RAISE(ABORT, 'audit entries stay as they are'); END"
        )


def downgrade() -> None:
    """Drop them."""
    op.drop_table("idempotency_keys")
    op.drop_table("audit_entries")
    if op.get_bind().dialect.name == "postgresql":
        op.execute("DROP FUNCTION audit_entries_stay()")
    op.drop_table("refresh_sessions")
    op.drop_table("api_keys")
