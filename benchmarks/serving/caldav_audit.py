"""Whether a calendar and the service say the same: files are read past the service, and compared with its tables."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from datetime import datetime
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from benchmarks.serving.caldav_world import Calendar, World
from models.enums import ConflictStatus
from models.records import Absence, Appointment, CalendarObject, ScheduleConflict, ScheduleIntegration
from service.calendars.events import Facts, Window
from service.calendars.pulling import OURS
from service.calendars.reading import read
from service.calendars.review import RULE
from service.calendars.shown import entries
from service.calendars.terms import Terms, terms_of
from service.calendars.writing import facts_in, uid_of

Span = tuple[datetime, datetime]


def differences(world: World, calendar: Calendar) -> list[str]:
    """Compare what stands here with what stands in a calendar.

    Parameters
    ----------
    world, calendar
        Nobody edits them any more.

    Returns
    -------
    Where they differ, in sentences.
    """
    contents = {name: calendar.person.get(name) for name in calendar.person.names()}
    ours = {name: text for name, text in contents.items() if OURS.fullmatch(name.removesuffix(".ics"))}
    others = {name: text for name, text in contents.items() if name not in ours}
    with world.database.session(world.caller, writes=False) as session:
        terms = terms_of(session, session.get_one(ScheduleIntegration, calendar.integration))
        shown, away = _shown(session, terms), _away(session, terms)
        unsettled = [*_unsettled(session, terms)]
    found = [
        *_compared(shown, {name.removesuffix(".ics"): facts_in(text.encode()) for name, text in ours.items()}),
        *_kept(calendar.files, others, terms),
        *_times(away, _taken(calendar.files, terms.window(), terms.zone)),
        *(
            f"the alarm of {name} is lost"
            for name in sorted(calendar.alarmed & ours.keys())
            if "VALARM" not in ours[name]
        ),
        *unsettled,
    ]
    return [f"{calendar.kind} {calendar.subject}: {each}" for each in found]


def _shown(session: Session, terms: Terms) -> dict[str, Facts]:
    """What the calendar has to show, by UID."""
    keys = session.scalars(select(Appointment.id), execution_options={"include_hidden": True}).all()
    here = entries(session, terms, keys).values()
    return {uid_of(each.appointment): each.facts for each in here if each.facts is not None}


def _away(session: Session, terms: Terms) -> Counter[Span]:
    """When whose calendar it is is away."""
    statement = select(Absence).where(Absence.integration_id == terms.integration, Absence.end > terms.window().start)
    return Counter((row.start, row.end) for row in session.scalars(statement))


def _unsettled(session: Session, terms: Terms) -> Iterator[str]:
    for row in session.scalars(select(CalendarObject).where(CalendarObject.integration_id == terms.integration)):
        if row.sent is not None or row.outside is not None:
            yield f"{row.href} is not settled"
    open_ = select(ScheduleConflict).where(
        ScheduleConflict.rule == RULE,
        ScheduleConflict.status != ConflictStatus.RESOLVED,
        ScheduleConflict.subject == f"integration:{terms.integration}",
    )
    for conflict in session.scalars(open_):
        yield f"conflict {conflict.id} is open"


def _compared(here: Mapping[str, Facts], there: Mapping[str, Facts | None]) -> Iterator[str]:
    for uid in sorted(here.keys() | there.keys()):
        if uid not in there:
            yield f"{uid} is not there"
        elif uid not in here:
            yield f"{uid} is there for nothing"
        elif here[uid] != there[uid]:
            yield f"{uid} says {there[uid]} instead of {here[uid]}"


def _kept(wanted: Mapping[str, str], present: Mapping[str, str], terms: Terms) -> Iterator[str]:
    for name in sorted(wanted.keys() | present.keys()):
        if name not in present:
            yield f"{name} of somebody else is lost"
        elif name not in wanted:
            yield f"{name} was made by nobody"
        else:
            before, after = (_taken({name: each[name]}, terms.window(), terms.zone) for each in (wanted, present))
            if before != after:
                yield f"{name} of somebody else was changed"


def _times(away: Counter[Span], taken: Counter[Span]) -> Iterator[str]:
    for span in sorted(away.keys() | taken.keys()):
        if away[span] != taken[span]:
            yield f"{span[0]:%Y-%m-%d %H:%M} to {span[1]:%H:%M} is blocked {away[span]} times instead of {taken[span]}"


def _taken(files: Mapping[str, str], window: Window, zone: ZoneInfo) -> Counter[Span]:
    """When events take time."""
    spans: Counter[Span] = Counter()
    for text in files.values():
        for series in read(text.encode(), window, zone).series:
            blocking = (each for each in series.occurrences if each.blocks and each.end > window.start)
            spans.update((each.start, each.end) for each in blocking)
    return spans
