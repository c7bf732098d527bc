from dataclasses import replace

import pytest
from sqlalchemy import delete, func, select, update

from models.records import Appointment, Role, Team
from models.records.base import now
from service.callers import Caller, the_service
from service.database import Database
from tests.service.accounts import account


@pytest.fixture
def two(database: Database) -> tuple[Caller, Caller]:
    """The services of two organizations with a team each."""
    callers = the_service(account(database).organization), the_service(account(database).organization)
    for caller in callers:
        with database.session(caller) as session:
            session.add(Team(name=f"of {caller.organization_id}"))
            session.commit()
    return callers


def test_session_without_a_caller_answers_nothing(database: Database) -> None:
    with database.session() as session, pytest.raises(LookupError, match="bound to no organization"):
        session.scalars(select(Team)).all()


def test_session_without_a_caller_writes_nothing(database: Database) -> None:
    with database.session() as session:
        session.add(Team(name="a"))
        with pytest.raises(LookupError, match="bound to no organization"):
            session.flush()


def test_queries_of_every_form_stay_inside(database: Database, two: tuple[Caller, Caller]) -> None:
    caller = two[1]
    name = f"of {caller.organization_id}"
    with database.session(caller) as session:
        assert session.scalars(select(Team.name)).all() == [name]
        assert session.scalar(select(func.count(Team.id))) == 1
        assert session.get(Team, 1) is None
        subquery = select(Team.id).scalar_subquery()
        assert session.scalars(select(Team.name).where(Team.id.in_(subquery))).all() == [name]


def test_bulk_changes_stay_inside(database: Database, two: tuple[Caller, Caller]) -> None:
    first, second = two
    with database.session(second) as session:
        session.execute(update(Team).values(description="changed"))
        session.commit()
    with database.session(first) as session:
        assert session.scalars(select(Team.description)).all() == [""]
        session.execute(delete(Team))
        session.commit()
    with database.everywhere() as session:
        assert session.scalars(select(Team.description)).all() == ["changed"]


def test_row_of_another_organization_cannot_be_added(database: Database, two: tuple[Caller, Caller]) -> None:
    with database.session(two[0]) as session:
        session.add(Team(name="a", organization_id=two[1].organization_id))
        with pytest.raises(PermissionError, match="does not belong here"):
            session.flush()


def test_what_is_hidden_is_seen_only_on_demand(database: Database, two: tuple[Caller, Caller]) -> None:
    with database.session(two[0]) as session:
        session.add(Appointment(title="a", status="requested", duration_minutes=5, hidden_at=now()))
        session.commit()
        assert session.scalars(select(Appointment)).all() == []
        shown = session.scalars(select(Appointment), execution_options={"include_hidden": True}).all()
        assert [each.title for each in shown] == ["a"]


def test_reading_session_holds_up_no_writer(database: Database, two: tuple[Caller, Caller]) -> None:
    with database.session(two[0], writes=False) as reading:
        reading.scalars(select(Team)).all()
        with database.session(two[0]) as writing:
            writing.add(Team(name="b"))
            writing.commit()
        assert reading.scalar(select(func.count(Team.id))) in (1, 2)


def test_callers_are_told_apart_by_user() -> None:
    service = the_service(3)
    assert (service.role, service.key) == (Role.OWNER, "service")
    assert replace(service, user_id=4).key == "user:4"
