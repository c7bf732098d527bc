"""The state of a plan: made empty, filled from a solution, read back."""

from __future__ import annotations

from typing import Any

import numpy as np

from solver.instance import NOWHERE, Instance, Placement, Solution
from solver.kernel import arrays as a
from solver.kernel.best import Best
from solver.kernel.commit import place
from solver.kernel.compiled import compiled
from solver.kernel.tally import total_cost

MANY_CANDIDATES = 16  # of a position on average


def empty_state(instance: Instance, packed: a.Packed) -> a.State:
    """Make the state in which only pinned tasks stand.

    Parameters
    ----------
    instance, packed
        The problem in both forms.

    Returns
    -------
    A state of its own arrays, all totals true.
    """
    tasks, subjects = packed.tasks, packed.subjects
    rooms = int(packed.line_start[-1])
    lines = len(packed.line_start) - 1
    users = int(packed.weights[a.USER_COUNT])
    piles = int(max(subjects["pile"].max(), subjects["service_pile"].max())) + 1
    counters = sum(
        len(s.counters) and sum(len(instance.periods[c.zone, c.period].starts) for c in s.counters)
        for _, s in instance.subjects()
    )
    clients = int(tasks["client"].max(initial=-1)) + 1 if packed.weights[a.W_CONTINUITY] else 0
    crew = max(
        [
            1,
            *(len(t.positions) for t in instance.tasks),
            *(len(t.members) for t in instance.teams),
            *(len(t.pinned.users) for t in instance.tasks if t.pinned),
        ]
    )
    places = 1 + sum(
        max(
            len(t.positions),
            max((len(instance.subject(o).members) for o in t.teams), default=0) if t.whole_team else 0,
            len(t.pinned.users) if t.pinned else 0,
        )
        for t in instance.tasks
    )
    held = 1 + sum(max(len(t.demands), len(t.pinned.resources) if t.pinned else 0) for t in instance.tasks)
    count = len(tasks)
    tail = max((t.duration + t.after for t in instance.tasks), default=0)
    points = int(packed.weights[a.PAD]) + (instance.end + tail) // instance.step + 1
    shapes: dict[str, tuple[int, ...]] = dict.fromkeys(
        ("start", "team", "user_count", "resource_count", "absent_at"), (count,)
    )
    shapes |= dict.fromkeys(("line_task", "line_from", "line_until", "line_reach", "line_shift"), (rooms + 1,))
    shapes |= {"users": (places,), "resources": (held,), "units": (held,), "line_length": (lines,)}
    days = (instance.end - 1) // a.DAY_MINUTES + 1 if _many_compete(packed) else 0
    shapes |= {"widest": (lines, days)}
    shapes |= {"busy": (lines, points // 64 + 2), "piles": (piles, int(packed.weights[a.PILE_LENGTH]) if piles else 0)}
    shapes |= {"values": (counters,), "load": (users,), "jobs": (users,), "idle": (len(packed.shifts) + 1,)}
    shapes |= {"served": (clients, users), "served_users": (clients,), "crew_sizes": (clients, crew + 1)}
    shapes |= {"late": (count + 1,), "absent": (count + 1,), "absent_count": (1,), "totals": (a.TOTALS,)}
    shapes |= {"smooth": (2,)}
    small = {"line_shift", "served", "crew_sizes", "widest"}
    types = dict.fromkeys(shapes, np.int64) | dict.fromkeys(small, np.int32) | {"busy": np.uint64, "smooth": np.float64}
    state = a.State(**{name: np.zeros(shape, types[name]) for name, shape in shapes.items()})
    state.start[:], state.team[:], state.absent_at[:] = a.UNPLACED, -1, -1
    state.widest[:] = a.UNKNOWN
    state.totals[a.ABSENT] = sum(task.absent_cost for task in instance.tasks)
    state.totals[a.MANDATORY] = sum(task.mandatory for task in instance.tasks)
    for index, task in enumerate(instance.tasks):
        if task.pinned is None and not tasks[index]["hopeless"]:
            state.absent_at[index] = state.absent_count[0]
            state.absent[state.absent_count[0]] = index
            state.absent_count[0] += 1
    _count_pinned(instance, packed, state)
    fill_state(packed, state, [task.pinned for task in instance.tasks])
    return state


def _many_compete(packed: a.Packed) -> bool:
    """Whether positions have so many candidates that measuring their days costs less than looking at their gaps."""
    positions = packed.positions
    return len(positions) > 0 and float((positions["last"] - positions["first"]).mean()) >= MANY_CANDIDATES


def _count_pinned(instance: Instance, packed: a.Packed, state: a.State) -> None:
    """Count pinned tasks in their days and weeks, inside the horizon or not; the kernel counts only what it moves."""
    for task in instance.tasks:
        if task.pinned is None:
            continue
        taken = {*task.pinned.users, *task.pinned.resources, task.pinned.team} - {NOWHERE}
        for index in (*taken, instance.subject_count - 1):
            first = int(packed.subjects[index]["counter0"])
            for number, counter in enumerate(instance.subject(index).counters):
                period = instance.periods[counter.zone, counter.period].index_of(task.pinned.start)
                at = int(packed.counters[first + number]["value0"]) + period
                more = task.duration if counter.measure == "minutes" else 1
                value = int(state.values[at])
                state.values[at] = value + more
                excess = max(0, value + more - counter.threshold) - max(0, value - counter.threshold)
                state.totals[a.COUNTERS] += counter.weight * excess


def fill_state(packed: a.Packed, state: a.State, solution: Solution) -> None:
    """Place every task that a solution places and the state does not.

    Parameters
    ----------
    packed, state
        The problem, and the plan to be added to.
    solution
        One entry per task; its places are taken as they are, unchecked.
    """
    absent = (state.start == a.UNPLACED).tolist()
    added = []
    for index, placement in enumerate(solution):
        if placement is None or not absent[index]:
            continue
        task = packed.tasks[index]
        state.start[index], state.team[index] = placement.start, placement.team
        state.user_count[index], state.resource_count[index] = len(placement.users), len(placement.resources)
        state.users[task["user0"] : task["user0"] + len(placement.users)] = placement.users
        state.resources[task["resource0"] : task["resource0"] + len(placement.resources)] = placement.resources
        state.units[task["resource0"] : task["resource0"] + len(placement.resources)] = placement.units
        added.append(index)
    place_each(packed, state, np.array(added, np.int64))


@compiled
def place_each(P: Any, S: Any, tasks: Any) -> None:
    """Enter tasks whose start, team, users and resources stand in the state already."""
    for i in range(len(tasks)):
        place(P, S, tasks[i])


def read_placements(packed: a.Packed, state: a.State | Best) -> Solution:
    """Read the placements of all tasks out of a state or a best plan.

    Parameters
    ----------
    packed, state
        The problem and the plan.

    Returns
    -------
    One entry per task, None where it is left out.
    """
    solution: Solution = []
    columns = (
        state.start.tolist(),
        state.team.tolist(),
        state.user_count.tolist(),
        state.resource_count.tolist(),
        packed.tasks["user0"].tolist(),
        packed.tasks["resource0"].tolist(),
    )
    users, resources, units = state.users.tolist(), state.resources.tolist(), state.units.tolist()
    for start, team, crew, held, user0, resource0 in zip(*columns, strict=True):
        if start == a.UNPLACED:
            solution.append(None)
            continue
        taken = slice(resource0, resource0 + held)
        solution.append(
            Placement(start, team, tuple(users[user0 : user0 + crew]), tuple(resources[taken]), tuple(units[taken]))
        )
    return solution


def copy_plan(source: a.State, target: a.State) -> None:
    """Make one state equal to another of the same problem."""
    for from_array, to_array in zip(source.arrays(), target.arrays(), strict=True):
        np.copyto(to_array, from_array)


def searched_cost(packed: a.Packed, state: a.State) -> int:
    """Cost of a plan as the search sees it: mandatory tasks left out have a price above all else."""
    return int(total_cost(packed, state))


def cost_of(packed: a.Packed, state: a.State) -> int:
    """Cost of a plan by the terms of the problem, the search's price of mandatory tasks left out."""
    missing = int(state.totals[a.MANDATORY])
    return int(total_cost(packed, state)) - missing * int(packed.weights[a.MANDATORY_COST])
