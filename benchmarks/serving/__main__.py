"""`python -m benchmarks.serving storm | load`."""

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


if __name__ == "__main__":
    app()
