"""`tidyplan seed-demo`: stores the demo company."""

from models.plan import Plan
from models.problem import Problem
from models.records.base import now
from service import migrations
from service.cli.configured import BAD_SETTINGS, Misconfigured, opened, read_settings
from service.cli.screen import complain, say, show_table
from service.demo import demo_problem, seed
from service.demo.seeding import COMPANY
from service.jobs.queue import make_tables


def run(solve_seconds: float) -> int:
    """Store the demo company in the database of the settings.

    Parameters
    ----------
    solve_seconds
        How long its week is planned; 0 leaves what does not stand yet requested.

    Returns
    -------
    The exit code: 0 stored, or there already; 2 the settings are wrong.
    """
    try:
        with opened(read_settings()) as database:
            migrations.upgrade(database.engine)
            make_tables(database)
            problem = demo_problem(now())
            logins = seed(database, problem, _plan(problem, solve_seconds) if solve_seconds else None)
    except LookupError as error:
        complain(str(error))
        return BAD_SETTINGS
    except Misconfigured:
        return BAD_SETTINGS
    if logins is None:
        say(f"{COMPANY} is there already.")
        return 0
    horizon = problem.horizon
    say(f"{COMPANY}: the week from {horizon.start:%Y-%m-%d}, {len(problem.appointments)} appointments.")
    rows = [(login.role.value, login.email, login.password) for login in logins]
    show_table("Logins, shown only now", ("role", "email", "password"), rows)
    return 0


def _plan(problem: Problem, seconds: float) -> Plan:
    from solver.solve import Options, solve

    return solve(problem, Options(time_limit_seconds=seconds))
