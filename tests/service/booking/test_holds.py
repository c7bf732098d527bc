"""Times that are kept for a while."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import update

from models.records import Appointment, Occupancy
from models.records.base import now
from service.database import Database
from tests.service.accounts import Client, Json
from tests.service.booking.visits import at, booked, refused, request, resource_of, taken, team_of, user_of, visit


def held(client: Client, hour: int = 9, **more: Any) -> Json:
    made = client.made("appointments/", request())
    answer = client.post(f"appointments/{made['id']}/hold/", {"start": at(hour)} | more)
    assert answer.status_code == 200, answer.text
    return dict(answer.json())


def let_expire(database: Database) -> None:
    past = now() - timedelta(seconds=1)
    with database.everywhere() as session:
        session.execute(update(Occupancy).where(Occupancy.expires_at.is_not(None)).values(expires_at=past))
        session.execute(update(Appointment).where(Appointment.held_until.is_not(None)).values(held_until=past))
        session.commit()


def test_held_time_is_kept_from_others(owner: Client, database: Database) -> None:
    user, room = user_of(owner), resource_of(owner)
    made = held(owner, users=[user], resources=[room])
    assert (made["status"], made["start_datetime"], made["end_datetime"]) == ("requested", at(9), at(10))
    assert taken(database, made["id"]) == {
        ("user", user, 540, 600, True, None),
        ("resource", room, 540, 600, True, None),
    }
    refused(owner.post("appointments/", visit(9, assigned_users=[user])))
    other = owner.made("appointments/", request())
    refused(owner.post(f"appointments/{other['id']}/hold/", {"start": at(9), "users": [user]}))


def test_hold_of_a_team_takes_its_members(owner: Client, database: Database) -> None:
    team, users = team_of(owner, 2)
    made = held(owner, team=team)
    assert {(kind, key) for kind, key, *_ in taken(database, made["id"])} == {
        ("team", team),
        *(("user", user) for user in users),
    }


@pytest.mark.parametrize(("ttl", "seconds"), [(None, 300), (1, 1), (86_400, 86_400)])
def test_hold_lasts_as_long_as_asked(owner: Client, ttl: int | None, seconds: int) -> None:
    made = held(owner, **({"ttl": ttl} if ttl else {}))
    left = datetime.fromisoformat(made["held_until"]) - datetime.now(UTC)
    assert seconds - 30 < left.total_seconds() <= seconds


def test_policy_says_how_long_holds_last(owner: Client) -> None:
    owner.put("organization/", {"policies": {"hold_minutes": 30}})
    left = datetime.fromisoformat(held(owner)["held_until"]) - datetime.now(UTC)
    assert 1770 < left.total_seconds() <= 1800


@pytest.mark.parametrize("ttl", [0, -1, 86_401, 1.5, "5", True])
def test_length_that_makes_no_sense_is_refused(owner: Client, ttl: Any) -> None:
    made = owner.made("appointments/", request())
    assert owner.post(f"appointments/{made['id']}/hold/", {"start": at(9), "ttl": ttl}).status_code == 422


def test_live_hold_is_booked_by_confirming(owner: Client, database: Database) -> None:
    user = user_of(owner)
    made = held(owner, users=[user])
    done = owner.post(f"appointments/{made['id']}/confirm/").json()
    assert (done["status"], done["held_until"], done["start_datetime"]) == ("confirmed", None, at(9))
    let_expire(database)
    assert taken(database, made["id"]) == {("user", user, 540, 600, True, None)}
    refused(owner.post("appointments/", visit(9, assigned_users=[user])))


def test_expired_hold_cannot_be_confirmed_and_keeps_nothing(owner: Client, database: Database) -> None:
    user = user_of(owner)
    made = held(owner, users=[user])
    let_expire(database)
    answer = owner.post(f"appointments/{made['id']}/confirm/")
    assert (answer.status_code, answer.json()["code"]) == (409, "hold_expired")
    booked(owner, 9, assigned_users=[user])
    assert taken(database, made["id"]) == set()
    assert owner.post(f"appointments/{made['id']}/confirm/").json()["code"] == "hold_expired"
    refused(owner.post(f"appointments/{made['id']}/hold/", {"start": at(9)}))


def test_request_without_a_hold_cannot_be_confirmed(owner: Client) -> None:
    made = owner.made("appointments/", visit(9, status="requested"))
    answer = owner.post(f"appointments/{made['id']}/confirm/")
    assert (answer.status_code, answer.json()["code"]) == (409, "illegal_transition")


def test_second_hold_replaces_the_first(owner: Client, database: Database) -> None:
    user = user_of(owner)
    made = held(owner, 9, users=[user])
    answer = owner.post(f"appointments/{made['id']}/hold/", {"start": at(9, 30)})
    assert answer.status_code == 200, answer.text
    assert taken(database, made["id"]) == {("user", user, 570, 630, True, None)}


def test_refused_hold_leaves_the_first(owner: Client, database: Database) -> None:
    user = user_of(owner)
    booked(owner, 12, assigned_users=[user])
    made = held(owner, 9, users=[user])
    refused(owner.post(f"appointments/{made['id']}/hold/", {"start": at(12)}))
    assert owner.get(f"appointments/{made['id']}/").json() == made
    assert taken(database, made["id"]) == {("user", user, 540, 600, True, None)}


@pytest.mark.parametrize("change", [{"start_datetime": at(15)}, {"assigned_users": []}, {"status": "cancelled"}])
def test_change_of_what_is_held_ends_the_hold(owner: Client, database: Database, change: Json) -> None:
    user = user_of(owner)
    made = held(owner, 9, users=[user])
    changed = owner.patch(f"appointments/{made['id']}/", change)
    assert (changed.status_code, changed.json()["held_until"]) == (200, None)
    assert taken(database, made["id"]) == set()


def test_change_of_something_else_keeps_the_hold(owner: Client, database: Database) -> None:
    made = held(owner, 9, users=[user_of(owner)])
    changed = owner.patch(f"appointments/{made['id']}/", {"client_name": "Jo"}).json()
    assert changed["held_until"] == made["held_until"]
    assert taken(database, made["id"])


def test_hidden_hold_is_free(owner: Client, database: Database) -> None:
    made = held(owner, 9, users=[user_of(owner)])
    owner.delete(f"appointments/{made['id']}/")
    assert taken(database, made["id"]) == set()


@pytest.mark.parametrize("status", ["scheduled", "confirmed", "completed", "cancelled"])
def test_only_requests_are_held(owner: Client, status: str) -> None:
    made = booked(owner, 9, status=status)
    answer = owner.post(f"appointments/{made['id']}/hold/", {"start": at(9)})
    assert (answer.status_code, answer.json()["code"]) == (409, "illegal_transition")
