"""What a change of the plan costs, term by term."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from models.appointments import Appointment
from models.plan import TermCost
from models.problem import Problem
from models.timegrid import minute_of
from solver.instance import Placement
from solver.kernel import arrays as a
from solver.kernel.pricing import whole_currency
from solver.suggest.board import Board

Amounts = dict[str, int]


class Placed(NamedTuple):
    """An appointment where it stands or would stand."""

    appointment: Appointment
    at: Placement


class Account:
    """Counts the terms of a plan.

    Parameters
    ----------
    problem, board
        The weights, and the plan.
    """

    def __init__(self, problem: Problem, board: Board) -> None:
        self._problem, self._board = problem, board
        self.weights = problem.weights.effective()

    def shared(self) -> Amounts:
        """Count the terms that the whole plan makes up: those of routes, weeks, clients and extremes."""
        totals, weights = self._board.state.totals, self._board.packed.weights
        overtime = self.weights["overtime"]
        return {
            "max_lateness": int(totals[a.MAX_LATE]),
            "travel": int(totals[a.TRAVEL]),
            "waiting": int(totals[a.WAITING]),
            "max_waiting": int(totals[a.MAX_WAITING]),
            "overtime": int(totals[a.COUNTERS]) // overtime if overtime else 0,
            "workload_balance": int(totals[a.LOAD_MAX] - totals[a.LOAD_MIN]),
            "continuity": int(totals[a.CONTINUITY]),
            "headcount": int(totals[a.HEADCOUNT]),
            "labor_cost": int(whole_currency(int(totals[a.LABOR]), int(weights[a.RATE_UNIT]))),
        }

    def own(self, placed: Iterable[Placed]) -> Amounts:
        """Count the terms that belong to single appointments."""
        amounts: Amounts = dict.fromkeys(("lateness", "preferred_time", "preferred_users", "moved", "reassigned"), 0)
        for item, at in placed:
            start = at.start + self._board.instance.origin
            users = [self._board.instance.users[user].id for user in at.users]
            if item.due is not None:
                amounts["lateness"] += max(0, start + item.duration_minutes - minute_of(item.due))
            if item.preferred_start is not None:
                amounts["preferred_time"] += abs(start - minute_of(item.preferred_start))
            if item.users.preferred:
                amounts["preferred_users"] += sum(user not in item.users.preferred for user in users)
            if item.current is not None:
                amounts["moved"] += start != minute_of(item.current.start)
                amounts["reassigned"] += sum(user not in item.current.users for user in users)
        return amounts

    def terms(self, change: Amounts) -> tuple[TermCost, ...]:
        """List the terms that a change of amounts makes dearer or cheaper, the largest difference first."""
        found = [
            TermCost(name=name, weight=weight, amount=change[name], cost=weight * change[name])
            for name, weight in self.weights.items()
            if weight * change.get(name, 0)
        ]
        return tuple(sorted(found, key=lambda term: -abs(term.cost)))


def difference(after: Amounts, before: Amounts) -> Amounts:
    """Subtract amounts term by term."""
    return {name: after.get(name, 0) - before.get(name, 0) for name in {**before, **after}}
