"""From a problem to its lowered form: a bare instance that every rule and term then writes its part into."""

from models.appointments import Appointment
from models.calendars import Calendars
from models.errors import Fault, InvalidProblem
from models.problem import Problem
from models.timegrid import TimeGrid, minute_of
from solver.instance import Instance, Subject, Task, TaskWriter
from solver.periods import period_table
from solver.rules import RULES, Rule
from solver.terms import TERMS, Term

SAFE_COST = 1 << 61


class Lowering:
    """The lowering of a problem, kept so that further appointments can be lowered beside it.

    Parameters
    ----------
    problem
        A problem that has been read.

    Attributes
    ----------
    instance
        The lowered problem: users, teams, resources and tasks in the order of the problem, times relative to the grid's
        origin.

    Raises
    ------
    InvalidProblem
        Where the weights are so large that a cost could overflow.
    """

    def __init__(self, problem: Problem) -> None:
        self.instance = _bare(problem)
        self._writers: list[TaskWriter] = []
        parts: tuple[Rule | Term, ...] = (*RULES, *TERMS)
        for part in parts:
            write = part.lower(problem, self.instance)
            if write is not None:
                self._writers.append(write)
                for task, appointment in zip(self.instance.tasks, problem.appointments, strict=True):
                    write(task, appointment)
        _number_periods(self.instance)
        _refuse_overflow(self.instance)

    def task(self, appointment: Appointment) -> Task:
        """Lower one more appointment, by the same rules and terms.

        Parameters
        ----------
        appointment
            It speaks of the users, teams, resources and locations of the problem; its id is in
            `instance.task_index`, and so are those of the appointments that it follows.

        Returns
        -------
        Its task, which is not in `instance.tasks`; the tasks that it follows hold its links.
        """
        task = _task(appointment)
        for write in self._writers:
            write(task, appointment)
        return task


def lower(problem: Problem) -> Instance:
    """Lower a problem into the primitives that the engines know.

    Parameters
    ----------
    problem
        A problem that has been read.

    Returns
    -------
    The instance: users, teams, resources and tasks in the order of the problem, times relative to the grid's origin.

    Raises
    ------
    InvalidProblem
        Where the weights are so large that a cost could overflow.
    """
    return Lowering(problem).instance


def needed_range(problem: Problem) -> tuple[int, int]:
    """Find the stretch of time that a problem speaks of: the horizon and everything pinned.

    Parameters
    ----------
    problem
        Its horizon, and its appointments for what is pinned.

    Returns
    -------
    First and last epoch minute.
    """
    first, last = minute_of(problem.horizon.start), minute_of(problem.horizon.end)
    for appointment in problem.appointments:
        if appointment.current is not None and problem.is_pinned(appointment):
            start = minute_of(appointment.current.start)
            first, last = min(first, start), max(last, start + appointment.duration_minutes)
    return first, last


def _bare(problem: Problem) -> Instance:
    """Number users, teams, resources and tasks, and give each what needs no rule."""
    grid = TimeGrid.of(problem)
    instance = Instance(
        grid=grid,
        calendars=Calendars(problem, *needed_range(problem)),
        origin=grid.origin,
        start=grid.start - grid.origin,
        end=grid.end - grid.origin,
        step=grid.step,
        users=[Subject("user", user.id, []) for user in problem.users],
        teams=[Subject("team", team.id, []) for team in problem.teams],
        resources=[Subject("resource", resource.id, []) for resource in problem.resources],
        tasks=[_task(appointment) for appointment in problem.appointments],
    )
    instance.subject_index = {(subject.kind, subject.id): index for index, subject in instance.subjects()}
    instance.task_index = {task.id: index for index, task in enumerate(instance.tasks)}
    return instance


def _task(appointment: Appointment) -> Task:
    return Task(
        appointment.id,
        appointment.duration_minutes,
        before=appointment.buffer_before_minutes,
        after=appointment.buffer_after_minutes,
    )


def _number_periods(instance: Instance) -> None:
    """Number the days and weeks of every zone that some counter counts in."""
    first, last = instance.start, instance.end
    for task in instance.tasks:
        if task.pinned is not None:
            first, last = min(first, task.pinned.start), max(last, task.pinned.start + task.duration)
    wanted = {(counter.zone, counter.period) for _, subject in instance.subjects() for counter in subject.counters}
    for zone, period in sorted(wanted):
        instance.periods[zone, period] = period_table(zone, period, instance.origin, first, last)


def _refuse_overflow(instance: Instance) -> None:
    """Refuse weights with which some plan could cost more than the engines can count."""
    worst = largest_cost(instance)
    if worst > SAFE_COST:
        raise InvalidProblem(
            [
                Fault(
                    where="weights",
                    found=f"weights with which a plan could cost {worst:.2e}",
                    expected=f"at most {SAFE_COST:.2e}",
                    advice="Divide all weights, and hourly costs if they count, by the same number.",
                )
            ]
        )


def largest_cost(instance: Instance) -> int:
    """Bound the cost of the worst plan that anybody can think of, from above.

    Parameters
    ----------
    instance
        A lowered problem.

    Returns
    -------
    A number that no plan's cost exceeds, nor twice the numerator that labour is counted in.
    """
    users = len(instance.users)
    marks = [instance.start, instance.end]
    for task in instance.tasks:
        marks += [task.preferred_start] if task.preferred_weight else []
        marks += [task.due] if task.has_due else []
        marks += [task.pinned.start, task.pinned.start + task.duration] if task.pinned is not None else []
    span = max(marks) - min(marks)
    longest_trip = int(instance.travel.max(initial=0))
    team_size = max((len(team.members) for team in instance.teams), default=0)
    highest_rate = max((user.rate for user in instance.users), default=0)
    overtime = max((counter.weight for user in instance.users for counter in user.counters), default=0)

    cost = (instance.max_late_weight + instance.max_waiting_weight) * span
    cost += instance.headcount_weight * users
    labor = 0
    for task in instance.tasks:
        heads = max(len(task.positions), team_size if task.whole_team else 0)
        heads = max(heads, len(task.pinned.users) if task.pinned is not None else 0)
        minutes = heads * task.duration
        cost += task.absent_cost + task.moved_weight
        cost += (task.preferred_weight + task.late_weight) * span
        cost += heads * sum(outsiders.weight for outsiders in task.outsiders)
        cost += heads * (instance.continuity_weight + 2 * longest_trip * instance.travel_weight)
        cost += minutes * (overtime + instance.balance_weight)
        labor += minutes * highest_rate
        cost += heads * instance.waiting_weight * span
    return max(cost + instance.labor_weight * (labor // instance.rate_unit + 1), 2 * labor)
