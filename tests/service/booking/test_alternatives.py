"""What a refusal offers instead."""

from typing import Any

import pytest

from service.database import Database
from tests.service.accounts import Client, Json
from tests.service.booking.visits import at, booked, resource_of, taken, team_of, user_of, visit

ALWAYS = {"availability": None}


def offered(answer: Any) -> list[str]:
    assert answer.status_code in (409, 422), answer.text
    return [each["start"] for each in answer.json()["alternatives"]]


def test_nearest_times_are_offered_with_who_comes(owner: Client, database: Database) -> None:
    user, room = user_of(owner), resource_of(owner)
    booked(owner, 9, assigned_users=[user])
    body = visit(9, assigned_users=[user], required_resources=[room])
    answer = owner.post("appointments/", body)
    # An hour before the start is as near as an hour after; the earlier comes first.
    assert answer.json()["alternatives"] == [
        {"start": start, "end": end, "team": None, "users": [user], "resources": [room]}
        for start, end in ((at(8), at(9)), (at(10), at(11)), (at(7, 30), at(8, 30)))
    ]
    for slot in answer.json()["alternatives"][:2]:
        made = owner.made("appointments/", body | {"start_datetime": slot["start"]})
        assert len(taken(database, made["id"])) == 2


def test_offers_lie_between_what_is_taken_and_within_hours(owner: Client) -> None:
    hours = {"monday": [{"start": "09:00", "end": "13:00"}], "tuesday": [{"start": "09:00", "end": "13:00"}]}
    user = user_of(owner, availability=hours, timezone="UTC")
    booked(owner, 9, 90, assigned_users=[user])
    booked(owner, 11, 30, assigned_users=[user])
    needs = {"buffer_before_minutes": 15, "buffer_after_minutes": 15}
    answer = owner.post("appointments/", visit(10, 30, assigned_users=[user], requirements=needs))
    assert offered(answer) == [at(11, 45), at(12, 15), "2027-03-02T09:00:00Z"]
    assert offered(owner.post("appointments/", visit(20, assigned_users=[user])))[0] == at(12)


@pytest.mark.parametrize("share", [1, 2])
def test_offers_mind_units_and_teams(owner: Client, share: int) -> None:
    cart = resource_of(owner, capacity=2)
    needs: Json = {"resources": [{"resource": cart, "units": 1}]}
    booked(owner, 9, requirements=needs)
    booked(owner, 9, requirements=needs)
    mine = {"resources": [{"resource": cart, "units": share}]}
    assert offered(owner.post("appointments/", visit(9, requirements=mine)))[:2] == [at(8), at(10)]
    team, users = team_of(owner, 2)
    booked(owner, 9, assigned_team=team, assigned_users=users[:1])
    answer = owner.post("appointments/", visit(9, assigned_team=team, assigned_users=users[1:]))
    assert offered(answer)[:2] == [at(8), at(10)]


def test_offers_mind_windows_and_limits(owner: Client) -> None:
    user = user_of(owner)
    booked(owner, 9, assigned_users=[user])
    needs = {"windows": [{"start": at(9), "end": at(11)}]}
    assert offered(owner.post("appointments/", visit(9, assigned_users=[user], requirements=needs))) == [at(10)]
    limit = {"name": "r", "rule_type": "capacity_limit", "parameters": {"max_per_day": 1}, "applies_to_users": [user]}
    owner.made("rules/", limit)
    answer = owner.post("appointments/", visit(23, 55, assigned_users=[user]))
    assert offered(answer)[:2] == ["2027-03-02T08:00:00Z", "2027-03-02T08:30:00Z"]


def test_offers_are_never_in_the_past(owner: Client) -> None:
    user = user_of(owner)
    body = visit(9, assigned_users=[user]) | {"start_datetime": "2020-03-02T09:00:00Z"}
    owner.made("appointments/", body)
    starts = offered(owner.post("appointments/", body))
    assert len(starts) == 3
    assert min(starts) > "2026"


def test_nothing_is_offered_where_nothing_is_possible(owner: Client) -> None:
    away = user_of(owner, availability={})
    assert offered(owner.post("appointments/", visit(9, assigned_users=[away]))) == []
    last = visit(9, assigned_users=[owner.user]) | {"start_datetime": "2198-12-31T09:00:00Z"}
    owner.made("appointments/", last)
    assert offered(owner.post("appointments/", last)) == []


def test_move_is_offered_other_times(owner: Client) -> None:
    user = user_of(owner)
    booked(owner, 12, assigned_users=[user])
    made = booked(owner, 9, assigned_users=[user])
    answer = owner.post(f"appointments/{made['id']}/reschedule/", {"start_datetime": at(12)})
    assert offered(answer)[:2] == [at(11), at(13)]
