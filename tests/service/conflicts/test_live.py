"""Conflicts appear, close and reopen with their causes."""

from typing import Any

import pytest

from tests.service.accounts import Client, Json
from tests.service.booking.visits import at, booked, resource_of, team_of, user_of

DAY = {"start_date": "2027-03-01", "end_date": "2027-03-01"}


def conflicts(client: Client, **query: Any) -> list[Json]:
    """What is unresolved."""
    found: list[Json] = client.get("conflicts/unresolved/", params=query).json()["results"]
    return found


def one(client: Client) -> Json:
    """The only unresolved conflict."""
    (found,) = conflicts(client)
    return found


def again(client: Client, conflict: Json) -> Json:
    """A conflict as it is now."""
    return dict(client.get(f"conflicts/{conflict['id']}/").json())


def absence(client: Client, start: int, end: int, **whose: int) -> Json:
    return client.made("absences/", {"start": at(start), "end": at(end)} | whose)


def test_absence_conflicts_with_what_is_booked(owner: Client) -> None:
    ana = user_of(owner, "Ana")
    visit = booked(owner, 9, assigned_users=[ana], priority="high")
    assert conflicts(owner) == []
    absence(owner, 8, 12, user=ana)
    found = one(owner)
    assert {name: found[name] for name in ("rule", "subject", "conflict_type", "impact_level", "status")} == {
        "rule": "availability",
        "subject": f"user:{ana}",
        "conflict_type": "time_conflict",
        "impact_level": "critical",
        "status": "pending",
    }
    assert (found["primary_appointment"], found["conflicting_appointment"]) == (visit["id"], None)
    assert (found["involved_appointments"], found["affected_users"]) == ([visit["id"]], [ana])
    assert found["conflict_description"] == (
        f"visit ({visit['id']}) lies in a closed time of user Ana ({ana}) from 2027-03-01 01:00: leave."
    )
    assert found["details"]["violation"]["start"] == at(9)


def test_conflict_closes_with_its_cause_and_reopens_when_it_returns(owner: Client) -> None:
    ana = user_of(owner, "Ana")
    booked(owner, 9, assigned_users=[ana])
    away = absence(owner, 8, 12, user=ana)
    found = one(owner)
    owner.patch(f"absences/{away['id']}/", {"start": at(10)})
    closed = again(owner, found)
    assert (closed["status"], closed["resolved_by"]) == ("resolved", None)
    assert closed["resolution_notes"].endswith("The cause is gone.")
    assert closed["resolved_at"] is not None
    owner.patch(f"absences/{away['id']}/", {"start": at(8)})
    opened = again(owner, found)
    assert (opened["status"], opened["resolved_at"]) == ("pending", None)
    assert opened["resolution_notes"].endswith("The cause has returned.")
    assert owner.delete(f"absences/{away['id']}/").status_code == 204
    assert again(owner, found)["status"] == "resolved"
    assert owner.get("conflicts/").json()["count"] == 1


def test_absence_that_becomes_anothers_frees_the_first(owner: Client) -> None:
    ana, bo = user_of(owner, "Ana"), user_of(owner, "Bo")
    for user in (ana, bo):
        booked(owner, 9, assigned_users=[user])
    away = absence(owner, 8, 12, user=ana)
    assert one(owner)["affected_users"] == [ana]
    owner.patch(f"absences/{away['id']}/", {"user": bo})
    assert one(owner)["affected_users"] == [bo]


def test_resource_out_of_service_conflicts(owner: Client) -> None:
    van = resource_of(owner)
    booked(owner, 9, required_resources=[van])
    owner.patch(f"resources/{van}/", {"is_available": False})
    assert (one(owner)["rule"], one(owner)["affected_resources"]) == ("availability", [van])
    owner.patch(f"resources/{van}/", {"is_available": True})
    assert conflicts(owner) == []


@pytest.mark.parametrize("is_global", [True, False])
def test_rule_conflicts_with_those_it_binds(owner: Client, is_global: bool) -> None:
    ana, bo = user_of(owner, "Ana"), user_of(owner, "Bo")
    for user in (ana, bo):
        booked(owner, 20, assigned_users=[user])
    body = {"name": "Stocktaking", "rule_type": "blackout", "is_global": is_global, "applies_to_users": [ana]} | DAY
    rule = owner.made("rules/", body)
    assert [each["affected_users"] for each in conflicts(owner)] == ([[ana], [bo]] if is_global else [[ana]])
    owner.patch(f"rules/{rule['id']}/", {"is_global": False, "applies_to_users": [bo]})
    assert [each["affected_users"] for each in conflicts(owner)] == [[bo]]
    owner.delete(f"rules/{rule['id']}/")
    assert conflicts(owner) == []


def test_member_who_leaves_a_team_conflicts(owner: Client) -> None:
    team, (first, _) = team_of(owner, 2)
    booked(owner, 9, assigned_team=team)
    owner.post(f"teams/{team}/remove-member/", {"user": first})
    assert (one(owner)["rule"], one(owner)["affected_users"]) == ("team", [first])
    owner.post(f"teams/{team}/add-member/", {"user": first})
    assert conflicts(owner) == []


def test_lost_skill_and_lost_user_conflict(owner: Client) -> None:
    ana = user_of(owner, "Ana", skills=["windows"])
    crew = {"requirements": {"crew": [{"skills": ["windows"]}]}}
    booked(owner, 9, assigned_users=[ana], **crew)
    owner.patch(f"users/{ana}/", {"skills": []})
    assert one(owner)["rule"] == "crew"
    owner.patch(f"users/{ana}/", {"skills": ["windows"], "is_active": False})
    assert one(owner)["rule"] == "availability"


def test_limit_is_one_conflict_of_its_period(owner: Client) -> None:
    ana = user_of(owner, "Ana")
    visits = [booked(owner, hour, assigned_users=[ana])["id"] for hour in (17, 19, 21)]
    body = {"rule_type": "capacity_limit", "applies_to_users": [ana], "parameters": {"max_per_day": 2}}
    owner.made("rules/", {"name": "At most two"} | body)
    found = one(owner)
    assert (found["rule"], found["involved_appointments"]) == ("capacity_limit", visits)
    owner.patch(f"conflicts/{found['id']}/", {"status": "ignored"})
    owner.patch(f"appointments/{visits[0]}/", {"title": "other"})
    assert again(owner, found)["status"] == "ignored"
    owner.delete(f"appointments/{visits[0]}/")
    assert again(owner, found)["status"] == "resolved"


def test_ignored_limit_opens_for_other_company(owner: Client) -> None:
    ana = user_of(owner, "Ana")
    body = {"rule_type": "capacity_limit", "applies_to_users": [ana], "parameters": {"max_per_day": 1}}
    visits = [booked(owner, hour, assigned_users=[ana])["id"] for hour in (17, 19)]
    rule = owner.made("rules/", {"name": "One"} | body)
    found = one(owner)
    owner.patch(f"conflicts/{found['id']}/", {"status": "ignored"})
    owner.patch(f"rules/{rule['id']}/", {"is_active": False})
    third = booked(owner, 21, assigned_users=[ana])["id"]
    owner.patch(f"rules/{rule['id']}/", {"is_active": True})
    assert one(owner)["involved_appointments"] == [*visits, third]
    assert one(owner)["id"] == found["id"]


def test_moved_and_cancelled_appointments_leave_their_conflicts(owner: Client) -> None:
    ana = user_of(owner, "Ana")
    first, second = (booked(owner, hour, assigned_users=[ana]) for hour in (9, 11))
    absence(owner, 8, 13, user=ana)
    assert [each["primary_appointment"] for each in conflicts(owner)] == [first["id"], second["id"]]
    owner.post(f"appointments/{first['id']}/reschedule/", {"start_datetime": at(15)})
    assert one(owner)["primary_appointment"] == second["id"]
    owner.post(f"appointments/{second['id']}/cancel/")
    assert conflicts(owner) == []


def test_links_conflict_whichever_end_moves(owner: Client) -> None:
    first = booked(owner, 9)
    after = {"requirements": {"after": [{"appointment": first["id"], "max_gap_minutes": 120}]}}
    second = booked(owner, 11, **after)
    assert conflicts(owner) == []
    owner.post(f"appointments/{first['id']}/reschedule/?override=true&reason=x", {"start_datetime": at(6)})
    found = one(owner)
    assert (found["rule"], found["primary_appointment"], found["conflicting_appointment"]) == (
        "links",
        first["id"],
        second["id"],
    )
    owner.post(f"appointments/{first['id']}/reschedule/", {"start_datetime": at(9)})
    assert conflicts(owner) == []


def test_clock_of_the_organization_counts(owner: Client) -> None:
    booked(owner, 17)
    hours = {"rule_type": "working_hours", "is_global": True, "start_time": "09:00:00", "end_time": "12:00:00"}
    owner.made("rules/", {"name": "Mornings"} | hours)
    assert conflicts(owner) == []  # nine in Los Angeles
    owner.patch("organization/", {"timezone": "UTC"})
    assert one(owner)["rule"] == "working_hours"


def test_what_is_over_is_let_be(owner: Client) -> None:
    ana = user_of(owner, "Ana")
    owner.made(
        "appointments/",
        {
            "title": "old",
            "start_datetime": "2020-03-02T09:00:00Z",
            "duration_minutes": 60,
            "assigned_users": [ana],
        },
    )
    owner.patch(f"users/{ana}/", {"is_active": False})
    assert conflicts(owner) == []


def test_what_is_done_early_leaves_its_time(owner: Client) -> None:
    ana = user_of(owner, "Ana")
    first = booked(owner, 9, 120, assigned_users=[ana])
    owner.post(f"appointments/{first['id']}/complete/")
    booked(owner, 10, assigned_users=[ana])
    assert conflicts(owner) == []


def test_overridden_notice_is_a_conflict_until_it_is_moved(owner: Client) -> None:
    notice = {"rule_type": "advance_booking", "is_global": True, "parameters": {"min_hours": 24 * 400}}
    rule = owner.made("rules/", {"name": "Notice"} | notice)
    body = {"title": "visit", "start_datetime": at(9), "duration_minutes": 60}
    visit = owner.made("appointments/?override=true&reason=urgent", body)
    found = one(owner)
    assert (found["rule"], found["primary_appointment"]) == ("advance_booking", visit["id"])
    owner.patch(f"appointments/{visit['id']}/", {"title": "other"})
    assert again(owner, found)["status"] == "pending"
    owner.delete(f"rules/{rule['id']}/")
    owner.post(f"appointments/{visit['id']}/reschedule/", {"start_datetime": at(12)})
    assert again(owner, found)["status"] == "resolved"
