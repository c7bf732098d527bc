"""Who and what an appointment takes, from when to when, buffers included."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime

from models.errors import Fault
from models.fields import FIRST_YEAR, LAST_YEAR, MAX_DAYS
from models.records import Appointment
from models.records.base import InvalidRecord
from models.records.occupancy import SubjectKind, subject_key
from models.timegrid import DAY_MINUTES, minute_of

LONGEST_DAYS = MAX_DAYS - 20
"""The weeks around it must still fit into the horizon of a problem."""

_FIRST_MINUTE = minute_of(datetime(FIRST_YEAR + 1, 1, 1, tzinfo=UTC))
LAST_MINUTE = minute_of(datetime(LAST_YEAR, 1, 1, tzinfo=UTC))


@dataclass(frozen=True, slots=True)
class Take:
    """A subject that an appointment takes.

    Parameters
    ----------
    kind, id
        Of the subject.
    start, end
        Epoch minutes, half-open, buffers included.
    exclusive
        Whether nobody else may have it meanwhile: users, and resources that are taken whole.
    units
        How much of a resource is taken; None is the whole of it.
    """

    kind: SubjectKind
    id: int
    start: int
    end: int
    exclusive: bool = False
    units: int | None = 1

    @property
    def subject(self) -> int:
        """Kind and id in one number."""
        return subject_key(self.kind, self.id)


def busy_span(appointment: Appointment) -> tuple[int, int]:
    """Find the epoch minutes from which to which an appointment occupies its people, buffers included.

    Parameters
    ----------
    appointment
        With a time.

    Returns
    -------
    Start and end.
    """
    assert appointment.start_datetime is not None
    assert appointment.end_datetime is not None
    start, end = minute_of(appointment.start_datetime), minute_of(appointment.end_datetime)
    needs = appointment.requirements
    if needs is None:
        return start, end
    return start - needs.buffer_before_minutes, end + needs.buffer_after_minutes


def ensure_in_reach(appointment: Appointment) -> None:
    """Refuse a time so far away that its buffers leave the calendar, or so long that a problem cannot hold it.

    Raises
    ------
    InvalidRecord
        If it is.
    """
    if appointment.start_datetime is None or appointment.end_datetime is None:
        return
    start, end = busy_span(appointment)
    for name, minute in (("start_datetime", start), ("end_datetime", end)):
        if not _FIRST_MINUTE <= minute <= LAST_MINUTE:
            expected = f"a time that lies with its buffers in the years {FIRST_YEAR + 1} to {LAST_YEAR - 1}"
            found = str(getattr(appointment, name).isoformat())
            raise InvalidRecord([Fault(name, found, expected, "Nobody plans so far away.")])
    if end - start > LONGEST_DAYS * DAY_MINUTES:
        days = (end - start) // DAY_MINUTES
        expected = f"at most {LONGEST_DAYS} days, buffers included"
        raise InvalidRecord([Fault("duration_minutes", f"{days} days", expected, "Make several of it.")])


def takes_of(appointment: Appointment, limited: Iterable[int] = ()) -> list[Take]:
    """List what an appointment takes.

    Parameters
    ----------
    appointment
        With its time, users and resources.
    limited
        The organization, where a limit applies to all of it.

    Returns
    -------
    One entry for each subject.
    """
    start, end = busy_span(appointment)
    takes = [Take(SubjectKind.USER, key, start, end, True, None) for key in appointment.assigned_user_ids]
    takes += [
        Take(SubjectKind.RESOURCE, link.resource_id, start, end, link.units is None, link.units)
        for link in appointment.resource_links
    ]
    if appointment.assigned_team_id is not None:
        takes.append(Take(SubjectKind.TEAM, appointment.assigned_team_id, start, end))
    takes += [Take(SubjectKind.ORGANIZATION, key, start, end) for key in limited]
    return takes


def moment_of(minute: int) -> datetime:
    """Give the instant of an epoch minute, in UTC."""
    return datetime.fromtimestamp(minute * 60, UTC)
