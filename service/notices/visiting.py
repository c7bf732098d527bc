"""What a client can do with a link: look at its appointment, and confirm, cancel or move it within the rules."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.enums import AppointmentStatus as Status
from models.errors import TidyplanError
from models.lifecycle import BUSY
from models.plan import Assignment
from models.records import Appointment, Role
from models.records.base import now
from models.suggestion import SlotQuery
from service.booking import acting
from service.booking.wishes import Cancellation, Move
from service.callers import Caller
from service.database import Database
from service.keyring import Keyring
from service.linking import load_links
from service.notices.links import Purpose, Visit, digest_of, read_slot, sign_slot
from service.notices.pages import Choice, Form, Page
from service.notices.wording import facts_of, wall
from service.schemas import organization
from service.series import writing
from service.series.cancellation import terms_of
from service.snapshot.ids import number_of, numbers_of
from service.suggesting import Found, found_alone, sought
from service.suggesting.keeping import Keeping

GONE = Page(
    "This link is over",
    410,
    note="The appointment has begun, or was given to somebody else. Please get in touch with us.",
)
_DONE = {
    Purpose.CONFIRM: "Your appointment is confirmed",
    Purpose.RESCHEDULE: "Your appointment has moved",
    Purpose.CANCEL: "Your appointment is cancelled",
}
_QUESTION = {
    Purpose.CONFIRM: "Do you confirm your appointment?",
    Purpose.RESCHEDULE: "Choose another time",
    Purpose.CANCEL: "Do you want to cancel your appointment?",
}
_AHEAD, _OFFERED, _PER_DAY = timedelta(days=14), 8, 3


def caller_of(visit: Visit) -> Caller:
    """Act as the client: a link gives no rights but to do what it is for, within the rules."""
    return Caller(visit.organization, None, "the client", Role.VIEWER)


def show(
    database: Database, keeping: Keeping, keyring: Keyring, visit: Visit, note: str = "", status: int = 200
) -> Page:
    """Show the appointment, and ask what the link is for.

    Parameters
    ----------
    database, keeping, keyring
        Of the service.
    visit
        What the link says.
    note, status
        What went wrong before, if it did.

    Returns
    -------
    The page.
    """
    with database.session(caller_of(visit), writes=False) as session:
        appointment = _find(session, visit)
        if appointment is None:
            return GONE
        facts = _facts(session, appointment)
        if (over := _over(visit, appointment)) is not None:
            return Page(over, facts=facts)
        if visit.purpose is Purpose.CANCEL:
            terms = terms_of(session, appointment)
            if not terms.allowed:
                late = "It is too late to cancel here. Please get in touch with us."
                return Page("It cannot be cancelled any more", facts=facts, note=late)
            if terms.fee is not None:
                note = note or f"To cancel now costs {terms.fee} {appointment.currency}."
            return Page(_QUESTION[visit.purpose], status, facts, note, Form("Cancel the appointment", ends=True))
        if visit.purpose is Purpose.CONFIRM:
            return Page(_QUESTION[visit.purpose], status, facts, note, Form("Confirm"))
        zone = organization(session).timezone
    found = _slots(database, keeping, visit)
    choices = [Choice(sign_slot(keyring, visit.appointment, _place(each)), wall(each.start, zone)) for each in found]
    if not choices:
        nothing = "There is no other time in the next two weeks. Please get in touch with us."
        return Page("No other time is free", status, facts, note or nothing)
    return Page(_QUESTION[visit.purpose], status, facts, note, Form("Move to this time", False, "Free times", choices))


def act(session: Session, keyring: Keyring, visit: Visit, slot: str) -> Page | str:
    """Do what the link is for.

    Parameters
    ----------
    session
        A writing one of `caller_of`; who opened it commits it.
    keyring
        Of the service.
    visit
        What the link says.
    slot
        What was chosen, if it is for moving.

    Returns
    -------
    The page that says that it is done, or why it is not.

    Raises
    ------
    TidyplanError
        If a rule or another booking stands in the way.
    """
    appointment = _find(session, visit, lock=True)
    if appointment is None:
        return GONE
    if (over := _over(visit, appointment)) is not None:
        return Page(over, facts=_facts(session, appointment))
    if visit.purpose is Purpose.CONFIRM:
        acting.confirm(session, appointment)
    elif visit.purpose is Purpose.CANCEL:
        wish = Cancellation(reason="The client cancelled.")
        writing.cancel(session, appointment, lambda each: acting.cancel(session, each, wish))
    else:
        place = read_slot(keyring, slot, visit.appointment)
        if place is None:
            return "These times were offered too long ago. Here are those that are free now."
        present = {
            "assigned_team": appointment.assigned_team_id,
            "assigned_users": sorted(appointment.assigned_user_ids),
            "required_resources": sorted(appointment.required_resource_ids),
        }
        changes = {name: value for name, value in place.items() if name not in present or value != present[name]}
        move = Move(**changes, reason="The client chose another time.")
        values = acting.values_of(move)
        writing.reschedule(
            session, appointment, values, move.reason, lambda each: acting.reschedule(session, each, move)
        )
    return Page(_DONE[visit.purpose], facts=_facts(session, appointment))


def sorry(error: TidyplanError) -> str:
    """Say to a client that something did not work: what exactly is nobody else's business."""
    assert isinstance(error, TidyplanError)
    return "That is not possible any more. Please choose again, or get in touch with us."


def _find(session: Session, visit: Visit, *, lock: bool = False) -> Appointment | None:
    """Load the appointment of a link, unless it has begun, or another client has it by now."""
    statement = select(Appointment).where(Appointment.id == visit.appointment).options(*load_links(Appointment))
    if lock:
        statement = statement.with_for_update(of=Appointment, key_share=True)
    found = session.scalars(statement).one_or_none()
    if found is None or found.start_datetime is None or digest_of(found.client_email) != visit.client:
        return None
    return found if found.start_datetime > now() else None


def _over(visit: Visit, appointment: Appointment) -> str | None:
    """What there is to say if there is nothing to do."""
    if appointment.status is Status.CANCELLED:
        return _DONE[Purpose.CANCEL]
    if appointment.status not in BUSY or appointment.status is Status.IN_PROGRESS:
        return "There is nothing to decide about this appointment"
    if visit.purpose is Purpose.CONFIRM and appointment.status is Status.CONFIRMED:
        return _DONE[Purpose.CONFIRM]
    return None


def _facts(session: Session, appointment: Appointment) -> Sequence[tuple[str, str]]:
    known = facts_of(session, appointment)
    return (
        ("With", organization(session).name),
        ("What", known["title"]),
        ("When", f"{known['when']} ({known['timezone']})"),
        ("Where", known["place"]),
        ("Meeting", known["meeting_url"]),
        ("Who", known["crew"]),
    )


def _slots(database: Database, keeping: Keeping, visit: Visit) -> Sequence[Assignment]:
    """Find times to which the appointment can move; it stays where it is meanwhile, and nobody waits."""
    query = SlotQuery.model_construct(
        limit=_OFFERED,
        from_=None,
        until=now().replace(second=0, microsecond=0) + _AHEAD,
        time_zone=None,
        spread_minutes=60,
        per_day=_PER_DAY,
        with_moves=0,
    )
    with database.moment(caller_of(visit)) as session:
        booking = sought(session, visit.appointment)
        answer = keeping.find(session, booking, query)
    found = answer if isinstance(answer, Found) else found_alone(answer, booking, query)
    slots = (each for each in found.suggestions.suggestions if each.start != booking.start)
    return sorted(slots, key=lambda each: each.start)


def _place(slot: Assignment) -> dict[str, Any]:
    return {
        "start_datetime": slot.start.isoformat(),
        "assigned_team": None if slot.team is None else number_of(slot.team),
        "assigned_users": sorted(numbers_of(slot.users)),
        "required_resources": sorted(number_of(use.resource) for use in slot.resources),
    }
