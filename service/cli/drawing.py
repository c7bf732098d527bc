"""`tidyplan draw`: a plan as a picture in a file."""

from datetime import date
from pathlib import Path

from models.enums import WeightPreset
from service.cli.checking import read_both
from service.cli.files import BAD_INPUT, OK, Refused, writable, write
from service.cli.screen import complain, say
from service.draw import FORMATS, Selection, draw
from service.draw.rows import By


def run(
    problem_path: Path,
    plan_path: Path,
    output: Path,
    by: By,
    first: date | None,
    last: date | None,
    weights: WeightPreset | None = None,
) -> int:
    """Draw a plan.

    Parameters
    ----------
    problem_path, plan_path
        The two files.
    output
        The picture; its suffix says what kind.
    by
        What the rows are.
    first, last
        The local days to show, None for no limit.
    weights
        The preset that the plan was made with, if any.

    Returns
    -------
    The exit code: 0 drawn, 2 the input is wrong.
    """
    form = output.suffix.lower().removeprefix(".")
    try:
        if form not in FORMATS:
            complain(f"{output}: {output.suffix or 'no suffix'} is no kind of picture. Use .svg, .png or .html.")
            raise Refused
        if first and last and last < first:
            complain(f"--until {last} lies before --from {first}. Swap them.")
            raise Refused
        if not writable(output, (problem_path, plan_path)):
            raise Refused
        problem, plan, report = read_both(problem_path, plan_path, weights)
        write(output, draw(problem, plan, Selection(by, first, last), form, report.shares))
    except Refused:
        return BAD_INPUT
    say(f"Written to {output}.")
    return OK
