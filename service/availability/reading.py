"""Calendars and occupancies of some subjects over a stretch of time, with as many queries for one as for all."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.calendars import Calendars
from models.errors import Fault
from models.records import Occupancy
from models.records.base import InvalidRecord, now
from models.timegrid import minute_of
from service.availability.loads import Load
from service.schemas import organization
from service.snapshot.places import Places
from service.snapshot.subjects import Wanted, cast_of, rules_of, subjects_of
from service.snapshot.weeks import Span
from service.snapshot.whole import Parts

LONGEST = timedelta(days=366)
_MINUTE = timedelta(minutes=1)
_AROUND = timedelta(days=2)


@dataclass(frozen=True, slots=True)
class Taken:
    """A stretch in which an appointment takes a subject.

    Parameters
    ----------
    start, end
        Epoch minutes, half-open, buffers included.
    appointment
        Its id.
    units
        How much of it; None is the whole.
    held
        Whether it is only a hold.
    """

    start: int
    end: int
    appointment: int
    units: int | None
    held: bool

    def load(self, whole: int) -> Load:
        """Give the units it takes of so many."""
        return self.start, self.end, whole if self.units is None else self.units


def stretch(start: datetime | None, end: datetime | None, names: tuple[str, str], default: timedelta) -> Span:
    """Read the two ends of a stretch of time that somebody asks about.

    Parameters
    ----------
    start, end
        None for now, and for `default` after the start; what is no whole minute is widened to one.
    names
        Of the two in the query.
    default
        How long it is if nobody says.

    Returns
    -------
    The stretch.

    Raises
    ------
    InvalidRecord
        If it ends before it starts, or is too long.
    """
    first = start or now()
    first -= timedelta(seconds=first.second, microseconds=first.microsecond)
    last = first + default if end is None else end
    last += (_MINUTE - timedelta(seconds=last.second, microseconds=last.microsecond)) % _MINUTE
    if last <= first:
        expected = f"a time after {names[0]}, {first.isoformat()}"
        raise InvalidRecord([Fault(names[1], last.isoformat(), expected, f"Swap {names[0]} and {names[1]}.")])
    if last - first > LONGEST:
        expected = f"a time at most {LONGEST.days} days after {names[0]}"
        raise InvalidRecord([Fault(names[1], last.isoformat(), expected, "Ask for a part at a time.")])
    return Span(first, last)


def calendars_of(session: Session, wanted: Wanted, span: Span) -> Calendars:
    """Read the calendars of subjects: availability, rules, absences.

    Parameters
    ----------
    session
        Bound to an organization.
    wanted
        Which subjects; the members of a team must be among the users.
    span
        The stretch of time.

    Returns
    -------
    The calendars; subjects are named as `service.snapshot.ids` spells them.
    """
    places = Places(None, ())
    wide = Span(span.start - _AROUND, span.end + _AROUND)
    cast = cast_of(session, subjects_of(session, wanted), wide, places)
    snapshot = Parts(places).snapshot(organization(session), span, cast, rules_of(session, wanted), None)
    return Calendars(snapshot.problem, minute_of(span.start), minute_of(span.end))


def taken_in(session: Session, subjects: Iterable[int], span: Span) -> dict[int, list[Taken]]:
    """Read what takes subjects, live holds included.

    Parameters
    ----------
    session
        Bound to an organization.
    subjects
        As of `models.records.occupancy.subject_key`.
    span
        The stretch of time.

    Returns
    -------
    By subject, in the order of their starts.
    """
    rows = (
        select(
            Occupancy.subject,
            Occupancy.start_minute,
            Occupancy.end_minute,
            Occupancy.appointment_id,
            Occupancy.units,
            Occupancy.expires_at,
        )
        .where(
            Occupancy.subject.in_(list(subjects)),
            Occupancy.start_minute < minute_of(span.end),
            Occupancy.end_minute > minute_of(span.start),
            Occupancy.expires_at.is_(None) | (Occupancy.expires_at > now()),
        )
        .order_by(Occupancy.start_minute, Occupancy.appointment_id)
    )
    found: dict[int, list[Taken]] = defaultdict(list)
    for subject, start, end, appointment, units, expires in session.execute(rows):
        found[subject].append(Taken(start, end, appointment, units, expires is not None))
    return found
