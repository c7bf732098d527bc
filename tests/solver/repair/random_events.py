"""Random events that a plan may meet, and random plans for them to meet."""

from __future__ import annotations

from datetime import datetime, timedelta
from random import Random

from models.appointments import Appointment
from models.edits import Edit
from models.edits.absences import ResourceDown, TeamDown, UserAbsent
from models.edits.work import Cancelled, Late, Longer, Pinned, Urgent
from models.plan import Plan, Unassigned
from models.problem import Problem
from solver.check import check
from solver.lower import lower
from solver.model import solve_model
from tests.solver.modelled import plan_of


def random_plan(problem: Problem, draw: Random) -> Plan:
    """A plan that breaks nothing: the best of all, in which some places are given up, or of some appointments alone."""
    instance = lower(problem)
    free = [index for index in range(len(instance.tasks)) if draw.random() < 0.9]
    found = solve_model(instance, free, [None] * len(instance.tasks), seconds=1.0)
    plan = plan_of(problem, instance, found.solution or [task.pinned for task in instance.tasks])
    for assignment in plan.assignments:
        if draw.random() < 0.1:
            kept = tuple(other for other in plan.assignments if other is not assignment)
            out = (*plan.unassigned, Unassigned(appointment=assignment.appointment))
            fewer = Plan(assignments=kept, unassigned=out)
            if check(problem, fewer).valid:
                plan = fewer
    return plan


def random_events(problem: Problem, plan: Plan, draw: Random, most: int = 2) -> list[Edit]:
    """A few events that concern what stands."""
    events: list[Edit] = []
    for _ in range(draw.randint(1, most)):
        event = _event(problem, plan, draw, len(events))
        if event is not None:
            events.append(event)
    return events


def _event(problem: Problem, plan: Plan, draw: Random, number: int) -> Edit | None:
    standing = list(plan.assignments)
    if not standing:
        return None
    met = draw.choice(standing)
    appointment = problem.appointments_by_id[met.appointment]
    start, end = _around(met.start, max(met.end, met.start + timedelta(minutes=2)), draw)
    kind = draw.choice(("absent", "absent", "down", "team", "longer", "late", "urgent", "cancelled", "keep"))
    if kind == "absent" and met.users:
        return UserAbsent(user=draw.choice(met.users), start=start, end=end)
    if kind == "down" and met.resources:
        return ResourceDown(resource=draw.choice(met.resources).resource, start=start, end=end)
    if kind == "team" and met.team is not None:
        return TeamDown(team=met.team, start=start, end=end)
    if kind == "longer":
        shorter = appointment.duration_minutes > 15 and draw.random() < 0.2
        return Longer(appointment=appointment.id, minutes=-15 if shorter else draw.choice((5, 30, 60)))
    if kind == "late" and not problem.is_pinned(appointment):
        return Late(appointment=appointment.id, minutes=draw.choice((-15, 10, 60)))
    if kind == "urgent":
        fields = appointment.model_dump(by_alias=True, exclude={"id", "current", "pinned", "priority", "after"})
        return Urgent(appointment=Appointment.model_validate({**fields, "id": f"new{number}"}))
    if kind == "cancelled" and not problem.is_pinned(appointment):
        return Cancelled(appointment=appointment.id)
    return Pinned(appointment=appointment.id) if kind == "keep" else None


def _around(start: datetime, end: datetime, draw: Random) -> tuple[datetime, datetime]:
    return start - timedelta(minutes=draw.choice((0, 30, 600))), end + timedelta(minutes=draw.choice((-1, 0, 30, 2000)))
