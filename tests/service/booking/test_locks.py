"""Who waits for whom: bookings of the same subjects, and what they are held to."""

from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from datetime import UTC, datetime
from threading import Event

import pytest
from fastapi import FastAPI

from models.records import Appointment, AppointmentUser
from models.records.occupancy import SubjectKind, subject_key
from service import booking
from service.callers import the_service
from service.database import Database
from service.locks import lock_subjects
from tests.service.accounts import Client, Json
from tests.service.booking.visits import at, refused, resource_of, team_of, user_of, visit

pytestmark = pytest.mark.parametrize("database", ["postgresql"], indirect=True)
"""On SQLite whoever writes has the database to itself."""

WAITS_SECONDS = 0.5


def while_booked(database: Database, client: Client, user: int, work: Callable[[], Json]) -> Json:
    """Do something while a booking of a user is not committed yet, and see that it waits for that."""
    with ThreadPoolExecutor(1) as threads, database.session(the_service(client.organization)) as session:
        appointment = Appointment(
            title="under way",
            start_datetime=datetime(2027, 3, 1, 9, tzinfo=UTC),
            duration_minutes=60,
            user_links=[AppointmentUser(user_id=user)],
        )
        booking.book(session, appointment)
        began = Event()

        def begin() -> Json:
            began.set()
            return work()

        waiting: Future[Json] = threads.submit(begin)
        assert began.wait(10)
        with pytest.raises(TimeoutError):
            waiting.result(WAITS_SECONDS)
        session.commit()
        return waiting.result(30)


def test_booking_of_the_same_user_waits_and_is_refused(app: FastAPI, database: Database, owner: Client) -> None:
    user = user_of(owner)

    def book() -> Json:
        refused(Client(app, owner.who).post("appointments/", visit(9, assigned_users=[user])))
        return {}

    while_booked(database, owner, user, book)


def test_rule_waits_for_bookings_of_whom_it_names(app: FastAPI, database: Database, owner: Client) -> None:
    user = user_of(owner)
    limit = {"name": "r", "rule_type": "capacity_limit", "parameters": {"max_per_day": 1}, "applies_to_users": [user]}
    while_booked(database, owner, user, lambda: Client(app, owner.who).made("rules/", limit))
    refused(owner.post("appointments/", visit(12, assigned_users=[user])), "rule_violated")


def test_absence_waits_for_bookings_and_finds_them(app: FastAPI, database: Database, owner: Client) -> None:
    user = user_of(owner)
    away = {"user": user, "start": at(9), "end": at(10)}
    while_booked(database, owner, user, lambda: Client(app, owner.who).made("absences/", away))
    assert owner.get("conflicts/").json()["count"] == 1


def test_bookings_of_others_do_not_wait(app: FastAPI, database: Database, owner: Client) -> None:
    ana, bo = user_of(owner), user_of(owner)
    with database.session(the_service(owner.organization)) as session:
        lock_subjects(session, [subject_key(SubjectKind.USER, ana)])
        assert owner.post("appointments/", visit(9, assigned_users=[bo])).status_code == 201
        session.rollback()


def test_crews_in_any_order_do_not_deadlock(app: FastAPI, database: Database, owner: Client) -> None:
    team, users = team_of(owner, 3, max_concurrent=9)
    things = [resource_of(owner) for _ in range(2)]

    def book(i: int) -> int:
        people, rooms = (users, things) if i % 2 else (users[::-1], things[::-1])
        body = visit(i % 12, assigned_team=team, assigned_users=people, required_resources=rooms)
        return int(Client(app, owner.who).post("appointments/", body).status_code)

    with ThreadPoolExecutor(8) as threads:
        statuses = list(threads.map(book, range(24)))
    assert sorted(statuses) == [201] * 12 + [409] * 12


def test_team_that_is_booked_whole_keeps_its_members_meanwhile(app: FastAPI, database: Database, owner: Client) -> None:
    team, users = team_of(owner, 1)
    with database.session(the_service(owner.organization)) as session, ThreadPoolExecutor(1) as threads:
        appointment = Appointment(
            title="under way",
            start_datetime=datetime(2027, 3, 1, 9, tzinfo=UTC),
            duration_minutes=60,
            assigned_team_id=team,
        )
        booking.book(session, appointment)
        joining = threads.submit(lambda: Client(app, owner.who).post(f"teams/{team}/add-member/", {"user": owner.user}))
        with pytest.raises(TimeoutError):
            joining.result(WAITS_SECONDS)
        session.commit()
        assert joining.result(30).status_code == 201
    made = owner.get("appointments/").json()["results"]
    assert [each["assigned_users"] for each in made] == [users]
