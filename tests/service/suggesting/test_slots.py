"""Slots over HTTP."""

from typing import Any

import pytest

from tests.service.accounts import Client, Json
from tests.service.booking.visits import at, booked, request, resource_of, user_of

DAY = {"from": at(8), "until": at(18), "spread_minutes": 0}


def suggested(client: Client, **wish: Any) -> Json:
    answer = client.post("appointments/suggest-slots/", DAY | wish)
    assert answer.status_code == 200, answer.text
    return dict(answer.json())


def starts(found: Json) -> list[str]:
    return [each["start"] for each in found["suggestions"]]


def test_slots_are_where_nobody_is_taken(owner: Client) -> None:
    ana, bo = user_of(owner, "Ana", skills=["windows"]), user_of(owner, "Bo")
    booked(owner, 8, 240, assigned_users=[ana])
    booked(owner, 13, 240, assigned_users=[ana])
    wish = {"duration_minutes": 60, "requirements": {"crew": [{"skills": ["windows"]}]}}
    found = suggested(owner, request=wish, limit=50)
    assert starts(found) == [at(12), at(17)]
    assert found["possible"] == 2
    assert {key for each in found["suggestions"] for key in each["users"]} == {ana}
    either = {"crew": [{}], "users": {"allowed": [ana, bo]}}
    anybody = suggested(owner, request={"duration_minutes": 600, "requirements": either})
    assert [(each["start"], each["users"]) for each in anybody["suggestions"]] == [(at(8), [bo])]


def test_who_only_plans_comes_to_nothing_until_a_team_or_hours_say_so(owner: Client) -> None:
    wish: Json = {"duration_minutes": 60, "requirements": {"crew": [{}]}}
    planner = user_of(owner, "Planner", role="planner")
    assert suggested(owner, request=wish)["suggestions"] == []
    team = owner.made(
        "teams/", {"name": "North", "availability_schedule": {"monday": [{"start": "08:00", "end": "18:00"}]}}
    )
    owner.post(f"teams/{team['id']}/add-member/", {"user": planner})
    assert {key for each in suggested(owner, request=wish)["suggestions"] for key in each["users"]} == {planner}
    hours = {"monday": [{"start": "08:00", "end": "09:00"}]}
    dispatcher = user_of(owner, "Dispatcher", role="dispatcher", timezone="UTC", availability=hours)
    wish["requirements"]["users"] = {"excluded": [planner]}
    found = suggested(owner, request=wish)["suggestions"]
    assert [(each["start"], each["users"]) for each in found] == [(at(8), [dispatcher])]


def test_slots_name_the_resource_that_is_free(owner: Client) -> None:
    vans = [resource_of(owner, name=name, resource_type="vehicle") for name in ("old", "new")]
    booked(owner, 8, 600, required_resources=[vans[0]])
    wish = {"duration_minutes": 600, "requirements": {"resources": [{"resource_type": "vehicle"}]}}
    (slot,) = suggested(owner, request=wish)["suggestions"]
    assert slot["resources"] == [{"resource": vans[1], "demand": 0, "units": None}]


def test_booked_appointment_is_told_where_it_stands_and_where_else_it_could(owner: Client) -> None:
    ana = user_of(owner, "Ana")
    visit = booked(owner, 8, 480, assigned_users=[ana])
    found = suggested(owner, appointment=visit["id"], limit=1, until=at(18))
    assert (found["present"]["start"], found["present"]["cost"]) == (at(8), 0)
    assert [term["name"] for term in found["suggestions"][0]["terms"]] == ["moved"]


def test_requested_appointment_can_be_booked_where_it_is_suggested(owner: Client) -> None:
    ana = user_of(owner, "Ana")
    booked(owner, 9, assigned_users=[ana])
    made = owner.made("appointments/", request(assigned_users=[ana]))
    for slot in suggested(owner, appointment=made["id"], limit=3)["suggestions"]:
        body = {"status": "scheduled", "start_datetime": slot["start"], "assigned_users": slot["users"]}
        assert owner.patch(f"appointments/{made['id']}/", body).status_code == 200
        assert owner.post(f"appointments/{made['id']}/unschedule/").status_code == 200


def test_reason_is_given_where_there_is_no_slot(owner: Client) -> None:
    ana = user_of(owner, "Ana")
    booked(owner, 8, 600, assigned_users=[ana])
    found = suggested(owner, request={"duration_minutes": 60, "assigned_users": [ana]})
    assert found["suggestions"] == []
    assert "ask with moves" in found["reason"]


def test_others_move_out_of_the_way_if_asked(owner: Client) -> None:
    ana = user_of(owner, "Ana")
    visit = booked(owner, 8, 300, assigned_users=[ana])
    wish = {
        "duration_minutes": 300,
        "assigned_users": [ana],
        "requirements": {"windows": [{"start": at(8), "end": at(13)}]},
    }
    assert starts(suggested(owner, request=wish)) == []
    (slot,) = suggested(owner, request=wish, with_moves=True)["suggestions"]
    (move,) = slot["moves"]
    assert (slot["start"], move["appointment"]) == (at(8), visit["id"])
    assert move["before"]["start"] == at(8)
    assert move["after"]["start"] == at(13)
    assert "visit" in move["why"]
    owner.post(f"appointments/{visit['id']}/confirm/")
    assert starts(suggested(owner, request=wish, with_moves=True)) == []


@pytest.mark.parametrize(
    ("wish", "field"),
    [
        pytest.param({}, "appointment", id="nothing"),
        pytest.param({"appointment": 1, "request": {"duration_minutes": 5}}, "appointment", id="both"),
        pytest.param({"request": {"duration_minutes": 0}}, "request.duration_minutes", id="no length"),
        pytest.param({"request": {"duration_minutes": 5, "assigned_users": [99]}}, "assigned_users[0]", id="unknown"),
        pytest.param({"request": {"duration_minutes": 5}, "until": at(7)}, "until", id="backwards"),
        pytest.param({"request": {"duration_minutes": 5}, "until": "2199-01-01T00:00:00Z"}, "until", id="far"),
    ],
)
def test_wish_that_makes_no_sense_is_refused(owner: Client, wish: Json, field: str) -> None:
    answer = owner.post("appointments/suggest-slots/", DAY | wish)
    assert answer.status_code == 422, answer.text
    assert [each["field"] for each in answer.json()["errors"]] == [field]


def test_what_cannot_move_has_no_slots(owner: Client) -> None:
    visit = booked(owner, 9)
    owner.post(f"appointments/{visit['id']}/cancel/")
    pinned = booked(owner, 9, pinned=True)
    for key, code in ((visit["id"], 409), (pinned["id"], 409), (99, 404)):
        assert owner.post("appointments/suggest-slots/", DAY | {"appointment": key}).status_code == code


def test_answer_is_kept_for_its_key(owner: Client) -> None:
    wish = DAY | {"request": {"duration_minutes": 60}}
    answers = [owner.post("appointments/suggest-slots/", wish, headers={"Idempotency-Key": "once"}) for _ in range(2)]
    assert answers[0].json() == answers[1].json()
    assert answers[1].headers["Idempotency-Replayed"] == "true"
