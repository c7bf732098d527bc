"""`tidyplan repair`: what happened, the plan after it, and what has changed."""

from __future__ import annotations

import json
import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import typer
from rich.table import Table
from rich.text import Text

from service.cli.asking import Typed, asked
from service.cli.files import (
    BAD_INPUT,
    LEFT_OUT,
    OK,
    Refused,
    read_plan,
    read_problem,
    show_faults,
    writable,
    write,
    write_problem,
)
from service.cli.running import Interruption
from service.cli.screen import complain, printable, results, say, show_table
from service.cli.showing import show_left_out, show_violations
from service.report import left_out

if TYPE_CHECKING:
    from models.edits import Edit
    from models.enums import WeightPreset
    from models.plan import Plan
    from models.problem import Problem
    from solver.repair import Repair

MANY_OTHERS = 5  # that make room: worth a hint
PROBLEM_SUFFIX = ".problem.json"


@dataclass(frozen=True, slots=True)
class Wishes:
    """What the caller of `repair` asks for."""

    output: Path | None
    in_place: bool
    time_limit: float
    most_changes: int | None
    change_cost: int | None
    fill: bool
    workers: int
    seed: int
    weights: WeightPreset | None
    as_json: bool


@dataclass(frozen=True, slots=True)
class Places:
    """Where the repaired plan and the changed problem go."""

    plan: Path
    problem: Path


def run(problem_path: Path, plan_path: Path, words: Sequence[Typed], wishes: Wishes) -> int:
    """Repair a plan, write it, and print what has changed.

    Parameters
    ----------
    problem_path, plan_path
        The two files.
    words
        What happened, as it was typed.
    wishes
        The options.

    Returns
    -------
    The exit code: 0 repaired, 1 something mandatory is left out, 2 the input is wrong.
    """
    try:
        places = _places(problem_path, plan_path, wishes)
        raw = read_problem(problem_path)
        plan = read_plan(plan_path)
        edits, problem, repair = _repaired(raw, plan, words, plan_path, wishes)
        if places is not None:
            _write(raw, plan, edits, repair, places, wishes)
    except Refused:
        return BAD_INPUT
    if wishes.as_json:
        from service.repair_report import document

        typer.echo(json.dumps(document(repair), indent=1, ensure_ascii=False).encode())
    else:
        _show(problem, plan, repair, limited=wishes.most_changes is not None)
        _show_files(places, plan_path, wishes)
    missing = {entry.appointment for entry in repair.plan.unassigned}
    lost = any(item.mandatory and item.id in missing for item in repair.problem.appointments)
    return LEFT_OUT if lost else OK


def _places(problem_path: Path, plan_path: Path, wishes: Wishes) -> Places | None:
    """Find where the files go, and make sure before any work that they can."""
    if wishes.in_place:
        if wishes.output is not None:
            complain(f"--in-place and -o {wishes.output}: one of them. Leave the other out.")
            raise Refused
        for path in (problem_path, plan_path):
            if path.exists() and not os.access(path.parent, os.W_OK):
                complain(f"{path}: no copy can be kept in {path.parent}. Write elsewhere with -o.")
                raise Refused
        return Places(plan_path, problem_path)
    if wishes.output is None:
        return None
    places = Places(wishes.output, wishes.output.with_name(wishes.output.name.removesuffix(".json") + PROBLEM_SUFFIX))
    inputs = (problem_path, plan_path)
    if not writable(places.plan, inputs) or not writable(places.problem, inputs):
        raise Refused
    return places


def _repaired(
    raw: Problem, plan: Plan, words: Sequence[Typed], plan_path: Path, wishes: Wishes
) -> tuple[Sequence[Edit], Problem, Repair]:
    from models.edits import read_edits
    from models.errors import InvalidEdit, InvalidPlan, InvalidProblem
    from models.presets import weighed
    from solver.repair import RepairOptions, repair

    options = RepairOptions(
        time_limit_seconds=wishes.time_limit,
        most_changes=wishes.most_changes,
        change_cost=wishes.change_cost,
        fill=wishes.fill,
        workers=wishes.workers,
        seed=wishes.seed,
    )
    problem = weighed(raw, wishes.weights)
    if not words:
        complain("Nothing happened: the plan is mended as it is. Say what happened, such as --absent ana:tue.")
    try:
        edits = read_edits(problem, asked(words), plan)
        with Interruption() as interruption:
            return edits, problem, repair(problem, plan, edits, options, interruption.stop)
    except InvalidPlan as error:
        show_faults(str(plan_path), error.faults)
    except InvalidEdit as error:
        show_faults("tidyplan repair", error.faults)
    except InvalidProblem as error:
        show_faults("the changed problem", error.faults)
    raise Refused


def _write(raw: Problem, plan: Plan, edits: Sequence[Edit], repair: Repair, places: Places, wishes: Wishes) -> None:
    """Write the plan, and the problem with the weights that it states itself."""
    from models.edits import apply_edits

    changed = repair.problem if wishes.weights is None else apply_edits(raw, edits, plan).problem
    if wishes.in_place:
        for path in (places.problem, places.plan):
            _keep(path)
    write_problem(places.problem, changed)
    write(places.plan, (repair.plan.to_json(indent=1) + "\n").encode())


def _keep(path: Path) -> None:
    """Copy a file beside itself, under a name that is free."""
    number, copy = 1, path.with_name(f"{path.name}.bak")
    while copy.exists():
        number += 1
        copy = path.with_name(f"{path.name}.bak{number}")
    write(copy, path.read_bytes())
    complain(f"The old file is kept as {copy}.")


def _show(problem: Problem, plan: Plan, repair: Repair, *, limited: bool) -> None:
    from service.repair_report import change_groups, summary
    from solver.repair import ChangeKind

    if repair.told:
        say("What happened", style="bold")
        for sentence in repair.told:
            say(f"  {sentence}.")
        say()
    for group in change_groups(problem, repair):
        columns = (
            ("appointment", [row.what for row in group.rows]),
            ("was", [row.was for row in group.rows]),
            ("now", [row.now for row in group.rows]),
            ("because", [row.because for row in group.rows]),
        )
        filled = [(name, cells) for name, cells in columns if any(cells)]
        show_table(group.title, [name for name, _ in filled], zip(*(cells for _, cells in filled), strict=True))
    grid = Table.grid(padding=(0, 3))
    for name, value in summary(problem, plan, repair):
        grid.add_row(Text(name), Text(printable(value)))
    results().print(grid)
    if sum(change.counts and not change.affected for change in repair.changes) >= MANY_OTHERS and not limited:
        say("Fewer others change with --most-changes, at the price of places.")
    if repair.plan.violations:
        show_violations("Cannot be mended: pinned, begun, or mandatory without a place", repair.plan.violations)
    dropped = {change.appointment for change in repair.changes if change.kind is ChangeKind.DROPPED}
    new = {item.id for item in repair.problem.appointments} - problem.appointments_by_id.keys()
    lost = [entry for entry in left_out(repair.problem, repair.plan) if entry.appointment in dropped | new]
    show_left_out(lost, everything=True)


def _show_files(places: Places | None, plan_path: Path, wishes: Wishes) -> None:
    if places is None:
        say("\nNothing is written. Add -o repaired.json to keep the plan, or --in-place.")
        return
    preset = "" if wishes.weights is None else f" --weights {wishes.weights}"
    say(f"\nWritten to {places.plan}, and the changed problem to {places.problem}.")
    typer.echo(printable(f"Check it: tidyplan check {places.problem} {places.plan}{preset}"))
