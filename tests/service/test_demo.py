import json
import re
from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from fastapi import FastAPI
from sqlalchemy import func, select, true
from typer.testing import CliRunner

from models.plan import Plan
from models.problem import Problem
from models.records import Absence, Appointment, Occupancy, Organization, Role
from service.app import create_app
from service.callers import the_service
from service.cli import app as commands
from service.database import Database
from service.demo import DEMO, demo_plan, demo_problem, seed
from service.demo.seeding import standing_plan
from service.demo.shifting import shifted, weeks_until
from service.snapshot import problem_of, unsettled
from service.snapshot.ids import APPOINTMENT, RESOURCE, TEAM, USER, key_of
from solver.check import check
from solver.solve import Options, solve
from tests.service.accounts import BASE, Client
from tests.service.api.conftest import SETTINGS

PACIFIC = ZoneInfo("America/Los_Angeles")


@pytest.fixture(scope="module")
def plan() -> Plan:
    """A plan of the demo week."""
    return solve(demo_problem(), Options(time_limit_seconds=6, workers=1, seed=1))


def numbers(problem: Problem) -> dict[str, dict[str, str]]:
    """The ids that the snapshot gives what the problem names, by kind: all is stored in the order of the file."""
    kinds: dict[str, Iterable[Any]] = {
        APPOINTMENT: problem.appointments,
        USER: problem.users,
        TEAM: problem.teams,
        RESOURCE: problem.resources,
    }
    return {
        kind: {item.id: key_of(kind, number) for number, item in enumerate(items, 1)} for kind, items in kinds.items()
    }


def renamed(plan: Plan, ids: dict[str, dict[str, str]]) -> Plan:
    """The same plan in the words of the snapshot."""
    document = json.loads(plan.model_dump_json())
    for each in document["assignments"]:
        each["appointment"] = ids[APPOINTMENT][each["appointment"]]
        each["team"] = each["team"] and ids[TEAM][each["team"]]
        each["users"] = [ids[USER][key] for key in each["users"]]
        each["positions"] = {ids[USER][key]: place for key, place in each["positions"].items()}
        for use in each["resources"]:
            use["resource"] = ids[RESOURCE][use["resource"]]
    for each in document["unassigned"]:
        each["appointment"] = ids[APPOINTMENT][each["appointment"]]
        each["reasons"] = each["remedies"] = []
    return Plan.model_validate(document)


def test_seeded_company_is_the_demo_problem_up_to_ids(database: Database, plan: Plan) -> None:
    problem = demo_problem()
    assert seed(database, problem) is not None
    with database.everywhere(writes=False) as session:
        organization = session.scalars(select(Organization.id)).one()
    with database.session(the_service(organization), writes=False) as session:
        horizon = problem.horizon
        read, standing = problem_of(
            session, horizon.start, horizon.end, free=unsettled, waiting=true(), now=problem.now
        )
    ids = numbers(problem)
    for one in (plan, standing_plan(problem)):
        first, second = check(problem, one), check(read, renamed(one, ids))
        assert second.cost == first.cost
        assert [term.model_dump() for term in second.terms] == [term.model_dump() for term in first.terms]
        assert [each.rule for each in second.violations] == [each.rule for each in first.violations]
    assert {each.appointment for each in standing.assignments} == {
        ids[APPOINTMENT][each.id] for each in problem.appointments if each.current is not None
    }


def test_what_stands_is_booked_and_takes_its_people(database: Database) -> None:
    problem = demo_problem()
    seed(database, problem)
    with database.everywhere(writes=False) as session:
        counts = dict.fromkeys(("requested", "scheduled"), 0)
        for status, count in session.execute(select(Appointment.status, func.count()).group_by(Appointment.status)):
            counts[status.value] = count
        users = {row.user for row in session.execute(select(Occupancy.appointment_id.label("user")).distinct())}
        away = session.scalar(select(func.count(Absence.id)))
    booked = [each for each in problem.appointments if each.current is not None]
    assert counts == {"requested": len(problem.appointments) - len(booked), "scheduled": len(booked)}
    assert len(users) == len(booked)
    away_there = [len(user.unavailable) for user in problem.users] + [len(r.unavailable) for r in problem.resources]
    assert away == sum(away_there) > 0


def test_plan_is_booked_where_one_is_given(database: Database, plan: Plan) -> None:
    problem = demo_problem()
    seed(database, problem, plan)
    with database.everywhere(writes=False) as session:
        booked = session.scalar(select(func.count(Appointment.id)).where(Appointment.start_datetime.is_not(None)))
    assert booked == len(plan.assignments)


def test_everybody_can_log_in_and_a_second_time_changes_nothing(database: Database) -> None:
    logins = seed(database, demo_problem())
    assert logins is not None
    assert [login.role for login in logins] == list(Role)
    app: FastAPI = create_app(SETTINGS, database)
    for login in logins:
        body = {"email": login.email, "password": login.password}
        answer = Client(app, None).http.post(f"{BASE}/auth/login/", json=body)
        assert answer.status_code == 200, login.role
    with database.everywhere(writes=False) as session:
        before = session.scalar(select(func.count(Appointment.id)))
    assert seed(database, demo_problem()) is None
    with database.everywhere(writes=False) as session:
        assert session.scalar(select(func.count(Appointment.id))) == before


def test_command_tells_the_logins_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TIDYPLAN_DATABASE_URL", f"sqlite:///{tmp_path}/test.db")
    first = CliRunner().invoke(commands, ["seed-demo"])
    assert first.exit_code == 0, first.output
    assert set(re.findall(r"(\w+)@", first.stdout)) == set(Role)
    second = CliRunner().invoke(commands, ["seed-demo"])
    assert second.exit_code == 0
    assert second.stdout.strip() == "Bay Area Cleaning is there already."


def test_command_books_a_plan_that_is_given(tmp_path: Path, plan: Plan, monkeypatch: pytest.MonkeyPatch) -> None:
    url, file = f"sqlite:///{tmp_path}/test.db", tmp_path / "plan.json"
    monkeypatch.setenv("TIDYPLAN_DATABASE_URL", url)
    plan.save(file)
    answer = CliRunner().invoke(commands, ["seed-demo", "--plan", str(file)])
    assert answer.exit_code == 0, answer.output
    database = Database(url)
    with database.everywhere(writes=False) as session:
        booked = select(func.count(Appointment.id)).where(Appointment.start_datetime.is_not(None))
        assert session.scalar(booked) == len(plan.assignments)
    database.close()


def test_command_refuses_a_plan_of_something_else_and_one_that_breaks_a_rule(
    tmp_path: Path, plan: Plan, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TIDYPLAN_DATABASE_URL", f"sqlite:///{tmp_path}/test.db")
    (tmp_path / "no plan.json").write_text("{")
    first = plan.assignments[0]
    plan.model_copy(update={"assignments": (first.model_copy(update={"appointment": "v0"}),)}).save(
        tmp_path / "other.json"
    )
    crowd = tuple(each.model_copy(update={"users": first.users}) for each in plan.assignments)
    plan.model_copy(update={"assignments": crowd}).save(tmp_path / "crowd.json")
    for name, word in (("no plan", "fault"), ("other", "v0"), ("crowd", "breaks no rule"), ("missing", "no such file")):
        answer = CliRunner().invoke(commands, ["seed-demo", "--plan", str(tmp_path / f"{name}.json")])
        assert answer.exit_code == 2, answer.output
        assert word in answer.output
    assert not (tmp_path / "test.db").exists()


def test_plan_moves_with_its_week(plan: Plan) -> None:
    later = datetime(2027, 7, 7, tzinfo=UTC)
    assert check(demo_problem(later), demo_plan(plan, later)).violations == ()
    assert demo_plan(plan, datetime(2026, 12, 6, tzinfo=UTC)) is plan


def test_week_that_is_over_becomes_the_next_one() -> None:
    document = json.loads(DEMO.read_text())
    assert demo_problem(datetime(2026, 12, 6, tzinfo=UTC)) == Problem.parse(document)
    later = demo_problem(datetime(2027, 7, 7, tzinfo=UTC))
    assert later.horizon.start == datetime(2027, 7, 12, tzinfo=PACIFIC)
    assert [a.duration_minutes for a in later.appointments] == [a["duration_minutes"] for a in document["appointments"]]


def test_shifted_times_stay_on_the_wall() -> None:
    value = {"a": ["2026-10-30T09:00:00-07:00", "2026-10-30", "text", 5, None]}
    moved = shifted(value, 1, PACIFIC)
    assert moved == {"a": ["2026-11-06T09:00:00-08:00", "2026-11-06", "text", 5, None]}


@pytest.mark.parametrize(("now", "weeks"), [("2026-11-22", 0), ("2026-12-06", 0), ("2026-12-07", 1), ("2026-12-08", 2)])
def test_weeks_until_a_stretch_begins_next(now: str, weeks: int) -> None:
    start, end, moment = (datetime.fromisoformat(f"{day}T00:00Z") for day in ("2026-11-30", "2026-12-07", now))
    assert weeks_until(start, end, moment) == weeks
