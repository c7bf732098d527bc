"""Appointments and series made from templates, on both databases."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from fastapi import FastAPI

from tests.service.accounts import Client, Json
from tests.service.series.calendar_of import MONDAY, at, calendar, everything, visit

BODY: Json = {
    "name": "Consultation",
    "description": "An hour of advice",
    "schedule_type": "weekly",
    "recurrence_days": [1, 3],
    "start_time": "09:00",
    "end_time": "12:00",
    "duration_minutes": 60,
    "break_start_time": "10:00",
    "break_duration_minutes": 60,
    "base_price": "80",
    "currency": "CHF",
}


def day(later: int) -> str:
    return str(MONDAY + timedelta(days=later))


ONE: Json = {"from": day(0), "count": 1}


def made(client: Client, template: Json, body: Json, query: str = "") -> Json:
    return client.made(f"schedule-templates/{template['id']}/generate/{query}", body)


def test_template_makes_appointments_slot_by_slot(owner: Client) -> None:
    template = owner.made("schedule-templates/", BODY)
    overrides = {"assigned_users": [owner.user], "client_name": "Jo"}
    answer = made(owner, template, {"from": day(0), "until": day(7), "overrides": overrides})
    assert answer["created"] == 6
    assert calendar(owner) == ["0 09:00", "0 11:00", "2 09:00", "2 11:00", "7 09:00", "7 11:00"]
    fields = ("title", "description", "duration_minutes", "estimated_cost", "currency", "schedule_template")
    for row in everything(owner):
        assert [row[name] for name in fields] == [
            "Consultation",
            "An hour of advice",
            60,
            "80.00",
            "CHF",
            template["id"],
        ]
        assert (row["client_name"], row["assigned_users"], row["is_recurring"]) == ("Jo", [owner.user], False)


def test_template_makes_so_many_at_most(owner: Client) -> None:
    template = owner.made("schedule-templates/", BODY)
    assert made(owner, template, {"from": day(0), "count": 3})["created"] == 3
    assert calendar(owner) == ["0 09:00", "0 11:00", "2 09:00"]


def test_template_makes_a_series_of_each_slot(owner: Client) -> None:
    template = owner.made("schedule-templates/", BODY)
    answer = made(owner, template, {"from": day(0), "until": day(9), "series": True})
    assert answer["created"] == 8
    assert calendar(owner) == [f"{each} {hour}:00" for each in (0, 2, 7, 9) for hour in ("09", "11")]
    heads = [row for row in everything(owner) if row["recurrence_rule"]]
    assert [row["recurrence_rule"]["until"] for row in heads] == [day(9)] * 2
    assert {row["schedule_template"] for row in everything(owner)} == {template["id"]}


def test_series_of_a_slot_after_midnight_has_the_days_after(owner: Client) -> None:
    fields = {"start_time": "23:00", "end_time": "02:00", "duration_minutes": 90, "break_start_time": None}
    template = owner.made("schedule-templates/", BODY | fields)
    made(owner, template, {"from": day(0), "series": True, "count": 2})
    assert calendar(owner) == ["0 23:00", "1 00:30", "2 23:00", "3 00:30"]


def test_custom_dates_are_a_series_too(owner: Client) -> None:
    fields = {"schedule_type": "custom", "recurrence_dates": [day(3), day(1)], "duration_minutes": 180}
    template = owner.made("schedule-templates/", BODY | fields | {"break_start_time": None, "recurrence_days": []})
    made(owner, template, {"from": day(0), "series": True})
    assert calendar(owner) == ["1 09:00", "3 09:00"]


@pytest.mark.parametrize(
    ("on_conflict", "outcome", "left"),
    [("skip", "skipped", ["0 11:00"]), ("suggest", "requested", ["0 11:00"])],
    ids=str,
)
def test_slots_that_are_taken_are_settled_as_wished(
    owner: Client, on_conflict: str, outcome: str, left: list[str]
) -> None:
    template = owner.made("schedule-templates/", BODY)
    owner.made("appointments/", visit(assigned_users=[owner.user], title="other"))
    body = {"from": day(0), "until": day(0), "overrides": {"assigned_users": [owner.user]}}
    path = f"schedule-templates/{template['id']}/generate/"
    refused = owner.post(path, body)
    assert (refused.status_code, [each["outcome"] for each in refused.json()["occurrences"]]) == (
        409,
        ["refused", "created"],
    )
    answer = made(owner, template, body, f"?on_conflict={on_conflict}")
    assert [each["outcome"] for each in answer["occurrences"]] == [outcome, "created"]
    assert calendar(owner, "title") == [("0 09:00", "other"), *((each, "Consultation") for each in left)]
    requests = [row for row in everything(owner) if row["status"] == "requested"]
    assert [row["requirements"]["preferred_start"] is not None for row in requests] == [True] * len(requests)
    assert len(requests) == (on_conflict == "suggest")


def test_series_begins_later_where_its_first_is_taken(owner: Client) -> None:
    template = owner.made("schedule-templates/", BODY)
    owner.made("appointments/", visit(assigned_users=[owner.user], title="other"))
    body = {"from": day(0), "count": 2, "series": True, "overrides": {"assigned_users": [owner.user]}}
    assert owner.post(f"schedule-templates/{template['id']}/generate/", body).status_code == 409
    made(owner, template, body, "?on_conflict=skip")
    assert calendar(owner, "title") == [
        ("0 09:00", "other"),
        ("0 11:00", "Consultation"),
        ("2 09:00", "Consultation"),
        ("2 11:00", "Consultation"),
    ]


@pytest.mark.parametrize(
    ("body", "field"),
    [
        pytest.param({"from": day(0)}, "until", id="no end"),
        pytest.param({"from": day(3), "until": day(0)}, "until", id="backwards"),
        pytest.param({"from": day(1), "until": day(1)}, "from", id="not its day"),
        pytest.param({"from": day(0), "until": day(500)}, "until", id="too long"),
        pytest.param(
            {"from": day(0), "count": 1, "overrides": {"duration_minutes": 5}}, "overrides.duration_minutes", id="time"
        ),
        pytest.param(
            {"from": day(0), "count": 1, "overrides": {"assigned_users": [99]}}, "assigned_users[0]", id="nobody"
        ),
    ],
)
def test_what_cannot_be_generated_is_422(owner: Client, body: Json, field: str) -> None:
    template = owner.made("schedule-templates/", BODY)
    answer = owner.post(f"schedule-templates/{template['id']}/generate/", body)
    assert answer.status_code == 422, answer.text
    assert [each["field"] for each in answer.json()["errors"]] == [field]
    assert calendar(owner) == []


def test_inactive_template_makes_nothing(owner: Client) -> None:
    template = owner.made("schedule-templates/", BODY | {"is_active": False})
    answer = owner.post(f"schedule-templates/{template['id']}/generate/", {"from": day(0), "count": 1})
    assert (answer.status_code, answer.json()["code"]) == (409, "conflict")


def test_capacity_limits_bookings_at_once_however_they_are_made(owner: Client) -> None:
    template = owner.made("schedule-templates/", BODY | {"max_capacity": 2})
    body = {"from": day(0), "count": 1}
    made(owner, template, body)
    second = owner.made("appointments/", visit(0, schedule_template=template["id"]))
    third = owner.post(f"schedule-templates/{template['id']}/generate/", body)
    assert (third.status_code, third.json()["code"]) == (409, "slot_taken")
    answer = owner.post("appointments/", visit(0, schedule_template=template["id"]))
    assert (answer.status_code, answer.json()["violations"][0]["rule"]) == (409, "capacity")
    later = owner.made("appointments/", visit(0, 10, schedule_template=template["id"]))
    assert owner.patch(f"appointments/{later['id']}/", {"start_datetime": at(0, 9, 30)}).status_code == 409
    assert owner.post(f"appointments/{second['id']}/cancel/").status_code == 200
    assert owner.patch(f"appointments/{later['id']}/", {"start_datetime": at(0, 9, 30)}).status_code == 200


def test_template_is_booked_neither_too_soon_nor_too_late(owner: Client) -> None:
    limits = {"min_advance_booking_hours": 24 * 40, "max_advance_booking_days": 50}
    template = owner.made("schedule-templates/", BODY | limits)
    for early_or_late in (0, 70):
        answer = owner.post("appointments/", visit(early_or_late, schedule_template=template["id"]))
        assert (answer.status_code, answer.json()["violations"][0]["rule"]) == (422, "advance_booking")
    booked = owner.made("appointments/", visit(35, schedule_template=template["id"]))
    owner.patch(f"schedule-templates/{template['id']}/", {"min_advance_booking_hours": 24 * 49})
    # What is booked already may change in other ways.
    assert owner.patch(f"appointments/{booked['id']}/", {"assigned_users": [owner.user]}).status_code == 200
    assert owner.patch(f"appointments/{booked['id']}/", {"start_datetime": at(35, 11)}).status_code == 422


def test_series_of_a_template_reaches_as_far_as_it_may_be_booked(owner: Client) -> None:
    template = owner.made("schedule-templates/", BODY | {"max_advance_booking_days": 28})
    made(owner, template, {"from": day(0), "series": True})
    found = calendar(owner)
    assert found[:2] == ["0 09:00", "0 11:00"]
    assert len(found) < 20


def test_template_is_never_overbooked(app: FastAPI, owner: Client) -> None:
    template = owner.made("schedule-templates/", BODY | {"max_capacity": 2})["id"]

    def book(_: int) -> int:
        return int(Client(app, owner.who).post("appointments/", visit(0, schedule_template=template)).status_code)

    with ThreadPoolExecutor(6) as threads:
        statuses = sorted(threads.map(book, range(6)))
    assert statuses == [201] * 2 + [409] * 4
    assert len(calendar(owner)) == 2
