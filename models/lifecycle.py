"""Which status of an appointment may follow which."""

from models.enums import AppointmentStatus as Status
from models.errors import IllegalTransition

BUSY = frozenset({Status.SCHEDULED, Status.CONFIRMED, Status.IN_PROGRESS, Status.RESCHEDULED})
FINAL = frozenset({Status.COMPLETED, Status.CANCELLED, Status.NO_SHOW})

_FROM_BOOKED = (
    Status.CONFIRMED,
    Status.RESCHEDULED,
    Status.IN_PROGRESS,
    Status.COMPLETED,
    Status.CANCELLED,
    Status.NO_SHOW,
    Status.REQUESTED,
)

TRANSITIONS: dict[Status, tuple[Status, ...]] = {
    Status.REQUESTED: (Status.SCHEDULED, Status.CANCELLED),
    Status.SCHEDULED: _FROM_BOOKED,
    Status.CONFIRMED: _FROM_BOOKED,
    Status.RESCHEDULED: _FROM_BOOKED,
    Status.IN_PROGRESS: (Status.COMPLETED, Status.CANCELLED),
    Status.COMPLETED: (),
    Status.CANCELLED: (),
    Status.NO_SHOW: (),
}


def next_statuses(status: Status) -> tuple[Status, ...]:
    """List what may follow a status.

    Parameters
    ----------
    status
        The present one.

    Returns
    -------
    The ones that may follow; none for a final one.
    """
    return TRANSITIONS[status]


def ensure_transition(current: Status, wanted: Status) -> None:
    """Let a change of status pass, or refuse it.

    A write that repeats the present status changes nothing and is no transition: do not ask for it here.

    Parameters
    ----------
    current, wanted
        The present status and the one asked for.

    Raises
    ------
    IllegalTransition
        With what may follow instead.
    """
    if wanted not in TRANSITIONS[current]:
        raise IllegalTransition(current, wanted, TRANSITIONS[current])
