"""`python -m benchmarks list`, and `python -m benchmarks run NAME`."""

from __future__ import annotations

import json
import math
from pathlib import Path
from typing import Annotated

import typer

from benchmarks.benchmark import Row, Wishes
from benchmarks.machine import load, record
from benchmarks.registry import BENCHMARKS
from service.cli.files import BAD_INPUT, Refused
from service.cli.screen import complain, say, show_table

app = typer.Typer(
    name="benchmarks",
    help="Measure the solver.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)


@app.command("list")
def list_all() -> None:
    """List the benchmarks."""
    show_table("Benchmarks", ("name", "what it measures"), [(entry.name, entry.summary) for entry in BENCHMARKS])


@app.command()
def run(
    name: Annotated[str, typer.Argument(help="As `list` prints it.")],
    json_file: Annotated[
        Path | None, typer.Option("--json", help="Append the results to this file, a JSON object per line.")
    ] = None,
    problem: Annotated[
        list[Path] | None, typer.Option(help="A problem.json instead of the usual ones; may be repeated.")
    ] = None,
    seconds: Annotated[
        float | None, typer.Option(min=0.01, help="Length of each repeat, where the benchmark has a choice.")
    ] = None,
) -> None:
    """Run one benchmark and print what it measures.

    Exit code: 0 measured, 2 the input is wrong.
    """
    found = [entry for entry in BENCHMARKS if entry.name == name]
    if not found:
        known = ", ".join(entry.name for entry in BENCHMARKS)
        complain(f"{name}: there is no such benchmark. Choose one of: {known}.")
        raise typer.Exit(BAD_INPUT)
    if seconds is not None and not math.isfinite(seconds):
        complain(f"--seconds {seconds}: a number of seconds is expected, such as 5.")
        raise typer.Exit(BAD_INPUT)
    load_before = load()
    rows: list[Row] = []
    try:
        for row in found[0].run(Wishes(tuple(problem or ()), seconds)):
            rows.append(row)
            if json_file is not None:
                _append(json_file, record(name, row, load_before))
    except Refused:
        raise typer.Exit(BAD_INPUT) from None
    show_table(
        found[0].summary,
        tuple(rows[0]),
        [[_shown(cell) for cell in row.values()] for row in rows],
        figures=len(rows[0]) - 1,
    )
    say(f"load of the machine: {load_before} before, {load()} after")


def _append(path: Path, result: dict[str, object]) -> None:
    try:
        with path.open("a", encoding="utf-8") as file:
            file.write(json.dumps(result) + "\n")
    except OSError as error:
        complain(f"{path}: cannot be written: {error.strerror or error}. Choose another place.")
        raise Refused from None


def _shown(cell: str | int | float) -> str:
    return f"{cell:,}".replace(",", " ") if isinstance(cell, int | float) else cell


if __name__ == "__main__":
    app()
