"""SMPTSP: tasks fixed in time, one qualified worker each, as few workers as possible (Krishnamoorthy et al. 2012).

A task is a mandatory appointment with a window of its own length; its qualified workers are `users.allowed`. The cost
of a plan is the published objective.
"""

from __future__ import annotations

import re
from collections import defaultdict
from functools import partial
from itertools import pairwise
from pathlib import Path

from benchmarks.case import Case, NoInstance, Published, Suite
from benchmarks.generate import Json
from benchmarks.sets.clock import span
from benchmarks.sets.folder import Folder
from models.plan import Plan

FAMILY = "smptsp"
JOBS, WORKERS = re.compile(r"Jobs\s*=\s*(\d+)"), re.compile(r"Qualifications\s*=\s*(\d+)")


class Instance:
    """An original file: intervals of the tasks, and for each worker the tasks that he may do.

    Parameters
    ----------
    text
        Its content.

    Raises
    ------
    NoInstance
        Where it is no such file.
    """

    def __init__(self, text: str) -> None:
        lines = [line.strip() for line in text.splitlines() if line.strip() and not line.startswith("#")]
        jobs, workers = _section(lines, JOBS, "Jobs"), _section(lines, WORKERS, "Qualifications")
        self.tasks = [(int(start), int(end)) for start, end in (line.split() for line in jobs)]
        self.able = [{int(task) for task in line.split(":")[1].split()} for line in workers]
        named = set().union(*self.able)
        if not named <= set(range(len(self.tasks))):
            raise NoInstance(f"A worker may do task {max(named)}, and there are {len(self.tasks)}. Get the file anew.")

    def document(self, name: str) -> Json:
        """Write the instance as a problem.json dictionary.

        Parameters
        ----------
        name
            Of the problem.

        Returns
        -------
        The problem; its cost is the number of workers used.
        """
        return {
            "version": 1,
            "name": name,
            "horizon": span(min(start for start, _ in self.tasks), max(end for _, end in self.tasks)),
            "step_minutes": 1,
            "users": [{"id": _worker(number)} for number in range(len(self.able))],
            "appointments": [
                {
                    "id": _task(number),
                    "duration_minutes": end - start,
                    "windows": [span(start, end)],
                    "crew": [{}],
                    "users": {"allowed": [_worker(k) for k, tasks in enumerate(self.able) if number in tasks]},
                    "mandatory": True,
                }
                for number, (start, end) in enumerate(self.tasks)
            ],
            "weights": {"headcount": 1},
        }

    def measure(self, plan: Plan) -> Published:
        """Count the workers of a plan; only who does what is read from it.

        Parameters
        ----------
        plan
            Of this instance's document.

        Returns
        -------
        The number of workers with at least one task.
        """
        breaches: list[str] = []
        numbers = {_task(number): number for number in range(len(self.tasks))}
        workers = {_worker(number): tasks for number, tasks in enumerate(self.able)}
        work: dict[str, list[int]] = defaultdict(list)
        done: set[int] = set()
        for assignment in plan.assignments:
            task = numbers.get(assignment.appointment)
            if task is None:
                breaches.append(f"{assignment.appointment}: there is no such task")
                continue
            done.add(task)
            if len(assignment.users) != 1:
                breaches.append(f"{assignment.appointment}: {len(assignment.users)} workers instead of one")
            for user in assignment.users:
                work[user].append(task)
                if task not in workers.get(user, ()):
                    breaches.append(f"{assignment.appointment}: {user} is not qualified")
        breaches += [f"{key}: nobody does it" for key, number in numbers.items() if number not in done]
        for user, tasks in work.items():
            for before, after in pairwise(sorted(tasks, key=lambda task: self.tasks[task])):
                if self.tasks[before][1] > self.tasks[after][0]:
                    breaches.append(f"{user}: {_task(before)} and {_task(after)} overlap")
        return Published(float(len(work)), {"workers": float(len(work))}, tuple(breaches))


def suite(data: Path | None) -> Suite:
    """Open the set.

    Parameters
    ----------
    data
        The folder of the public sets, None for the one that the environment names.

    Returns
    -------
    Its instances.
    """
    folder = Folder(FAMILY, data, ".dat", "github.com/vale1410/SMPTSP, data")
    summary = "tasks fixed in time, fewest workers, Krishnamoorthy et al. 2012"
    return Suite(FAMILY, summary, folder.names, partial(_load, folder))


def _load(folder: Folder, name: str) -> Case:
    instance = Instance(folder.text(name))
    best, bound = folder.published(name, "best_known", "lower_bound")
    return Case(FAMILY, name, instance.document(name), best, bound, "workers", instance.measure)


def _section(lines: list[str], head: re.Pattern[str], noun: str) -> list[str]:
    for number, line in enumerate(lines):
        if (found := head.fullmatch(line)) is not None:
            rows = lines[number + 1 : number + 1 + int(found[1])]
            if len(rows) == int(found[1]):
                return rows
    raise NoInstance(f"The file has no full section {noun!r}, such as '{noun} = 2' and two lines. Get it anew.")


def _task(number: int) -> str:
    return f"t{number}"


def _worker(number: int) -> str:
    return f"w{number}"
