"""Between solutions, which engines speak, and the assignments of a plan, which people read."""

from collections.abc import Sequence
from typing import NamedTuple

from models.appointments import Appointment
from models.errors import Fault, InvalidPlan
from models.faults import describe
from models.plan import AssignedResource, Assignment, Plan
from models.problem import Problem
from models.timegrid import instant, minute_of
from solver.instance import NOWHERE, Instance, Placement, Solution, Task
from solver.rules.capacity import units_of
from solver.rules.crew import heads
from solver.rules.pinned import in_order


def assemble(problem: Problem, instance: Instance, solution: Solution) -> list[Assignment]:
    """Write what is placed as assignments.

    Parameters
    ----------
    problem, instance
        A problem and its lowered form.
    solution
        One entry per task.

    Returns
    -------
    One assignment for every task that is placed, in the order of the problem, with times on the problem's wall.
    """
    return [
        assignment_of(problem, instance, task, appointment, placement)
        for task, appointment, placement in zip(instance.tasks, problem.appointments, solution, strict=True)
        if placement is not None
    ]


def assignment_of(
    problem: Problem, instance: Instance, task: Task, appointment: Appointment, placement: Placement
) -> Assignment:
    """Write one placement as an assignment.

    Parameters
    ----------
    problem, instance
        A problem and its lowered form; neither need have the appointment.
    task, appointment
        What is placed, in both forms.
    placement
        Where.

    Returns
    -------
    The assignment, with times on the problem's wall.
    """
    start = placement.start + instance.origin
    users = tuple(instance.users[user].id for user in placement.users)
    return Assignment(
        appointment=appointment.id,
        start=instant(start, problem.zone),
        end=instant(start + task.duration, problem.zone),
        team=None if placement.team == NOWHERE else instance.subject(placement.team).id,
        users=users,
        positions=dict(zip(users, heads(appointment), strict=False)),
        resources=tuple(_resources(problem, instance, task, appointment, placement)),
    )


def _resources(
    problem: Problem, instance: Instance, task: Task, appointment: Appointment, placement: Placement
) -> list[AssignedResource]:
    """Give each resource its demand and the units as that asks for them; what is pinned keeps the units it has."""
    if task.pinned is None or appointment.current is None:
        return [
            AssignedResource(
                resource=instance.subject(resource).id, demand=index, units=appointment.resources[index].units
            )
            for index, resource in enumerate(placement.resources)
        ]
    kept = [(use.resource, use.units) for use in appointment.current.resources]
    listed = []
    for index, (resource, amount) in enumerate(zip(placement.resources, placement.units, strict=True)):
        known = problem.resources_by_id[instance.subject(resource).id]
        units = next(units for key, units in kept if key == known.id and units_of(units, known) == amount)
        kept.remove((known.id, units))
        met = index < len(task.demands) and resource in task.demands[index].resources
        listed.append(AssignedResource(resource=known.id, demand=index if met else None, units=units))
    return listed


def read_solution(problem: Problem, instance: Instance, plan: Plan) -> Solution:
    """Read a plan as a solution, such as a start for a search.

    Parameters
    ----------
    problem, instance
        A problem and its lowered form.
    plan
        It may break rules, but it speaks of what the problem knows.

    Returns
    -------
    One entry per task, with users in the order of positions and resources in the order of demands, as far as they fit.

    Raises
    ------
    InvalidPlan
        Where the plan names what the problem does not know.
    """
    solution: Solution = [None] * len(instance.tasks)
    faults: list[Fault] = []
    for place, assignment in enumerate(plan.assignments):
        where = f"assignments[{place}]"
        number = _index(instance.task_index.get(assignment.appointment), f"{where}.appointment", "appointment",
                        assignment.appointment, faults)  # fmt: skip
        subjects = _subjects(instance, assignment, f"{where}.", faults)
        if not faults:
            task, appointment = instance.tasks[number], problem.appointments[number]
            solution[number] = _placement(problem, instance, task, appointment, assignment, subjects)
    if faults:
        raise InvalidPlan(faults)
    return solution


def placement_of(
    problem: Problem, instance: Instance, task: Task, appointment: Appointment, assignment: Assignment
) -> Placement:
    """Read one assignment as a placement.

    Parameters
    ----------
    problem, instance
        A problem and its lowered form; neither need have the appointment.
    task, appointment
        What is assigned, in both forms.
    assignment
        It may break rules, but it speaks of users, teams and resources that the problem knows.

    Returns
    -------
    The placement, with users in the order of positions and resources in the order of demands, as far as they fit.

    Raises
    ------
    InvalidPlan
        Where the assignment names what the problem does not know.
    """
    faults: list[Fault] = []
    subjects = _subjects(instance, assignment, "", faults)
    if faults:
        raise InvalidPlan(faults)
    return _placement(problem, instance, task, appointment, assignment, subjects)


class _Subjects(NamedTuple):
    """Whom and what an assignment takes, as subjects in its order."""

    team: int
    users: list[int]
    resources: list[int]


def _subjects(instance: Instance, assignment: Assignment, where: str, faults: list[Fault]) -> _Subjects:
    def index(place: str, kind: str, key: str) -> int:
        return _index(instance.subject_index.get((kind, key)), where + place, kind, key, faults)

    return _Subjects(
        NOWHERE if assignment.team is None else index("team", "team", assignment.team),
        [index(f"users[{i}]", "user", user) for i, user in enumerate(assignment.users)],
        [index(f"resources[{i}].resource", "resource", use.resource) for i, use in enumerate(assignment.resources)],
    )


def _index(found: int | None, where: str, kind: str, key: str, faults: list[Fault]) -> int:
    if found is None:
        advice = "Check the plan against the problem it was made for."
        faults.append(Fault(where, describe(key), f"the id of a known {kind}", advice))
        return NOWHERE
    return found


def _placement(
    problem: Problem,
    instance: Instance,
    task: Task,
    appointment: Appointment,
    assignment: Assignment,
    subjects: _Subjects,
) -> Placement:
    team, users, taken = subjects
    needs = appointment.resources
    uses = []
    for index, (resource, take) in enumerate(zip(taken, assignment.resources, strict=True)):
        known = problem.resources_by_id[take.resource]
        demand = index if take.demand is None else take.demand
        free = task.pinned is not None or demand >= len(needs)
        uses.append((demand, resource, units_of(take.units if free else needs[demand].units, known)))
    start = minute_of(assignment.start) - instance.origin
    if task.pinned is not None and _stays(task.pinned, start, team, users, [(use[1], use[2]) for use in uses]):
        return task.pinned
    if task.pinned is None:
        uses.sort()
    else:
        order = in_order([demand.resources for demand in task.demands], list(taken))
        uses.sort(key=lambda use: order.index(use[1]))
    return Placement(
        start=start,
        team=team,
        users=in_order([position.users for position in task.positions], list(users)),
        resources=tuple(resource for _, resource, _ in uses),
        units=tuple(units for _, _, units in uses),
    )


def _stays(pinned: Placement, start: int, team: int, users: Sequence[int], uses: Sequence[tuple[int, int]]) -> bool:
    """Tell whether an assignment is where the task is pinned, in whatever order it names users and resources."""
    same_uses = sorted(zip(pinned.resources, pinned.units, strict=True)) == sorted(uses)
    return (pinned.start, pinned.team, sorted(pinned.users)) == (start, team, sorted(users)) and same_uses
