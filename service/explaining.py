"""Why an appointment is where it is, or nowhere, told of records."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy.orm import Session

from models.plan import Violation
from models.records.base import now as present
from models.timegrid import day_start, instant, local_date, minute_of
from models.zones import zone_of
from service.schemas import organization
from service.snapshot import Booking, Snapshot, present_violations
from service.snapshot.ids import APPOINTMENT, key_of
from service.snapshot.surroundings import surroundings_of
from service.snapshot.telling import in_numbers

WEEK = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Explained:
    """What there is to say about an appointment.

    Parameters
    ----------
    state
        "placed", "left_out", or "broken" where it stands, but breaks rules.
    details
        An explanation of `models.explanation` with plain numbers as ids; empty for what is broken.
    violations
        What it breaks where it stands.
    """

    state: str
    details: dict[str, Any]
    violations: tuple[Violation, ...] = ()


def explained(session: Session, booking: Booking) -> Explained:
    """Explain an appointment by those who could serve it and what takes their time.

    Parameters
    ----------
    session
        Bound to the organization; it only reads.
    booking
        As it is stored; one without a start is looked for in its windows, or in the week to come.

    Returns
    -------
    The explanation.
    """
    from solver.explain import explain_assignment, explain_unassigned  # the engines take their time to import
    from solver.explain.standing import BrokenPlan

    key, moment = key_of(APPOINTMENT, booking.id), present()
    if booking.start is None:
        snapshot = surroundings_of(session, booking, *sought_in(booking, moment), moment)
        (found,) = explain_unassigned(*snapshot, [key])
        return Explained("left_out", _told(found.model_dump(mode="json"), snapshot))
    broken = present_violations(session, [booking])
    if broken:
        return Explained("broken", {}, broken)
    snapshot = surroundings_of(session, booking, *_week_of(session, booking.start), min(moment, booking.start))
    try:
        return Explained("placed", _told(explain_assignment(*snapshot, key).model_dump(mode="json"), snapshot))
    except BrokenPlan:
        return Explained("broken", {}, present_violations(session, [booking]))


def _told(document: dict[str, Any], snapshot: Snapshot) -> dict[str, Any]:
    for remedy in document.get("remedies", ()):
        remedy.pop("patch")  # of a file that nobody has
    told: dict[str, Any] = in_numbers(document, snapshot.problem)
    return told


def sought_in(booking: Booking, moment: datetime) -> tuple[datetime, datetime]:
    """Find where a place is looked for: in its windows that lie ahead, or in the week to come."""
    first = moment.replace(second=0, microsecond=0)
    windows = booking.requirements.windows if booking.requirements is not None else ()
    ahead = [window for window in windows if window.end > first]
    if not ahead:
        return first, first + WEEK
    start = max(first, min(window.start for window in ahead))
    return start, min(max(window.end for window in ahead), start + 8 * WEEK)


def _week_of(session: Session, start: datetime) -> tuple[datetime, datetime]:
    zone = zone_of(organization(session).timezone)
    day = local_date(minute_of(start), zone)
    monday = day - timedelta(days=day.weekday())
    return instant(day_start(monday, zone), zone), instant(day_start(monday + WEEK, zone), zone)
