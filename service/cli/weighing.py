"""`tidyplan weights`: what the presets of the weights are, and one of them as problem.json writes it."""

import json

import typer

from models.enums import Priority, WeightPreset
from models.presets import PRESETS
from models.problem import Weights
from service.cli.screen import say, show_table
from service.wording import number


def run(preset: WeightPreset | None, *, as_json: bool) -> int:
    """Print one preset, or all of them beside the defaults.

    Parameters
    ----------
    preset
        Which one; None for all.
    as_json
        Whether to print the `weights` object of problem.json, by the name of the preset where there are several.

    Returns
    -------
    The exit code 0.
    """
    chosen = list(PRESETS) if preset is None else [preset]
    if as_json:
        objects = {str(name): PRESETS[name].weights.model_dump() for name in chosen}
        document = objects if preset is None else {"weights": objects[str(preset)]}
        typer.echo(json.dumps(document, indent=1).encode())
        return 0
    columns = [Weights(), *(PRESETS[name].weights for name in chosen)]
    rows = [(term, *(number(row[term]) for row in map(_figures, columns))) for term in _figures(Weights())]
    show_table("Weights", ("term", "default", *map(str, chosen)), rows, figures=len(columns))
    for name in chosen:
        say(f"{name}: {PRESETS[name].does}", style="bold")
        say(f"  {PRESETS[name].when}")
    which = "PRESET" if preset is None else preset
    say(f"\nPlan with one: tidyplan solve --weights {which} PROBLEM. What a problem states itself stays on top.")
    return 0


def _figures(weights: Weights) -> dict[str, int]:
    left_out = {f"unassigned, {priority}": weights.unassigned.of(priority) for priority in reversed(Priority)}
    return left_out | {name.replace("_", " "): weight for name, weight in weights.effective().items()}
