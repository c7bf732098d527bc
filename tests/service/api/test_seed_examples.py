"""The usage examples of the scheduling system's description as calls over HTTP, and its endpoints, all of them."""

from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from fastapi import FastAPI

from tests.service.accounts import BASE, Client, Json

ENDPOINTS = """
GET POST /schedule-templates/
GET PUT DELETE /schedule-templates/{id}/
POST /schedule-templates/{id}/duplicate/
GET /schedule-templates/active/
GET POST /resources/
GET PUT DELETE /resources/{id}/
POST /resources/{id}/set-availability/
POST /resources/{id}/schedule-maintenance/
GET /resources/available/
GET /resources/by-type/
GET POST /teams/
GET PUT DELETE /teams/{id}/
POST /teams/{id}/add-member/
POST /teams/{id}/remove-member/
GET /teams/{id}/members/
GET /teams/{id}/availability/
GET POST /team-members/
GET PUT DELETE /team-members/{id}/
GET POST /appointments/
GET PUT DELETE /appointments/{id}/
POST /appointments/{id}/confirm/
POST /appointments/{id}/cancel/
POST /appointments/{id}/reschedule/
POST /appointments/{id}/complete/
GET /appointments/upcoming/
GET /appointments/overdue/
GET /appointments/today/
GET /appointments/conflicts/
GET POST /conflicts/
GET PUT DELETE /conflicts/{id}/
POST /conflicts/{id}/resolve/
POST /conflicts/{id}/escalate/
GET /conflicts/unresolved/
GET POST /rules/
GET PUT DELETE /rules/{id}/
GET /rules/active/
GET POST /notifications/
GET PUT DELETE /notifications/{id}/
POST /notifications/{id}/send/
GET /notifications/pending/
GET POST /analytics/
GET PUT DELETE /analytics/{id}/
GET POST /integrations/
GET PUT DELETE /integrations/{id}/
POST /integrations/{id}/test-connection/
POST /integrations/{id}/sync/
GET /integrations/active/
GET /dashboard/
GET /summary/
"""
PAIRS = [
    (method, path) for line in ENDPOINTS.strip().splitlines() for *methods, path in [line.split()] for method in methods
]
ZONE = ZoneInfo("America/Los_Angeles")
TOMORROW = datetime.now(ZONE).replace(hour=0, minute=0, second=0, microsecond=0) + timedelta(days=1)


def test_there_are_79_endpoints() -> None:
    assert len(PAIRS) == len(set(PAIRS)) == 79


def test_all_endpoints_are_described(one_app: FastAPI) -> None:
    paths = one_app.openapi()["paths"]
    described = {(method, path) for method, path in PAIRS if method.lower() in paths.get(f"{BASE}{path}", {})}
    assert set(PAIRS) == described


def test_creating_a_schedule_template(owner: Client) -> None:
    body = {
        "name": "Weekly Team Meeting",
        "description": "Weekly team standup meeting",
        "schedule_type": "weekly",
        "recurrence_interval": 1,
        "recurrence_days": [1, 2, 3, 4, 5],
        "start_time": "09:00:00",
        "end_time": "10:00:00",
        "duration_minutes": 60,
        "max_capacity": 15,
        "base_price": "0.00",
        "currency": "USD",
        "is_active": True,
    }
    made = owner.made("schedule-templates/", body)
    assert {name: made[name] for name in body} == body
    assert owner.get("schedule-templates/active/").json()["results"] == [made]


def conference_room(owner: Client) -> Json:
    body = {
        "name": "Conference Room A",
        "resource_type": "room",
        "description": "Large conference room with projector and whiteboard",
        "location": "Building 1, Floor 2, Room 201",
        "capacity": 20,
        "specifications": {
            "features": ["projector", "whiteboard", "video_conferencing"],
            "amenities": ["coffee_machine", "water_dispenser"],
            "notes": "Wheelchair accessible",
        },
        "hourly_rate": "50.00",
        "daily_rate": "300.00",
        "currency": "USD",
        "is_active": True,
        "is_available": True,
    }
    made = owner.made("resources/", body)
    assert {name: made[name] for name in body} == body
    return made


def test_creating_a_resource(owner: Client) -> None:
    made = conference_room(owner)
    assert [each["id"] for each in owner.get("resources/?resource_type=room").json()["results"]] == [made["id"]]


def development_team(owner: Client) -> tuple[Json, Json]:
    lead, developer = (owner.made("users/", {"name": name})["id"] for name in ("team_lead", "developer1"))
    weekday, weekend = {"start": "09:00", "end": "17:00"}, {"start": "10:00", "end": "14:00"}
    days = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
    body: Json = {
        "name": "Development Team",
        "description": "Software development team",
        "team_lead": lead,
        "max_members": 8,
        "skills": ["python", "django", "react", "postgresql"],
        "specializations": ["web_development", "api_development"],
        "availability_schedule": {day: weekend if day[0] == "s" else weekday for day in days},
    }
    team = owner.made("teams/", body)
    assert {name: team[name] for name in body if name != "availability_schedule"} == {
        name: value for name, value in body.items() if name != "availability_schedule"
    }
    opening = team["availability_schedule"]["saturday"]
    assert [each["start"][:5] for each in opening] == ["10:00"]
    member_body: Json = {
        "team": team["id"],
        "user": developer,
        "role": "member",
        "skills": ["python", "django"],
        "certifications": ["aws_certified", "python_certified"],
        "max_hours_per_week": "40.00",
    }
    member = owner.made("team-members/", member_body)
    assert {name: member[name] for name in member_body} == member_body
    return team, member


def test_creating_a_team(owner: Client) -> None:
    team, member = development_team(owner)
    assert owner.get(f"teams/{team['id']}/members/").json()["results"] == [member]


def client_meeting(owner: Client) -> Json:
    team, member = development_team(owner)
    room = conference_room(owner)
    body: Json = {
        "title": "Client Meeting",
        "description": "Quarterly review meeting with client",
        "start_datetime": (TOMORROW + timedelta(hours=10)).isoformat(),
        "end_datetime": (TOMORROW + timedelta(hours=11)).isoformat(),
        "duration_minutes": 60,
        "status": "scheduled",
        "priority": "normal",
        "client_name": "John Doe",
        "client_email": "john@example.com",
        "client_phone": "+1-555-0123",
        "client_notes": "Prefers morning meetings",
        "assigned_team": team["id"],
        "location": "Conference Room A",
        "is_virtual": False,
        "estimated_cost": "150.00",
        "currency": "USD",
        "is_billable": True,
        "assigned_users": [member["user"]],
        "required_resources": [room["id"]],
    }
    made = owner.made("appointments/", body)
    times = ("start_datetime", "end_datetime")
    assert {name: made[name] for name in body if name not in times} == {
        name: value for name, value in body.items() if name not in times
    }
    assert datetime.fromisoformat(made["start_datetime"]) == TOMORROW + timedelta(hours=10)
    return made


def test_scheduling_an_appointment(owner: Client) -> None:
    made = client_meeting(owner)
    assert [each["id"] for each in owner.get("appointments/upcoming/").json()["results"]] == [made["id"]]
    assert owner.post(f"appointments/{made['id']}/confirm/").json()["status"] == "confirmed"


def test_assigning_users_and_resources_later(owner: Client) -> None:
    made = client_meeting(owner)
    other = owner.made("users/", {"name": "developer2"})["id"]
    owner.made("team-members/", {"team": made["assigned_team"], "user": other})
    users = [*made["assigned_users"], other]
    answer = owner.put(f"appointments/{made['id']}/", {"assigned_users": users})
    assert answer.json()["assigned_users"] == users


def test_creating_a_schedule_rule(owner: Client) -> None:
    body: Json = {
        "name": "Business Hours",
        "rule_type": "working_hours",
        "description": "Standard business hours rule",
        "is_active": True,
        "is_global": True,
        "start_time": "09:00:00",
        "end_time": "17:00:00",
        "is_recurring": True,
        "recurrence_rule": {"frequency": "weekly", "days": [1, 2, 3, 4, 5]},
    }
    made = owner.made("rules/", body)
    assert {name: made[name] for name in body if name != "recurrence_rule"} == {
        name: value for name, value in body.items() if name != "recurrence_rule"
    }
    assert body["recurrence_rule"].items() <= made["recurrence_rule"].items()
    assert owner.get("rules/active/").json()["results"] == [made]


def test_checking_for_conflicts(owner: Client) -> None:
    made = client_meeting(owner)
    during: dict[str, Any] = {
        "start_datetime": (TOMORROW + timedelta(hours=10, minutes=30)).isoformat(),
        "end_datetime": (TOMORROW + timedelta(hours=11, minutes=30)).isoformat(),
    }
    body = {"title": "Overlapping", "assigned_users": made["assigned_users"], "assigned_team": made["assigned_team"]}
    refused = owner.post("appointments/", body | during)
    assert (refused.status_code, refused.json()["code"]) == (409, "slot_taken")
    other = owner.made("appointments/", {"title": "Elsewhere"} | during)
    conflict: Json = {
        "conflict_type": "time_conflict",
        "primary_appointment": made["id"],
        "conflicting_appointment": other["id"],
        "conflict_description": "Time overlap detected",
        "conflict_datetime": made["start_datetime"],
        "impact_level": "medium",
    }
    stored = owner.made("conflicts/", conflict)
    assert {name: stored[name] for name in conflict} == conflict
    assert stored["id"] in [each["id"] for each in owner.get("conflicts/unresolved/").json()["results"]]


def test_generating_analytics(owner: Client) -> None:
    client_meeting(owner)
    start, end = TOMORROW.date().replace(day=1), TOMORROW.date()
    body: Json = {
        "period_start": str(start),
        "period_end": str(end),
        "period_type": "monthly",
        "total_appointments": 4,
        "completed_appointments": 3,
        "cancelled_appointments": 1,
        "no_show_appointments": 0,
        "total_scheduled_hours": "6.00",
        "total_revenue": "450.00",
    }
    made = owner.made("analytics/", body)
    assert {name: made[name] for name in body} == body
    assert (made["metrics"]["completion_rate"], made["metrics"]["cancellation_rate"]) == (75.0, 25.0)
