"""A way is applied whole or not at all: under the locks of bookings, checked once more, and audited with its reason."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.enums import AppointmentStatus as Status
from models.events import AppointmentUpdated
from models.lifecycle import ensure_transition
from models.records import Appointment
from models.records.base import now
from models.records.requirements import Requirements
from service import crud
from service.auditing import because
from service.booking import change
from service.bus import emit
from service.conflicts.ways.keeping import kept
from service.conflicts.ways.options import Way, WayChange, WayKind, WayPlace
from service.conflicts.ways.outdated import Outdated, ensure_current
from service.errors import Conflict
from service.linking import load_links
from service.rights import ensure_may
from service.runs.checking import Wish
from service.runs.granting import granted
from service.runs.publishing import after_of, lock_rows
from service.snapshot import Booking
from service.snapshot.judging import note_clean
from service.snapshot.reading import bookings_of
from service.tenancy import caller_of

RIGHTS: Mapping[WayKind, tuple[str, str]] = {
    WayKind.LIFT_ABSENCE: ("absences", "update"),
    WayKind.UNSCHEDULE: ("appointments", "unschedule"),
    WayKind.ACCEPT: ("appointments", "override"),
}
"""What a caller must be allowed besides; all others change appointments."""


def offered(session: Session, subject: str, option: str) -> tuple[Way, Mapping[str, Any]]:
    """Find a way that was offered, and what it was tried on.

    Raises
    ------
    Conflict
        If there is none, or not any more.
    """
    row = kept(session, subject, option)
    if row is None:
        raise Conflict(f"There is no option {option} of {subject}, or not any more. Ask suggest-resolutions/ for them.")
    return Way.model_validate(row.way), row.read_as


def apply(session: Session, subject: str, way: Way, read: Mapping[str, Any]) -> None:
    """Make all changes of a way.

    Parameters
    ----------
    session
        Bound to a caller; nothing is locked yet.
    subject
        What it is a way out of, for the audit log.
    way, read
        As it was offered.

    Raises
    ------
    Outdated
        If what it was tried on has changed, or others now have what it takes: nothing may be kept then.
    Forbidden
        If the caller may not do all of it.
    """
    ensure_may(caller_of(session), *RIGHTS.get(way.kind, ("appointments", "update")))
    lock_rows(session, sorted({*(each.appointment for each in way.changes), *map(int, read["appointments"])}))
    ensure_current(session, read)
    because(session, f"{subject}: {way.summary}")
    for absence in way.absences:
        ensure_may(caller_of(session), "absences", "update")
        _cut(session, absence.absence, [(span.start, span.end) for span in absence.after])
    if way.requirements is not None:
        _ask_otherwise(session, way.changes[0].appointment, way.requirements)
    rearrange(session, way.changes)


def rearrange(session: Session, changes: Sequence[WayChange]) -> None:
    """Let appointments stand elsewhere, all together.

    Parameters
    ----------
    session
        Bound to a caller; the appointments are locked, and no subject before them.
    changes
        Where each goes.

    Raises
    ------
    Outdated
        If one of them cannot be there.
    """
    if not changes:
        return
    bookings = {each.id: each for each in bookings_of(session, [each.appointment for each in changes])}
    wishes: dict[int, Wish] = {}
    for each in changes:
        booking = bookings[each.appointment]
        _ensure_movable(booking, each)
        after = None if each.after is None else after_of(booking, _document(each.after))
        wishes[each.appointment] = Wish(booking, after)
    done, refused = granted(session, wishes, now())
    if refused:
        violations = list({each.message: each for some in refused.values() for each in some}.values())
        raise Outdated(" ".join(each.message for each in violations), violations=violations)
    session.flush()
    note_clean(session, (key for key, wish in done.items() if wish.after is not None))
    for key in sorted(done):
        emit(session, AppointmentUpdated(key))


def _ensure_movable(booking: Booking, wanted: WayChange) -> None:
    """Refuse what is over, under way or pinned."""
    if booking.pinned:
        raise Conflict(f"Appointment {booking.id} is pinned: it stays where it is. Unpin it first.")
    if wanted.after is None:
        ensure_transition(booking.status, Status.REQUESTED)
    elif booking.status is Status.REQUESTED:
        ensure_transition(booking.status, Status.SCHEDULED)
    else:
        ensure_transition(booking.status, Status.RESCHEDULED)


def _document(place: WayPlace) -> dict[str, Any]:
    """Write a place as a draft of a run has it."""
    return {
        "start": place.start.isoformat(),
        "end": place.end.isoformat(),
        "team": place.team,
        "users": [str(key) for key in place.users],
        "positions": {str(key): position for key, position in place.positions.items()},
        "resources": [use.model_dump() for use in place.resources],
    }


def _cut(session: Session, key: int, spans: Sequence[tuple[Any, Any]]) -> None:
    """Let an absence stay for some spans alone."""
    from service.api.absences import ABSENCES

    absence = crud.find(session, ABSENCES, key, lock=True)
    if not spans:
        crud.delete(session, ABSENCES, absence)
        return
    whose = {"user": absence.user_id, "resource": absence.resource_id, "kind": absence.kind}
    told = {"reason": absence.reason, "notes": absence.notes}
    for start, end in spans[1:]:
        crud.create(session, ABSENCES, {**whose, **told, "start": start, "end": end})
    crud.update(session, ABSENCES, absence, {"start": spans[0][0], "end": spans[0][1]})


def _ask_otherwise(session: Session, key: int, requirements: Mapping[str, Any]) -> None:
    """Let a request ask for something else."""
    chosen = select(Appointment).where(Appointment.id == key).options(*load_links(Appointment))
    row = session.scalars(chosen, execution_options={"populate_existing": True}).one()
    change(session, row, {"requirements": Requirements.model_validate(dict(requirements))})
