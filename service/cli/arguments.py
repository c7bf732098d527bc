"""Arguments and options that several commands take."""

from pathlib import Path
from typing import Annotated

import typer

from models.enums import WeightPreset

ProblemFile = Annotated[Path, typer.Argument(metavar="PROBLEM", help="A problem.json.")]
PlanFile = Annotated[Path, typer.Argument(metavar="PLAN", help="A plan.json for that problem.")]
Preset = Annotated[
    WeightPreset | None,
    typer.Option("--weights", help="Preset for the weights that the problem does not state; see tidyplan weights."),
]
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON on standard output, and nothing else there.")]
