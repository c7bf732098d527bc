"""What a problem asks beyond the core of the model: scheduling engines for general use have no words for it."""

from __future__ import annotations

from collections.abc import Iterator

from benchmarks.engine import Unsupported
from models.appointments import Appointment
from models.enums import RuleType
from models.problem import Problem
from models.timegrid import iso_week, minute_of

CALENDAR_RULES = frozenset({RuleType.WORKING_HOURS, RuleType.HOLIDAY, RuleType.BLACKOUT, RuleType.MAINTENANCE})
HARMLESS_RULES = frozenset({RuleType.CANCELLATION})  # they bind no plan
COUNTED_TERMS = ("waiting", "max_waiting", "workload_balance", "headcount")  # over whole plans


def refuse(engine: str, beyond: list[str]) -> None:
    """Refuse a problem that an engine cannot state.

    Parameters
    ----------
    engine
        Its name.
    beyond
        What is too much, each with a place; nothing happens where it is empty.

    Raises
    ------
    Unsupported
        With all of them.
    """
    if beyond:
        raise Unsupported(f"{engine} does not model {', '.join(beyond)}. Leave it out, or choose another engine.")


def beyond_core(problem: Problem) -> list[str]:
    """List what a problem asks beyond crews, whole resources, calendars, windows, priorities and preferred starts.

    Parameters
    ----------
    problem
        Any.

    Returns
    -------
    Features with the first place of each, such as `links (appointments[3].after)`.
    """
    first: dict[str, str] = {}
    for index, appointment in enumerate(problem.appointments):
        for feature, field in (*_of_everybody(problem, appointment), *_of_the_core(problem, appointment)):
            first.setdefault(feature, f"appointments[{index}].{field}")
    return [f"{feature} ({place})" for feature, place in first.items()] + _of_all(problem)


def beyond_routing(problem: Problem) -> list[str]:
    """List what a problem asks beyond located visits of one person each, with one window and prizes.

    Parameters
    ----------
    problem
        Any.

    Returns
    -------
    Features with the first place of each.
    """
    first: dict[str, str] = {}
    for index, appointment in enumerate(problem.appointments):
        for feature, field in (*_of_everybody(problem, appointment), *_of_routing(problem, appointment)):
            first.setdefault(feature, f"appointments[{index}].{field}")
    return [f"{feature} ({place})" for feature, place in first.items()] + _of_all(problem)


def several_weeks(problem: Problem) -> list[str]:
    """List users whose weekly hours are limited in more than one week of the horizon.

    Parameters
    ----------
    problem
        Any.

    Returns
    -------
    The first of them, or nothing.
    """
    first, last = minute_of(problem.horizon.start), minute_of(problem.horizon.end) - 1
    for index, user in enumerate(problem.users):
        zone = problem.subject_zone("user", user.id)
        if user.max_hours_per_week is not None and iso_week(first, zone) != iso_week(last, zone):
            return [f"weekly hours in more than one week (users[{index}].max_hours_per_week)"]
    return []


def _of_everybody(problem: Problem, appointment: Appointment) -> Iterator[tuple[str, str]]:
    """Features of an appointment that no peer has, with the field that asks for each."""
    weights = problem.weights
    if appointment.team is not None:
        yield "teams", "team"
    if appointment.after:
        yield "links", "after"
    if appointment.pinned or appointment.current is not None:
        yield "present assignments", "current"
    if appointment.due is not None and (weights.lateness or weights.max_lateness):
        yield "lateness", "due"
    if appointment.buffer_before_minutes or appointment.buffer_after_minutes:
        field = "buffer_before_minutes" if appointment.buffer_before_minutes else "buffer_after_minutes"
        yield "buffers", field
    if appointment.users.preferred and weights.preferred_users:
        yield "preferred users", "users.preferred"
    if appointment.client is not None and weights.continuity:
        yield "continuity", "client"


def _of_the_core(problem: Problem, appointment: Appointment) -> Iterator[tuple[str, str]]:
    if appointment.mandatory:
        yield "mandatory appointments", "mandatory"
    if appointment.location is not None and problem.travel is not None:
        yield "travel", "location"
    if any(demand.units is not None for demand in appointment.resources):
        yield "shared resources", "resources"


def _of_routing(problem: Problem, appointment: Appointment) -> Iterator[tuple[str, str]]:
    if appointment.location is None:
        yield "work without a place", "location"
    if sum(position.count for position in appointment.crew) != 1:
        yield "crews of other than one person", "crew"
    if len(appointment.windows) > 1:
        yield "several windows", "windows"
    if appointment.preferred_start is not None and problem.weights.preferred_time:
        yield "preferred starts", "preferred_start"
    if appointment.resources:
        yield "resources", "resources"


def _of_all(problem: Problem) -> list[str]:
    """Rules, users and weights that concern more than one appointment."""
    beyond = []
    for index, rule in enumerate(problem.rules):
        fixed_break = rule.rule_type == RuleType.BREAK_TIME and rule.break_minutes is None
        known = rule.rule_type in CALENDAR_RULES | HARMLESS_RULES or fixed_break
        if rule.is_active and not known:
            beyond.append(f"{rule.rule_type.value} rules (rules[{index}])")
    for index, user in enumerate(problem.users):
        if user.overtime_hours_per_week and user.max_hours_per_week is not None and problem.weights.overtime:
            beyond.append(f"overtime (users[{index}].overtime_hours_per_week)")
            break
    if problem.weights.labor_cost and any(user.hourly_cost for user in problem.users):
        beyond.append("labor cost (weights.labor_cost)")
    weights = problem.weights.effective()
    return beyond + [f"{name} (weights.{name})" for name in COUNTED_TERMS if weights[name]]
