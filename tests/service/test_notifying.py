"""What waits to be sent after appointments and conflicts change, on both databases."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from models.records import Role
from service.database import Database
from tests.service.accounts import Client, Json, account
from tests.service.series.calendar_of import at, visit


def waiting(client: Client, status: str = "pending") -> list[tuple[str, str, list[int]]]:
    rows = client.get(f"notifications/?status={status}&page_size=200&ordering=id").json()["results"]
    return [(row["notification_type"], row["delivery_method"], row["recipients"]) for row in rows]


def reminders(client: Client, status: str = "pending") -> list[str]:
    query = f"notifications/?status={status}&notification_type=appointment_reminder&ordering=scheduled_at"
    return [row["scheduled_at"] for row in client.get(query).json()["results"]]


def utc(text: str, **before: int) -> str:
    moment = datetime.fromisoformat(text).astimezone(UTC) - timedelta(**before)
    return f"{moment:%Y-%m-%dT%H:%M:%SZ}"


def booked(client: Client, **more: Any) -> Json:
    return client.made("appointments/", visit(assigned_users=[client.user]) | more)


def test_new_appointment_is_told_and_reminded_of(owner: Client) -> None:
    made = booked(owner, client_name="Jo", location="Market St")
    assert made["reminder_datetime"] == utc(at(0), hours=24)
    assert waiting(owner) == [
        ("appointment_reminder", "in_app", [owner.user]),
        ("appointment_created", "in_app", [owner.user]),
    ]
    told = owner.get("notifications/?notification_type=appointment_created").json()["results"][0]
    assert (told["subject"], told["related_appointment"]) == ("visit is new", made["id"])
    assert told["message"].splitlines()[1:] == ["Client: Jo", "Place: Market St"]
    assert ", 09:00" in told["message"]
    assert reminders(owner) == [made["reminder_datetime"]]


def test_policy_says_when_to_remind(owner: Client) -> None:
    owner.put("organization/", {"policies": {"reminder_hours": 3}})
    assert booked(owner)["reminder_datetime"] == utc(at(0), hours=3)
    given = utc(at(1), hours=5)
    assert booked(owner, start_datetime=at(1), reminder_datetime=given)["reminder_datetime"] == given


def test_move_plans_a_new_reminder_and_drops_the_old_one(owner: Client) -> None:
    made = booked(owner, reminder_datetime=utc(at(0), hours=5))
    path = f"appointments/{made['id']}/"
    moved = owner.put(path, made | {"start_datetime": at(1), "end_datetime": at(1, 10)}).json()
    assert moved["reminder_datetime"] == utc(at(1), hours=5)
    assert reminders(owner) == [utc(at(1), hours=5)]
    assert reminders(owner, "cancelled") == [utc(at(0), hours=5)]
    # What was not sent yet is told as it is now, once.
    assert [kind for kind, *_ in waiting(owner)].count("appointment_created") == 1
    assert "appointment_updated" not in [kind for kind, *_ in waiting(owner)]
    owner.patch(path, {"reminder_datetime": utc(at(1), hours=2)})
    assert reminders(owner) == [utc(at(1), hours=2)]


@pytest.mark.parametrize("how", ["cancel", "delete", "unschedule", "no-show"])
def test_end_drops_what_waits(owner: Client, how: str) -> None:
    made = booked(owner)
    path = f"appointments/{made['id']}/"
    answer = owner.delete(path) if how == "delete" else owner.post(f"{path}{how}/")
    assert answer.status_code in (200, 204), answer.text
    assert reminders(owner) == []
    if how in ("cancel", "delete"):
        assert waiting(owner) == [("appointment_cancelled", "in_app", [owner.user])]
    if how == "unschedule":
        assert answer.json()["reminder_datetime"] is None


def test_nobody_to_tell_is_no_notification(owner: Client) -> None:
    owner.made("appointments/", visit())
    assert waiting(owner) == []


def test_who_joins_later_is_told(owner: Client) -> None:
    other = owner.made("users/", {"name": "b"})["id"]
    made = booked(owner)
    owner.patch(f"appointments/{made['id']}/", {"assigned_users": [owner.user, other]})
    assert ("appointment_updated", "in_app", [other]) in waiting(owner)


def test_preferences_and_channels_choose_the_way(owner: Client) -> None:
    owner.patch(f"users/{owner.user}/", {"email": "a@example.com"})
    for method in ("email", "sms"):
        owner.made("notification-channels/", {"name": method, "delivery_method": method, "url": "json://localhost"})
    wish = {"user": owner.user, "notification_type": "appointment_created"}
    owner.made("notification-preferences/", wish | {"delivery_method": "in_app", "is_enabled": False})
    owner.made("notification-preferences/", wish | {"delivery_method": "sms", "is_enabled": True})
    booked(owner)
    created = [each for each in waiting(owner) if each[0] == "appointment_created"]
    assert sorted(method for _, method, _ in created) == ["email", "sms"]
    reminding = [each for each in waiting(owner) if each[0] == "appointment_reminder"]
    assert sorted(method for _, method, _ in reminding) == ["email", "in_app"]


def test_series_is_told_once_and_every_occurrence_reminded_of(owner: Client) -> None:
    made = booked(owner, recurrence_rule="FREQ=DAILY;COUNT=3")
    assert [kind for kind, *_ in waiting(owner)].count("appointment_created") == 1
    assert reminders(owner) == [utc(at(day), hours=24) for day in range(3)]
    owner.patch(f"appointments/{made['id']}/?scope=all", {"start_datetime": at(0, 12)})
    assert reminders(owner) == [utc(at(day, 12), hours=24) for day in range(3)]
    owner.post(f"appointments/{made['id']}/cancel/?scope=all")
    assert waiting(owner) == [("appointment_cancelled", "in_app", [owner.user])]


@pytest.mark.parametrize(("impact", "told"), [("high", True), ("medium", False)])
def test_loud_conflicts_are_told_to_those_affected_and_those_who_plan(
    owner: Client, database: Database, impact: str, told: bool
) -> None:
    planner = account(database, Role.PLANNER, owner.organization).user
    account(database, Role.VIEWER, owner.organization)
    member = account(database, Role.MEMBER, owner.organization).user
    first, second = (owner.made("appointments/", visit(day))["id"] for day in (0, 1))
    body = {
        "conflict_type": "time_conflict",
        "primary_appointment": first,
        "conflicting_appointment": second,
        "affected_users": [member],
        "impact_level": impact,
    }
    owner.made("conflicts/", body)
    expected = [("conflict_detected", "in_app", sorted([owner.user, planner, member]))]
    assert waiting(owner) == (expected if told else [])


def test_absence_is_told_to_those_who_lead_or_need_what_is_away(owner: Client) -> None:
    lead, member, guest = (owner.made("users/", {"name": name})["id"] for name in ("lead", "Ana", "guest"))
    team = owner.made("teams/", {"name": "a", "team_lead": lead})["id"]
    owner.made(f"teams/{team}/add-member/", {"user": member})
    away = {"start": at(1, 0), "end": at(2, 0), "reason": "a secret"}
    made = owner.made("absences/", away | {"user": member, "kind": "sickness"})
    owner.patch(f"absences/{made['id']}/", {"end": at(3, 0)})
    assert waiting(owner) == [("team_member_unavailable", "in_app", [owner.user, lead])]
    told = owner.get("notifications/").json()["results"][0]
    assert (told["subject"], "secret" in told["message"]) == ("Ana will be away", False)
    room = owner.made("resources/", {"name": "room"})["id"]
    for day, who in ((0, lead), (1, guest)):
        owner.made("appointments/", visit(day, assigned_users=[who], required_resources=[room]))
    owner.made("absences/", away | {"resource": room, "kind": "maintenance"})
    assert ("resource_unavailable", "in_app", [guest]) in waiting(owner)
    before = waiting(owner)
    owner.made("absences/", away | {"user": member, "kind": "external"})
    assert waiting(owner) == before
