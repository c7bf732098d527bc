"""From appointments in their places to bars: what is written on them, and what is said when one is pointed at."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from models.problem import Problem
from models.timegrid import minute_of
from service.draw.timeline import Bar
from service.report import named
from service.wording import number, span
from solver.placed import Placed


class Bars:
    """Makes the bars of a plan.

    Parameters
    ----------
    problem
        Whose names are shown.
    shares
        What each appointment costs, by its id and then by term.
    """

    def __init__(self, problem: Problem, shares: Mapping[str, Mapping[str, int]]) -> None:
        self._problem = problem
        self._shares = shares
        self._users = {user.id: user.name or user.id for user in problem.users}
        self._teams = {team.id: team.name or team.id for team in problem.teams}
        self._resources = {thing.id: thing.name or thing.id for thing in problem.resources}

    def of(self, placed: Placed, row: str) -> Bar:
        """Make the bar of an appointment as one row shows it.

        Parameters
        ----------
        placed
            Where the appointment stands.
        row
            Id of the row; the detail names the others of the crew.

        Returns
        -------
        The bar, in the first lane.
        """
        appointment = placed.appointment
        headline, detail = named(appointment)
        bar = Bar(
            appointment=appointment.id,
            start=placed.start,
            end=placed.end,
            before=appointment.buffer_before_minutes,
            after=appointment.buffer_after_minutes,
            headline=headline,
            detail=detail,
            hint="\n".join(self._lines(placed)),
            priority=appointment.priority,
            pinned=placed.pinned,
            due=None if appointment.due is None else minute_of(appointment.due),
        )
        others = [self._users[user].split(" ")[0] for user in placed.users if user != row]
        if not others:
            return bar
        crew = ("with " if row in placed.users else "") + ", ".join(others)
        return replace(bar, detail=" · ".join(part for part in (crew, detail) if part))

    def _lines(self, placed: Placed) -> list[str]:
        appointment, start, end = placed.appointment, placed.start, placed.end
        lines = [appointment.title or appointment.id]
        if appointment.client:
            lines.append(appointment.client)
        lines.append(f"{span(start, end, self._problem.zone)}, {end - start} min")
        before, after = appointment.buffer_before_minutes, appointment.buffer_after_minutes
        if before or after:
            lines.append(f"Buffers: {before} min before, {after} min after")
        if placed.users:
            lines.append("Crew: " + ", ".join(self._users[user] for user in placed.users))
        if placed.team:
            lines.append("Team: " + self._teams[placed.team])
        if placed.resources:
            lines.append("With: " + ", ".join(self._resources[use.resource] for use in placed.resources))
        if appointment.location:
            lines.append("At: " + appointment.location)
        lines.append(f"Priority: {appointment.priority}" + (", pinned" if placed.pinned else ""))
        if appointment.due is not None and end > minute_of(appointment.due):
            lines.append(f"Late: {end - minute_of(appointment.due)} min")
        costs = {term: cost for term, cost in self._shares.get(appointment.id, {}).items() if cost}
        if costs:
            each = ", ".join(f"{term.replace('_', ' ')} {number(cost)}" for term, cost in costs.items())
            lines.append(f"Share of the cost: {number(sum(costs.values()))} ({each})")
        return lines


def spread(bars: list[Bar]) -> list[Bar]:
    """Stack bars that overlap, buffers included.

    Parameters
    ----------
    bars
        Of one row, in any order.

    Returns
    -------
    The same bars by time, each in the first lane that is free when it begins.
    """
    free_from: list[int] = []
    stacked = []
    for bar in sorted(bars, key=lambda b: b.occupied):
        start, end = bar.occupied
        lane = next((k for k, free in enumerate(free_from) if free <= start), len(free_from))
        free_from[lane:] = [end, *free_from[lane + 1 :]]
        stacked.append(replace(bar, lane=lane))
    return stacked
