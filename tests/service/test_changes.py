"""What sessions note of their changes, and who reads it when."""

from collections.abc import Collection

import pytest

from models.records import Changed, User
from service.callers import the_service
from service.changes import Seen, changes_since, forget_changes, note_everything, seen_by, write_changes
from service.database import Database
from tests.service.accounts import Client
from tests.service.booking.visits import at, booked, resource_of, team_of, user_of

Noted = Collection[tuple[Changed, int]]


class Reader:
    """Reads what has changed since it was asked last."""

    def __init__(self, database: Database, organization: int) -> None:
        self.database, self.caller = database, the_service(organization)
        with database.moment(self.caller) as session:
            self.seen: Seen = seen_by(session)

    def noted(self) -> Noted:
        with self.database.moment(self.caller) as session:
            found, self.seen = changes_since(session, self.caller.organization_id, self.seen)
        return found


def test_every_change_of_a_plan_is_noted_once(database: Database, owner: Client) -> None:
    reader = Reader(database, owner.organization)
    ana, van = user_of(owner, "Ana"), resource_of(owner)
    assert reader.noted() == {(Changed.EVERYTHING, 0)}
    visit = booked(owner, 9, assigned_users=[ana], required_resources=[van])["id"]
    assert reader.noted() == {(Changed.APPOINTMENT, visit)}
    owner.patch(f"appointments/{visit}/", {"start_datetime": at(11)})
    assert reader.noted() == {(Changed.APPOINTMENT, visit)}
    owner.delete(f"appointments/{visit}/")
    assert reader.noted() == {(Changed.APPOINTMENT, visit)}
    away = owner.made("absences/", {"user": ana, "start": at(8), "end": at(9)})["id"]
    assert reader.noted() == {(Changed.USER_AWAY, ana)}
    bo = user_of(owner, "Bo")
    reader.noted()
    owner.patch(f"absences/{away}/", {"user": bo})
    assert reader.noted() == {(Changed.USER_AWAY, ana), (Changed.USER_AWAY, bo)}
    owner.delete(f"absences/{away}/")
    assert reader.noted() == {(Changed.USER_AWAY, bo)}
    owner.patch(f"users/{ana}/", {"unavailable": [{"start": at(8), "end": at(9)}]})
    assert reader.noted() == {(Changed.USER_AWAY, ana)}


def test_what_all_depends_on_is_noted_as_everything(database: Database, owner: Client) -> None:
    ana, (team, _) = user_of(owner, "Ana"), team_of(owner, 1)
    member = owner.made(f"teams/{team}/add-member/", {"user": ana})["id"]
    rule = {
        "name": "hours",
        "rule_type": "working_hours",
        "start_time": "08:00",
        "end_time": "18:00",
        "is_global": True,
    }
    made = owner.made("rules/", rule)["id"]
    reader = Reader(database, owner.organization)
    for path, body in (
        (f"users/{ana}/", {"skills": ["windows"]}),
        (f"teams/{team}/", {"max_concurrent": 2}),
        (f"team-members/{member}/", {"skills": ["doors"]}),
        (f"rules/{made}/", {"applies_to_users": [ana], "is_global": False}),
        (f"rules/{made}/", {"applies_to_users": []}),
        ("organization/", {"weights": {"travel": 3}}),
    ):
        assert owner.patch(path, body).status_code == 200, path
        assert reader.noted() == {(Changed.EVERYTHING, 0)}, path
    owner.made("locations/", {"name": "home", "latitude": 1.0, "longitude": 2.0})
    assert reader.noted() == {(Changed.EVERYTHING, 0)}


def test_what_no_slot_depends_on_is_not_noted(database: Database, owner: Client) -> None:
    ana = user_of(owner, "Ana")
    reader = Reader(database, owner.organization)
    owner.patch(f"users/{ana}/", {"email": "ana@example.org", "role": "planner"})
    owner.patch("organization/", {"policies": {"reminder_hours": 2}})
    assert reader.noted() == set()


def test_changes_of_others_are_not_read(app: object, database: Database, owner: Client) -> None:
    reader = Reader(database, owner.organization + 1)
    booked(owner, 9)
    assert reader.noted() == set()


def test_many_rows_changed_at_once_are_noted_as_everything(database: Database, owner: Client) -> None:
    from sqlalchemy import update

    reader = Reader(database, owner.organization)
    for session in (database.session(the_service(owner.organization)), database.everywhere()):
        with session:
            session.execute(update(User).values(is_active=True))
            session.commit()
        assert reader.noted() == {(Changed.EVERYTHING, 0)}


def test_who_writes_past_the_session_notes_everything(database: Database, owner: Client) -> None:
    reader = Reader(database, owner.organization)
    with database.everywhere() as session:
        note_everything(session, owner.organization)
        session.commit()
    assert reader.noted() == {(Changed.EVERYTHING, 0)}


def test_nothing_is_noted_of_what_is_taken_back(database: Database, owner: Client) -> None:
    reader = Reader(database, owner.organization)
    with database.session(the_service(owner.organization)) as session:
        session.add(User(name="Eve"))
        session.flush()
        session.rollback()
    assert reader.noted() == set()


@pytest.mark.parametrize("database", ["postgresql"], indirect=True)
def test_a_change_that_is_committed_after_a_later_one_is_read(database: Database, owner: Client) -> None:
    reader = Reader(database, owner.organization)
    with database.session(the_service(owner.organization)) as early:
        early.add(User(name="Eve"))
        early.flush()
        write_changes(early)
        visit = booked(owner, 9)["id"]
        assert reader.noted() == {(Changed.APPOINTMENT, visit)}
        early.commit()
    assert reader.noted() == {(Changed.EVERYTHING, 0)}
    assert reader.noted() == set()


def test_a_reader_whose_moment_is_over_goes_not_back(database: Database, owner: Client) -> None:
    reader = Reader(database, owner.organization)
    with database.moment(reader.caller) as old:
        seen_by(old)
        visit = booked(owner, 9)["id"]
        assert reader.noted() == {(Changed.APPOINTMENT, visit)}
        assert changes_since(old, owner.organization, reader.seen) == (set(), reader.seen)


def test_old_changes_are_forgotten_and_their_numbers_never_come_again(database: Database, owner: Client) -> None:
    from models.records.base import now

    reader = Reader(database, owner.organization)
    booked(owner, 9)
    assert reader.noted()
    with database.everywhere() as session:
        forget_changes(session, now())
        session.commit()
    visit = booked(owner, 11)["id"]
    assert reader.noted() == {(Changed.APPOINTMENT, visit)}
