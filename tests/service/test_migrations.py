from collections.abc import Callable, Iterator

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import CheckConstraint, inspect, text
from sqlalchemy.exc import DBAPIError

from models.records import Base
from service import migrations
from service.database import Database
from tests.conftest import KINDS


@pytest.fixture(params=KINDS)
def empty(request: pytest.FixtureRequest, empty_url: Callable[[str], str]) -> Iterator[Database]:
    database = Database(empty_url(request.param))
    yield database
    database.close()


def test_upgrade_of_an_empty_database_gives_the_declared_tables(empty: Database) -> None:
    assert not migrations.is_current(empty.engine)
    migrations.upgrade(empty.engine)
    assert migrations.is_current(empty.engine)
    with empty.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, Base.metadata) == []


def test_upgrade_makes_the_declared_checks(empty: Database) -> None:
    migrations.upgrade(empty.engine)
    inspector = inspect(empty.engine)
    for table in Base.metadata.sorted_tables:
        declared = {str(each.name) for each in table.constraints if isinstance(each, CheckConstraint)}
        assert {each["name"] for each in inspector.get_check_constraints(table.name)} == declared, table.name


def test_downgrade_to_base_leaves_nothing_and_the_way_up_is_open_again(empty: Database) -> None:
    migrations.upgrade(empty.engine)
    migrations.downgrade(empty.engine, "base")
    assert set(inspect(empty.engine).get_table_names()) <= {"alembic_version", "sqlite_sequence"}
    migrations.upgrade(empty.engine)
    assert migrations.is_current(empty.engine)


def test_upgrade_twice_changes_nothing(empty: Database) -> None:
    migrations.upgrade(empty.engine)
    migrations.upgrade(empty.engine)
    assert migrations.is_current(empty.engine)


_ORGANIZATION = text(
    "INSERT INTO organizations (id, name, timezone, currency, step_minutes, weights, retention, policies, created_at,"
    " updated_at, version) VALUES (1, 'A', 'UTC', 'EUR', 5, '{}', '{}', '{}', '2026-01-01', '2026-01-01', 1)"
)
_APPOINTMENT = text(
    "INSERT INTO appointments (id, organization_id, title, description, status, priority, client_name, client_phone,"
    " client_notes, pinned, location, is_virtual, meeting_url, is_recurring, excluded_starts, currency, is_billable,"
    " reminder_sent, completion_notes, completion_feedback, external_url, created_at, updated_at, version)"
    " VALUES (1, 1, 'A', '', 'requested', 'normal', '', '', '', false, '', false, '', false, '[]', 'EUR', true,"
    " false, '', '', '', '2026-01-01', '2026-01-01', 1)"
)
_TAKE = text(
    "INSERT INTO occupancies (organization_id, appointment_id, subject, start_minute, end_minute, exclusive)"
    " VALUES (1, 1, :subject, :start, :end, :exclusive)"
)


@pytest.mark.parametrize(
    ("second", "refused"),
    [
        pytest.param({"subject": 4, "start": 50, "end": 70, "exclusive": True}, True, id="overlapping"),
        pytest.param({"subject": 4, "start": 0, "end": 200, "exclusive": True}, True, id="around it"),
        pytest.param({"subject": 4, "start": 60, "end": 70, "exclusive": True}, False, id="touching"),
        pytest.param({"subject": 8, "start": 50, "end": 70, "exclusive": True}, False, id="another subject"),
        pytest.param({"subject": 4, "start": 50, "end": 70, "exclusive": False}, False, id="shared"),
    ],
)
def test_database_refuses_a_double_booking(database: Database, second: dict[str, object], refused: bool) -> None:
    with database.engine.connect() as connection:
        for statement in (_ORGANIZATION, _APPOINTMENT):
            connection.execute(statement)
        connection.execute(_TAKE, {"subject": 4, "start": 0, "end": 60, "exclusive": True})
        if refused:
            with pytest.raises(DBAPIError, match="ex_occupancies_alone"):
                connection.execute(_TAKE, second)
        else:
            connection.execute(_TAKE, second)


@pytest.mark.parametrize("change", ["UPDATE audit_entries SET reason = 'x'", "DELETE FROM audit_entries"])
def test_database_refuses_to_change_the_audit_log(database: Database, change: str) -> None:
    with database.engine.connect() as connection:
        connection.execute(_ORGANIZATION)
        connection.execute(
            text(
                "INSERT INTO audit_entries (organization_id, at, actor_name, action, record_type, record, reason)"
                " VALUES (1, '2026-01-01', '', 'created', 'team', 1, '')"
            )
        )
        with pytest.raises(DBAPIError, match="stay as they are"):
            connection.execute(text(change))
