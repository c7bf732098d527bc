"""Asking what a booking would break, and what is broken."""

from typing import Any

import pytest

from tests.service.accounts import Client, Json
from tests.service.booking.visits import at, booked, resource_of, user_of
from tests.service.conflicts.test_live import absence


def checked(client: Client, **query: Any) -> list[Json]:
    answer = client.get("appointments/conflicts/", params=query)
    assert answer.status_code == 200, answer.text
    assert set(answer.json()) == {"count", "next", "previous", "results"}
    results: list[Json] = answer.json()["results"]
    return results


def test_check_tells_what_a_booking_would_break(owner: Client) -> None:
    ana, van = user_of(owner, "Ana"), resource_of(owner, name="Van")
    visit = booked(owner, 9, assigned_users=[ana], required_resources=[van])["id"]
    times = {"start_datetime": at(9, 30), "end_datetime": at(11)}
    assert checked(owner, **times) == []
    overlap, capacity = checked(owner, **times, users=[ana], resources=[van])
    assert overlap == {
        "rule": "overlap",
        "conflict_type": "double_booking",
        "impact_level": "medium",
        "appointments": [visit],
        "users": [ana],
        "resources": [],
        "teams": [],
        "start": at(9, 30),
        "end": at(10),
        "amount": 30,
        "message": f"Ana ({ana}) is needed by visit ({visit}) and the appointment at once, buffers included, "
        "for 30 minutes from 2027-03-01 01:30.",
    }
    assert (capacity["rule"], capacity["resources"]) == ("capacity", [van])


def test_check_of_a_move_keeps_what_it_does_not_say(owner: Client) -> None:
    ana = user_of(owner, "Ana")
    booked(owner, 9, assigned_users=[ana])
    moved = booked(owner, 12, 90, assigned_users=[ana])["id"]
    assert checked(owner, start_datetime=at(10), exclude_id=moved) == []
    assert [each["rule"] for each in checked(owner, start_datetime=at(8), exclude_id=moved)] == ["overlap"]
    assert [each["rule"] for each in checked(owner, end_datetime=at(10), exclude_id=moved)] == ["overlap"]


def test_check_without_a_time_tells_what_is_broken(owner: Client) -> None:
    ana, bo = user_of(owner, "Ana"), user_of(owner, "Bo")
    visits = [booked(owner, hour, assigned_users=[user])["id"] for hour, user in ((11, ana), (9, bo))]
    assert checked(owner) == []
    for user in (ana, bo):
        absence(owner, 8, 14, user=user)
    assert [each["appointments"] for each in checked(owner)] == [[visits[1]], [visits[0]]]
    assert [each["users"] for each in checked(owner, users=[ana])] == [[ana]]
    assert [each["users"] for each in checked(owner, exclude_id=visits[0])] == [[bo]]
    page = owner.get("appointments/conflicts/", params={"page_size": 1, "page": 2}).json()
    assert (page["count"], page["next"], page["results"][0]["users"]) == (2, None, [ana])


@pytest.mark.parametrize(
    ("query", "field"),
    [
        pytest.param({"start_datetime": at(9)}, "end_datetime", id="no end"),
        pytest.param({"end_datetime": at(9)}, "start_datetime", id="no start"),
        pytest.param({"start_datetime": at(9), "end_datetime": at(8)}, "end_datetime", id="backwards"),
        pytest.param({"start_datetime": at(9), "end_datetime": at(10), "users": [99]}, "users[0]", id="user"),
        pytest.param({"ordering": "id"}, "ordering", id="unknown"),
    ],
)
def test_check_refuses_what_makes_no_sense(owner: Client, query: Json, field: str) -> None:
    answer = owner.get("appointments/conflicts/", params=query)
    assert answer.status_code == 422, answer.text
    assert [each["field"] for each in answer.json()["errors"]] == [field]


def test_check_of_an_unknown_move_is_not_found(owner: Client) -> None:
    assert owner.get("appointments/conflicts/", params={"start_datetime": at(9), "exclude_id": 99}).status_code == 404
