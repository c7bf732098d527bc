"""The hard rules that a booking is held to beside its occupancy, judged by the arithmetic that judges plans."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy.orm import Session

from models.plan import Violation
from models.records import Appointment
from service.booking.clashes import Breach
from service.snapshot import violations_of

UNASKED = frozenset({"past"})
"""What binds plans alone: people also write down what has already been."""

SHARED = frozenset({"overlap", "capacity", "team"})
"""Rules that several appointments break together, of which occupancy has the last word: what is over takes nothing."""


def rule_breaches(
    session: Session, appointment: Appointment, stood: datetime | None, known: Sequence[Breach]
) -> list[Breach]:
    """Find the rules that a booking would break.

    Parameters
    ----------
    session
        Bound to a caller, with the subjects locked.
    appointment
        Flushed, as it would stand.
    stood
        Where it was booked before; None if it was not.
    known
        What occupancy has found, which is not told twice.

    Returns
    -------
    Breaches, of which each may be overridden.
    """
    told = {_about(each.violation) for each in known}
    return [
        Breach(violation)
        for violation in violations_of(session, appointment, stood=stood)
        if violation.rule not in UNASKED
        and not (violation.rule in SHARED and len(violation.appointments) > 1)
        and _about(violation) not in told
    ]


def _about(violation: Violation) -> tuple[str, tuple[str, ...], tuple[str, ...], tuple[str, ...]]:
    return violation.rule, violation.users, violation.teams, violation.resources
