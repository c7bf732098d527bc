"""Why a request has no slot: the first thing that leaves it without one, with what would help."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from models.appointments import Appointment, Position
from models.faults import nearest
from models.problem import Problem
from models.timegrid import instant, minute_of
from solver.explain.wording import MOST_LISTED, listed
from solver.instance import Interval, Task
from solver.kernel.desk import GIVEN, GROUND, HELD
from solver.rules.crew import Qualified, requirement_of
from solver.suggest.offers import Offers


class WhyNot(NamedTuple):
    """Why there is no slot, and whether all that is missing is taken or away, so that others could make way."""

    reason: str
    taken: bool


def why_not(problem: Problem, item: Appointment, task: Task, offers: Offers, span: Interval, asked: Interval) -> WhyNot:
    """Say why a task has no place.

    Parameters
    ----------
    problem, item, task
        Where it is sought, and what, in both forms.
    offers
        What the search found out on its way to nothing.
    span, asked
        Epoch minutes of the horizon, and of the time asked for.

    Returns
    -------
    The reason in one or two sentences.
    """
    reasons = (
        _links(offers),
        _people(problem, item, task),
        _things(item, task),
        _time(problem, item, task, offers, span, asked),
    )
    told = next((reason for reason in reasons if reason), "")
    return WhyNot(told or _taken(problem, item, offers), not told)


def _links(offers: Offers) -> str:
    bounds = offers.bounds
    if bounds.missing:
        return f"It follows {listed(bounds.missing)}, which has no place yet. Place that first."
    if bounds.torn:
        return "It must have the same crew as appointments that have different ones."
    if bounds.first > bounds.last:
        return "No start keeps the gaps to the appointments that it follows and that follow it."
    return ""


def _people(problem: Problem, item: Appointment, task: Task) -> str:
    """What is asked of people that nobody, or too few, can give."""
    if item.team is not None and not task.teams:
        return f"No team of {listed(list(item.team.any_of))} can come whole: some members may not serve it."
    qualified = Qualified(problem.users)
    for role in item.crew:
        if not qualified.holders(requirement_of(role)):
            return _nobody(problem, role)
    number = 0
    for role in item.crew:
        able = len(task.positions[number].users)
        same = sum(position.users == task.positions[number].users for position in task.positions)
        number += role.count
        if able < same:
            limits = " and is allowed" if item.users.allowed is not None or item.users.excluded else ""
            limits += " in the teams asked for" if item.team is not None else ""
            who = "Nobody" if not able else "Only 1 person" if able == 1 else f"Only {able} people"
            return f"{who} can do what it asks for{limits}; it needs {same}."
    return ""


def _nobody(problem: Problem, role: Position) -> str:
    """Say which skill or certification is missing, with the nearest that is known."""
    levels: dict[str, int] = {}
    for user in problem.users:
        for skill in user.skills:
            levels[skill.name] = max(levels.get(skill.name, 0), skill.level)
    for skill in role.skills:
        if skill.name not in levels:
            return f'Nobody has the skill "{skill.name}". {nearest(skill.name, levels)}'.strip()
        if levels[skill.name] < skill.level:
            best = levels[skill.name]
            return f'Nobody has the skill "{skill.name}" at level {skill.level}: the highest is {best}.'
    held = {name: 0 for user in problem.users for name in user.certifications}
    for name in role.certifications:
        if name not in held:
            return f'Nobody has the certification "{name}". {nearest(name, held)}'.strip()
    wanted = [*(f'"{skill.name}"' for skill in role.skills), *(f'"{name}"' for name in role.certifications)]
    return f"Nobody has {listed(wanted)} together." if wanted else "There are no users."


def _things(item: Appointment, task: Task) -> str:
    for need, demand in zip(item.resources, task.demands, strict=True):
        if not demand.resources:
            what = need.resource or f"resource of type {need.resource_type}"
            wishes = [
                f"with {listed(list(need.features))}" if need.features else "",
                f"of at least {need.min_capacity} units" if need.min_capacity else "",
                f"that gives {need.units} units" if need.units else "",
            ]
            told = " ".join(wish for wish in wishes if wish)
            return f"There is no {what} {told}".rstrip() + "."
    return ""


def _time(problem: Problem, item: Appointment, task: Task, offers: Offers, span: Interval, asked: Interval) -> str:
    """Whether there is any start at all, whoever is free."""
    if offers.stages[GIVEN]:
        return ""
    minutes = item.duration_minutes
    horizon = f"the horizon, {_stretch(problem, span)}"
    if asked[0] >= asked[1] or asked[1] <= span[0] or asked[0] >= span[1]:
        return f"The time asked for lies outside {horizon}."
    if not task.windows:
        where = f"None of its windows holds {minutes} minutes inside" if item.windows else f"{minutes} minutes exceed"
        return f"{where} {horizon}."
    now = problem.now
    if now is not None and max(minute_of(window.end) for window in item.windows or (problem.horizon,)) - minutes < (
        minute_of(now)
    ):
        return f"All its time lies before now, {_moment(problem, minute_of(now))}."
    own = "of its windows " if item.windows else ""
    linked = " that keeps its links" if item.after else ""
    return f"No start {own}leaves {minutes} minutes in the time asked for{linked}: {_stretch(problem, asked)}."


def _taken(problem: Problem, item: Appointment, offers: Offers) -> str:
    """At which stage the starts ran out."""
    given = int(offers.stages[GIVEN])
    starts = "the only start" if given == 1 else f"any of the {given} starts"
    if not offers.stages[GROUND]:
        return f"The organization is closed, has reached a limit, or takes no bookings then, at {starts}."
    if not offers.stages[HELD]:
        wanted = [need.resource or f"{need.resource_type}" for need in item.resources]
        return f"What it needs is not free at {starts}: {listed(wanted)}."
    left = int(offers.stages[HELD])
    which = "" if left == given else " that are left" if left > 1 else " that is left"
    starts = f"the only start{which}" if left == 1 else f"any of the {left} starts{which}"
    people = [problem.users[user] for user in offers.candidates]
    if not people:
        return f"No team or crew is free at {starts}."
    free = f"at work and free, with time to travel, at {starts}"
    named = [f"{user.name} ({user.id})" if user.name and user.name != user.id else user.id for user in people]
    if len(people) == 1:
        return f"{named[0]}, who alone could come, is not {free}."
    who = listed(named) if len(people) <= MOST_LISTED else f"the {len(people)} people who could come"
    heads = sum(role.count for role in item.crew)
    if heads == 1:
        return f"None of {who} is {free}."
    crew = f"a crew of {heads}" if heads else "a whole team"
    return f"{who[0].upper()}{who[1:]} cannot make {crew}: too few are {free}."


def _moment(problem: Problem, minute: int) -> str:
    local = instant(minute, problem.zone)
    return f"{local:%A} {local.day} {local:%B} {local:%H:%M}"


def _stretch(problem: Problem, span: Sequence[int]) -> str:
    return f"{_moment(problem, span[0])} to {_moment(problem, span[1])}"
