"""`tidyplan run`: plans organizations in the database, one after the other, in this process."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

import typer
from pydantic import ValidationError
from sqlalchemy import update

from models.enums import RunMode, RunState, WeightPreset
from models.faults import faults_of
from models.problem import Horizon
from models.records import Organization, Run
from models.records.base import now
from models.records.sealed import SealedText
from models.timegrid import day_start, instant
from models.zones import zone_of
from service import logs, migrations
from service.callers import the_service
from service.cli.choosing import chosen
from service.cli.configured import BAD_SETTINGS, Misconfigured, opened, read_settings
from service.cli.progress import display_for
from service.cli.running import Interruption, watched
from service.cli.screen import complain, show_table
from service.jobs.job import Host, Interrupted
from service.jobs.queue import make_tables
from service.keyring import Keyring
from service.report import percent
from service.runs import asking
from service.runs.local import at_work, perform_here
from service.runs.regular import horizon_of
from service.schemas import schemas_of, values_of
from service.wording import number
from solver.progress import Progress

FAILED = 1


@dataclass(frozen=True, slots=True)
class Wishes:
    """What the caller of `run` asks for."""

    organizations: Sequence[str]
    horizon: str
    mode: RunMode
    time_limit: float
    weights: WeightPreset | None
    publish: bool
    quiet: bool
    as_json: bool


def run(wishes: Wishes) -> int:
    """Plan organizations, one after the other.

    Parameters
    ----------
    wishes
        The options.

    Returns
    -------
    The exit code: 0 planned, 1 a run failed, 2 the input or the settings are wrong.
    """
    try:
        settings = read_settings()
        logs.configure(settings.model_copy(update={"log_level": "warning"}))
        SealedText.use(Keyring(settings.keys).seal())
        with opened(settings) as database:
            migrations.upgrade(database.engine)
            make_tables(database)
            picked = chosen(database, wishes.organizations)
            bodies = [_body(each, wishes) for each in picked]
            with at_work(database, settings) as host, Interruption() as interruption:
                done = [
                    _plan(host, each, body, wishes, interruption)
                    for each, body in zip(picked, bodies, strict=True)
                    if not interruption.stop.is_set()
                ]
    except LookupError as error:
        complain(str(error))
        return BAD_SETTINGS
    except Misconfigured:
        return BAD_SETTINGS
    _show(done, wishes)
    return FAILED if any(made.state is RunState.FAILED for _, made in done) else 0


def _body(organization: Organization, wishes: Wishes) -> Any:
    """Make the body of a run, as the API would read it."""
    model = schemas_of(Run).create
    try:
        return model.model_validate(
            {
                "mode": wishes.mode,
                "horizon": _horizon(organization.timezone, wishes.horizon).model_dump(mode="json"),
                "time_limit_seconds": wishes.time_limit,
                "preset": wishes.weights,
                "publishes": wishes.publish,
            }
        )
    except ValidationError as error:
        for fault in faults_of(error, model):
            complain(str(fault))
        raise Misconfigured from None


def _horizon(zone: str, text: str) -> Horizon:
    """Read FROM/TO, both days included, or a number of days from tomorrow."""
    try:
        if text.isdecimal() and 1 <= int(text) <= 400:
            return horizon_of(zone, now(), 1, int(text))
        first, last = (date.fromisoformat(part) for part in text.split("/"))
        wall = zone_of(zone)
        ends = (instant(day_start(day, wall), wall) for day in (first, last + timedelta(days=1)))
        return Horizon(start=next(ends), end=next(ends))
    except (ValueError, OverflowError):
        advice = "two days, such as 2026-11-23/2026-11-29, or how many days from tomorrow"
        complain(f"--horizon {text}: expected {advice}.")
        raise Misconfigured from None


def _plan(
    host: Host, organization: Organization, body: Any, wishes: Wishes, interruption: Interruption
) -> tuple[Organization, Run]:
    caller = the_service(organization.id)
    with host.database.session(caller) as session:
        made = asking.write(session, values_of(Run, body, given_only=False), asking.rescue_seconds(wishes.time_limit))
        key = made.id
        session.commit()

    def stop() -> None:
        with host.database.session(caller) as session:
            session.execute(update(Run).where(Run.id == key).values(cancel_requested=True))
            session.commit()

    def work(tell: Any) -> None:
        stopped = False

        def told(progress: Progress) -> None:
            nonlocal stopped
            tell(progress)
            if interruption.stop.is_set() and not stopped:
                stopped = True
                stop()

        perform_here(host, organization.id, key, told)

    try:
        watched(work, display_for(organization.name, wishes.time_limit, quiet=wishes.quiet), interruption)
    except Interrupted:
        complain(f"Run {key} of {organization.name} was taken over by a worker.")
    with host.database.session(caller, writes=False) as session:
        return organization, session.get_one(Run, key)


def _show(done: Sequence[tuple[Organization, Run]], wishes: Wishes) -> None:
    if wishes.as_json:
        typer.echo(json.dumps([_document(organization, made) for organization, made in done], indent=1))
    elif not wishes.quiet:
        head = ("organization", "run", "state", "placed", "left out", "moved", "cost", "gap", "published", "time")
        show_table("Runs", head, [_row(*each) for each in done], figures=8)
    for _, made in done:
        if made.error:
            complain(f"Run {made.id}: {made.error}")


def _document(organization: Organization, made: Run) -> dict[str, Any]:
    return {
        "organization": organization.id,
        "run": made.id,
        "state": made.state,
        "counts": None if made.counts is None else made.counts.model_dump(mode="json"),
        "progress": made.progress.model_dump(mode="json"),
        "published_at": _text(made.published_at),
        "error": made.error,
    }


def _text(moment: datetime | None) -> str | None:
    return None if moment is None else moment.isoformat()


def _row(organization: Organization, made: Run) -> tuple[str, ...]:
    counts, progress = made.counts, made.progress
    if counts is None:
        return organization.name, str(made.id), made.state, "", "", "", "", "", "", f"{progress.seconds:.1f} s"
    return (
        organization.name,
        str(made.id),
        made.state,
        f"{number(counts.placed)} of {number(counts.waiting)}",
        number(counts.left_out + counts.dropped),
        number(counts.moved + counts.changed),
        "" if progress.cost is None else number(progress.cost),
        "" if progress.gap is None else percent(progress.gap),
        "no" if made.published_at is None else "yes",
        f"{progress.seconds:.1f} s",
    )
