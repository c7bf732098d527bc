"""Periods that are no longer whole: some of their appointments are in an archive."""

from sqlalchemy.orm import Session

from service.analytics.periods import Period
from service.errors import Conflict
from service.schemas import organization


def ensure_whole(session: Session, period: Period) -> None:
    """Refuse to compute a period of which appointments are in an archive.

    Raises
    ------
    Conflict
        If there are.
    """
    until = organization(session).archived_before
    if until is not None and period.first < until:
        raise Conflict(
            f"Appointments before {until} are archived: figures from {period.first} on would be too small."
            " Use the record that is there, or ask for a later period."
        )


def is_whole(session: Session, period: Period) -> bool:
    """Whether nothing of a period is in an archive."""
    until = organization(session).archived_before
    return until is None or period.first >= until
