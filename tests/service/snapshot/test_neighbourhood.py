import pytest
from sqlalchemy import select, true
from sqlalchemy.orm import Session, selectinload

from models.records import Appointment
from service.callers import the_service
from service.database import Database
from service.snapshot import Booking, booking_of, present_violations, problem_of, unsettled, violations_of
from service.snapshot.judging import PLANNED, found, involving
from service.snapshot.reading import bookings_where
from tests.service.accounts import account
from tests.service.snapshot.worlds import AROUND, facts, random_world

SEEDS = range(20)


def placed(session: Session) -> list[Booking]:
    return bookings_where(session, Appointment.start_datetime.is_not(None))


@pytest.mark.parametrize("seed", SEEDS)
def test_present_violations_are_those_of_the_whole_organization(database: Database, seed: int) -> None:
    with database.session(the_service(account(database).organization)) as session:
        problem, _, _ = random_world(session, seed)
        span = problem.horizon.start - AROUND, problem.horizon.end + AROUND
        whole = found(problem_of(session, *span, free=unsettled, waiting=true()), PLANNED)
        for booking in placed(session):
            assert facts(present_violations(session, [booking])) == facts(involving(whole, [booking])), booking
        every = placed(session)[::2]
        assert facts(present_violations(session, every)) == facts(involving(whole, every))


@pytest.mark.parametrize("seed", SEEDS)
def test_violations_of_a_booking_are_those_of_the_whole_organization(database: Database, seed: int) -> None:
    with database.session(the_service(account(database).organization)) as session:
        problem, _, _ = random_world(session, seed)
        now = problem.horizon.start
        span = problem.horizon.start - AROUND, problem.horizon.end + AROUND
        links = (selectinload(Appointment.user_links), selectinload(Appointment.resource_links))
        for record in session.scalars(
            select(Appointment).where(Appointment.start_datetime.is_not(None)).options(*links)
        ):
            booking = booking_of(record)
            whole = problem_of(session, *span, now=now)
            fresh = whole.problem.model_copy(
                update={
                    "appointments": tuple(
                        each.model_copy(update={"current": None, "pinned": False})
                        if each.id == f"a{record.id}"
                        else each
                        for each in whole.problem.appointments
                    )
                }
            )
            expected = involving(found(whole._replace(problem=fresh), PLANNED), [booking])
            assert facts(violations_of(session, record, now=now)) == facts(expected), record.id
