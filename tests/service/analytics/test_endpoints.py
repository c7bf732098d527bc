"""Figures over HTTP: generated, exported, summarized, on the dashboard."""

from datetime import datetime, timedelta
from io import BytesIO
from typing import Any

import pandas as pd
import pytest
from fastapi import FastAPI

from models.enums import AppointmentStatus as Status, ConflictType, PeriodType
from models.records import Role, ScheduleConflict
from models.records.base import now
from service.callers import the_service
from service.database import Database
from tests.service.accounts import Client, Json, Statements, account
from tests.service.analytics.world import put

NOVEMBER = {"period_type": "monthly", "period_start": "2026-11-17"}
HOURS = {day: [{"start": "09:00", "end": "17:00"}] for day in ("monday", "tuesday", "wednesday")}


def staffed(owner: Client) -> tuple[int, int]:
    """A user with hours on three days a week, and a room."""
    ana = owner.made("users/", {"name": "=Ana", "availability": HOURS})
    room = owner.made("resources/", {"name": "Room", "resource_type": "room"})
    return int(ana["id"]), int(room["id"])


def visits(database: Database, owner: Client, *starts: datetime, status: Status = Status.COMPLETED) -> list[int]:
    ana, room = staffed(owner)
    with database.session(the_service(owner.organization)) as session:
        made = [put(session, start, 60, status, users=[ana], resources=[(room, None)]).id for start in starts]
        session.commit()
    return made


def at(text: str) -> datetime:
    return datetime.fromisoformat(text)


def test_generate_makes_the_record_of_a_period_and_updates_it(database: Database, owner: Client) -> None:
    visits(database, owner, at("2026-11-02T18:00:00Z"))
    first = owner.post("analytics/generate/", NOVEMBER)
    assert first.status_code == 200, first.text
    body = first.json()
    assert (body["period_start"], body["period_end"]) == ("2026-11-01", "2026-11-30")
    # Mondays to Wednesdays of November 2026: five Mondays, four Tuesdays, four Wednesdays, eight hours each.
    assert (body["total_scheduled_hours"], body["total_available_hours"]) == ("1.00", "104.00")
    assert (body["utilization_rate"], body["metrics"]["completion_rate"]) == ("0.96", 100.0)
    [used] = body["resource_utilization"].values()
    assert (used["name"], used["scheduled_hours"], used["available_hours"]) == ("Room", 1.0, 30 * 24 + 1)
    again = owner.post("analytics/generate/", NOVEMBER).json()
    assert again["id"] == body["id"]
    assert owner.get("analytics/").json()["count"] == 1


def test_generate_takes_days_of_choice(owner: Client) -> None:
    days = {"period_type": "weekly", "period_start": "2026-11-04", "period_end": "2026-11-06"}
    body = owner.post("analytics/generate/", days).json()
    assert (body["period_start"], body["period_end"]) == ("2026-11-04", "2026-11-06")


@pytest.mark.parametrize("kind", PeriodType)
def test_generate_takes_the_present_period_by_default(owner: Client, kind: PeriodType) -> None:
    body = owner.post("analytics/generate/", {"period_type": kind}).json()
    today = now().date()
    assert at(body["period_start"]).date() - timedelta(days=1) <= today
    assert today <= at(body["period_end"]).date() + timedelta(days=1)


@pytest.mark.parametrize(
    "body",
    [
        {"period_type": "hourly"},
        {"period_type": "daily", "period_start": "0001-01-01"},
        {"period_type": "yearly", "period_start": "9999-12-31"},
        {"period_type": "daily", "period_start": "2026-11-02", "period_end": "2026-11-01"},
        {"period_type": "yearly", "period_start": "2026-01-01", "period_end": "2027-12-31"},
    ],
)
def test_generate_refuses_what_is_no_period(owner: Client, body: Json) -> None:
    assert owner.post("analytics/generate/", body).status_code == 422


def test_totals_that_somebody_enters_get_their_rates(owner: Client) -> None:
    period = {"period_type": "daily", "period_start": "2026-11-02", "period_end": "2026-11-02"}
    totals = {"total_appointments": 8, "completed_appointments": 6, "no_show_appointments": 1}
    hours = {"total_scheduled_hours": "30", "total_available_hours": "40"}
    made = owner.made("analytics/", period | totals | hours)
    assert (made["metrics"]["completion_rate"], made["metrics"]["no_show_rate"]) == (75.0, 12.5)
    assert made["utilization_rate"] == "75.00"


def _read(content: bytes, form: str) -> pd.DataFrame:
    if form == "csv":
        return pd.read_csv(BytesIO(content))
    if form == "xlsx":
        return pd.read_excel(BytesIO(content))
    return pd.read_parquet(BytesIO(content))


@pytest.mark.parametrize("form", ["csv", "xlsx", "parquet"])
def test_export_is_read_back(database: Database, owner: Client, form: str) -> None:
    pytest.importorskip({"csv": "pandas", "xlsx": "openpyxl", "parquet": "pyarrow"}[form])
    visits(database, owner, at("2026-11-02T18:00:00Z"), at("2026-10-05T18:00:00Z"))
    assert owner.get(f"analytics/export/?format={form}").status_code == 200
    for start in ("2026-11-01", "2026-10-01"):
        owner.post("analytics/generate/", {"period_type": "monthly", "period_start": start})
    answer = owner.get(f"analytics/export/?format={form}&ordering=period_start")
    frame = _read(answer.content, form)
    assert list(frame["total_appointments"]) == [1, 1]
    assert list(frame["total_available_hours"]) == [96.0, 104.0]
    assert [str(day)[:10] for day in frame["period_start"]] == ["2026-10-01", "2026-11-01"]
    used = _read(owner.get(f"analytics/export/?format={form}&table=utilization").content, form)
    assert set(used["kind"]) == {"user", "resource"}
    # A name that begins like a formula is text in a spreadsheet.
    assert ("=Ana" if form == "parquet" else "'=Ana") in set(used["name"])


def test_export_keeps_to_its_filters(owner: Client) -> None:
    for kind in ("daily", "weekly"):
        owner.post("analytics/generate/", {"period_type": kind})
    lines = owner.get("analytics/export/?period_type=daily").text.strip().splitlines()
    assert len(lines) == 2
    assert owner.get("analytics/export/?ordering=nothing").status_code == 422


def test_summary_is_of_the_days_asked_for(database: Database, owner: Client) -> None:
    visits(database, owner, at("2026-11-02T18:00:00Z"), at("2026-11-09T18:00:00Z"))
    body = owner.get("summary/?start_date=2026-11-09&end_date=2026-11-15").json()
    assert (body["total_appointments"], body["completion_rate"], body["currency"]) == (1, "100.00", "EUR")
    assert (body["total_scheduled_hours"], body["total_available_hours"], body["utilization_rate"]) == (
        "1.00",
        "24.00",
        "4.17",
    )
    assert body["trends"]["total_appointments"] == {"previous": 1, "change": 0, "change_percent": 0}
    assert body["users"][0]["utilization_rate"] == "4.17"


@pytest.mark.parametrize(
    "query", ["start_date=2026-11-02&end_date=2026-11-01", "start_date=1970-01-01", "end_date=tomorrow", "days=3"]
)
def test_summary_refuses_what_is_no_period(owner: Client, query: str) -> None:
    assert owner.get(f"summary/?{query}").status_code == 422


def test_dashboard_shows_what_there_is_to_do(database: Database, owner: Client) -> None:
    moment = now().replace(second=0, microsecond=0)
    [late] = visits(database, owner, moment - timedelta(hours=3), status=Status.CONFIRMED)
    with database.session(the_service(owner.organization)) as session:
        soon = put(session, moment + timedelta(hours=2), 60).id
        session.add(ScheduleConflict(conflict_type=ConflictType.TIME_CONFLICT, primary_appointment_id=soon))
        session.commit()
    owner.made("appointments/", {"title": "when?", "duration_minutes": 30, "status": "requested"})
    body = owner.get("dashboard/").json()
    assert [each["id"] for each in body["overdue"]["results"]] == [late]
    assert [each["id"] for each in body["upcoming"]["results"]] == [soon]
    assert (body["unresolved_conflicts"]["count"], body["unresolved_conflicts"]["by_impact"]) == (1, {"medium": 1})
    assert {name: body["totals"][name] for name in ("appointments", "requested", "users", "teams", "resources")} == {
        "appointments": 3,
        "requested": 1,
        "users": 2,
        "teams": 0,
        "resources": 1,
    }
    assert body["recent"]["count"] == 3


def test_dashboard_of_another_organization_is_empty(app: FastAPI, database: Database, owner: Client) -> None:
    visits(database, owner, now().replace(second=0, microsecond=0))
    stranger = Client(app, account(database))
    body = stranger.get("dashboard/").json()
    totals: dict[str, Any] = body["totals"]
    assert (totals["appointments"], totals["users"], totals["resources"]) == (0, 1, 0)
    assert stranger.get("summary/").json()["total_appointments"] == 0
    owner.post("analytics/generate/", NOVEMBER)
    assert len(stranger.get("analytics/export/").text.strip().splitlines()) == 1


@pytest.mark.parametrize(
    ("role", "blocks"),
    [
        (Role.PLANNER, {"unresolved_conflicts", "teams", "revenue"}),
        (Role.VIEWER, {"unresolved_conflicts", "teams", "revenue"}),
        (Role.MEMBER, set()),
    ],
)
def test_role_decides_what_figures_show(
    app: FastAPI, database: Database, owner: Client, role: Role, blocks: set[str]
) -> None:
    asking = Client(app, account(database, role, owner.organization))
    dashboard, summary = asking.get("dashboard/").json(), asking.get("summary/").json()
    shown = {
        "unresolved_conflicts": dashboard["unresolved_conflicts"],
        "teams": dashboard["utilization"]["teams"],
        "revenue": summary["revenue"],
    }
    assert {name for name, block in shown.items() if block is not None} == blocks
    assert ("total_revenue" in summary["trends"]) == ("revenue" in blocks)


def test_member_sees_its_own_dashboard(app: FastAPI, database: Database, owner: Client) -> None:
    member = Client(app, account(database, Role.MEMBER, owner.organization))
    visits(database, owner, now().replace(second=0, microsecond=0))
    with database.session(the_service(owner.organization)) as session:
        mine = put(session, now().replace(second=0, microsecond=0), 30, users=[member.user]).id
        session.commit()
    body = member.get("dashboard/").json()
    assert [each["id"] for each in body["recent"]["results"]] == [mine]
    assert (body["totals"]["appointments"], [each["id"] for each in body["utilization"]["users"]]) == (1, [member.user])


@pytest.mark.parametrize("path", ["dashboard/", "summary/"])
def test_number_of_queries_does_not_grow(database: Database, owner: Client, path: str) -> None:
    counts = []
    for _ in range(2):
        visits(database, owner, *(now().replace(second=0, microsecond=0) + timedelta(hours=i) for i in range(-3, 4)))
        owner.made("teams/", {"name": "team"})
        statements = Statements(database.engine)
        assert owner.get(path).status_code == 200
        counts.append(len(statements.seen))
    assert counts[0] == counts[1]
