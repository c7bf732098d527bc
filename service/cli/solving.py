"""`tidyplan solve`: one problem with all there is to say about its plan, or many with a table."""

from __future__ import annotations

import json
import math
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Literal

import typer

from service.cli.files import BAD_INPUT, LEFT_OUT, OK, Refused, read_problem, show_faults, writable, write
from service.cli.progress import display_for
from service.cli.running import Interruption, solve_watched
from service.cli.screen import complain, say, show_table
from service.report import left_out, left_out_counts, percent
from service.wording import number

if TYPE_CHECKING:
    from models.enums import WeightPreset
    from models.plan import Plan
    from models.problem import Problem
    from service.comparison import Comparison
    from solver.check import Report

PLAN_SUFFIX = ".plan.json"


@dataclass(frozen=True, slots=True)
class Wishes:
    """What the caller of `solve` asks for."""

    output: Path | None
    time_limit: float
    workers: int
    seed: int
    gap: float
    executor: Literal["threads", "processes", "dask"] | None
    cluster: str | None
    weights: WeightPreset | None
    compare: Path | None
    quiet: bool
    everything: bool
    as_json: bool


@dataclass(slots=True)
class Job:
    """A problem of the command line, where its plan goes, and the plan once there is one."""

    path: Path
    problem: Problem
    output: Path | None
    plan: Plan | None = None

    @property
    def name(self) -> str:
        """The name of the problem, or of its file."""
        return self.problem.name or self.path.name


def run(paths: Sequence[Path], wishes: Wishes) -> int:
    """Read all problems, plan one after the other, write and show what comes out.

    Parameters
    ----------
    paths
        The problems.
    wishes
        The options.

    Returns
    -------
    The exit code: 0 planned, 1 something mandatory is left out, 2 the input is wrong.
    """
    try:
        _refuse_endless(wishes)
        _refuse_stray_cluster(wishes)
        outputs = _outputs(paths, wishes.output)
        problems = _read_all(paths, wishes.weights)
        other = _read_other(problems, wishes.compare)
    except Refused:
        return BAD_INPUT
    jobs = [Job(path, problem, out) for path, problem, out in zip(paths, problems, outputs, strict=True)]
    refused = False
    with Interruption() as interruption:
        for job in jobs:
            if not interruption.stop.is_set():
                try:
                    _plan(job, wishes, interruption)
                except Refused:
                    refused = True
    _show(jobs, wishes, other)
    if refused:
        return BAD_INPUT
    return LEFT_OUT if any(_misses_mandatory(job) for job in jobs) else OK


def _refuse_endless(wishes: Wishes) -> None:
    if not math.isfinite(wishes.time_limit):
        complain(f"--time-limit {wishes.time_limit}: a number of seconds is expected. Ctrl-C ends a long run early.")
        raise Refused


def _refuse_stray_cluster(wishes: Wishes) -> None:
    if wishes.cluster is not None and wishes.executor not in (None, "dask"):
        complain(f"--cluster {wishes.cluster}: {wishes.executor} run on this machine. Leave it out, or use dask.")
        raise Refused


def _outputs(paths: Sequence[Path], output: Path | None) -> list[Path | None]:
    """Find where each plan goes, and make sure before any solving that it can."""
    if output is None:
        return [None] * len(paths)
    if len(paths) == 1:
        if not writable(output, paths):
            raise Refused
        return [output]
    names = [path.name.removesuffix(".json") + PLAN_SUFFIX for path in paths]
    if twice := sorted({name for name in names if names.count(name) > 1}):
        complain(f"{output / twice[0]}: two problems would be written here. Rename one, or plan them apart.")
        raise Refused
    try:
        output.mkdir(exist_ok=True)
    except FileExistsError:
        complain(f"{output}: this is a file. Many problems need a folder for their plans.")
        raise Refused from None
    except OSError as error:
        complain(f"{output}: the folder cannot be made: {error.strerror or error}. Choose another.")
        raise Refused from None
    outputs = [output / name for name in names]
    refused = [place for place in outputs if not writable(place, paths)]
    if refused:
        raise Refused
    return [*outputs]


def _read_all(paths: Sequence[Path], weights: WeightPreset | None) -> list[Problem]:
    """Read every problem, and print the faults of all before giving up."""
    problems = []
    for path in paths:
        try:
            problems.append(read_problem(path, weights))
        except Refused:
            continue
    if len(problems) < len(paths):
        raise Refused
    return problems


def _read_other(problems: Sequence[Problem], path: Path | None) -> tuple[Plan, Report] | None:
    if path is None:
        return None
    if len(problems) > 1:
        complain(f"--compare {path}: one plan is compared with one plan. Give one problem, or compare with check.")
        raise Refused
    from service.cli.comparing import read_other

    return read_other(problems[0], path)


def _plan(job: Job, wishes: Wishes, interruption: Interruption) -> None:
    from models.errors import InvalidProblem, MissingPackage
    from solver.progress import Options

    options = Options(
        time_limit_seconds=wishes.time_limit,
        workers=wishes.workers,
        seed=wishes.seed,
        gap=wishes.gap,
        executor=wishes.executor or ("threads" if wishes.cluster is None else "dask"),
        cluster=wishes.cluster,
    )
    display = display_for(job.name, wishes.time_limit, quiet=wishes.quiet)
    try:
        job.plan = solve_watched(job.problem, options, display, interruption)
    except InvalidProblem as error:
        show_faults(str(job.path), error.faults)
        raise Refused from None
    except MissingPackage as error:
        complain(str(error))
        raise Refused from None
    if job.output is not None:
        write(job.output, (job.plan.to_json(indent=1) + "\n").encode())


def _misses_mandatory(job: Job) -> bool:
    left = {entry.appointment for entry in job.plan.unassigned} if job.plan else set()
    return any(appointment.mandatory and appointment.id in left for appointment in job.problem.appointments)


def _show(jobs: list[Job], wishes: Wishes, other: tuple[Plan, Report] | None) -> None:
    plans = [job.plan for job in jobs if job.plan is not None]
    comparison = None if other is None or not plans else _compared(jobs[0].problem, plans[0], other)
    if wishes.as_json and plans:
        texts = [plan.to_json(indent=1) for plan in plans]
        if comparison is not None:
            texts = [f'{{"plan": {texts[0]},\n"comparison": {json.dumps(comparison.document(), indent=1)}}}']
        typer.echo((texts[0] if len(jobs) == 1 else "[" + ",\n".join(texts) + "]").encode())
    if wishes.as_json or wishes.quiet or not plans:
        return
    if len(jobs) == 1:
        from service.cli.showing import show_plan

        show_plan(jobs[0].problem, plans[0], everything=wishes.everything, preset=wishes.weights)
        if comparison is not None and wishes.compare is not None:
            from service.cli.comparing import show_comparison

            show_comparison(comparison, wishes.compare)
    else:
        _show_batch(jobs)
    if wishes.output is None:
        place = "-o plans/" if len(jobs) > 1 else "-o plan.json"
        say(f"\nNothing is written. Add {place} to keep the plan{'s' if len(jobs) > 1 else ''}.")
    else:
        say(f"\nWritten to {wishes.output}.")


def _compared(problem: Problem, plan: Plan, other: tuple[Plan, Report]) -> Comparison:
    from service.comparison import compare
    from solver.check import check

    return compare(problem, (plan, check(problem, plan)), other)


def _show_batch(jobs: list[Job]) -> None:
    rows = []
    for job in jobs:
        plan = job.plan
        if plan is None:
            rows.append((job.name, "not planned", "", "", "", "", ""))
            continue
        assigned = f"{number(len(plan.assignments))} of {number(len(job.problem.appointments))}"
        cost = "" if plan.cost is None else number(plan.cost)
        gap = "" if plan.gap is None else percent(plan.gap)
        left = left_out_counts(left_out(job.problem, plan))
        rows.append((job.name, str(plan.status), left, assigned, cost, gap, f"{plan.seconds:.1f} s"))
    show_table("Plans", ("problem", "status", "left out", "assigned", "cost", "gap", "time"), rows, figures=4)
