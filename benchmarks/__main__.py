"""`python -m benchmarks list | run | compare | report | all`."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Annotated

import typer

from benchmarks.case import DATA_VARIABLE
from benchmarks.programme import SEEDS, WORKERS
from service.cli.files import BAD_INPUT, Refused

app = typer.Typer(
    name="benchmarks",
    help="Measure the solver, and hold it against others and against published results.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)

Data = Annotated[
    Path | None,
    typer.Option(
        envvar=DATA_VARIABLE, help="The folder of the public sets; benchmarks/README.md says how it is laid out."
    ),
]
Seconds = Annotated[float | None, typer.Option(min=0.01, help="Limit of each run; by default that of the suite.")]
Seeds = Annotated[int, typer.Option(min=1, help="Runs of each instance, with seeds from 0 on.")]
Workers = Annotated[int, typer.Option(min=1, help="Cores of each run.")]
Engines = Annotated[
    list[str], typer.Option("--engine", help="As `list` names it, with a variant after a colon; may be repeated.")
]


def _or_exit(work: Callable[[], None]) -> None:
    try:
        work()
    except Refused:
        raise typer.Exit(BAD_INPUT) from None


@app.command("list")
def list_all(
    suite: Annotated[str | None, typer.Argument(help="Only the instances of this suite, all of them.")] = None,
    data: Data = None,
) -> None:
    """List suites, instances, engines and micro benchmarks."""
    from benchmarks import listing

    _or_exit(lambda: listing.list_all(data) if suite is None else listing.list_suite(suite, data))


@app.command()
def run(
    names: Annotated[list[str], typer.Argument(help="Suites, instances, micro benchmarks or problem.json files.")],
    seconds: Seconds = None,
    seeds: Seeds = SEEDS,
    workers: Workers = WORKERS,
    engine: Engines = ["tidyplan"],  # noqa: B006 -- typer copies it
    data: Data = None,
    out: Annotated[
        Path | None,
        typer.Option(
            "--out", "--json", help="Append the results, a JSON object a line; what is there is not run again."
        ),
    ] = None,
    save_plans: Annotated[Path | None, typer.Option(help="Save the plans in this folder.")] = None,
    problem: Annotated[
        list[Path] | None, typer.Option(help="A problem.json for a micro benchmark, instead of the usual ones.")
    ] = None,
) -> None:
    """Run suites, single instances or micro benchmarks, and print what they measure.

    Exit code: 0 measured, 2 the input is wrong.
    """
    from benchmarks.benchmark import Wishes
    from benchmarks.running import check_limits, run_engines, run_micro, split
    from benchmarks.runs import Limits, Places
    from benchmarks.showing import show_runs

    def work() -> None:
        limits, places = Limits(seconds, seeds, workers), Places(data, out, save_plans)
        check_limits(limits, places)
        micro, targets = split(names, data)
        for name in micro:
            run_micro(name, Wishes(tuple(problem or ()), seconds), out)
        if targets:
            show_runs(run_engines(engine, targets, limits, places))

    _or_exit(work)


@app.command()
def compare(
    left: Annotated[Path, typer.Argument(help="A file of results.")],
    right: Annotated[Path, typer.Argument(help="Another, or the same with another engine.")],
    left_engine: Annotated[str | None, typer.Option(help="Which engine of the left file.")] = None,
    right_engine: Annotated[str | None, typer.Option(help="Which engine of the right file.")] = None,
    seconds: Annotated[float | None, typer.Option(help="Only runs of this limit.")] = None,
) -> None:
    """Put two files of results side by side, instance by instance, and say whether the difference is chance.

    Exit code: 0 compared, whoever is better; 2 the input is wrong.
    """
    from benchmarks.showing import show_comparison

    _or_exit(lambda: show_comparison((left, left_engine), (right, right_engine), seconds))


@app.command()
def report(
    results: Annotated[list[Path], typer.Argument(help="Files of results.")],
    output: Annotated[Path, typer.Option("--output", "-o", help="The folder; it is made where there is none.")],
) -> None:
    """Write tables and plots of results: README.md, report.html and pictures.

    Exit code: 0 written, 2 the input is wrong.
    """
    from benchmarks.report import write_report

    _or_exit(lambda: write_report(results, output))


@app.command("all")
def run_all(
    out: Annotated[Path, typer.Option(help="The folder of results and report; a second call continues.")],
    seconds: Seconds = None,
    seeds: Seeds = SEEDS,
    workers: Workers = WORKERS,
    engine: Engines = [],  # noqa: B006 -- typer copies it
    data: Data = None,
    quick: Annotated[bool, typer.Option("--quick", help="A smoke version: tiny instances, a second each.")] = False,
) -> None:
    """Run every suite with every engine that is installed, and write the report.

    Suites whose data are missing, and engines whose packages are, are named and passed over.

    Exit code: 0 measured, 2 the input is wrong.
    """
    from benchmarks.everything import run_everything
    from benchmarks.runs import Limits

    _or_exit(lambda: run_everything(out, Limits(seconds, seeds, workers), engine, data, quick=quick))


if __name__ == "__main__":
    app()
