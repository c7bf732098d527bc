"""`tidyplan seed-demo`: stores the demo company."""

from pathlib import Path

from models.errors import InvalidPlan
from models.plan import Plan
from models.problem import Problem
from models.records.base import now
from service import migrations
from service.cli.configured import BAD_SETTINGS, Misconfigured, opened, read_settings
from service.cli.files import Refused, read_plan, show_faults
from service.cli.screen import complain, say, show_table
from service.demo import demo_plan, demo_problem, seed
from service.demo.seeding import COMPANY
from service.jobs.queue import make_tables


def run(solve_seconds: float, plan_path: Path | None) -> int:
    """Store the demo company in the database of the settings.

    Parameters
    ----------
    solve_seconds
        How long its week is planned; 0 leaves what does not stand yet requested.
    plan_path
        A plan of the week that is booked, and then improved if there are seconds to.

    Returns
    -------
    The exit code: 0 stored, or there already; 2 the settings or the plan are wrong.
    """
    try:
        problem = demo_problem(now())
        plan = _given(problem, plan_path) if plan_path is not None else None
        with opened(read_settings()) as database:
            migrations.upgrade(database.engine)
            make_tables(database)
            logins = seed(database, problem, _plan(problem, solve_seconds, plan) if solve_seconds else plan)
    except LookupError as error:
        complain(str(error))
        return BAD_SETTINGS
    except (Misconfigured, Refused):
        return BAD_SETTINGS
    if logins is None:
        say(f"{COMPANY} is there already.")
        return 0
    horizon = problem.horizon
    say(f"{COMPANY}: the week from {horizon.start:%Y-%m-%d}, {len(problem.appointments)} appointments.")
    rows = [(login.role.value, login.email, login.password) for login in logins]
    show_table("Logins, shown only now", ("role", "email", "password"), rows)
    return 0


def _given(problem: Problem, path: Path) -> Plan:
    """Read a plan of the demo week; one that is of another problem, or breaks a rule, is refused."""
    from solver.check import check

    try:
        plan = demo_plan(read_plan(path), now())
        broken = check(problem, plan).violations
    except InvalidPlan as error:
        show_faults(str(path), error.faults)
        raise Refused from None
    if broken:
        complain(f"{path}: {broken[0].message} Only a plan that breaks no rule is booked; tidyplan solve makes one.")
        raise Refused
    return plan


def _plan(problem: Problem, seconds: float, start: Plan | None) -> Plan:
    from solver.solve import Options, solve

    return solve(problem, Options(time_limit_seconds=seconds), start=start)
