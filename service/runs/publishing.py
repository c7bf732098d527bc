"""A draft becomes the plan: under the locks of bookings, all that can still stand at once, and a report of the rest."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from pydantic import BaseModel, ConfigDict, Field
from sqlalchemy import select
from sqlalchemy.orm import Session

from models.enums import AppointmentStatus as Status, ConflictStatus
from models.errors import Fault
from models.events import AppointmentUpdated, ConflictResolved, RunPublished
from models.records import Appointment, Run, RunDraft, ScheduleConflict
from models.records.base import InvalidRecord, now as present
from service.booking.refusals import shown_violation
from service.bus import emit
from service.conflicts.mirror import LEFT_OUT
from service.errors import Conflict
from service.runs.checking import Wish
from service.runs.comparing import kind_of, places_in
from service.runs.following import follow
from service.runs.granting import AT_A_TIME, granted
from service.runs.reading import digest
from service.snapshot import Booking
from service.snapshot.bookings import Seat, Use, in_order, uses_in_order
from service.snapshot.judging import note_clean
from service.snapshot.reading import bookings_where, linked_with

_MINUTE = timedelta(minutes=1)


class PublishOutcome(StrEnum):
    """What became of an appointment at publishing."""

    PUBLISHED = "published"
    UNCHANGED = "unchanged"
    CHANGED_MEANWHILE = "changed_meanwhile"
    GONE = "gone"
    REFUSED = "refused"


class Published(BaseModel):
    """What became of one appointment."""

    appointment: int
    outcome: PublishOutcome
    detail: str = ""
    violations: list[dict[str, Any]] = Field(default_factory=list)


class Publication(BaseModel):
    """What became of a draft, or of the chosen part of it; what is not published stays as it was."""

    model_config = ConfigDict(title="Publication")

    run: int
    published: int
    refused: int
    appointments: list[Published]


def publish(session: Session, run: Run, keys: Collection[int] | None = None) -> Publication:
    """Book what a run has planned.

    Parameters
    ----------
    session
        Bound to a caller; nothing is locked but the run.
    run
        Locked, with a plan.
    keys
        Which appointments; None for all that the plan changes.

    Returns
    -------
    What became of each: what was changed since the run read it stays as it is, and so does what can no longer be
    booked. All others are booked together.

    Raises
    ------
    Conflict
        If the run has no plan yet.
    InvalidRecord
        If an appointment is named that the run could not change.
    """
    draft = session.execute(
        select(RunDraft.plan, RunDraft.before, RunDraft.read_as).where(RunDraft.run_id == run.id)
    ).one_or_none()
    if draft is None or draft.plan is None or not run.is_over:
        raise Conflict(f"Run {run.id} is {run.state} and has no plan to publish. Wait for its end, or cancel it.")
    new, old = places_in(draft.plan), places_in(draft.before)
    _ensure_in(draft.read_as, keys)
    chosen = sorted(int(key) for key in draft.read_as) if keys is None else sorted(keys)
    changed = [key for key in chosen if kind_of(old.get(key), new.get(key)) is not None]
    changed = [key for key in changed if key in new or key in old]
    moment = present()
    lock_rows(session, changed)
    wishes, report = _wishes(session, changed, draft.read_as, new)
    wishes, refused = granted(session, wishes, moment)
    _close_left_out(session, wishes)
    report |= {key: Published(appointment=key, outcome=PublishOutcome.PUBLISHED) for key in wishes}
    for key, violations in refused.items():
        told = " ".join(dict.fromkeys(each.message for each in violations))
        shown = [shown_violation(each) for each in violations]
        report[key] = Published(appointment=key, outcome=PublishOutcome.REFUSED, detail=told, violations=shown)
    for key in chosen if keys is not None else ():
        report.setdefault(key, Published(appointment=key, outcome=PublishOutcome.UNCHANGED))
    if wishes or not changed:
        run.published_at = moment
    session.flush()
    note_clean(session, (key for key, wish in wishes.items() if wish.after is not None))
    follow(session, AppointmentUpdated, sorted(wishes))
    if wishes:
        emit(session, RunPublished(run.id))
    held_back = (PublishOutcome.REFUSED, PublishOutcome.CHANGED_MEANWHILE, PublishOutcome.GONE)
    return Publication(
        run=run.id,
        published=len(wishes),
        refused=sum(each.outcome in held_back for each in report.values()),
        appointments=[report[key] for key in sorted(report)],
    )


def _ensure_in(read_as: Mapping[str, str], keys: Collection[int] | None) -> None:
    faults = [
        Fault(f"appointment_ids[{i}]", str(key), "an appointment that the run could change", "See its diff.")
        for i, key in enumerate(keys or ())
        if str(key) not in read_as
    ]
    if faults:
        raise InvalidRecord(faults)


def lock_rows(session: Session, keys: Sequence[int]) -> None:
    """Lock appointments and what is linked with them, before any subject, in the order of their ids."""
    wanted = sorted({*keys, *linked_with(session, keys)} if keys else ())
    for first in range(0, len(wanted), AT_A_TIME):
        some = Appointment.id.in_(wanted[first : first + AT_A_TIME])
        session.execute(select(Appointment.id).where(some).order_by(Appointment.id).with_for_update(key_share=True))


def _wishes(
    session: Session, keys: Sequence[int], read_as: Mapping[str, str], new: Mapping[int, Mapping[str, Any]]
) -> tuple[dict[int, Wish], dict[int, Published]]:
    """Say what is to become of each appointment, if it is still as it was read."""
    wishes: dict[int, Wish] = {}
    report: dict[int, Published] = {}
    present_ones: dict[int, Booking] = {}
    for first in range(0, len(keys), AT_A_TIME):
        some = Appointment.id.in_(keys[first : first + AT_A_TIME])
        present_ones |= {booking.id: booking for booking in bookings_where(session, some)}
    for key in keys:
        booking = present_ones.get(key)
        if booking is None:
            detail = "It was deleted since the run read it."
            report[key] = Published(appointment=key, outcome=PublishOutcome.GONE, detail=detail)
            continue
        after = after_of(booking, new.get(key))
        if after is not None and digest(replace(after, status=booking.status)) == digest(booking):
            report[key] = Published(
                appointment=key, outcome=PublishOutcome.UNCHANGED, detail="It stands there already."
            )
        elif digest(booking) != read_as[str(key)]:
            detail = f"It was changed since the run read it, and is {booking.status}."
            report[key] = Published(appointment=key, outcome=PublishOutcome.CHANGED_MEANWHILE, detail=detail)
        else:
            wishes[key] = Wish(booking, after)
    return wishes, report


def after_of(booking: Booking, place: Mapping[str, Any] | None) -> Booking | None:
    """Put a booking where the plan has it."""
    if place is None:
        return None
    start = datetime.fromisoformat(place["start"])
    needs = booking.requirements
    positions = place["positions"] if needs is not None and needs.crew else {}
    asks = needs is not None and bool(needs.resources)
    status = booking.status
    if status is Status.REQUESTED:
        status = Status.SCHEDULED
    elif start != booking.start:
        status = Status.RESCHEDULED
    return replace(
        booking,
        start=start,
        minutes=(datetime.fromisoformat(place["end"]) - start) // _MINUTE,
        status=status,
        team=None if place["team"] is None else int(place["team"]),
        seats=in_order(Seat(int(key), positions.get(key)) for key in place["users"]),
        uses=uses_in_order(
            Use(int(use["resource"]), use["demand"] if asks else None, use["units"] if asks else None)
            for use in place["resources"]
        ),
    )


def _close_left_out(session: Session, wishes: Mapping[int, Wish]) -> None:
    """Resolve what said that there was no place for what has one now."""
    placed = {key for key, wish in wishes.items() if wish.after is not None}
    if not placed:
        return
    open_ones = select(ScheduleConflict).where(
        ScheduleConflict.rule == LEFT_OUT, ScheduleConflict.status != ConflictStatus.RESOLVED
    )
    closed = [conflict for conflict in session.scalars(open_ones) if conflict.primary_appointment_id in placed]
    for conflict in closed:
        conflict.status, conflict.resolved_at = ConflictStatus.RESOLVED, present()
        conflict.resolution_notes = "It has a place now."
    session.flush()
    follow(session, ConflictResolved, [conflict.id for conflict in closed])
