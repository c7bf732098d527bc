from datetime import UTC, datetime, timedelta

import pytest
from fastapi import FastAPI

from models.records import Role
from service.database import Database
from tests.service.accounts import Client, Json, Statements, account

MONDAY, TUESDAY = "2030-01-07", "2030-01-08"
OFFICE = {"monday": [{"start": "09:00", "end": "17:00"}]}
DAY = {"from": f"{MONDAY}T00:00:00-08:00", "until": f"{TUESDAY}T00:00:00-08:00"}


def at(clock: str, day: str = MONDAY) -> str:
    """A wall time in the zone of the organization, in winter."""
    return f"{day}T{clock}:00-08:00"


def times(stretches: list[Json]) -> list[str]:
    """Stretches of that Monday as wall times."""
    return [
        "-".join(
            (datetime.fromisoformat(each[name]).astimezone(UTC) - timedelta(hours=8)).strftime("%H:%M")
            for name in ("start", "end")
        )
        for each in stretches
    ]


def reasons(stretches: list[Json]) -> list[str]:
    return [f"{each['kind']} {span}" for each, span in zip(stretches, times(stretches), strict=True)]


@pytest.fixture
def team(owner: Client) -> Json:
    """A team of two with office hours on Mondays."""
    return owner.made("teams/", {"name": "Alpha", "availability_schedule": OFFICE})


@pytest.fixture
def members(owner: Client, team: Json) -> list[Json]:
    users = [owner.made("users/", {"name": name}) for name in ("Ana", "Bo")]
    for user in users:
        owner.made(f"teams/{team['id']}/add-member/", {"user": user["id"]})
    return users


def book(owner: Client, start: str, end: str, **more: object) -> Json:
    return owner.made("appointments/", {"title": "a", "start_datetime": start, "end_datetime": end, **more})


def test_user_is_free_in_its_hours_but_when_it_is_taken_or_away(owner: Client, members: list[Json]) -> None:
    ana = members[0]["id"]
    owner.made("absences/", {"user": ana, "start": at("15:00"), "end": at("23:00"), "reason": "the dentist"})
    booked = book(owner, at("10:00"), at("11:00"), assigned_users=[ana], requirements={"buffer_before_minutes": 15})
    found = owner.get(f"users/{ana}/availability/", params=DAY).json()
    assert times(found["free"]) == ["09:00-09:45", "11:00-15:00"]
    assert reasons(found["busy"]) == ["appointment 09:45-11:00", "absence 15:00-23:00"]
    assert found["busy"][0]["appointment"] == booked["id"]
    assert (found["from"], found["until"]) == ("2030-01-07T08:00:00Z", "2030-01-08T08:00:00Z")
    assert found["timezone"] == "America/Los_Angeles"


def test_rules_close_a_user(owner: Client, members: list[Json]) -> None:
    owner.made(
        "rules/",
        {"name": "Lunch", "rule_type": "break_time", "is_global": True, "start_time": "12:00", "end_time": "13:00"},
    )
    found = owner.get(f"users/{members[0]['id']}/availability/", params=DAY).json()
    assert times(found["free"]) == ["09:00-12:00", "13:00-17:00"]
    assert reasons(found["busy"]) == ["break_time 12:00-13:00"]


def test_live_hold_makes_busy(owner: Client, members: list[Json]) -> None:
    ana = members[0]["id"]
    wish = owner.made("appointments/", {"title": "a", "status": "requested", "duration_minutes": 60})
    held = owner.post(f"appointments/{wish['id']}/hold/", {"start": at("09:00"), "users": [ana]})
    assert held.status_code == 200, held.text
    found = owner.get(f"users/{ana}/availability/", params=DAY).json()
    assert times(found["free"]) == ["10:00-17:00"]
    assert reasons(found["busy"]) == ["hold 09:00-10:00"]


def test_team_is_free_when_it_can_take_one_more_and_somebody_is_free(
    owner: Client, team: Json, members: list[Json]
) -> None:
    ana, bo = (member["id"] for member in members)
    book(owner, at("09:00"), at("10:00"), assigned_team=team["id"], assigned_users=[ana])
    book(owner, at("12:00"), at("13:00"), assigned_users=[ana])
    book(owner, at("12:30"), at("13:30"), assigned_users=[bo])
    found = owner.get(f"teams/{team['id']}/availability/", params=DAY).json()
    assert times(found["free"]) == ["10:00-12:30", "13:00-17:00"]
    assert times(found["all_free"]) == ["10:00-12:00", "13:30-17:00"]
    assert reasons(found["busy"]) == ["appointment 09:00-10:00"]
    assert [(member["name"], times(member["free"])) for member in found["members"]] == [
        ("Ana", ["10:00-12:00", "13:00-17:00"]),
        ("Bo", ["09:00-12:30", "13:30-17:00"]),
    ]


def test_team_without_members_is_never_free(owner: Client, team: Json) -> None:
    found = owner.get(f"teams/{team['id']}/availability/", params=DAY).json()
    assert (found["free"], found["all_free"], found["members"]) == ([], [], [])


def test_member_learns_of_others_only_that_they_are_busy(
    app: FastAPI, database: Database, owner: Client, team: Json
) -> None:
    who = account(database, Role.MEMBER, owner.organization)
    other = owner.made("users/", {"name": "Bo"})["id"]
    for user in (who.user, other):
        owner.made(f"teams/{team['id']}/add-member/", {"user": user})
        owner.made("absences/", {"user": user, "start": at("09:00"), "end": at("10:00"), "reason": "ill"})
    found = Client(app, who).get(f"teams/{team['id']}/availability/", params=DAY).json()
    assert [reasons(member["busy"]) for member in found["members"]] == [["absence 09:00-10:00"], ["busy 09:00-10:00"]]


@pytest.mark.parametrize(
    ("query", "field"),
    [
        pytest.param({"from": at("10:00"), "until": at("09:00")}, "until", id="backwards"),
        pytest.param({"from": at("10:00"), "until": at("10:00", "2032-01-01")}, "until", id="too long"),
        pytest.param({"from": "yesterday"}, "from", id="no time"),
        pytest.param({"since": at("10:00")}, "since", id="unknown"),
    ],
)
def test_strange_stretch_is_refused(owner: Client, team: Json, query: Json, field: str) -> None:
    answer = owner.get(f"teams/{team['id']}/availability/", params=query)
    assert answer.status_code == 422
    assert answer.json()["errors"][0]["field"] == field


def test_number_of_queries_does_not_grow_with_the_team(database: Database, owner: Client, team: Json) -> None:
    counts = []
    for size in (1, 3):
        for number in range(size):
            user = owner.made("users/", {"name": f"{size} {number}"})["id"]
            owner.made(f"teams/{team['id']}/add-member/", {"user": user})
            book(owner, at("09:00"), at("10:00"), assigned_users=[user])
        seen = Statements(database.engine)
        assert owner.get(f"teams/{team['id']}/availability/", params=DAY).status_code == 200
        counts.append(len(seen.seen))
    assert counts[0] == counts[1]
