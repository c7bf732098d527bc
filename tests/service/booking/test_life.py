"""The life of an appointment: each status, what may follow it, and what follows from that."""

from typing import Any

import pytest

from models.enums import AppointmentStatus as Status
from models.events import (
    AppointmentCancelled,
    AppointmentCompleted,
    AppointmentConfirmed,
    AppointmentCreated,
    AppointmentDeleted,
    AppointmentUpdated,
    Event,
)
from models.lifecycle import BUSY, FINAL, TRANSITIONS
from service import bus
from service.database import Database
from tests.service.accounts import Client, Json
from tests.service.booking.visits import at, booked, request, resource_of, taken, team_of, user_of, visit

ACTIONS = {
    "confirm": Status.CONFIRMED,
    "cancel": Status.CANCELLED,
    "reschedule": Status.RESCHEDULED,
    "start": Status.IN_PROGRESS,
    "complete": Status.COMPLETED,
    "no-show": Status.NO_SHOW,
    "unschedule": Status.REQUESTED,
}


def standing(client: Client, status: Status, **more: Any) -> Json:
    body = request(**more) if status is Status.REQUESTED else visit(9, status=status, **more)
    return client.made("appointments/", body)


@pytest.mark.parametrize("action", ACTIONS)
def test_action_does_what_the_table_allows(owner: Client, database: Database, action: str) -> None:
    wanted = ACTIONS[action]
    for status in Status:
        user = user_of(owner)
        made = standing(owner, status, assigned_users=[user])
        body = {"start_datetime": at(11)} if action == "reschedule" else None
        answer = owner.post(f"appointments/{made['id']}/{action}/", body)
        now = owner.get(f"appointments/{made['id']}/").json()
        if wanted in TRANSITIONS[status]:
            assert (answer.status_code, now["status"]) == (200, wanted), (status, answer.text)
            assert answer.json() == now
            assert answer.headers["ETag"] == f'"{now["version"]}"'
        else:
            assert (answer.status_code, answer.json()["code"]) == (409, "illegal_transition"), status
            assert now == made
        busy = Status(now["status"]) in BUSY
        assert {kind for kind, *_ in taken(database, made["id"])} == ({"user"} if busy else set())


@pytest.mark.parametrize("status", Status)
def test_put_of_a_status_does_what_the_table_allows(owner: Client, status: Status) -> None:
    for wanted in Status:
        made = standing(owner, status)
        time = {"start_datetime": at(9)} if status is Status.REQUESTED and wanted in BUSY else {}
        answer = owner.put(f"appointments/{made['id']}/", {"status": wanted} | time)
        if wanted == status or wanted in TRANSITIONS[status]:
            assert (answer.status_code, answer.json()["status"]) == (200, wanted), answer.text
        else:
            assert (answer.status_code, answer.json()["code"]) == (409, "illegal_transition"), wanted
            assert owner.get(f"appointments/{made['id']}/").json() == made


@pytest.fixture
def events(monkeypatch: pytest.MonkeyPatch) -> list[Event]:
    """All events of the test."""
    seen: list[Event] = []
    heard = {kind: (lambda _session, event: seen.append(event),) for kind in Event.__subclasses__()}
    monkeypatch.setattr(bus, "HANDLERS", heard)
    return seen


def test_events_tell_what_happened(owner: Client, events: list[Event]) -> None:
    def said() -> list[type[Event]]:
        kinds = [type(event) for event in events]
        events.clear()
        return kinds

    made = booked(owner, 9)
    where = f"appointments/{made['id']}/"
    assert said() == [AppointmentCreated]
    for action, body, kind in [
        ("confirm", None, AppointmentConfirmed),
        ("reschedule", {"start_datetime": at(12)}, AppointmentUpdated),
        ("unschedule", None, AppointmentUpdated),
    ]:
        assert owner.post(f"{where}{action}/", body).status_code == 200
        assert said() == [kind]
    owner.patch(where, {"status": "scheduled", "start_datetime": at(10)})
    assert said() == [AppointmentUpdated]
    owner.patch(where, {"status": "scheduled"})
    assert said() == []
    owner.post(f"{where}start/")
    owner.post(f"{where}complete/")
    assert said() == [AppointmentUpdated, AppointmentCompleted]
    owner.delete(where)
    assert said() == [AppointmentDeleted]
    other = booked(owner, 14)
    owner.put(f"appointments/{other['id']}/", {"status": "cancelled"})
    assert said() == [AppointmentCreated, AppointmentCancelled]


@pytest.mark.parametrize("status", sorted(FINAL))
def test_what_is_over_keeps_all_but_completion_and_costs(owner: Client, status: str) -> None:
    user = user_of(owner)
    made = standing(owner, Status(status))
    where = f"appointments/{made['id']}/"
    changes: list[Json] = [
        {"title": "other"},
        {"start_datetime": at(11)},
        {"assigned_users": [user]},
        {"requirements": {}},
        {"pinned": True},
        {"client_email": "a@example.com"},
    ]
    for change in changes:
        answer = owner.patch(where, change)
        assert (answer.status_code, answer.json()["code"]) == (409, "illegal_transition"), change
        assert next(iter(change)) in answer.json()["detail"]
    after = {"completion_notes": "n", "completion_rating": 4, "completion_feedback": "f", "actual_cost": "12.00"}
    changed = owner.put(where, made | after)
    assert changed.status_code == 200, changed.text
    assert {name: changed.json()[name] for name in after} == after


def test_work_under_way_cannot_be_moved(owner: Client) -> None:
    made = booked(owner, 9, status="in_progress")
    answer = owner.patch(f"appointments/{made['id']}/", {"start_datetime": at(10)})
    assert (answer.status_code, answer.json()["code"]) == (409, "illegal_transition")
    longer = owner.patch(f"appointments/{made['id']}/", {"duration_minutes": 90})
    assert (longer.status_code, longer.json()["status"]) == (200, "in_progress")


@pytest.mark.parametrize("status", ["scheduled", "confirmed", "rescheduled"])
def test_new_start_makes_it_rescheduled_and_the_same_start_does_not(owner: Client, status: str) -> None:
    made = booked(owner, 9, status=status)
    where = f"appointments/{made['id']}/"
    assert owner.put(where, made | {"client_notes": "ring twice"}).json()["status"] == status
    assert owner.put(where, made | {"start_datetime": at(10), "end_datetime": at(11)}).json()["status"] == "rescheduled"


def test_new_start_with_a_status_gets_that_status(owner: Client) -> None:
    made = booked(owner, 9)
    answer = owner.patch(f"appointments/{made['id']}/", {"start_datetime": at(10), "status": "confirmed"})
    assert answer.json()["status"] == "confirmed"


def test_reschedule_to_the_same_start_changes_nothing(owner: Client) -> None:
    made = booked(owner, 9)
    answer = owner.post(f"appointments/{made['id']}/reschedule/", {"start_datetime": at(9)})
    assert answer.json() == made


def test_reschedule_changes_time_and_crew(owner: Client) -> None:
    ana, bo, room = user_of(owner), user_of(owner), resource_of(owner)
    made = booked(owner, 9, assigned_users=[ana])
    body = {"start_datetime": at(10), "end_datetime": at(13), "assigned_users": [bo], "required_resources": [room]}
    moved = owner.post(f"appointments/{made['id']}/reschedule/", body | {"reason": "ill"}).json()
    assert (moved["duration_minutes"], moved["assigned_users"], moved["status"]) == (180, [bo], "rescheduled")
    last = owner.get(f"audit-log/?record={made['id']}&record_type=appointment").json()["results"][-1]
    assert (last["reason"], last["before"]["assigned_users"]) == ("ill", [ana])


def test_reschedule_to_a_taken_time_changes_nothing(owner: Client, database: Database) -> None:
    user = user_of(owner)
    booked(owner, 11, assigned_users=[user])
    made = booked(owner, 9, assigned_users=[user])
    answer = owner.post(f"appointments/{made['id']}/reschedule/", {"start_datetime": at(10, 30)})
    assert (answer.status_code, answer.json()["code"]) == (409, "slot_taken")
    assert owner.get(f"appointments/{made['id']}/").json() == made
    assert taken(database, made["id"]) == {("user", user, 540, 600, True, None)}


def test_unscheduled_one_keeps_what_was_asked_for(owner: Client) -> None:
    user, room = user_of(owner), resource_of(owner)
    made = booked(owner, 9, assigned_users=[user], required_resources=[room])
    left = owner.post(f"appointments/{made['id']}/unschedule/").json()
    assert (left["start_datetime"], left["end_datetime"], left["duration_minutes"]) == (None, None, 60)
    assert (left["assigned_users"], left["required_resources"]) == ([user], [room])


def test_unscheduled_one_loses_what_booking_chose(owner: Client) -> None:
    team, _ = team_of(owner, 2)
    room = resource_of(owner, resource_type="room")
    needs = {"team": {"any_of": [team]}, "resources": [{"resource_type": "room"}]}
    made = booked(owner, 9, requirements=needs, required_resources=[room])
    left = owner.put(f"appointments/{made['id']}/", made | {"status": "requested"}).json()
    assert (left["assigned_team"], left["assigned_users"], left["required_resources"]) == (None, [], [])
    assert (left["whole_team"], left["start_datetime"], left["duration_minutes"]) == (False, None, 60)


def test_completion_says_how_it_went(owner: Client) -> None:
    made = booked(owner, 9)
    body = {"completion_notes": "done", "completion_rating": 5, "actual_cost": "80.50"}
    done = owner.post(f"appointments/{made['id']}/complete/", body).json()
    assert {name: done[name] for name in body} == body
    assert owner.post(f"appointments/{made['id']}/complete/", {"completion_rating": 6}).status_code == 422


def test_reason_of_a_cancellation_is_in_the_log(owner: Client) -> None:
    made = booked(owner, 9)
    assert owner.post(f"appointments/{made['id']}/cancel/", {"reason": "The client is ill."}).status_code == 200
    entries = owner.get(f"audit-log/?record={made['id']}&record_type=appointment").json()["results"]
    assert [(each["action"], each["reason"]) for each in entries] == [
        ("created", ""),
        ("updated", "The client is ill."),
    ]


def test_action_minds_versions_and_keys(owner: Client) -> None:
    made = booked(owner, 9)
    where = f"appointments/{made['id']}/"
    stale = owner.post(f"{where}confirm/", headers={"If-Match": '"7"'})
    assert (stale.status_code, stale.json()["code"]) == (412, "stale")
    once = {"Idempotency-Key": "k", "If-Match": f'"{made["version"]}"'}
    first, second = (owner.post(f"{where}cancel/", {}, headers=once) for _ in range(2))
    assert (first.status_code, second.status_code) == (200, 200)
    assert (first.content, second.headers["Idempotency-Replayed"]) == (second.content, "true")
    assert owner.post(f"{where}cancel/").status_code == 409


def test_deleted_one_cannot_be_acted_on(owner: Client) -> None:
    made = booked(owner, 9)
    owner.delete(f"appointments/{made['id']}/")
    for action in ACTIONS:
        body = {"start_datetime": at(9)} if action == "reschedule" else None
        answer = owner.post(f"appointments/{made['id']}/{action}/", body)
        assert answer.status_code == 404, action
