"""The pages for administrators over HTTP: who sees and changes what, and that it is done as the API does it."""

import re
import subprocess
import sys
from typing import Any

import pytest
from fastapi import FastAPI
from sqlalchemy import select

from models.records import AuditEntry, Role, ScheduleIntegration, User
from service.admin.kinds import GROUPS, KINDS
from service.callers import the_service
from service.database import Database
from service.rights import RIGHTS
from tests.service.accounts import Client, Statements, account
from tests.service.admin.visitor import Visitor, allow, enter, inputs
from tests.service.api.filling import fill

VISIT = {"title": "Visit", "start_datetime": "2026-11-30T17:00:00Z", "duration_minutes": 60}
PATHS = [kind.path for kind in KINDS.values()]
NO_PAGES = {
    "board",
    "calendar-imports",
    "dashboard",
    "events",
    "organization",
    "summary",
}
"""What is no list of records; that of the organization is tested by itself."""


def test_every_kind_of_record_with_rights_has_its_page() -> None:
    assert set(PATHS) == set(RIGHTS) - NO_PAGES


@pytest.mark.parametrize("path", PATHS)
def test_every_page_opens(visitor: Visitor, owner: Client, path: str) -> None:
    fill(owner)
    assert visitor.get(f"{path}/list").status_code == 200
    row = owner.get(f"{path}/").json()["results"]
    if row:
        detail = visitor.get(f"{path}/detail", pk=row[0]["id"])
        assert detail.status_code == 200, detail.text
    for form in ("create", "edit"):
        page = visitor.get(f"{path}/{form}", **({"pk": row[0]["id"]} if form == "edit" and row else {}))
        assert page.status_code in (200, 403, 404), page.text


@pytest.mark.parametrize("path", sorted(kind.path for kind in KINDS.values() if "update" in kind.offers))
def test_form_sent_back_as_it_is_changes_nothing(visitor: Visitor, owner: Client, path: str) -> None:
    fill(owner)
    before = owner.get(f"{path}/").json()["results"]
    for row in before:
        form = visitor.form(f"{path}/edit", pk=row["id"])
        lists = {name: value for name, value in row.items() if isinstance(value, list) and value and name not in form}
        answer = visitor.post(f"{path}/edit", form | lists, pk=row["id"])
        assert answer.status_code == 303, re.findall(r"invalid-feedback[^>]*>([^<]*)<", answer.text)
    assert owner.get(f"{path}/").json()["results"] == before


def test_nobody_gets_in_without_a_login(pages: FastAPI) -> None:
    stranger = Visitor(pages)
    for path in ("", "users/list", "users/create", "_api/users/relation-lookup"):
        answer = stranger.get(path)
        assert answer.status_code == 303
        assert "/admin/login" in answer.headers["location"]


def test_wrong_password_is_refused(pages: FastAPI, database: Database, owner: Client) -> None:
    visitor = Visitor(pages)
    visitor.get("login")
    answer = visitor.post("login", {"username": allow(database, owner.user), "password": "guess"})
    assert answer.status_code == 400
    assert "is wrong" in answer.text
    assert visitor.get("").status_code == 303


def test_login_ends_with_logout_and_with_its_user(pages: FastAPI, database: Database, owner: Client) -> None:
    visitor = enter(pages, database, owner.user)
    cookie = visitor.http.cookies.get("tidyplan_admin")
    assert visitor.get("users/list").status_code == 200
    assert visitor.post("logout").status_code == 303
    visitor.http.cookies.set("tidyplan_admin", cookie or "", path="/admin")
    assert visitor.get("users/list").status_code == 303
    second = account(database, Role.VIEWER, owner.organization)
    other = enter(pages, database, second.user)
    assert other.get("users/list").status_code == 200
    owner.patch(f"users/{second.user}/", {"is_active": False})
    assert other.get("users/list").status_code == 303


def test_form_without_its_token_is_refused(visitor: Visitor, owner: Client) -> None:
    answer = visitor.http.post("/admin/locations/create", data={"name": "Depot", "latitude": "1", "longitude": "2"})
    assert answer.status_code == 403
    assert owner.get("locations/").json()["count"] == 0


def test_pages_ask_no_other_host(visitor: Visitor, owner: Client) -> None:
    owner.made("teams/", {"name": "Alpha"})
    for path in ("", "teams/list", "teams/create", "teams/detail?pk=1", "teams/edit?pk=1"):
        page = visitor.http.get(f"/admin/{path}")
        elsewhere = re.findall(r'(?:src|href)="(https?://(?!testserver)[^"]+)|@import|url\(.?http', page.text)
        assert elsewhere == [], path
        assert "default-src 'self'" in page.headers["content-security-policy"]


def test_record_is_made_changed_and_deleted_as_by_the_api(visitor: Visitor, database: Database, owner: Client) -> None:
    hours = '{"monday": [{"start": "09:00", "end": "17:00"}]}'
    made = visitor.post(
        "users/create", {"name": "Ana", "email": "Ana@Example.com", "role": "member", "availability": hours}
    )
    assert made.status_code == 303, made.text
    [user] = owner.get("users/?search=ana").json()["results"]
    assert (user["email"], user["availability"]["monday"][0]["start"]) == ("ana@example.com", "09:00:00")
    form = visitor.form("users/edit", pk=user["id"])
    assert visitor.post("users/edit", form | {"name": "Ana Ruiz"}, pk=user["id"]).status_code == 303
    assert owner.get(f"users/{user['id']}/").json()["name"] == "Ana Ruiz"
    assert visitor.post("_api/users/row-action", pk=user["id"], name="delete").status_code == 200
    assert owner.get(f"users/{user['id']}/").status_code == 404
    with database.session(the_service(owner.organization)) as session:
        entries = session.scalars(select(AuditEntry).where(AuditEntry.record == user["id"]).order_by(AuditEntry.id))
        seen = [(entry.action, entry.actor) for entry in entries if entry.record_type == "user"]
    assert seen == [("created", owner.user), ("updated", owner.user), ("deleted", owner.user)]


def test_faults_stand_beside_their_fields(visitor: Visitor, owner: Client) -> None:
    wrong = {"name": "", "email": "nobody", "max_hours_per_week": "many", "availability": "{"}
    answer = visitor.post("users/create", wrong)
    assert answer.status_code == 422
    assert "This field is required" in answer.text
    answer = visitor.post("users/create", wrong | {"name": "Ana"})
    assert "This is no JSON" in answer.text
    answer = visitor.post("users/create", wrong | {"name": "Ana", "availability": ""})
    assert answer.status_code == 422
    assert answer.text.count("expected") >= 2
    assert owner.get("users/").json()["count"] == 1


def test_times_are_those_of_the_organization(visitor: Visitor, owner: Client) -> None:
    made = owner.made("appointments/", VISIT)
    assert "2026-11-30 09:00" in visitor.get("appointments/list").text
    form = visitor.form("appointments/edit", pk=made["id"])
    assert form["start_datetime"].startswith("2026-11-30T09:00")
    answer = visitor.post("appointments/edit", form | {"start_datetime": "2026-11-30T11:00"}, pk=made["id"])
    assert answer.status_code == 303, answer.text
    moved = owner.get(f"appointments/{made['id']}/").json()
    assert (moved["start_datetime"], moved["end_datetime"]) == ("2026-11-30T19:00:00Z", "2026-11-30T20:00:00Z")
    assert moved["status"] == "rescheduled"


def test_double_booking_is_refused_in_the_form(visitor: Visitor, owner: Client) -> None:
    owner.made("appointments/", VISIT | {"assigned_users": [owner.user]})
    body = {
        "title": "Second",
        "start_datetime": "2026-11-30T09:30",
        "duration_minutes": "30",
        "assigned_users": [str(owner.user)],
    }
    answer = visitor.post("appointments/create", body)
    assert answer.status_code == 422
    assert owner.get("appointments/").json()["count"] == 1
    assert visitor.post("appointments/create", body | {"start_datetime": "2026-11-30T10:00"}).status_code == 303


def test_stale_form_is_refused(visitor: Visitor, owner: Client) -> None:
    team = owner.made("teams/", {"name": "Alpha"})
    form = visitor.form("teams/edit", pk=team["id"])
    owner.patch(f"teams/{team['id']}/", {"description": "better"})
    answer = visitor.post("teams/edit", form | {"name": "Beta"}, pk=team["id"])
    assert answer.status_code == 422
    assert "Somebody else changed it" in answer.text
    assert owner.get(f"teams/{team['id']}/").json()["name"] == "Alpha"


def test_members_are_changed_on_the_page_of_their_team(visitor: Visitor, owner: Client) -> None:
    team = owner.made("teams/", {"name": "Alpha"})
    ana, ben = (owner.made("users/", {"name": name})["id"] for name in ("Ana", "Ben"))
    first = owner.made("team-members/", {"team": team["id"], "user": ana})
    form = visitor.form("teams/edit", pk=team["id"])
    assert form["inlines.team-members-of.0.pk"] == str(first["id"])
    change = {"inlines.team-members-of.0.role": "lead", "inlines.team-members-of.1.user": str(ben)}
    answer = visitor.post("teams/edit", form | change | {"inlines.team-members-of.1.role": "trainee"}, pk=team["id"])
    assert answer.status_code == 303, answer.text
    members = owner.get(f"teams/{team['id']}/members/").json()["results"]
    assert {(each["user"], each["role"]) for each in members} == {(ana, "lead"), (ben, "trainee")}
    again = visitor.form("teams/edit", pk=team["id"])
    assert (
        visitor.post("teams/edit", again | {"inlines.team-members-of.0.DELETE": "1"}, pk=team["id"]).status_code == 303
    )
    assert owner.get(f"teams/{team['id']}/members/").json()["count"] == 1


def test_refused_inline_leaves_its_parent_as_it_was(visitor: Visitor, owner: Client) -> None:
    team = owner.made("teams/", {"name": "Alpha", "max_members": 1})
    ana, ben = (owner.made("users/", {"name": name})["id"] for name in ("Ana", "Ben"))
    owner.made("team-members/", {"team": team["id"], "user": ana})
    form = visitor.form("teams/edit", pk=team["id"])
    more = {"name": "Beta", "inlines.team-members-of.1.user": str(ben), "inlines.team-members-of.1.role": "member"}
    assert visitor.post("teams/edit", form | more, pk=team["id"]).status_code == 422
    assert owner.get(f"teams/{team['id']}/").json()["name"] == "Alpha"
    assert owner.get(f"teams/{team['id']}/members/").json()["count"] == 1


def test_appointments_of_a_series_are_on_the_page_of_the_first(visitor: Visitor, owner: Client) -> None:
    rule = {"is_recurring": True, "recurrence_rule": "FREQ=WEEKLY;COUNT=3"}
    first = owner.made("appointments/", VISIT | rule)
    page = visitor.get("appointments/detail", pk=first["id"]).text
    assert "2026-12-07 09:00" in page
    assert "2026-12-14 09:00" in page


def test_many_are_confirmed_and_cancelled_at_once(visitor: Visitor, owner: Client) -> None:
    keys = [owner.made("appointments/", VISIT | {"title": f"v{i}"})["id"] for i in range(3)]
    owner.post(f"appointments/{keys[2]}/complete/")
    answer = visitor.post("_api/appointments/action", name="confirm", pks=keys)
    assert answer.status_code == 200, answer.text
    statuses = [owner.get(f"appointments/{key}/").json()["status"] for key in keys]
    assert statuses == ["confirmed", "confirmed", "completed"]
    listed = visitor.get("appointments/list").text
    assert "2 confirmed." in listed
    assert f"appointment {keys[2]}" in listed
    answer = visitor.post("_api/appointments/action", {"answer": "storm"}, name="cancel", pks=keys[:2])
    assert answer.status_code == 200, answer.text
    assert owner.get(f"appointments/{keys[0]}/").json()["status"] == "cancelled"
    assert owner.get(f"audit-log/?record={keys[0]}&ordering=-id").json()["results"][0]["reason"] == "storm"


def test_conflicts_are_resolved_at_once(visitor: Visitor, owner: Client) -> None:
    visit = owner.made("appointments/", VISIT)
    body = {"conflict_type": "time_conflict", "primary_appointment": visit["id"], "conflict_description": "too late"}
    key = owner.made("conflicts/", body)["id"]
    answer = visitor.post("_api/conflicts/action", {"answer": "they agreed"}, name="resolve", pks=[key])
    assert answer.status_code == 200, answer.text
    conflict = owner.get(f"conflicts/{key}/").json()
    assert (conflict["status"], conflict["resolution_notes"]) == ("resolved", "they agreed")


def test_lists_are_filtered_searched_and_sorted(visitor: Visitor, owner: Client) -> None:
    for name, kind in (("Van", "vehicle"), ("Room", "room"), ("Bus", "vehicle")):
        owner.made("resources/", {"name": name, "resource_type": kind})

    def names(**query: Any) -> list[str]:
        page = visitor.get("resources/list", **query)
        assert page.status_code == 200, page.text
        return re.findall(r"\b(Van|Room|Bus)\b(?=\s*</)", page.text)

    assert set(names(q="an")) == {"Van"}
    assert set(names(filter="resource_type__eq=vehicle")) == {"Van", "Bus"}
    assert list(dict.fromkeys(names(sort="name__asc"))) == ["Bus", "Room", "Van"]
    assert set(names(filter="resource_type__eq=castle")) == set()
    assert visitor.get("resources/list", filter="nothing__eq=1").status_code == 400
    assert visitor.get("resources/list", filter="capacity__gt=99999999999999999999999").status_code == 400


def test_moments_are_filtered_by_the_clock_of_the_organization(visitor: Visitor, owner: Client) -> None:
    owner.made("appointments/", VISIT)
    early = visitor.get("appointments/list", filter="start_datetime__before=2026-11-30T09:00")
    late = visitor.get("appointments/list", filter="start_datetime__from=2026-11-30T09:00")
    assert (early.status_code, late.status_code) == (200, 200), early.text
    assert ("2026-11-30 09:00" in early.text, "2026-11-30 09:00" in late.text) == (False, True)


def test_secret_is_written_and_never_shown(visitor: Visitor, database: Database, owner: Client) -> None:
    body = {"name": "Office", "integration_type": "calendar", "api_key": "s3cr3t-key", "configuration": "{}"}
    answer = visitor.post("integrations/create", body | {"sync_frequency": "daily"})
    assert answer.status_code == 303, answer.text
    [made] = owner.get("integrations/").json()["results"]
    pages = [visitor.get(f"integrations/{page}", pk=made["id"]).text for page in ("list", "detail", "edit")]
    assert all("s3cr3t-key" not in page for page in pages)
    form = visitor.form("integrations/edit", pk=made["id"])
    assert form["api_key"] == ""
    assert visitor.post("integrations/edit", form | {"name": "Office 2"}, pk=made["id"]).status_code == 303
    with database.session(the_service(owner.organization)) as session:
        stored = session.get_one(ScheduleIntegration, made["id"])
        assert (stored.name, stored.api_key) == ("Office 2", "s3cr3t-key")


def test_password_is_nowhere_on_the_pages(visitor: Visitor, database: Database, owner: Client) -> None:
    with database.everywhere() as session:
        stored = session.get_one(User, owner.user).password_hash
    for page in ("list", "detail", "edit"):
        text = visitor.get(f"users/{page}", pk=owner.user).text
        assert str(stored) not in text
        assert "password" not in inputs(text)


def test_pages_end_at_the_organization(pages: FastAPI, database: Database, owner: Client) -> None:
    fill(owner)
    stranger = account(database)
    visitor = enter(pages, database, stranger.user)
    for path in PATHS:
        for row in owner.get(f"{path}/").json()["results"]:
            if path in ("users", "api-keys") and row["id"] == stranger.user:
                continue
            for page in ("detail", "edit"):
                assert visitor.get(f"{path}/{page}", pk=row["id"]).status_code in (403, 404), (path, page)
            found = visitor.get(f"_api/{path}/relation-lookup", pks=row["id"]).json()
            assert found["items"] == [], path
    visit = owner.get("appointments/").json()["results"][0]
    refused = visitor.post("_api/appointments/action", name="cancel", pks=[visit["id"]])
    assert refused.status_code == 400
    assert owner.get(f"appointments/{visit['id']}/").json() == visit


@pytest.mark.parametrize("role", [Role.OWNER, Role.PLANNER, Role.DISPATCHER, Role.MEMBER, Role.VIEWER])
def test_pages_keep_to_the_table_of_rights(pages: FastAPI, database: Database, owner: Client, role: Role) -> None:
    fill(owner)
    visitor = enter(pages, database, account(database, role, owner.organization).user)
    offers = {kind.path: kind.offers for kind in KINDS.values()}
    for path in PATHS:
        may = RIGHTS[path].of(role)
        reads, creates, deletes = (bool(may & {"*", action}) for action in ("read", "create", "delete"))
        assert (visitor.get(f"{path}/list").status_code == 200) == reads, path
        allowed = visitor.get(f"{path}/create").status_code == 200
        assert allowed == (creates and reads and "create" in offers[path]), path
        rows = owner.get(f"{path}/").json()["results"]
        if rows and not (deletes and "delete" in offers[path]):
            answer = visitor.post(f"_api/{path}/action", name="delete", pks=[rows[0]["id"]])
            assert answer.status_code == 400, path
            assert owner.get(f"{path}/{rows[0]['id']}/").status_code == 200


def test_not_even_an_owner_changes_the_audit_log(visitor: Visitor, owner: Client) -> None:
    owner.made("teams/", {"name": "Alpha"})
    entry = owner.get("audit-log/").json()["results"][0]
    assert visitor.get("audit-log/edit", pk=entry["id"]).status_code == 403
    assert visitor.post("audit-log/edit", {"actor_name": "me"}, pk=entry["id"]).status_code == 403
    for address, query in (("action", {"pks": [entry["id"]]}), ("row-action", {"pk": entry["id"]})):
        assert visitor.post(f"_api/audit-log/{address}", name="delete", **query).status_code == 400
    assert owner.get(f"audit-log/{entry['id']}/").json() == entry


def test_member_sees_and_finds_its_own_appointments_alone(pages: FastAPI, database: Database, owner: Client) -> None:
    member = account(database, Role.MEMBER, owner.organization)
    owner.made("appointments/", VISIT | {"title": "Mine", "assigned_users": [member.user]})
    owner.made("appointments/", VISIT | {"title": "Theirs", "assigned_users": [owner.user]})
    listed = enter(pages, database, member.user).get("appointments/list").text
    assert ("Mine" in listed, "Theirs" in listed) == (True, False)


def test_confidential_fields_are_hidden_from_those_who_do_not_plan(
    pages: FastAPI, database: Database, owner: Client
) -> None:
    ana = owner.made("users/", {"name": "Ana", "hourly_cost": "31.57"})
    viewer = enter(pages, database, account(database, Role.VIEWER, owner.organization).user)
    assert "31.57" not in viewer.get("users/detail", pk=ana["id"]).text
    assert "31.57" in enter(pages, database, owner.user).get("users/detail", pk=ana["id"]).text


def test_text_of_records_is_no_markup(visitor: Visitor, owner: Client) -> None:
    owner.made("teams/", {"name": "<script>alert(1)</script>", "description": "<img src=x onerror=alert(1)>"})
    for path in ("list", "detail?pk=1", "edit?pk=1"):
        page = visitor.http.get(f"/admin/teams/{path}").text
        assert "<script>alert" not in page
        assert "<img src=x" not in page


def test_number_of_queries_does_not_grow_with_the_list(database: Database, visitor: Visitor, owner: Client) -> None:
    counts = []
    for i in range(2):
        for j in range(3):
            team = owner.made("teams/", {"name": f"t{i}{j}", "team_lead": owner.user})
            owner.made(
                "appointments/",
                {"title": "v", "duration_minutes": 30, "status": "requested", "assigned_team": team["id"]},
            )
        statements = Statements(database.engine)
        assert visitor.get("appointments/list").status_code == 200
        counts.append(len(statements.seen))
    assert counts[0] == counts[1]


def test_every_group_of_the_menu_has_pages() -> None:
    assert all(kinds for _, _, kinds in GROUPS)


def test_api_is_imported_without_the_pages() -> None:
    code = "import sys, service.app; sys.exit('starlette_admin' in sys.modules or 'service.admin' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
