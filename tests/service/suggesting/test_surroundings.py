"""What is read for a request is enough: the slots are those of the whole organization."""

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from models.records import Appointment
from models.suggestion import SlotQuery, Suggestions
from service.callers import the_service
from service.database import Database
from service.snapshot import Booking, Snapshot, problem_of, violations_of
from service.snapshot.bookings import Seat, Use
from service.snapshot.ids import key_of, number_of
from service.snapshot.reading import bookings_of
from service.snapshot.surroundings import surroundings_of
from solver.suggest import SuggestIndex
from tests.service.accounts import account
from tests.service.snapshot.worlds import random_world

QUERY = SlotQuery(limit=40, spread_minutes=0)


def slots(snapshot: Snapshot, booking: Booking) -> Suggestions:
    return SuggestIndex(*snapshot).suggest(key_of("a", booking.id), QUERY)


def at(booking: Booking, found: Suggestions) -> list[Booking]:
    return [
        replace(
            booking,
            start=each.start,
            team=None if each.team is None else number_of(each.team),
            seats=tuple(Seat(number_of(user), each.positions.get(user)) for user in each.users),
            uses=tuple(Use(number_of(use.resource), use.demand, use.units) for use in each.resources),
        )
        for each in found.suggestions
    ]


def known(session: Session) -> list[Booking]:
    return bookings_of(session, list(session.scalars(select(Appointment.id))))


@pytest.mark.parametrize("seed", range(8))
def test_slots_are_those_of_the_whole_organization_and_break_nothing(database: Database, seed: int) -> None:
    with database.session(the_service(account(database).organization)) as session:
        problem, _, _ = random_world(session, seed)
        now = problem.horizon.start - timedelta(hours=1)
        horizon = problem.horizon.start, problem.horizon.end
        for booking in known(session):
            if booking.settled or (booking.start is not None and booking.start < now):
                continue
            near = slots(surroundings_of(session, booking, *horizon, now), booking)
            whole = slots(problem_of(session, *horizon, sought=booking, now=now), booking)
            assert near.possible == whole.possible
            assert {each.start for each in near.suggestions} == {each.start for each in whole.suggestions}
            for there in at(booking, near)[:6]:
                assert violations_of(session, there, stood=booking.start, now=now) == (), there
