"""The command `tidyplan suggest`, as it is typed."""

from pathlib import Path
from typing import Annotated

import typer

from service.cli.arguments import AsJson, PlanFile, Preset, ProblemFile


def suggest(
    problem: ProblemFile,
    plan: PlanFile,
    request: Annotated[
        Path | None, typer.Argument(metavar="REQUEST", help="A request.json: an appointment as a problem has it.")
    ] = None,
    appointment: Annotated[
        str | None, typer.Option("--appointment", "-a", metavar="ID", help="An appointment of the problem instead.")
    ] = None,
    minutes: Annotated[
        int | None, typer.Option("--minutes", "-m", min=1, help="Describe it here instead: so many minutes, and …")
    ] = None,
    people: Annotated[int, typer.Option(min=0, help="How many people come.")] = 1,
    skills: Annotated[
        list[str] | None, typer.Option("--skill", metavar="NAME[:LEVEL]", help="What each of them can do.")
    ] = None,
    users: Annotated[
        list[str] | None, typer.Option("--user", metavar="ID", help="Who may come; others may not.")
    ] = None,
    teams: Annotated[list[str] | None, typer.Option("--team", metavar="ID", help="Teams of which one comes.")] = None,
    resources: Annotated[
        list[str] | None, typer.Option("--resource", metavar="ID|TYPE", help="What it takes, by id or by type.")
    ] = None,
    location: Annotated[str | None, typer.Option(metavar="ID", help="Where it is.")] = None,
    coordinates: Annotated[str | None, typer.Option("--at", metavar="LAT,LON", help="Where a new location is.")] = None,
    client: Annotated[str | None, typer.Option(metavar="ID", help="For whom.")] = None,
    preferred: Annotated[str | None, typer.Option(metavar="TIME", help="When it would best start.")] = None,
    limit: Annotated[int, typer.Option("--limit", "-n", min=1, max=1000, help="How many slots.")] = 5,
    first: Annotated[
        str | None, typer.Option("--from", metavar="TIME", help="No earlier; a date, or a date and a wall time.")
    ] = None,
    last: Annotated[
        str | None, typer.Option("--until", metavar="TIME", help="Over by then; a date alone counts to its end.")
    ] = None,
    spread: Annotated[int, typer.Option(min=0, help="Minutes between two slots, as far as there are so many.")] = 60,
    per_day: Annotated[int | None, typer.Option(min=1, max=1000, help="Slots of one day at most.")] = None,
    with_moves: Annotated[int, typer.Option(min=0, max=2, help="Also slots for which so many others must move.")] = 0,
    seconds: Annotated[float, typer.Option(min=0.1, max=600, help="For how long to look for moves.")] = 5.0,
    time_zone: Annotated[
        str | None, typer.Option(metavar="ZONE", help="Whose wall times to read and show, such as Europe/Berlin.")
    ] = None,
    weights: Preset = None,
    as_json: AsJson = False,
) -> None:
    """Suggest slots for an appointment beside a plan: when, with whom, with what, and what each costs.

    Exit code: 0 there are slots, 1 there are none, 2 the input is wrong.
    """
    from service.cli.requesting import Description
    from service.cli.suggesting import Question, run

    described = Description(minutes, people, skills, users, teams, resources, location, coordinates, client, preferred)
    question = Question(
        request, appointment, described, first, last, time_zone,
        {"limit": limit, "spread_minutes": spread, "per_day": per_day, "with_moves": with_moves, "seconds": seconds},
    )  # fmt: skip
    raise typer.Exit(run(problem, plan, question, weights, as_json=as_json))
