"""Placements are written together: locked, checked, and taken over as far as they can stand."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlalchemy import delete, insert, select
from sqlalchemy.orm import Session

from models.enums import AppointmentStatus as Status
from models.plan import Violation
from models.records import Appointment, Occupancy
from models.records.occupancy import subject_key
from service.booking.changing import take_time_away
from service.booking.subjects import Take
from service.linking import load_links
from service.locks import globally_limited, lock_subjects
from service.runs.checking import Ledger, Wish, occupied, takes_of, unruly
from service.series.shared import note_series, series_values
from service.snapshot import Booking
from service.tenancy import caller_of

AT_A_TIME = 5000


def granted(
    session: Session, wishes: Mapping[int, Wish], moment: datetime
) -> tuple[dict[int, Wish], dict[int, list[Violation]]]:
    """Write all wishes that can be granted together; the others keep what they have, which may refuse more of them.

    Parameters
    ----------
    session
        Bound to a caller; the appointments are locked, and no subject yet.
    wishes
        By appointment.
    moment
        The present.

    Returns
    -------
    What was written, and what would be broken by the others.
    """
    if not wishes:
        return {}, {}
    limited = globally_limited(session)
    placed = {key: wish for key, wish in wishes.items() if wish.after is not None}
    takes = {key: takes_of(wish.after, limited) for key, wish in placed.items() if wish.after is not None}
    held = _held(session, list(wishes))
    subjects = {take.subject for some in takes.values() for take in some} | {
        each for some in held.values() for each in some
    }
    locked = lock_subjects(session, subjects)
    _drop_expired(session, sorted(subjects), moment)
    dropped = [key for key, wish in wishes.items() if wish.after is None]
    rows = _rows(session, list(wishes))
    for key in dropped:
        rows[key].status = Status.REQUESTED
        take_time_away(rows[key])
    session.flush()
    _replace_occupancies(session, dropped, {})
    span = _span(takes)
    refused: dict[int, list[Violation]] = {}
    while placed:
        ledger = Ledger.read(session, subjects, span, moment)
        for key in placed:
            ledger.free(held.get(key, ()), key)
        for key, wish in placed.items():
            assert wish.after is not None
            ledger.take(wish.after, takes[key])
        broken = occupied(placed, takes, ledger, locked) or unruly(session, placed, moment)
        if not broken:
            break
        refused |= broken
        placed = {key: wish for key, wish in placed.items() if key not in broken}
    for key, wish in placed.items():
        assert wish.after is not None
        _write(rows[key], wish.after)
    session.flush()
    _replace_occupancies(session, list(placed), takes)
    return {key: wish for key, wish in wishes.items() if key not in refused}, refused


def _span(takes: Mapping[int, Sequence[Take]]) -> tuple[int, int]:
    every = [take for some in takes.values() for take in some]
    return min((take.start for take in every), default=0), max((take.end for take in every), default=0)


def _drop_expired(session: Session, subjects: Sequence[int], moment: datetime) -> None:
    """Delete the holds of locked subjects that have expired."""
    for first in range(0, len(subjects), AT_A_TIME):
        some = Occupancy.subject.in_(subjects[first : first + AT_A_TIME])
        session.execute(
            delete(Occupancy).where(some, Occupancy.expires_at <= moment),
            execution_options={"synchronize_session": False},
        )


def _held(session: Session, keys: Sequence[int]) -> dict[int, list[int]]:
    """List the subjects that some appointments take so far."""
    held: dict[int, list[int]] = {}
    for first in range(0, len(keys), AT_A_TIME):
        some = Occupancy.appointment_id.in_(keys[first : first + AT_A_TIME])
        for key, subject in session.execute(select(Occupancy.appointment_id, Occupancy.subject).where(some)):
            held.setdefault(key, []).append(subject)
    return held


def _rows(session: Session, keys: Sequence[int]) -> dict[int, Appointment]:
    rows: dict[int, Appointment] = {}
    for first in range(0, len(keys), AT_A_TIME):
        statement = select(Appointment).where(Appointment.id.in_(keys[first : first + AT_A_TIME]))
        statement = statement.options(*load_links(Appointment)).execution_options(populate_existing=True)
        rows |= {row.id: row for row in session.scalars(statement)}
    return rows


def _write(row: Appointment, after: Booking) -> None:
    """Set the fields of a record as its booking says."""
    needs = row.requirements
    said = series_values(row) if row.original_start is not None else None
    whole = needs is None or not needs.crew
    row.whole_team = whole and after.team is not None and (row.whole_team or not row.user_links)
    row.held_until = None
    row.assign(
        {
            "start_datetime": after.start,
            "end_datetime": after.end,
            "duration_minutes": after.minutes,
            "status": after.status,
            "assigned_team_id": after.team,
            "assigned_user_ids": list(after.users),
            "required_resource_ids": [use.resource for use in after.uses],
        }
    )
    places = {seat.user: seat.position for seat in after.seats}
    for link in row.user_links:
        link.position = places[link.user_id]
    uses = {use.resource: use for use in after.uses}
    for thing in row.resource_links:
        use = uses[thing.resource_id]
        if (thing.demand, thing.units) != (use.demand, use.units):
            thing.demand, thing.units = use.demand, use.units
    if said is not None:
        note_series(row, said)


def _replace_occupancies(session: Session, keys: Sequence[int], takes: Mapping[int, Sequence[Take]]) -> None:
    for first in range(0, len(keys), AT_A_TIME):
        session.execute(
            delete(Occupancy).where(Occupancy.appointment_id.in_(keys[first : first + AT_A_TIME])),
            execution_options={"synchronize_session": False},
        )
    organization = caller_of(session).organization_id
    rows = [
        {
            "organization_id": organization,
            "appointment_id": key,
            "subject": subject_key(take.kind, take.id),
            "start_minute": take.start,
            "end_minute": take.end,
            "exclusive": take.exclusive,
            "units": take.units,
            "expires_at": None,
        }
        for key in keys
        for take in takes.get(key, ())
    ]
    if rows:
        session.execute(insert(Occupancy), rows)
