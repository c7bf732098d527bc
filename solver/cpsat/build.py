"""The CP-SAT model under construction: variables of the free tasks, cost so far, and whether it is exact."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np
from ortools.sat.python import cp_model
from ortools.sat.python.cp_model_helper import Literal as Literal

from solver.cpsat.candidates import Candidate, Choice, find_candidate, is_required
from solver.cpsat.ceiling import Ceiling
from solver.cpsat.fixed import Fixed
from solver.cpsat.starts import Starts, runs
from solver.cpsat.timed import Timed, is_small
from solver.instance import Instance, Task

Expression = cp_model.LinearExpr | int


@dataclass(slots=True)
class Slots:
    """A start variable in slots of a task's own grid, made late where starts have literals."""

    make: Callable[[], cp_model.IntVar]
    unit: int
    offset: int
    made: cp_model.IntVar | None = None

    @property
    def variable(self) -> cp_model.IntVar:
        """The start in slots."""
        if self.made is None:
            self.made = self.make()
        return self.made

    @property
    def minute(self) -> cp_model.LinearExpr:
        """The start in minutes since the origin."""
        return self.unit * self.variable + self.offset

    def domain(self, starts: Starts) -> cp_model.Domain:
        """Starts in minutes as a domain of the variable."""
        return cp_model.Domain.from_intervals(runs((starts - self.offset) // self.unit))


@dataclass(slots=True)
class TaskVariables:
    """The decisions about one free task.

    `taken` has what is taken of each subject: one literal for a user, a team or the organization, for a resource one
    per demand that it could fill (at most one of them true). `starts_with` are the starts that taking a subject leaves.
    """

    index: int
    task: Task
    starts: Starts
    slots: Slots
    present: Literal
    teams: dict[int, Literal] = field(default_factory=dict)
    positions: list[tuple[Choice, dict[int, Literal]]] = field(default_factory=list)
    demands: list[tuple[Choice, dict[int, Literal]]] = field(default_factory=list)
    taken: dict[int, list[tuple[Literal, int]]] = field(default_factory=dict)
    starts_with: dict[int, Starts] = field(default_factory=dict)
    users: dict[int, Literal] = field(default_factory=dict)


class Build:
    """A model of the free tasks beside what stands.

    Parameters
    ----------
    instance, fixed
        The problem and what stands.
    timed
        Whether to give every start a literal of its own, where there are not too many.
    ceiling
        A cost; only plans up to it need be solutions.
    """

    def __init__(
        self, instance: Instance, fixed: Fixed, *, timed: bool = False, ceiling: Ceiling | None = None
    ) -> None:
        self.instance = instance
        self.fixed = fixed
        self.model = cp_model.CpModel()
        self.tasks: dict[int, TaskVariables] = {}
        self.unplaceable: list[int] = []
        self.costs: list[tuple[Literal, int]] = []  # variables of any kind, and their weights
        self.constant = 0
        self.restrictions: list[str] = []
        self.feasible = True
        self._intervals: dict[tuple[int, int, bool], cp_model.IntervalVar] = {}
        candidates = {index: find_candidate(instance, fixed, index) for index in sorted(fixed.free)}
        if ceiling is not None:
            candidates = {index: ceiling.cut(instance, candidate) for index, candidate in candidates.items()}
            self.feasible = all(candidates[index] is not None for index in ceiling.narrowed.needed)
        small = timed and is_small(one for one in candidates.values() if one is not None)
        self.timed = Timed(self) if small else None
        for index, candidate in candidates.items():
            self._add_task(index, candidate)

    def pay(self, weight: int, amount: Literal) -> None:
        """Add weight × amount to the cost."""
        if weight:
            self.costs.append((amount, weight))

    def new_bool(self) -> Literal:
        """Make an unnamed literal."""
        return self.model.new_bool_var("")

    def new_int(self, low: int, high: int) -> cp_model.IntVar:
        """Make an unnamed integer from low to high."""
        return self.model.new_int_var(low, high, "")

    def keep_within(self, task: TaskVariables, starts: Starts, *literals: Literal) -> None:
        """Let all literals together cut the starts of a task."""
        if len(starts) == len(task.starts):
            return
        if not len(starts):
            self.model.add_bool_or([~literal for literal in literals])
            return
        if self.timed is not None:
            self.timed.forbid(task, set(task.starts.tolist()).difference(starts.tolist()), *literals)
            return
        variable, domain = task.slots.variable, task.slots.domain(starts)
        self.model.add_linear_expression_in_domain(variable, domain).only_enforce_if(*literals)

    def occupied(self, task: TaskVariables, literal: Literal) -> cp_model.IntervalVar:
        """The interval, buffers included, during which a task takes what a literal says."""
        return self._interval(task, literal, task.task.before, task.task.after)

    def served(self, task: TaskVariables, literal: Literal) -> cp_model.IntervalVar:
        """The interval of the service alone."""
        return self._interval(task, literal, 0, 0)

    def begin(self, task: TaskVariables) -> cp_model.LinearExpr:
        """When the task starts to occupy."""
        return task.slots.minute - task.task.before

    def end(self, task: TaskVariables) -> cp_model.LinearExpr:
        """When the task ceases to occupy."""
        return task.slots.minute + (task.task.duration + task.task.after)

    def _interval(self, task: TaskVariables, literal: Literal, before: int, after: int) -> cp_model.IntervalVar:
        buffered = before > 0 or after > 0
        key = (task.index, literal.index, buffered)
        if key not in self._intervals:
            length = before + task.task.duration + after
            begin = task.slots.minute - before
            self._intervals[key] = self.model.new_optional_fixed_size_interval_var(begin, length, literal, "")
        return self._intervals[key]

    def _add_task(self, index: int, candidate: Candidate | None) -> None:
        if candidate is None:
            self.unplaceable.append(index)
            self.constant += self.instance.tasks[index].absent_cost
            if is_required(self.instance, self.fixed, index):
                self.feasible = False
            return
        task = self._start(candidate)
        self.tasks[index] = task
        if self.timed is not None:
            self.timed.start(task)
        self._take(task, self.fixed.organization, task.present, 1, task.starts)
        if candidate.required:
            self.model.add_bool_or([task.present])
        self._choose_team(candidate, task)
        self._choose_crew(candidate, task)
        self._choose_resources(candidate, task)
        if self.timed is not None:
            self.timed.couple(task)

    def _start(self, candidate: Candidate) -> TaskVariables:
        instance, starts = self.instance, candidate.starts
        offset = int(starts[0])
        unit = int(np.gcd.reduce(starts - offset)) or instance.step
        numbers = (starts - offset) // unit
        present = self.new_bool()

        def make() -> cp_model.IntVar:
            variable = self.model.new_int_var_from_domain(cp_model.Domain.from_intervals(runs(numbers)), "")
            if self.timed is not None:
                chosen = list(self.timed.starts[candidate.index].values())
                self.model.add(variable == cp_model.LinearExpr.weighted_sum(chosen, numbers.tolist()))
            return variable

        made = make() if self.timed is None else None
        return TaskVariables(candidate.index, candidate.task, starts, Slots(make, unit, offset, made), present)

    def _choose_team(self, candidate: Candidate, task: TaskVariables) -> None:
        """Take exactly one team."""
        if not candidate.teams:
            return
        for team in candidate.teams:
            literal = task.present if len(candidate.teams) == 1 else self.new_bool()
            task.teams[team] = literal
            self._take(task, team, literal, 1, candidate.allowed[team])
        if len(candidate.teams) > 1:
            self.model.add_exactly_one([*task.teams.values(), ~task.present])

    def _choose_crew(self, candidate: Candidate, task: TaskVariables) -> None:
        """Fill every position by a user of its own, all from the chosen team; or take the whole team."""
        members = {team: frozenset(self.instance.subject(team).members) for team in task.teams}
        users = task.users
        if candidate.task.whole_team:
            for user in sorted({user for team in members.values() for user in team}):
                users[user] = self._any([task.teams[team] for team in members if user in members[team]])
        else:
            task.positions = [(group, self._fill(group, task.present)) for group in candidate.positions]
            for user in sorted({user for group in candidate.positions for user in group.units}):
                users[user] = self._any([literals[user] for _, literals in task.positions if user in literals])
                with_user = [task.teams[team] for team in members if user in members[team]]
                if len(with_user) < len(members):
                    self.model.add_bool_or([~users[user], *with_user])
        for user, literal in users.items():
            self._take(task, user, literal, 1, candidate.allowed[user])
        for user in candidate.exact_users or ():
            self.model.add_implication(task.present, users[user])

    def _choose_resources(self, candidate: Candidate, task: TaskVariables) -> None:
        """Fill every demand by a resource of its own."""
        task.demands = [(group, self._fill(group, task.present)) for group in candidate.demands]
        for group, literals in task.demands:
            for resource, literal in literals.items():
                units = group.units[resource]
                starts = candidate.allowed_units[resource, units]
                self._take(task, resource, literal, units, starts)
        for resource, pairs in task.taken.items():
            if len(pairs) > 1:
                self.model.add_at_most_one([literal for literal, _ in pairs])
                units = min(units for _, units in pairs)
                task.starts_with[resource] = candidate.allowed_units[resource, units]

    def _fill(self, group: Choice, present: Literal) -> dict[int, Literal]:
        """Choose as many different subjects as there are equal places."""
        count = len(group.places)
        if len(group.units) == count:
            return dict.fromkeys(group.units, present)
        literals = {subject: self.new_bool() for subject in group.units}
        if count == 1:
            self.model.add_exactly_one([*literals.values(), ~present])
        else:
            self.model.add(cp_model.LinearExpr.sum(list(literals.values())) == count * present)
        return literals

    def _any(self, literals: list[Literal]) -> Literal:
        """A literal that is true with any of several, of which at most one may be."""
        if len(literals) == 1:
            return literals[0]
        either = self.new_bool()
        self.model.add_exactly_one([*literals, ~either])
        return either

    def _take(self, task: TaskVariables, subject: int, literal: Literal, units: int, starts: Starts) -> None:
        task.taken.setdefault(subject, []).append((literal, units))
        task.starts_with[subject] = starts
        if self.timed is not None:
            self.timed.take(task, subject, literal, starts)
        else:
            self.keep_within(task, starts, literal)
