"""The commands of the service: `tidyplan serve`, `worker`, `migrate`, `create-user` and the like.

As everywhere here, what a command needs is imported inside it.
"""

from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer

from models.enums import RunMode
from service.cli.arguments import AsJson, Preset

commands = typer.Typer()
_DAY = ["%Y-%m-%d"]


@commands.command()
def serve(
    host: Annotated[str | None, typer.Option(help="Address to listen on; by default TIDYPLAN_HOST.")] = None,
    port: Annotated[
        int | None, typer.Option(min=0, max=65535, help="Port to listen on; by default TIDYPLAN_PORT.")
    ] = None,
) -> None:
    """Serve the API, and its documentation at /docs.

    Without settings: on this machine only, with SQLite in tidyplan.db, made at the first start.
    """
    from service.cli.serving import run

    raise typer.Exit(run(host, port))


@commands.command()
def worker() -> None:
    """Run jobs until interrupted; start as many as you like.

    Beside `serve` with SQLite none is needed: it runs jobs itself.
    """
    from service.cli.working import run

    raise typer.Exit(run())


@commands.command()
def run(
    organization: Annotated[
        list[str] | None,
        typer.Option("--organization", metavar="ID|NAME", help="Whose week; several in turn. By default the only one."),
    ] = None,
    horizon: Annotated[
        str, typer.Option(metavar="FROM/TO|DAYS", help="Two days, both included, or how many days from tomorrow.")
    ] = "7",
    mode: Annotated[RunMode, typer.Option(help="What may change.")] = RunMode.FILL,
    time_limit: Annotated[float, typer.Option("--time-limit", "-t", min=0.5, help="Seconds for each.")] = 60.0,
    weights: Preset = None,
    publish: Annotated[bool, typer.Option("--publish", help="Book what is planned.")] = False,
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="Print nothing but errors.")] = False,
    as_json: AsJson = False,
) -> None:
    """Plan the appointments of organizations in the database, here and now, without a worker.

    fill moves nothing that is booked, optimize what is neither confirmed nor pinned, repair what an absence broke.
    Ctrl-C keeps the best plan so far. Exit code: 0 planned, 1 a run failed, 2 the input or the settings are wrong.
    """
    from service.cli.batch import Wishes, run

    wishes = Wishes(organization or (), horizon, mode, time_limit, weights, publish, quiet, as_json)
    raise typer.Exit(run(wishes))


@commands.command()
def report(
    first: Annotated[datetime | None, typer.Option("--from", formats=_DAY, help="The first day.")] = None,
    last: Annotated[datetime | None, typer.Option("--to", formats=_DAY, help="The last day; by default today.")] = None,
    output: Annotated[Path, typer.Option("--output", "-o", help="The page.")] = Path("report.html"),
    organization: Annotated[
        str | None, typer.Option(metavar="ID|NAME", help="Of which organization; by default the only one.")
    ] = None,
) -> None:
    """Write the figures of some days, by default the last 30, as one HTML page with pictures.

    Exit code: 0 written, 2 the input or the settings are wrong.
    """
    from service.cli.reporting import run

    days = [None if moment is None else moment.date() for moment in (first, last)]
    raise typer.Exit(run(days[0], days[1], output, organization))


@commands.command()
def migrate(
    down: Annotated[str | None, typer.Option(metavar="REVISION", help="Go back to this revision instead.")] = None,
) -> None:
    """Bring the tables of the database up to date."""
    from service.cli.migrating import run

    raise typer.Exit(run(down))


@commands.command()
def backup(
    output: Annotated[Path, typer.Argument(metavar="FILE", help="A new file.")],
) -> None:
    """Write the whole database into a file, while the service serves.

    PostgreSQL needs pg_dump in the path. Exit code: 0 made, 1 it could not be, 2 the settings are wrong.
    """
    from service.cli.saving import save

    raise typer.Exit(save(output))


@commands.command("verify-backup")
def verify_backup(
    backup: Annotated[Path, typer.Argument(metavar="FILE", help="A file that `tidyplan backup` wrote.")],
) -> None:
    """Restore a backup into a scratch database, check that everything can be read, and drop it again.

    Exit code: 0 it holds, 1 it does not, 2 the settings are wrong.
    """
    from service.cli.saving import verify

    raise typer.Exit(verify(backup))


@commands.command()
def archive(
    before: Annotated[
        datetime | None, typer.Option(formats=_DAY, help="What was over before this day goes.", show_default=False)
    ] = None,
    organization: Annotated[
        list[str] | None,
        typer.Option("--organization", metavar="ID|NAME", help="Of which; several in turn. By default the only one."),
    ] = None,
    output: Annotated[
        Path | None,
        typer.Option("--output", "-o", help="The file; one that is there is gone on with.", show_default=False),
    ] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only tell how many would go.")] = False,
    batch: Annotated[int, typer.Option(min=1, max=1000, help="How many appointments at once.")] = 200,
    restore: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Put back what a file has.", show_default=False)
    ] = None,
) -> None:
    """Move completed, cancelled, missed and deleted appointments into a file of JSON lines, or put them back.

    Each batch is on the disk before it is deleted; figures of its days are kept. Run it again if it was killed.
    Exit code: 0 done, 1 it could not be, 2 the input or the settings are wrong.
    """
    from service.cli.archiving import put_back, run

    if (before is None) == (restore is None):
        raise typer.BadParameter("Give either --before DATE or --restore FILE.")
    if restore is not None:
        raise typer.Exit(put_back(restore))
    assert before is not None
    raise typer.Exit(run(before.date(), organization or (), output, dry_run=dry_run, batch=batch))


@commands.command("create-user")
def create_user(
    email: Annotated[str, typer.Argument(help="What the user logs in with.")],
    name: Annotated[str, typer.Option(help="What people call the user; by default the email.")] = "",
    role: Annotated[str, typer.Option(help="owner, planner, dispatcher, member or viewer.")] = "owner",
    organization: Annotated[
        int | None, typer.Option(metavar="ID", help="Of which organization; by default the only one.")
    ] = None,
) -> None:
    """Make a user who can log in, and print the password once."""
    from service.cli.accounts import run

    raise typer.Exit(run(email, name, role, organization))


@commands.command("seed-demo")
def seed_demo(
    solve: Annotated[
        float,
        typer.Option(min=0.0, help="Plan for so many seconds, and book what finds a place; 0 leaves it requested."),
    ] = 0.0,
    plan: Annotated[
        Path | None, typer.Option(help="A plan of examples/bay-area-week.json, which is booked.", show_default=False)
    ] = None,
) -> None:
    """Store the demo company, and print a login for each role, once.

    Its week is this one or the next; what stands in it already is booked, everything else is requested.
    """
    from service.cli.seeding import run

    raise typer.Exit(run(solve, plan))


@commands.command("rotate-keys")
def rotate_keys() -> None:
    """Encrypt all stored secrets with the first of TIDYPLAN_SECRET_KEY; afterwards the others can go."""
    from service.cli.rotating import run

    raise typer.Exit(run())


@commands.command()
def openapi() -> None:
    """Print the description of the API, as /openapi.json has it."""
    from service.cli.describing import run

    raise typer.Exit(run())


@commands.command()
def settings() -> None:
    """Print what can be set in the environment, and what is."""
    from service.cli.describing import show_settings

    raise typer.Exit(show_settings())
