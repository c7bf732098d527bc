"""A series as it is stored: its first occurrence, which has the rule, and the others, which name the first."""

from dataclasses import dataclass
from datetime import UTC, datetime

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from models.records import Appointment
from models.timegrid import instant, minute_of
from models.zones import zone_of
from service.linking import load_links
from service.schemas import organization
from service.series.pattern import Pattern


@dataclass(slots=True)
class Series:
    """A series with all its occurrences.

    Parameters
    ----------
    head
        The first occurrence.
    rows
        All of them, in the order in which the series wants them.
    pattern
        When it wants them.
    """

    head: Appointment
    rows: list[Appointment]
    pattern: Pattern

    @property
    def excluded(self) -> list[int]:
        """Epoch minutes at which there is none on purpose."""
        return [minute_of(each) for each in self.head.excluded_starts]

    def exclude(self, starts: list[int]) -> None:
        """Have no occurrences at some starts, for good."""
        self.head.excluded_starts = tuple(moment_of(each) for each in sorted({*self.excluded, *starts}))


def is_in_series(appointment: Appointment) -> bool:
    """Tell whether an appointment is an occurrence of a series."""
    return appointment.parent_appointment_id is not None or appointment.recurrence_start is not None


def head_id(appointment: Appointment) -> int:
    """The id of the first occurrence of an appointment's series."""
    return appointment.parent_appointment_id or appointment.id


def load_series(session: Session, appointment: Appointment) -> Series:
    """Load and lock the series of an appointment.

    Parameters
    ----------
    session
        Bound to a caller.
    appointment
        One of its occurrences.

    Returns
    -------
    The series; its rows have their linking rows.
    """
    key = head_id(appointment)
    statement = (
        select(Appointment)
        .where(or_(Appointment.id == key, Appointment.parent_appointment_id == key))
        .order_by(Appointment.id)
        .options(*load_links(Appointment))
        .with_for_update(of=Appointment, key_share=True)
        .execution_options(populate_existing=True)
    )
    rows = sorted(session.scalars(statement), key=original_minute)
    head = next(row for row in rows if row.id == key)
    return Series(head, rows, pattern_of(session, head))


def reload(session: Session, appointment: Appointment) -> None:
    """Read an appointment and its linking rows anew, after a part of the transaction was taken back."""
    statement = select(Appointment).where(Appointment.id == appointment.id).options(*load_links(Appointment))
    session.scalars(statement.execution_options(populate_existing=True)).one()


def pattern_of(session: Session, head: Appointment) -> Pattern:
    """Read when the series of a first occurrence takes place."""
    zone = zone_of(head.recurrence_timezone or organization(session).timezone)
    start = head.recurrence_start or head.original_start or head.start_datetime
    assert start is not None, head.id
    assert head.recurrence_rule is not None, head.id
    return Pattern(head.recurrence_rule, minute_of(start), zone)


def write_pattern(head: Appointment, pattern: Pattern, excluded: list[int]) -> None:
    """Let an appointment be the first occurrence of a series."""
    head.parent_appointment_id = None
    head.is_recurring = True
    head.recurrence_rule = pattern.rule
    head.recurrence_start = moment_of(pattern.start)
    head.recurrence_timezone = pattern.zone.key
    head.excluded_starts = tuple(moment_of(minute) for minute in excluded)


def clear_pattern(appointment: Appointment) -> None:
    """Let an appointment have no rule any more."""
    appointment.recurrence_rule = appointment.recurrence_start = appointment.recurrence_timezone = None
    appointment.excluded_starts = ()


def original_minute(appointment: Appointment) -> int:
    """Where the series wants an occurrence, in epoch minutes."""
    assert appointment.original_start is not None, appointment.id
    return minute_of(appointment.original_start)


def moment_of(minute: int) -> datetime:
    """An epoch minute as an instant in UTC."""
    return instant(minute, zone_of("UTC")).astimezone(UTC)


def lead(session: Session, series: Series, rows: list[Appointment]) -> Appointment | None:
    """Let the first of some occurrences be the head of their series, when the present one leaves it.

    Parameters
    ----------
    session
        Bound to a caller.
    series
        Before.
    rows
        Those that remain, in order.

    Returns
    -------
    The head; None if nothing remains.
    """
    old = series.head
    if not rows or rows[0] is old:
        return rows[0] if rows else None
    write_pattern(rows[0], series.pattern, series.excluded)
    for row in rows[1:]:
        row.parent_appointment_id = rows[0].id
    if old in rows:
        old.parent_appointment_id = rows[0].id
    clear_pattern(old)
    session.flush()
    return rows[0]
