"""Input that means harm, or only confusion."""

from typing import Any

import pytest

from service.database import Database
from tests.service.accounts import Client, Json
from tests.service.booking.visits import at, booked, refused, request, resource_of, taken, user_of, visit

LONGEST = 380 * 1440
LONG = {"buffer_before_minutes": 270_000, "buffer_after_minutes": 270_000}


@pytest.mark.parametrize("status", ["scheduled", "completed", "requested"])
@pytest.mark.parametrize(
    ("start", "needs"),
    [
        ("1970-01-01T00:00:00Z", {}),
        ("1970-12-31T23:55:00Z", {}),
        ("2198-12-31T23:05:00Z", {}),
        ("2199-12-31T23:00:00Z", {}),
        ("2199-12-31T23:59:00-12:00", {}),
        ("1971-06-01T00:00:00Z", LONG),
        ("2198-08-01T00:00:00Z", LONG),
    ],
)
def test_time_out_of_reach_is_422(owner: Client, start: str, needs: Json, status: str) -> None:
    body = visit(9, assigned_users=[owner.user], requirements=needs, status=status) | {"start_datetime": start}
    answer = owner.post("appointments/", body)
    assert (answer.status_code, answer.json()["code"]) == (422, "invalid"), answer.text
    made = owner.made("appointments/", request(requirements=needs))
    assert owner.post(f"appointments/{made['id']}/hold/", {"start": start}).status_code == 422
    assert owner.patch(f"appointments/{made['id']}/", {"start_datetime": start}).status_code == 422


@pytest.mark.parametrize(
    ("start", "needs"),
    [
        ("1971-01-01T00:00:00Z", {}),
        ("2198-12-31T23:00:00Z", {}),
        ("1971-08-01T00:00:00Z", LONG),
        ("2198-06-01T00:00:00Z", LONG),
    ],
)
def test_time_just_in_reach_is_booked(owner: Client, start: str, needs: Json) -> None:
    body = visit(9, assigned_users=[owner.user], requirements=needs) | {"start_datetime": start}
    owner.made("appointments/", body)
    refused(owner.post("appointments/", body))


@pytest.mark.parametrize(
    "start", ["1969-12-31T23:59:00Z", "2200-01-01T00:00:00Z", "0001-01-01T00:00:00Z", "2027-03-01T09:00:00", "soon", 5]
)
def test_times_that_are_none_are_422(owner: Client, start: Any) -> None:
    assert owner.post("appointments/", visit(9) | {"start_datetime": start}).status_code == 422
    made = owner.made("appointments/", request())
    assert owner.post(f"appointments/{made['id']}/hold/", {"start": start}).status_code == 422


def test_clock_change_is_no_overlap_and_no_gap(owner: Client, database: Database) -> None:
    user = user_of(owner)
    # In Los Angeles 01:30 comes twice on 2027-11-07, and 02:30 never on 2027-03-14.
    for start in ("2027-11-07T01:30:00-07:00", "2027-11-07T01:30:00-08:00"):
        owner.made("appointments/", visit(assigned_users=[user]) | {"start_datetime": start})
    again = visit(assigned_users=[user]) | {"start_datetime": "2027-11-07T02:00:00-07:00"}
    refused(owner.post("appointments/", again))
    owner.made("appointments/", visit(assigned_users=[user]) | {"start_datetime": "2027-03-14T01:55:00-08:00"})
    refused(owner.post("appointments/", visit(assigned_users=[user]) | {"start_datetime": "2027-03-14T03:30:00-07:00"}))


@pytest.mark.parametrize("units", [0, -1, 1.5, "2", 10**9, True])
def test_units_that_make_no_sense_are_422(owner: Client, units: Any) -> None:
    needs = {"resources": [{"resource": resource_of(owner), "units": units}]}
    assert owner.post("appointments/", visit(9, requirements=needs)).status_code == 422


@pytest.mark.parametrize(
    "more",
    [
        {"assigned_users": [10**6]},
        {"assigned_users": [2**63 - 1]},
        {"required_resources": [10**6]},
        {"assigned_team": 10**6},
        {"requirements": {"team": {"any_of": [10**6]}}},
        {"requirements": {"resources": [{"resource": 10**6}]}},
        {"requirements": {"resources": [{"resource": "٣"}]}},
        {"requirements": {"team": {"any_of": ["9" * 40]}}},
    ],
)
def test_ids_of_nothing_are_422(owner: Client, more: Json) -> None:
    answer = owner.post("appointments/", visit(9, **more))
    assert (answer.status_code, answer.json()["code"]) == (422, "invalid"), answer.text
    made = booked(owner, 9)
    assert owner.patch(f"appointments/{made['id']}/", more).status_code == 422


@pytest.mark.parametrize(
    "body",
    [
        {"start": at(9), "users": [10**6]},
        {"start": at(9), "team": 10**6},
        {"start": at(9), "resources": [10**6]},
        {"start": at(9), "users": [True]},
        {"start": at(9), "colour": 1},
        {"users": []},
        [],
        None,
    ],
)
def test_hold_of_nothing_is_422(owner: Client, body: Any) -> None:
    made = owner.made("appointments/", request())
    assert owner.post(f"appointments/{made['id']}/hold/", body).status_code == 422


@pytest.mark.parametrize(
    "body",
    [
        {"start_datetime": at(9), "end_datetime": at(8)},
        {"start_datetime": at(9), "end_datetime": at(9)},
        {"start_datetime": at(9), "end_datetime": at(10), "duration_minutes": 61},
        {"start_datetime": None},
        {"start_datetime": at(9), "assigned_team": 10**6},
        {},
    ],
)
def test_move_that_makes_no_sense_is_422(owner: Client, body: Json) -> None:
    made = booked(owner, 12)
    answer = owner.post(f"appointments/{made['id']}/reschedule/", body)
    assert answer.status_code == 422, answer.text
    assert owner.get(f"appointments/{made['id']}/").json() == made


def test_crew_without_end_is_answered(owner: Client) -> None:
    crew = [{"count": 1000}] * 500
    answer = owner.post("appointments/", visit(9, assigned_users=[owner.user], requirements={"crew": crew}))
    assert answer.status_code in (201, 422)


def test_long_appointment_takes_all_of_its_time(owner: Client, database: Database) -> None:
    user = user_of(owner)
    made = booked(owner, 9, LONGEST, assigned_users=[user])
    assert taken(database, made["id"]) == {("user", user, 540, 540 + LONGEST, True, None)}
    assert owner.post("appointments/", visit(9, LONGEST + 1)).status_code == 422
    refused(owner.post("appointments/", visit(9, assigned_users=[user]) | {"start_datetime": "2028-01-01T00:00:00Z"}))
