"""Bookings that are refused, with what they would break, and who may override that."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from models.errors import Fault, RuleViolated, SlotTaken, TidyplanError
from models.plan import Violation
from models.records import Appointment, AuditEntry
from models.records.base import InvalidRecord
from service.booking.alternatives import nearest_slots
from service.booking.clashes import Breach
from service.callers import Caller
from service.conflicts import note_broken
from service.database import Database
from service.rights import ensure_may
from service.snapshot import Booking, booking_of
from service.snapshot.telling import document_of
from service.tenancy import caller_of

TOLD = 5
"""How many violations the text of a refusal tells; its members hold all."""

_OVERRIDE = "override"


@dataclass(frozen=True, slots=True)
class Override:
    """The wish to store a booking although it breaks rules.

    Parameters
    ----------
    reason
        Why; it goes to the audit log.
    """

    reason: str


@dataclass(frozen=True, slots=True)
class Wanted:
    """What was refused, as it would have stood.

    Parameters
    ----------
    booking
        With its start.
    stood
        Where it was booked before; None if it was not.
    caller
        Who asked.
    """

    booking: Booking
    stood: datetime | None
    caller: Caller


class _Refusal(TidyplanError):
    """What both refusals carry."""

    def __init__(self, breaches: Sequence[Breach], unstored: int | None, wanted: "Wanted | None" = None) -> None:
        self.wanted = wanted
        self.violations = [each.violation for each in breaches]
        shown = [shown_violation(each, unstored) for each in self.violations]
        self.members: dict[str, Any] = {
            "violations": shown,
            "can_be_overridden": not any(each.final for each in breaches),
            "alternatives": [],
        }
        more = f" And {len(shown) - TOLD} more." if len(shown) > TOLD else ""
        super().__init__(" ".join(each.message for each in self.violations[:TOLD]) + more)

    def look_around(self, database: Database) -> None:
        """Add the nearest possible slots, once the transaction that was refused is over."""
        if self.wanted is not None:
            with database.session(self.wanted.caller, writes=False) as session:
                self.members["alternatives"] = nearest_slots(session, self.wanted.booking, stood=self.wanted.stood)


class Taken(_Refusal, SlotTaken):
    """Somebody or something is already booked at that time."""


class Broken(_Refusal, RuleViolated):
    """It would break a rule."""


def shown_violation(violation: Violation, without: int | None = None) -> dict[str, Any]:
    """Write a violation as the API does: ids are numbers.

    Parameters
    ----------
    violation
        In the words of `check`.
    without
        The id of an appointment that was not stored and is not to be named.

    Returns
    -------
    Its fields.
    """
    shown = document_of(violation)
    shown["appointments"] = [key for key in shown["appointments"] if key != without]
    return shown


def refusal_of(breaches: Sequence[Breach], unstored: int | None = None, wanted: Wanted | None = None) -> TidyplanError:
    """Make the error that tells what a booking would break.

    Parameters
    ----------
    breaches
        At least one.
    unstored
        The id that a new appointment would have had.
    wanted
        What was refused, so that others can be found that are possible.

    Returns
    -------
    One of the two refusals.
    """
    taken = any(each.taken for each in breaches)
    return (Taken if taken else Broken)(breaches, unstored, wanted)


def ensure_allowed(
    session: Session,
    appointment: Appointment,
    breaches: Sequence[Breach],
    override: Override | None,
    *,
    new: bool,
    stood: datetime | None,
) -> None:
    """Let a booking pass that breaks nothing, or only what its caller may override.

    Parameters
    ----------
    session
        Bound to a caller.
    appointment, breaches
        What is booked, and what that breaks.
    override
        The wish to store it all the same.
    new
        Whether the appointment is not stored yet.
    stood
        Where it was booked before; None if it was not.

    Raises
    ------
    SlotTaken
        If somebody else has what it takes.
    RuleViolated
        If it breaks another rule.
    Forbidden
        If the caller may not override.
    """
    if not breaches:
        return
    caller = caller_of(session)
    if override is None or any(each.final for each in breaches):
        booking = booking_of(appointment)
        wanted = Wanted(replace(booking, id=0) if new else booking, stood, caller)
        raise refusal_of(breaches, appointment.id if new else None, wanted)
    ensure_may(caller, "appointments", "override")
    session.add(
        AuditEntry(
            actor=caller.user_id,
            actor_name=caller.name,
            action="overridden",
            record_type="appointment",
            record=appointment.id,
            after={"violations": [shown_violation(each.violation) for each in breaches]},
            reason=override.reason,
            request_id=caller.request_id,
        )
    )
    note_broken(session, [each.violation for each in breaches])


def ask_for_override(session: Session, override: bool, reason: str) -> None:
    """Note what a request says about overriding; whoever may not is refused at once.

    Raises
    ------
    Forbidden
        If the caller may not override.
    InvalidRecord
        If there is no reason.
    """
    if not override:
        return
    ensure_may(caller_of(session), "appointments", "override")
    if not reason.strip():
        raise InvalidRecord([Fault("reason", "nothing", "why rules are overridden", "It goes to the audit log.")])
    session.info[_OVERRIDE] = Override(reason.strip())


def wished_override(session: Session) -> Override | None:
    """Tell what the request of a session says about overriding."""
    wished = session.info.get(_OVERRIDE)
    return wished if isinstance(wished, Override) else None
