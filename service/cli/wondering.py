"""`tidyplan what-if`: plans of a problem as it is and as it could be, side by side."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from service.cli.asking import Typed, asked
from service.cli.files import BAD_INPUT, OK, Refused, read_plan, read_problem, show_faults, write, write_problem
from service.cli.progress import display_for
from service.cli.running import Interruption, watched
from service.cli.screen import complain, say, show_table
from service.wording import count

if TYPE_CHECKING:
    from models.edits import Scenario
    from models.enums import WeightPreset
    from models.plan import Plan
    from models.problem import Problem
    from service.what_if_report import Row
    from solver.progress import Progress
    from solver.what_if import WhatIf

SCENARIO = "--scenario"
SIDE_BY_SIDE = 3  # variants in one table


@dataclass(frozen=True, slots=True)
class Wishes:
    """What the caller of `what-if` asks for."""

    plan: Path | None
    output: Path | None
    time_limit: float
    workers: int
    seed: int
    weights: WeightPreset | None
    quiet: bool
    as_json: bool


def run(problem_path: Path, words: Sequence[Typed], wishes: Wishes) -> int:
    """Plan a problem and its variants, and print them side by side.

    Parameters
    ----------
    problem_path
        The problem as it is.
    words
        Scenarios and what is otherwise in them, as it was typed.
    wishes
        The options.

    Returns
    -------
    The exit code: 0 planned, 2 the input is wrong.
    """
    try:
        problem = read_problem(problem_path, wishes.weights)
        plan = None if wishes.plan is None else read_plan(wishes.plan)
        scenarios = _scenarios(problem, words)
        folder = None if wishes.output is None else _folder(wishes.output)
        result = _planned(problem, scenarios, plan, wishes)
        if folder is not None:
            _write(result, folder)
    except Refused:
        return BAD_INPUT
    if wishes.as_json:
        from service.what_if_report import document

        typer.echo(json.dumps(document(result), indent=1, ensure_ascii=False).encode())
    else:
        _show(result)
        if folder is not None:
            say(f"\nAll plans and their problems are written to {folder}.")
    return OK


def _scenarios(problem: Problem, words: Sequence[Typed]) -> list[Scenario]:
    """Read the scenarios; options before the first name make one that is named after what it says."""
    from models.edits import Scenario, apply_edits, read_edits
    from models.errors import Fault, InvalidEdit, InvalidProblem

    parts: list[tuple[str, list[Typed]]] = [("", [])]
    for word in words:
        if word.option == SCENARIO:
            parts.append((word.value.strip(), []))
        else:
            parts[-1][1].append(word)
    if not parts[0][1]:
        parts.pop(0)
    if not parts:
        complain("What if what? Say what is otherwise, such as --add-user like:ana, or --extend-hours all:60.")
        raise Refused
    scenarios: list[Scenario] = []
    faults: list[Fault] = []
    for name, part in parts:
        try:
            if not part or name in [one.name for one in scenarios]:
                why = "a scenario without changes" if not part else "the name again"
                raise InvalidEdit([Fault(f"{SCENARIO} {name}", why, "a name of its own, and changes after it", "")])
            edits = read_edits(problem, asked(part))
            told = apply_edits(problem, edits).told
            scenarios.append(Scenario.model_validate({"name": name or "; ".join(told)[:200], "edits": edits}))
        except (InvalidEdit, InvalidProblem) as error:
            faults += error.faults
    if faults:
        show_faults("tidyplan what-if", faults)
        raise Refused
    return scenarios


def _folder(path: Path) -> Path:
    try:
        path.mkdir(exist_ok=True)
    except OSError as error:
        complain(f"{path}: the folder cannot be made: {error.strerror or error}. Choose another.")
        raise Refused from None
    return path


def _planned(problem: Problem, scenarios: Sequence[Scenario], plan: Plan | None, wishes: Wishes) -> WhatIf:
    from models.errors import InvalidProblem
    from solver.progress import Options
    from solver.what_if import what_if

    options = Options(time_limit_seconds=wishes.time_limit, workers=wishes.workers, seed=wishes.seed)
    number = 1 + len(scenarios)
    display = display_for(f"{count(number, 'plan')}", number * wishes.time_limit, quiet=wishes.quiet or wishes.as_json)

    def work(tell: Callable[[Progress], None]) -> WhatIf:
        def on_progress(name: str, progress: Progress) -> None:
            tell(replace(progress, phase=f"{name[:40]}: {progress.phase}"))

        return what_if(problem, scenarios, options, plan, on_progress, interruption.stop)

    try:
        with Interruption() as interruption:
            return watched(work, display, interruption)
    except InvalidProblem as error:
        show_faults("the changed problem", error.faults)
        raise Refused from None


def _write(result: WhatIf, folder: Path) -> None:
    for number, one in enumerate((result.base, *result.variants)):
        stem = "base" if number == 0 else f"variant-{number}"
        write_problem(folder / f"{stem}.problem.json", one.problem)
        write(folder / f"{stem}.plan.json", (one.plan.to_json(indent=1) + "\n").encode())


def _show(result: WhatIf) -> None:
    from service.what_if_report import figure_rows, gap_row, term_rows, verdict, weights_differ

    names = [one.name if len(one.name) <= 24 else f"variant {number}" for number, one in enumerate(result.variants, 1)]
    say("What if", style="bold")
    for name, one in zip(names, result.variants, strict=True):
        say(f"  {name}: {'; '.join(one.told)}." if [name] != list(one.told) else f"  {name}.")
    say()
    cost = "Cost, at the weights as they are" if weights_differ(result) else "Cost"
    for first in range(0, len(names), SIDE_BY_SIDE):
        chosen = slice(first, first + SIDE_BY_SIDE)
        head = ("", result.base.name, *(cell for name in names[chosen] for cell in (name, "±")))
        show_table("Plans", head, [_cells(row, chosen) for row in figure_rows(result)], figures=len(head) - 1)
        terms = [*term_rows(result), gap_row(result)]
        show_table(cost, head, [_cells(row, chosen) for row in terms], figures=len(head) - 1)
    for name, one in zip(names, result.variants, strict=True):
        say(f"{name}: {' '.join(verdict(result, one))}")


def _cells(row: Row, chosen: slice) -> tuple[str, ...]:
    return row.name, row.base, *(cell for pair in row.variants[chosen] for cell in pair)
