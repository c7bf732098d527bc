"""Starts as one literal each: every task, and every subject that it may take, at every start.

Overlaps are then sums over the literals that cover an instant, and the cost of a start is linear, which says far more
to a linear relaxation than intervals do. The model grows with the starts, so that only small problems are stated so.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from ortools.sat.python import cp_model

from solver.cpsat.candidates import Candidate
from solver.cpsat.starts import Load, Starts

if TYPE_CHECKING:
    from solver.cpsat.build import Build, Literal, TaskVariables

MOST_LITERALS = 80_000  # beyond, a model is slower to solve than one of intervals
LARGEST_COSTS = 1 << 44  # of all starts together, with room for weights of mandatory tasks that outweigh them

ByStart = dict[int, "Literal"]


def is_small(candidates: Iterable[Candidate]) -> bool:
    """Tell whether the starts of some tasks with all that they may take are few enough, and cheap enough.

    Parameters
    ----------
    candidates
        What every task could be given.

    Returns
    -------
    True where a model with a literal for each of them can be solved.
    """
    count = costs = 0
    for candidate in candidates:
        task, ends = candidate.task, (int(candidate.starts[0]), int(candidate.starts[-1]))
        costs += len(candidate.starts) * (task.absent_cost + max(map(task.start_cost, ends)) + task.moved_weight)
        count += len(candidate.starts) + sum(map(len, candidate.allowed.values()))
        count += sum(map(len, candidate.allowed_units.values()))
    return count <= MOST_LITERALS and costs <= LARGEST_COSTS


class Timed:
    """The literals by start.

    Parameters
    ----------
    build
        The model under construction.

    Attributes
    ----------
    starts
        By task: its literal at each start.
    taken
        By task, subject and the index of the literal that takes it: the same at each start.
    """

    def __init__(self, build: Build) -> None:
        self.build = build
        self.starts: dict[int, ByStart] = {}
        self.taken: dict[tuple[int, int, int], ByStart] = {}

    def start(self, task: TaskVariables) -> None:
        """Split the presence of a task by its starts."""
        self.starts[task.index] = self._split(task.present, task.starts)

    def take(self, task: TaskVariables, subject: int, literal: Literal, starts: Starts) -> None:
        """Split a way of taking a subject by the starts that it leaves."""
        whole = self.starts[task.index]
        if literal.index != task.present.index:
            self.taken[task.index, subject, literal.index] = self._split(literal, starts)
            return
        allowed = set(starts.tolist())
        self.taken[task.index, subject, literal.index] = {s: one for s, one in whole.items() if s in allowed}
        self.forbid(task, (start for start in whole if start not in allowed))

    def forbid(self, task: TaskVariables, starts: Iterable[int], *literals: Literal) -> None:
        """Let all literals together rule out some starts of a task."""
        for start in starts:
            self.build.model.add_bool_or([~self.starts[task.index][start], *(~literal for literal in literals)])

    def couple(self, task: TaskVariables) -> None:
        """Let as many of every kind be taken at each start as the task needs there."""
        if task.teams:
            self._match(task, list(task.teams.items()), 1)
        if task.task.whole_team:
            self._follow_teams(task)
        elif task.users:
            self._match(task, list(task.users.items()), len(task.task.positions))
        for group, literals in task.demands:
            self._match(task, list(literals.items()), len(group.places))

    def of(self, task: TaskVariables, subject: int, literal: Literal) -> ByStart:
        """The literals of one way of taking a subject, by start."""
        return self.taken[task.index, subject, literal.index]

    def ways(self, task: TaskVariables) -> list[tuple[Literal, ByStart]]:
        """Every literal by which a task takes something, with its literals by start."""
        pairs = [(subject, literal) for subject, literals in task.taken.items() for literal, _ in literals]
        return [(literal, self.of(task, subject, literal)) for subject, literal in pairs]

    def _split(self, literal: Literal, starts: Starts) -> ByStart:
        """One literal for each start, exactly one of them with the whole."""
        minutes = starts.tolist()
        if len(minutes) == 1:
            return {minutes[0]: literal}
        parts = {minute: self.build.new_bool() for minute in minutes}
        self.build.model.add_exactly_one([*parts.values(), ~literal])
        return parts

    def _match(self, task: TaskVariables, ways: list[tuple[int, Literal]], count: int) -> None:
        """Take `count` of some subjects at the task's start."""
        if all(literal.index == task.present.index for _, literal in ways):
            return
        for start, here in self.starts[task.index].items():
            by_start = [self.of(task, subject, literal) for subject, literal in ways]
            takers = [parts[start] for parts in by_start if start in parts]
            if count == 1:
                self.build.model.add_exactly_one([*takers, ~here])
                continue
            self.build.model.add(cp_model.LinearExpr.sum(takers) == count * here)
            for taker in takers:
                if taker.index != here.index:
                    self.build.model.add_implication(taker, here)

    def _follow_teams(self, task: TaskVariables) -> None:
        """Let the members of a team come when it does."""
        for user, literal in task.users.items():
            teams = [t for t in task.teams if user in self.build.instance.subject(t).members]
            by_start = [self.of(task, team, task.teams[team]) for team in teams]
            for start, here in self.of(task, user, literal).items():
                takers = [parts[start] for parts in by_start if start in parts]
                if [taker.index for taker in takers] != [here.index]:
                    self.build.model.add_exactly_one([*takers, ~here])


class Cover:
    """What covers each instant.

    Parameters
    ----------
    capacity
        Units that may be taken.
    standing
        What stands, as a profile.
    """

    def __init__(self, capacity: int, standing: Sequence[Load]) -> None:
        self.capacity = capacity
        self.takes: list[tuple[int, int, Literal | None, int]] = [
            (start, end, None, min(load, capacity)) for start, end, load in standing
        ]

    def add(self, parts: ByStart, lead: int, length: int, units: int) -> None:
        """Let literals take units, each from `lead` minutes before its start on, for a length."""
        self.takes += [(start - lead, start - lead + length, literal, units) for start, literal in parts.items()]

    def state(self, model: cp_model.CpModel) -> None:
        """Keep what is taken within the capacity, at every instant that sees as much as its neighbours."""
        changes: dict[int, tuple[list[int], list[int]]] = {}
        for number, (begin, end, _, _) in enumerate(self.takes):
            changes.setdefault(begin, ([], []))[0].append(number)
            changes.setdefault(end, ([], []))[1].append(number)
        current: dict[int, None] = {}
        grown = False
        for minute in sorted(changes):
            begun, ended = changes[minute]
            if ended and grown:
                self._bound(model, current)
                grown = False
            for number in ended:
                del current[number]
            current |= dict.fromkeys(begun)
            grown = grown or bool(begun)

    def _bound(self, model: cp_model.CpModel, numbers: Iterable[int]) -> None:
        room, takers, units = self.capacity, [], []
        for number in numbers:
            _, _, literal, amount = self.takes[number]
            if literal is None:
                room -= amount
            else:
                takers.append(literal)
                units.append(amount)
        room = max(0, room)
        if sum(units) <= room:
            return
        smallest = sorted(units)
        if smallest[0] <= room and len(units) > 1 and smallest[0] + smallest[1] > room and smallest[-1] <= room:
            model.add_at_most_one(takers)
        else:
            model.add(cp_model.LinearExpr.weighted_sum(takers, units) <= room)
