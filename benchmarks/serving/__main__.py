"""`python -m benchmarks.serving storm | load | suggest | caldav | chaos`."""

from __future__ import annotations

from typing import Annotated

import typer

app = typer.Typer(help="Measure the service under load.", no_args_is_help=True, add_completion=False)

Kinds = Annotated[list[str], typer.Option("--database", help="sqlite or postgresql; may be repeated.")]


@app.callback()
def measure() -> None:
    """Measure the service under load: a real server, many clients, and an audit of the tables."""


@app.command()
def storm(
    attempts: Annotated[int, typer.Option(min=1, help="How often clients try something, on each database.")] = 10_000,
    clients: Annotated[int, typer.Option(min=1, help="How many try at once.")] = 16,
    processes: Annotated[int, typer.Option(min=1, help="How many servers share the database.")] = 1,
    seed: Annotated[int, typer.Option(help="Of what they try.")] = 0,
    database: Kinds = ["sqlite", "postgresql"],  # noqa: B006 -- typer copies it
) -> None:
    """Book, move, cancel and hold the same few people and things from many clients at once, and audit the tables.

    Exit code: 0 nobody was booked twice and nothing was half written or answered with a fault; 1 otherwise.
    """
    from benchmarks.serving.server import databases
    from benchmarks.serving.storm import storm as let_loose
    from service.cli.screen import complain, show_table

    rows, faults = [], []
    with databases(tuple(database)) as urls:
        for kind, url in urls.items():
            found = let_loose(url, attempts, processes=processes, clients=clients, seed=seed)
            rows.append({"database": kind, **found.row})
            faults += [*found.tally.faults, *found.audit.twice, *found.audit.halves]
    table = [[name, *(str(row[name]) for row in rows)] for name in rows[0] if name != "database"] if rows else []
    show_table("Storm", ["", *(str(row["database"]) for row in rows)], table, figures=len(rows))
    for fault in faults[:20]:
        complain(fault)
    raise typer.Exit(1 if faults else 0)


@app.command()
def load(
    appointments: Annotated[int, typer.Option(min=1, help="How many there are.")] = 100_000,
    users: Annotated[int, typer.Option(min=1, help="How many people they have.")] = 500,
    rate: Annotated[float, typer.Option(min=0.1, help="Requests a second.")] = 20.0,
    seconds: Annotated[float, typer.Option(min=1, help="For how long.")] = 60.0,
    processes: Annotated[int, typer.Option(min=1, help="How many servers share the database.")] = 1,
    database: Annotated[str, typer.Option(help="sqlite or postgresql.")] = "postgresql",
) -> None:
    """Fill a database, then list, check and book in an open loop, and tell how long the answers take.

    Exit code: 0 measured.
    """
    from benchmarks.serving.filling import fill
    from benchmarks.serving.load import load as ask, process_seconds
    from benchmarks.serving.server import SECRET, databases, serving
    from service.cli.screen import say, show_table

    with databases((database,)) as urls:
        filled = fill(urls[database], SECRET, appointments=appointments, users=users)
        with serving(urls[database], processes) as servers:
            before = sum(process_seconds(server.process) for server in servers)
            rows = ask([server.port for server in servers], filled, rate=rate, seconds=seconds).rows()
            taken = sum(process_seconds(server.process) for server in servers) - before
    heads = list(rows[0]) if rows else []
    table = [[str(row[head]) for head in heads] for row in rows]
    show_table(f"{appointments} appointments, {rate:g} requests a second", heads, table, figures=len(heads) - 2)
    say(f"The servers took {1000 * taken / max(1, int(rate * seconds)):.1f} ms of a processor for each request.")


@app.command()
def suggest(
    appointments: Annotated[int, typer.Option(min=1, help="How many there are.")] = 10_000,
    users: Annotated[int, typer.Option(min=1, help="How many people they have.")] = 500,
    rate: Annotated[float, typer.Option(min=0.1, help="Requests a second.")] = 20.0,
    seconds: Annotated[float, typer.Option(min=1, help="For how long.")] = 60.0,
    processes: Annotated[int, typer.Option(min=1, help="How many servers share the database.")] = 2,
    changes: Annotated[int, typer.Option(min=0, help="How many changes are followed before answers are compared.")] = 0,
    database: Kinds = ["sqlite", "postgresql"],  # noqa: B006 -- typer copies it
) -> None:
    """Ask for slots in an open loop while others book, and compare what indexes say that followed many changes.

    Exit code: 0 all answers agree with those of a new server; 1 otherwise.
    """
    from benchmarks.serving.filling import fill
    from benchmarks.serving.load import load as ask, process_seconds
    from benchmarks.serving.server import SECRET, databases, serving
    from benchmarks.serving.suggest import Asker, change, disagreements, first_answers
    from service.cli.screen import complain, say, show_table

    faults = []
    with databases(tuple(database)) as urls:
        for kind, url in urls.items():
            filled = fill(url, SECRET, appointments=appointments, users=users, past_weeks=0)
            with serving(url, processes) as servers:
                ports = [server.port for server in servers]
                firsts = first_answers(ports, filled)
                before = sum(process_seconds(server.process) for server in servers)
                rows = ask(ports, filled, rate=rate, seconds=seconds, ask=Asker(filled).next).rows()
                taken = sum(process_seconds(server.process) for server in servers) - before
                heads = list(rows[0])
                table = [[str(row[head]) for head in heads] for row in rows]
                show_table(f"{kind}, {appointments} appointments, {rate:g} requests a second", heads, table, figures=4)
                say(f"The first answers took {', '.join(f'{first:.1f} s' for first in firsts)};")
                say(f"then the servers took {1000 * taken / max(1, int(rate * seconds)):.1f} ms of a processor each.")
                if changes:
                    say(f"Answers to {changes} changes: {change(ports, filled, changes)}.")
                    with serving(url) as (new,):
                        faults += disagreements(ports, new.port, filled)
    for fault in faults[:20]:
        complain(fault)
    raise typer.Exit(1 if faults else 0)


@app.command()
def caldav(
    edits: Annotated[int, typer.Option(min=1, help="How many edits are made, on both sides together.")] = 2_000,
    seed: Annotated[int, typer.Option(help="Of the edits and of what goes wrong.")] = 0,
    database: Annotated[str, typer.Option(help="sqlite or postgresql.")] = "sqlite",
) -> None:
    """Edit calendars here and on a Radicale at random, over a way on which things go wrong, and compare both sides.

    Exit code: 0 both sides say the same, nothing is there twice, nothing is lost; 1 otherwise.
    """
    from pathlib import Path
    from tempfile import TemporaryDirectory

    from benchmarks.serving.caldav import soak_alone
    from benchmarks.serving.server import databases
    from service.cli.screen import complain, show_table

    with databases((database,)) as urls, TemporaryDirectory() as folder:
        soaked = soak_alone(urls[database], Path(folder), edits, seed)
    show_table(f"Calendars, {edits} edits, seed {seed}", ["", database], [list(row) for row in soaked.rows], figures=1)
    for difference in soaked.differences[:20]:
        complain(difference)
    raise typer.Exit(1 if soaked.differences else 0)


@app.command()
def chaos(
    notifications: Annotated[int, typer.Option(min=1, help="How many are sent, on each database.")] = 500,
    kills: Annotated[int, typer.Option(min=0, help="How often a process is killed at most.")] = 60,
    seed: Annotated[int, typer.Option(help="Of which and when.")] = 0,
    database: Kinds = ["sqlite", "postgresql"],  # noqa: B006 -- typer copies it
) -> None:
    """Send notifications while servers and workers are killed at random: all arrive, twice only by the same header.

    Exit code: 0 all arrived as they should; 1 otherwise.
    """
    from benchmarks.serving.chaos import chaos as let_loose
    from benchmarks.serving.server import databases
    from service.cli.screen import complain, show_table

    rows, faults = [], []
    with databases(tuple(database)) as urls:
        for kind, url in urls.items():
            found = let_loose(url, notifications, kills=kills, seed=seed)
            rows.append({"database": kind, **found.row})
            faults += found.faults
    heads = list(rows[0]) if rows else []
    show_table("Chaos", heads, [[str(row[head]) for head in heads] for row in rows], figures=len(heads) - 1)
    for fault in faults[:20]:
        complain(fault)
    raise typer.Exit(1 if faults else 0)


if __name__ == "__main__":
    app()
