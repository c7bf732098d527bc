"""`tidyplan explain`: why something is left out and what would help, or why something stands where it does."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from service.cli.files import BAD_INPUT, OK, Refused, read_plan, read_problem, show_faults
from service.cli.screen import notices, say

if TYPE_CHECKING:
    from models.enums import WeightPreset
    from models.explanation import AssignmentExplanation, Explanation
    from models.plan import Plan
    from models.problem import Problem
    from solver.explain.standing import Standing

BROKEN = 1


def run(
    problem_path: Path,
    plan_path: Path,
    appointments: Sequence[str],
    weights: WeightPreset | None,
    *,
    remedies: bool,
    as_json: bool,
) -> int:
    """Explain appointments of a plan.

    Parameters
    ----------
    problem_path, plan_path
        The two files.
    appointments
        Ids; none for all that are left out.
    weights
        The preset that the plan was made with, if any.
    remedies
        Whether changes are tried, too.
    as_json
        Whether to print one JSON object instead of texts.

    Returns
    -------
    The exit code: 0 explained, 1 the plan breaks a rule, 2 the input is wrong.
    """
    from models.errors import InvalidPlan
    from solver.explain.standing import BrokenPlan, Standing

    try:
        problem, plan = _read(problem_path, plan_path, weights)
        standing = Standing.of(problem, plan)
        _refuse_unknown(problem_path, standing, appointments)
        left_out, placed = _explained(standing, appointments, remedies=remedies)
    except Refused:
        return BAD_INPUT
    except BrokenPlan as error:
        show_faults(str(plan_path), error.faults)
        return BROKEN
    except InvalidPlan as error:
        show_faults(str(plan_path), error.faults)
        return BAD_INPUT
    if as_json:
        document = {
            "unassigned": [explanation.model_dump(mode="json") for explanation in left_out],
            "assigned": [explanation.model_dump(mode="json") for explanation in placed],
        }
        typer.echo(json.dumps(document, indent=1, ensure_ascii=False).encode())
    else:
        _show(problem, left_out, placed, asked=bool(appointments), remedies=remedies)
    return OK


def _read(problem_path: Path, plan_path: Path, weights: WeightPreset | None) -> tuple[Problem, Plan]:
    """Read both files, and print the faults of both before giving up."""
    try:
        problem = read_problem(problem_path, weights)
    finally:
        plan = read_plan(plan_path)
    return problem, plan


def _explained(
    standing: Standing, appointments: Sequence[str], *, remedies: bool
) -> tuple[list[Explanation], list[AssignmentExplanation]]:
    """Explain what is left out, and what is placed among those that were asked for."""
    from solver.explain.assigned import explain_placed
    from solver.explain.together import explain_together

    placed = [key for key in dict.fromkeys(appointments) if standing.solution[standing.index_of(key)] is not None]
    with _Counting() as counting:
        left_out = explain_together(standing, appointments or None, remedies=remedies, on_progress=counting.show)
    return left_out, [explain_placed(standing, key) for key in placed]


def _refuse_unknown(path: Path, standing: Standing, keys: Sequence[str]) -> None:
    from solver.explain.standing import unknown

    strangers = [key for key in keys if key not in standing.instance.task_index]
    if strangers:
        show_faults(str(path), [fault for key in strangers for fault in unknown(key, standing.problem).faults])
        raise Refused


class _Counting:
    """Shows on a terminal how many appointments are explained already."""

    def __init__(self) -> None:
        self._status = notices().status("") if notices().is_terminal else None

    def __enter__(self) -> _Counting:
        if self._status is not None:
            self._status.start()
        return self

    def __exit__(self, *_: object) -> None:
        if self._status is not None:
            self._status.stop()

    def show(self, done: int, total: int) -> None:
        """Show how far it has come."""
        if self._status is not None:
            self._status.update(f"explaining {done + 1} of {total} appointments")


def _show(
    problem: Problem,
    left_out: Sequence[Explanation],
    placed: Sequence[AssignmentExplanation],
    *,
    asked: bool,
    remedies: bool,
) -> None:
    from service.cli.explanations import show_left_out, show_placed

    for explanation in left_out:
        show_left_out(problem, explanation, remedies=remedies)
    for entry in placed:
        show_placed(problem, entry)
    if not asked and not left_out:
        say("Nothing is left out: every appointment has a place. Name one to see why it stands where it does.")
