"""A sentence for a slot: when, with whom, and what speaks for and against it, the weightiest first."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime

from models.appointments import Appointment
from models.problem import Problem
from models.timegrid import instant, minute_of
from solver.explain.wording import Words, listed
from solver.instance import NOWHERE, Instance, Placement, Task
from solver.suggest.account import Amounts

MOST_NAMED = 4
DAY = 1440
SAYINGS = {  # of a term whose amount grows and shrinks, by so many of its units
    "lateness": ("{length} late", "{length} less late"),
    "max_lateness": ("the worst lateness grows by {length}", "the worst lateness shrinks by {length}"),
    "travel": ("{length} more travel", "{length} less travel"),
    "waiting": ("{length} more waiting", "{length} less waiting"),
    "max_waiting": ("the longest wait grows by {length}", "the longest wait shrinks by {length}"),
    "overtime": ("{length} of overtime", "{length} less overtime"),
    "workload_balance": ("{length} less evenly shared", "{length} more evenly shared"),
    "labor_cost": ("{amount} more in wages", "{amount} less in wages"),
}
COUNTED = {  # the same, of terms that count people: one, and several
    "continuity": ("one new face for the client", "{amount} new faces for the client"),
    "headcount": ("one more person comes to work", "{amount} more people come to work"),
    "moved": ("another time than today's", "{amount} start at another time than today"),
    "reassigned": ("one other person than today", "{amount} other people than today"),
}


class Sentences:
    """Writes about slots.

    Parameters
    ----------
    problem, instance
        For names, times and weights; times are told on the wall of the problem's zone.
    """

    def __init__(self, problem: Problem, instance: Instance) -> None:
        self._words = Words(problem, instance)
        self._weights = problem.weights.effective()
        self._instance = instance

    def slot(self, task: Task, at: Placement, points: Sequence[str], moved: Sequence[str]) -> str:
        """Write the sentence of a suggestion.

        Parameters
        ----------
        task, at
            What is placed, and where.
        points
            What speaks for and against it.
        moved
            What must move for it, in words.

        Returns
        -------
        A sentence without a full stop at its end.
        """
        condition = f", if {listed(moved)}" if moved else ""
        return f"{self.when(task, at)}{self.company(at)}{condition}: {', '.join(points)}"

    def points(self, task: Task, item: Appointment, at: Placement, change: Amounts) -> list[str]:
        """List what speaks for and against a slot, the weightiest first.

        Parameters
        ----------
        task, item, at
            What is placed, in both forms, and where.
        change
            What it adds to each term.

        Returns
        -------
        At least one point.
        """
        return list(self._points(task, item, at, change)) or ["no extra cost"]

    def move(self, task: Task, item: Appointment, before: Placement, after: Placement) -> str:
        """Say where an appointment goes that makes way."""
        name = f"{item.id} ({item.client})" if item.client else item.id
        same_day = self._words.day(before.start) == self._words.day(after.start)
        to = self._hours(task, after) if same_day else self.when(task, after)
        crew = self.company(after).removeprefix(" with ")
        if before.start == after.start:
            return f"{name} stays at {to} but goes to {crew}"
        same = (before.users, before.team, before.resources) == (after.users, after.team, after.resources)
        return f"{name} moves from {self._hours(task, before)} to {to}{'' if same or not crew else f' and to {crew}'}"

    def when(self, task: Task, at: Placement) -> str:
        """Day and hours, such as Tuesday 24 November 09:30–10:30."""
        return f"{self._words.day(at.start)} {self._hours(task, at)}"

    def _hours(self, task: Task, at: Placement) -> str:
        end = at.start + task.duration
        told = self._words.hours(at.start, end)
        return told if self._same_day(at.start, end) else f"{told} ({self._words.day(end)})"

    def _same_day(self, start: int, end: int) -> bool:
        return self._words.day(start) == self._words.day(end - 1)

    def company(self, at: Placement) -> str:
        """With whom and what."""
        words = self._words
        team = "" if at.team == NOWHERE else words.subject(at.team)
        members = () if at.team == NOWHERE else self._instance.subject(at.team).members
        if team and set(at.users) == set(members):
            people, team = [team], ""
        else:
            people = [words.subject(user) for user in at.users]
        things = [words.subject(resource) for resource in at.resources]
        of_team = f" of {team}" if team else ""
        if not people:
            return f" with {listed(things, MOST_NAMED)}" if things else of_team
        if not things or of_team:
            return (
                f" with {listed(people, MOST_NAMED)}{of_team}{' and ' + listed(things, MOST_NAMED) if things else ''}"
            )
        return f" with {listed([*people, *things], MOST_NAMED)}"

    def _points(self, task: Task, item: Appointment, at: Placement, change: Amounts) -> Iterator[str]:
        """What it costs, the dearest first, and then what is as it was wished."""
        dear = [name for name, weight in self._weights.items() if weight * change.get(name, 0)]
        for name in sorted(dear, key=lambda name: -abs(self._weights[name] * change[name])):
            yield self._point(name, change[name], item, at)
        if self._weights["preferred_time"] and item.preferred_start is not None and not change["preferred_time"]:
            yield "at the preferred start"
        if self._weights["preferred_users"] and item.users.preferred and not change["preferred_users"]:
            yield "with a preferred person" if len(at.users) == 1 else "with preferred people"
        if self._weights["travel"] and task.location != NOWHERE and at.users and not change["travel"]:
            yield "no extra travel"

    def _point(self, name: str, amount: int, item: Appointment, at: Placement) -> str:
        if name == "preferred_time" and item.preferred_start is not None:
            late = at.start + self._instance.origin > minute_of(item.preferred_start)
            return f"{length(abs(amount))} {'after' if late else 'before'} the preferred start"
        if name == "preferred_users":
            return "not a preferred person" if len(at.users) == 1 else f"{amount} of {len(at.users)} not preferred"
        if name == "moved" and item.current is None:
            return f"{amount} other{'s' if amount > 1 else ''} at another time than today"
        if name in COUNTED:
            one, many = COUNTED[name]
            if amount < 0:
                return f"{name.replace('_', ' ')} less by {-amount}"
            return one if amount == 1 else many.format(amount=f"{amount:,}")
        more, less = SAYINGS.get(name, (f"{name} {{amount}} more", f"{name} {{amount}} less"))
        return (more if amount > 0 else less).format(length=length(abs(amount)), amount=f"{abs(amount):,}")


def length(minutes: int) -> str:
    """A length of time, such as 12 min, 2 h 5 min or 3 days."""
    if minutes < 120:
        return f"{minutes} min"
    hours, rest = divmod(minutes, 60)
    if minutes < DAY:
        return f"{hours} h {rest} min" if rest else f"{hours} h"
    days, left = divmod(minutes, DAY)
    told = "1 day" if days == 1 else f"{days} days"
    return f"{told} {length(left)}" if left else told


def told(moment: datetime, problem: Problem) -> str:
    """An instant on the problem's wall, such as Tuesday 24 November 09:30."""
    local = instant(minute_of(moment), problem.zone)
    return f"{local:%A} {local.day} {local:%B} {local:%H:%M}"
