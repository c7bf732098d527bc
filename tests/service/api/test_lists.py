from datetime import datetime, timedelta
from typing import Any

import pytest

from models import records
from models.records.base import now
from models.records.occupancy import SubjectKind, subject_key
from models.records.stored import stored_fields
from models.timegrid import minute_of
from service.database import Database
from service.lists import filters_of
from tests.service.accounts import Client, Statements

NOON = "2026-11-30T12:00:00Z"


def names(answer: Any) -> list[str]:
    assert answer.status_code == 200, answer.text
    return [each["name"] for each in answer.json()["results"]]


@pytest.fixture
def five(owner: Client) -> Client:
    """An owner with five resources."""
    for i, name in enumerate(("Ant", "Bee", "Cat", "Dog", "Emu")):
        body = {"name": name, "resource_type": "room" if i % 2 else "vehicle", "capacity": i + 1, "is_active": i != 4}
        owner.made("resources/", body | {"description": "flies" if name == "Bee" else ""})
    return owner


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("", ["Ant", "Bee", "Cat", "Dog", "Emu"]),
        ("resource_type=room", ["Bee", "Dog"]),
        ("resource_type=room&resource_type=vehicle&is_active=false", ["Emu"]),
        ("name=Cat", ["Cat"]),
        ("capacity=2", ["Bee"]),
        ("capacity_after=2&capacity_before=4", ["Bee", "Cat"]),
        ("search=FLIES", ["Bee"]),
        ("search=%25", []),
        ("ordering=-capacity", ["Emu", "Dog", "Cat", "Bee", "Ant"]),
        ("ordering=resource_type,-name", ["Dog", "Bee", "Emu", "Cat", "Ant"]),
        ("page=2&page_size=2", ["Cat", "Dog"]),
        ("page=99", []),
    ],
)
def test_list_is_filtered_searched_ordered_and_cut(five: Client, query: str, expected: list[str]) -> None:
    assert names(five.get(f"resources/?{query}")) == expected


def test_pages_lead_to_each_other(five: Client) -> None:
    first = five.get("resources/?page_size=2&is_active=true").json()
    assert first["count"] == 4
    assert first["previous"] is None
    second = five.http.get(first["next"])
    assert names(second) == ["Cat", "Dog"]
    assert second.json()["next"] is None
    assert names(five.http.get(second.json()["previous"])) == ["Ant", "Bee"]


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ("page=0", "page"),
        ("page_size=201", "page_size"),
        ("colour=red", "colour"),
        ("resource_type=moon", "resource_type[0]"),
        ("is_active=perhaps", "is_active"),
        ("ordering=-weight", "ordering"),
        ("capacity=99999999999999999999", "capacity"),
        ("next_maintenance_after=2026-11-30T12:00:00", "next_maintenance_after"),
        ("search=%00", "search"),
    ],
)
def test_bad_query_is_422_and_named(owner: Client, query: str, field: str) -> None:
    answer = owner.get(f"resources/?{query}")
    assert answer.status_code == 422
    assert [each["field"] for each in answer.json()["errors"]] == [field]


def test_appointments_are_filtered_by_time_and_by_who_is_in_them(owner: Client) -> None:
    room = owner.made("resources/", {"name": "Room"})["id"]
    body = {"title": "a", "start_datetime": NOON, "duration_minutes": 60}
    first = owner.made("appointments/", body | {"assigned_users": [owner.user]})["id"]
    second = owner.made(
        "appointments/", body | {"start_datetime": "2026-11-30T13:00:00Z", "required_resources": [room]}
    )

    def found(query: str) -> list[int]:
        return [each["id"] for each in owner.get(f"appointments/?{query}").json()["results"]]

    assert found(f"assigned_user={owner.user}") == [first]
    assert found(f"required_resource={room}") == [second["id"]]
    assert found("start_datetime_after=2026-11-30T13:00:00%2B00:00") == [second["id"]]
    assert found("start_datetime_after=2026-11-30T13:00:00+00:00") == [second["id"]]
    assert found("start_datetime_before=2026-11-30T14:00:00%2B01:00") == [first]


@pytest.mark.parametrize(
    ("path", "expected"),
    [("upcoming", ["far"]), ("overdue", ["past"]), ("today", ["now"]), ("", ["past", "now", "far", "done"])],
)
def test_special_lists_of_appointments(owner: Client, path: str, expected: list[str]) -> None:
    minute = now().replace(second=0, microsecond=0)
    minute -= timedelta(minutes=minute.minute % 5)
    for title, hours, status in (("past", -48, "scheduled"), ("now", 0, "in_progress"), ("far", 48, "confirmed")):
        start = (minute + timedelta(hours=hours)).isoformat()
        owner.made("appointments/", {"title": title, "start_datetime": start, "duration_minutes": 5, "status": status})
    start = (minute - timedelta(hours=48)).isoformat()
    body = {"title": "done", "start_datetime": start, "duration_minutes": 5, "status": "completed"}
    owner.made("appointments/", body)
    answer = owner.get(f"appointments/{path}/" if path else "appointments/")
    assert [each["title"] for each in answer.json()["results"]] == expected


def test_special_lists_by_state(owner: Client) -> None:
    owner.made("rules/", {"name": "on", "rule_type": "blackout"})
    owner.made("rules/", {"name": "off", "rule_type": "blackout", "is_active": False})
    assert names(owner.get("rules/active/")) == ["on"]
    assert owner.get("rules/active/?is_active=false").status_code == 422
    owner.made("integrations/", {"name": "off", "integration_type": "crm", "is_active": False})
    assert names(owner.get("integrations/active/")) == []
    assert owner.get("conflicts/unresolved/").json() == {"count": 0, "next": None, "previous": None, "results": []}
    assert owner.get("notifications/pending/").json()["count"] == 0
    assert owner.get("schedule-templates/active/").json()["count"] == 0


def test_available_resources_are_in_service_and_neither_away_nor_taken(five: Client, database: Database) -> None:
    away = {"resource": 1, "start": NOON, "end": "2026-11-30T13:00:00Z"}
    five.made("absences/", away)
    with database.everywhere() as session:
        appointment = records.Appointment(
            title="a", status="requested", duration_minutes=60, organization_id=five.organization
        )
        session.add(appointment)
        session.flush()
        taken = records.Occupancy(
            organization_id=five.organization,
            appointment_id=appointment.id,
            subject=subject_key(SubjectKind.RESOURCE, 2),
            start_minute=minute_of(datetime.fromisoformat(NOON)) - 30,
            end_minute=minute_of(datetime.fromisoformat(NOON)) + 30,
        )
        session.add(taken)
        session.commit()
    span = f"start={NOON}&end=2026-11-30T12:15:00Z"
    assert names(five.get(f"resources/available/?{span}")) == ["Cat", "Dog"]
    assert names(five.get(f"resources/available/?{span}&resource_type=room")) == ["Dog"]
    assert names(five.get("resources/available/")) == ["Ant", "Bee", "Cat", "Dog"]
    assert names(five.get("resources/available/?start=2026-11-30T13:00:00Z&end=2026-11-30T14:00:00Z")) == [
        "Ant",
        "Bee",
        "Cat",
        "Dog",
    ]
    assert five.get(f"resources/available/?start={NOON}").status_code == 422
    assert names(five.get("resources/by-type/?type=room")) == ["Bee", "Dog"]


@pytest.mark.parametrize("path", ["appointments", "rules", "resources"])
def test_queries_of_a_list_do_not_grow_with_its_rows(owner: Client, database: Database, path: str) -> None:
    kinds: dict[str, type[records.Entity]] = {
        "appointments": records.Appointment,
        "rules": records.ScheduleRule,
        "resources": records.Resource,
    }
    counts = []
    made = 0
    for wanted in (1, 20, 200):
        with database.everywhere() as session:
            while made < wanted:
                made += 1
                session.add_all(_rows(path, owner.organization, owner.user))
            session.commit()
        statements = Statements(database.engine)
        answer = owner.get(f"{path}/?page_size=200")
        assert len(answer.json()["results"]) == wanted
        counts.append(len(statements.seen))
        statements.seen = []
    assert counts[0] == counts[1] == counts[2]
    linked = [field for field in stored_fields(kinds[path]).values() if field.rows]
    assert counts[0] <= 6 + len(linked)


def _rows(path: str, organization: int, user: int) -> list[records.Entity]:
    if path == "appointments":
        booked = {"status": "requested", "duration_minutes": 60, "assigned_user_ids": [user]}
        return [records.Appointment(title="a", organization_id=organization, **booked)]
    if path == "rules":
        named = {"rule_type": "blackout", "applies_to_user_ids": [user]}
        return [records.ScheduleRule(name="a", organization_id=organization, **named)]
    return [records.Resource(name="a", organization_id=organization)]


def test_filters_are_named_after_their_fields() -> None:
    assert {"status", "assigned_team", "assigned_user", "required_resource", "start_datetime_after"} <= set(
        filters_of(records.Appointment)
    )
