import re
from typing import Any

import pytest
from fastapi import FastAPI
from fastapi.routing import APIRoute

from models.records import ApiKey, CalendarFeed, Role
from service import health
from service.api import ROUTERS
from service.callers import Caller
from service.database import Database
from service.examples import EXAMPLES
from service.rights import RIGHTS, may
from tests.service.accounts import BASE, Client, Json, account
from tests.service.api.filling import fill

OPEN = {
    "/healthz",
    "/readyz",
    f"{BASE}/auth/login/",
    f"{BASE}/auth/refresh/",
    f"{BASE}/auth/logout/",
    f"{BASE}/auth/session/",
    f"{BASE}/integrations/{{id:int}}/inbound/",
    f"{BASE}/feeds/{{token}}.ics",
}


def routes() -> list[APIRoute]:
    """All routes of the routers; the document of the API names the same addresses, so none is missing."""
    return [route for router in (*ROUTERS, health.router) for route in router.routes if isinstance(route, APIRoute)]


def right_of(route: APIRoute) -> tuple[str, str] | None:
    calls: list[Any] = [each.call for each in route.dependant.dependencies]
    found = [call.right for call in calls if hasattr(call, "right")]
    assert len(found) <= 1, route.path
    return found[0] if found else None


def test_routes_are_all_that_the_document_describes(one_app: FastAPI) -> None:
    described = {(path, method) for path, methods in one_app.openapi()["paths"].items() for method in methods}
    known = {(route.path.replace(":int", ""), method.lower()) for route in routes() for method in route.methods or ()}
    assert described == known


def test_every_route_is_open_on_purpose_or_asks_for_a_right() -> None:
    assert {route.path for route in routes() if right_of(route) is None} == OPEN


def test_every_row_of_the_table_belongs_to_a_route() -> None:
    assert {right[0] for route in routes() if (right := right_of(route))} == set(RIGHTS)


@pytest.mark.parametrize("role", Role)
def test_every_route_lets_pass_exactly_who_may(app: FastAPI, database: Database, role: Role) -> None:
    who = account(database, role)
    client = Client(app, who)
    caller = Caller(who.organization, who.user, "", role)
    for route in routes():
        right = right_of(route)
        if right is None:
            continue
        path = re.sub(r"\{.*?\}", "999999", route.path)
        for method in route.methods or ():
            answer = client.http.request(method, path, json={"unknown": 1} if method != "GET" else None)
            assert (answer.status_code != 403) == may(caller, *right), (method, path, answer.text)


def test_no_route_answers_without_credentials(app: FastAPI) -> None:
    nobody = Client(app, None)
    for route in routes():
        if right_of(route) is not None:
            path = re.sub(r"\{.*?\}", "1", route.path)
            for method in route.methods or ():
                answer = nobody.http.request(method, path)
                assert answer.status_code == 401, (method, path)
                assert answer.headers["WWW-Authenticate"] == "Bearer"


BODIES: dict[str, Json] = {
    "book-slot": {"start": "2026-11-30T09:00:00Z", "end": "2026-11-30T10:00:00Z"},
    "resolve": {"option": "0123456789abcdef"},
    "hold": {"start": "2026-11-30T09:00:00Z"},
    "reschedule": {"start_datetime": "2026-11-30T09:00:00Z"},
    "add-member": {"user": 1},
    "remove-member": {"user": 1},
    "set-password": {"password": "correct horse"},
    "set-availability": {"is_available": False},
    "schedule-maintenance": {"start": "2026-11-30T09:00:00Z", "end": "2026-11-30T10:00:00Z"},
}
"""What actions need to be told before they look for what they act on."""


NO_LISTS = ("/organization/", "/dashboard/", "/summary/", "/export/", "/auth/session/", "/board/", "/events/", ".ics")
"""What shows no rows; their own tests see to what they show."""


def test_no_route_reaches_into_another_organization(app: FastAPI, database: Database, owner: Client) -> None:
    fill(owner)
    owner.made("api-keys/", EXAMPLES[ApiKey])
    owner.made("calendar-feeds/", EXAMPLES[CalendarFeed] | {"user": 1})
    assert owner.get("audit-log/1/").status_code == 200
    stranger = Client(app, account(database))
    for route in routes():
        for method in route.methods or ():
            if right_of(route) is None:
                continue
            if "{id:int}" in route.path:
                body = BODIES.get(route.path.split("/")[-2], {})
                path = route.path.replace("{id:int}", "1")
                answer = stranger.http.request(method, path, json=body if method != "GET" else None)
                assert answer.status_code == 404, (method, path, answer.text)
            elif method == "GET" and route.path.startswith(BASE) and not route.path.endswith(NO_LISTS):
                rows = stranger.http.get(route.path).json()["results"]
                assert all(row["organization"] != owner.organization for row in rows), route.path


def test_nothing_of_another_organization_is_seen_or_changed(app: FastAPI, database: Database, owner: Client) -> None:
    location = owner.made("locations/", {"name": "here", "latitude": 0.0, "longitude": 0.0})
    stranger = Client(app, account(database))
    at = f"locations/{location['id']}/"
    assert stranger.get("locations/").json()["results"] == []
    assert stranger.get(at).status_code == 404
    assert stranger.put(at, {"name": "mine"}).status_code == 404
    assert stranger.delete(at).status_code == 404
    refused = stranger.post("users/", {"name": "a", "start_location": location["id"]})
    assert refused.status_code == 422
    assert refused.json()["errors"][0]["field"] == "start_location"
    assert owner.get(at).json() == location


def test_member_sees_only_its_own(app: FastAPI, database: Database, owner: Client) -> None:
    member = Client(app, account(database, Role.MEMBER, owner.organization))
    body = {"title": "a", "start_datetime": "2026-11-30T09:00:00Z", "duration_minutes": 60}
    own = owner.made("appointments/", body | {"assigned_users": [member.user]})
    other = owner.made("appointments/", body | {"assigned_users": [owner.user]})
    assert [each["id"] for each in member.get("appointments/").json()["results"]] == [own["id"]]
    assert member.get(f"appointments/{other['id']}/").status_code == 404
    absence = {"start": "2026-11-30T09:00:00Z", "end": "2026-11-30T10:00:00Z"}
    member.made("absences/", absence | {"user": member.user})
    assert member.post("absences/", absence | {"user": owner.user}).status_code == 403


@pytest.mark.parametrize(
    ("role", "seen"),
    [
        (Role.OWNER, "31.50"),
        (Role.PLANNER, "31.50"),
        (Role.DISPATCHER, "31.50"),
        (Role.MEMBER, None),
        (Role.VIEWER, None),
    ],
)
def test_what_an_hour_costs_is_seen_by_those_who_plan(
    app: FastAPI, database: Database, owner: Client, role: Role, seen: str | None
) -> None:
    made = owner.made("users/", {"name": "Ana", "hourly_cost": "31.50"})
    asking = Client(app, account(database, role, owner.organization))
    assert asking.get(f"users/{made['id']}/").json()["hourly_cost"] == seen
    listed = {user["id"]: user["hourly_cost"] for user in asking.get("users/").json()["results"]}
    assert listed[made["id"]] == seen


def test_nobody_gives_more_than_it_has(app: FastAPI, database: Database, owner: Client) -> None:
    planner = Client(app, account(database, Role.PLANNER, owner.organization))
    assert planner.post("users/", {"name": "a", "role": "owner"}).status_code == 403
    assert planner.patch(f"users/{planner.user}/", {"role": "owner"}).status_code == 403
    assert planner.patch(f"users/{owner.user}/", {"role": "viewer"}).status_code == 403
    planner.made("users/", {"name": "a", "role": "dispatcher"})


@pytest.mark.parametrize("change", [{"role": "viewer"}, {"is_active": False}])
def test_organization_keeps_an_owner(owner: Client, change: dict[str, object]) -> None:
    answer = owner.patch(f"users/{owner.user}/", change)
    assert (answer.status_code, answer.json()["code"]) == (409, "conflict")
    assert owner.get("users/").status_code == 200
