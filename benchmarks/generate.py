"""The generated problems of all families: `python -m benchmarks.generate core 1000 7 -o core-1000.json`."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Annotated

import typer

from benchmarks.families.clinic import clinic
from benchmarks.families.core import Json, core, crowded, long
from benchmarks.families.field import field

FAMILIES: dict[str, Callable[[int, int], Json]] = {
    "core": core,
    "crowded": crowded,
    "field": field,
    "clinic": clinic,
    "long": long,
}

__all__ = ["FAMILIES", "Json", "core", "write"]


def write(document: Json, path: Path) -> None:
    """Write a problem as the readers of files expect it.

    Parameters
    ----------
    document
        A problem.json dictionary.
    path
        The file; one that is there is replaced.
    """
    path.write_text(json.dumps(document, indent=1) + "\n", encoding="utf-8")


def main(
    family: Annotated[str, typer.Argument(help=f"One of: {', '.join(FAMILIES)}.")],
    appointments: Annotated[int, typer.Argument(min=1, help="How many.")],
    seed: Annotated[int, typer.Argument(min=0, help="Start of the random numbers.")],
    output: Annotated[Path, typer.Option("--output", "-o", help="Where to write it.")] = Path("problem.json"),
) -> None:
    """Write a generated problem."""
    if family not in FAMILIES:
        raise typer.BadParameter(f"there is no family {family!r}; choose one of {', '.join(FAMILIES)}")
    write(FAMILIES[family](appointments, seed), output)


if __name__ == "__main__":
    typer.run(main)
