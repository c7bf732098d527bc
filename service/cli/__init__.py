"""The command line: `tidyplan solve`, `check`, `explain`, `repair`, `what-if`, `draw`, `weights`, `new` and `schema`.

`suggest` is in `service.cli.slots`; the commands of the service are in `service.cli.operations`.

What a command needs is imported inside it: `--help` answers at once, and a solve never loads what only pictures need.
"""

from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from models.enums import WeightPreset
from service.cli.arguments import AsJson, PlanFile, Preset, ProblemFile
from service.cli.asking import EditCommand, typed
from service.cli.operations import commands
from service.cli.slots import suggest

app = typer.Typer(
    name="tidyplan",
    help="Schedule appointments: who does what, when and with what, and why something is left out.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)

_DAY = ["%Y-%m-%d"]


class RowKind(StrEnum):
    """What the rows of a picture are."""

    USER = "user"
    TEAM = "team"
    RESOURCE = "resource"


class ExecutorKind(StrEnum):
    """Where the workers of a solve are."""

    THREADS = "threads"
    PROCESSES = "processes"
    DASK = "dask"


class SchemaOf(StrEnum):
    """The files that have a schema."""

    PROBLEM = "problem"
    PLAN = "plan"
    REQUEST = "request"
    SUGGESTIONS = "suggestions"


Problems = Annotated[
    list[Path], typer.Argument(metavar="PROBLEM...", help="One or more problem.json; many are a batch.")
]


def _print_version(wanted: bool) -> None:
    if wanted:
        from importlib.metadata import version

        typer.echo(f"tidyplan {version('tidyplan')}")
        raise typer.Exit


@app.callback()
def tidyplan(
    _version: Annotated[
        bool, typer.Option("--version", callback=_print_version, is_eager=True, help="Print the version and exit.")
    ] = False,
) -> None:
    """Schedule appointments: who does what, when and with what, and why something is left out."""


@app.command()
def solve(
    problems: Problems,
    output: Annotated[
        Path | None, typer.Option("--output", "-o", help="Where to write the plan; with many problems, a folder.")
    ] = None,
    time_limit: Annotated[float, typer.Option("--time-limit", "-t", min=0.1, help="Seconds for each problem.")] = 60.0,
    workers: Annotated[int, typer.Option(min=0, help="How many chains search; 0 is one per core.")] = 0,
    seed: Annotated[int, typer.Option(min=0, help="Start of the random numbers.")] = 0,
    gap: Annotated[float, typer.Option(min=0.0, help="Stop when this near to the bound; 0.01 is one percent.")] = 0.0,
    executor: Annotated[
        ExecutorKind | None, typer.Option(help="Where they run; threads, or dask where a cluster is named.")
    ] = None,
    cluster: Annotated[
        str | None,
        typer.Option(metavar="ADDRESS", help="A Dask scheduler, such as tcp://host:8786; none: a local cluster."),
    ] = None,
    weights: Preset = None,
    compare: Annotated[
        Path | None, typer.Option(metavar="PLAN", help="Show the new plan beside this one, term by term.")
    ] = None,
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="Print nothing but errors.")] = False,
    everything: Annotated[
        bool, typer.Option("--all", help="Show all that is left out, not only the first 15.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Plan the appointments of one problem, or of many.

    Ctrl-C keeps the best plan so far; a second one gives up.
    Exit code: 0 planned, 1 something mandatory is left out, 2 the input is wrong.
    """
    from service.cli.solving import Wishes, run

    wishes = Wishes(
        output,
        time_limit,
        workers,
        seed,
        gap,
        None if executor is None else executor.value,
        cluster,
        weights=weights,
        compare=compare,
        quiet=quiet,
        everything=everything,
        as_json=as_json,
    )
    raise typer.Exit(run(problems, wishes))


@app.command()
def check(
    problem: ProblemFile,
    plan: PlanFile,
    weights: Preset = None,
    compare: Annotated[
        Path | None, typer.Option(metavar="OTHER", help="Another plan for that problem: show both side by side.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Check a plan against its problem: every violation, and the cost term by term.

    Exit code: 0 clean, 1 violations or another cost than stated, 2 the input is wrong.
    """
    from service.cli.checking import run

    raise typer.Exit(run(problem, plan, weights, compare, as_json=as_json))


@app.command(cls=EditCommand)
def repair(
    ctx: typer.Context,
    problem: ProblemFile,
    plan: PlanFile,
    output: Annotated[
        Path | None,
        typer.Option(
            "--output",
            "-o",
            help="Where to write the plan; the changed problem goes beside it, *.problem.json.",
        ),
    ] = None,
    in_place: Annotated[
        bool, typer.Option("--in-place", help="Write over both files; the old ones are kept beside them, as *.bak.")
    ] = False,
    time_limit: Annotated[
        float,
        typer.Option("--time-limit", "-t", min=0.1, help="Seconds at most; it ends when nothing helps."),
    ] = 2.0,
    most_changes: Annotated[
        int | None, typer.Option(min=0, help="How many others may change at most, to make room; 0: nobody else.")
    ] = None,
    change_cost: Annotated[
        int | None,
        typer.Option(min=0, help="What a change costs: it is also made where it saves more."),
    ] = None,
    fill: Annotated[
        bool, typer.Option("--fill", help="Also place what had no place before, where that changes nothing else.")
    ] = False,
    workers: Annotated[int, typer.Option(min=0, help="How many threads search; 0 is one per core.")] = 0,
    seed: Annotated[int, typer.Option(min=0, help="Start of the random numbers.")] = 0,
    weights: Preset = None,
    as_json: AsJson = False,
) -> None:
    """Repair a plan after something happened, with the fewest and cheapest changes.

    First everything that stood keeps a place, then as few appointments as possible change, then the cost decides.
    Exit code: 0 repaired, 1 something mandatory is left out, 2 the input is wrong.
    """
    from service.cli.repairing import Wishes, run

    wishes = Wishes(
        output,
        in_place,
        time_limit,
        most_changes,
        change_cost,
        fill=fill,
        workers=workers,
        seed=seed,
        weights=weights,
        as_json=as_json,
    )
    raise typer.Exit(run(problem, plan, typed(ctx), wishes))


@app.command(cls=EditCommand)
def what_if(
    ctx: typer.Context,
    problem: ProblemFile,
    _scenario: Annotated[
        list[str] | None,
        typer.Option("--scenario", metavar="NAME", help="Begins a scenario: the changes after it are tried together."),
    ] = None,
    plan: Annotated[
        Path | None, typer.Option("--plan", metavar="PLAN", help="A plan.json that all plans begin with.")
    ] = None,
    output: Annotated[
        Path | None, typer.Option("--output", "-o", help="A folder for all plans and their problems.")
    ] = None,
    time_limit: Annotated[float, typer.Option("--time-limit", "-t", min=0.1, help="Seconds for each plan.")] = 20.0,
    workers: Annotated[int, typer.Option(min=0, help="How many chains search; 0 is one per core.")] = 0,
    seed: Annotated[int, typer.Option(min=0, help="Start of the random numbers.")] = 0,
    weights: Preset = None,
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="Show no progress.")] = False,
    as_json: AsJson = False,
) -> None:
    """Plan a problem as it is and as it could be, and put the plans side by side.

    Without --scenario all changes make one variant. Every plan gets the same time.
    Exit code: 0 planned, 2 the input is wrong.
    """
    from service.cli.wondering import Wishes, run

    wishes = Wishes(plan, output, time_limit, workers, seed, weights, quiet=quiet, as_json=as_json)
    raise typer.Exit(run(problem, typed(ctx), wishes))


@app.command()
def explain(
    problem: ProblemFile,
    plan: PlanFile,
    appointments: Annotated[
        list[str] | None, typer.Argument(metavar="[APPOINTMENT...]", help="Ids; none for all that is left out.")
    ] = None,
    remedies: Annotated[bool, typer.Option(help="Try changes, and show those that help.")] = True,
    weights: Preset = None,
    as_json: AsJson = False,
) -> None:
    """Explain why appointments are left out and what would help, or why one stands where it does.

    Exit code: 0 explained, 1 the plan breaks a rule, 2 the input is wrong.
    """
    from service.cli.explaining import run

    raise typer.Exit(run(problem, plan, appointments or [], weights, remedies=remedies, as_json=as_json))


@app.command()
def draw(
    problem: ProblemFile,
    plan: PlanFile,
    output: Annotated[Path, typer.Option("--output", "-o", help="The picture: a name in .svg, .png or .html.")],
    by: Annotated[RowKind, typer.Option(help="What the rows are.")] = RowKind.USER,
    day: Annotated[datetime | None, typer.Option(formats=_DAY, help="Only this day.")] = None,
    first: Annotated[datetime | None, typer.Option("--from", formats=_DAY, help="Only from this day on.")] = None,
    last: Annotated[datetime | None, typer.Option("--until", formats=_DAY, help="Only up to this day.")] = None,
    weights: Preset = None,
) -> None:
    """Draw a plan as a timeline: a sheet for the wall (.svg, .png) or a page to explore (.html)."""
    from service.cli.drawing import run

    days = [None if moment is None else moment.date() for moment in (day or first, day or last)]
    raise typer.Exit(run(problem, plan, output, by.value, days[0], days[1], weights))


@app.command()
def weights(
    preset: Annotated[WeightPreset | None, typer.Argument(help="Only this one.")] = None,
    as_json: AsJson = False,
) -> None:
    """Print what the presets of --weights weigh, what they do, and when to use them.

    With a preset and --json: the `weights` object of a problem.json, to be changed by hand.
    """
    from service.cli.weighing import run

    raise typer.Exit(run(preset, as_json=as_json))


@app.command()
def new(
    output: Annotated[Path, typer.Option("--output", "-o", help="Where to write it.")] = Path("problem.json"),
    force: Annotated[bool, typer.Option("--force", help="Replace the file if it is there.")] = False,
) -> None:
    """Write a small problem to start from, and explain its fields."""
    from service.cli.starting import run

    raise typer.Exit(run(output, force=force))


@app.command()
def schema(which: Annotated[SchemaOf, typer.Argument(help="Which file.")] = SchemaOf.PROBLEM) -> None:
    """Print the JSON Schema of problem.json, plan.json, or what suggest reads and writes."""
    from service.cli.schemas import run

    raise typer.Exit(run(which.value))


app.command()(suggest)
app.add_typer(commands)


def main() -> None:
    """Run the command line."""
    app()
