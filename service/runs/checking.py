"""Whether placements of a draft can be booked together: by occupancy and by rules, before anything is written."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from models.enums import ConflictType, ImpactLevel, Priority
from models.lifecycle import BUSY
from models.plan import Violation
from models.records import Appointment, Occupancy
from models.records.occupancy import SubjectKind
from models.timegrid import minute_of
from service.booking.clashes import clashes_among
from service.booking.rules import SHARED
from service.booking.subjects import Take
from service.locks import Locked
from service.snapshot import Booking, Judged, neighbourhood_of
from service.snapshot.ids import APPOINTMENT, key_of, number_of
from service.snapshot.judging import PLANNED, UNMOVED, found
from service.snapshot.telling import told

_AT_A_TIME = 5000


@dataclass(frozen=True, slots=True)
class Wish:
    """An appointment that is to stand elsewhere.

    Parameters
    ----------
    before, after
        As it stands, and as it is to stand; None for nowhere.
    """

    before: Booking
    after: Booking | None

    @property
    def was_booked(self) -> bool:
        """Whether it was booked before."""
        return self.before.status in BUSY

    @property
    def moves(self) -> bool:
        """Whether its start differs."""
        return self.after is None or self.before.start != self.after.start


@dataclass(frozen=True, slots=True)
class Taken:
    """What an appointment takes of a subject, for those who ask about others."""

    start_minute: int
    end_minute: int
    exclusive: bool
    units: int | None
    appointment_id: int
    priority: Priority


@dataclass(slots=True)
class Ledger:
    """What others take, by subject.

    Parameters
    ----------
    entries
        By subject and appointment.
    """

    entries: dict[int, dict[int, Taken]] = field(default_factory=lambda: defaultdict(dict))

    @classmethod
    def read(cls, session: Session, subjects: Collection[int], span: tuple[int, int], now: datetime) -> "Ledger":
        """Read what is taken of some locked subjects in a stretch of time."""
        ledger, wanted = cls(), sorted(subjects)
        for first in range(0, len(wanted), _AT_A_TIME):
            rows = (
                select(
                    Occupancy.subject,
                    Occupancy.start_minute,
                    Occupancy.end_minute,
                    Occupancy.exclusive,
                    Occupancy.units,
                    Occupancy.appointment_id,
                    Appointment.priority,
                )
                .join(Appointment, Appointment.id == Occupancy.appointment_id)
                .where(
                    Occupancy.subject.in_(wanted[first : first + _AT_A_TIME]),
                    Occupancy.start_minute < span[1],
                    Occupancy.end_minute > span[0],
                    or_(Occupancy.expires_at.is_(None), Occupancy.expires_at > now),
                )
            )
            for subject, start, end, exclusive, units, key, priority in session.execute(rows):
                ledger.entries[subject][key] = Taken(start, end, exclusive, units, key, priority)
        return ledger

    def take(self, booking: Booking, takes: Iterable[Take]) -> None:
        """Note what a booking takes."""
        for take in takes:
            self.entries[take.subject][booking.id] = Taken(
                take.start, take.end, take.exclusive, take.units, booking.id, booking.priority
            )

    def free(self, subjects: Iterable[int], key: int) -> None:
        """Forget what an appointment takes."""
        for subject in subjects:
            self.entries[subject].pop(key, None)

    def beside(self, key: int, takes: Iterable[Take]) -> dict[int, list[Taken]]:
        """Find what others take at the same time."""
        return {
            take.subject: [
                each
                for each in self.entries[take.subject].values()
                if each.appointment_id != key and each.start_minute < take.end and each.end_minute > take.start
            ]
            for take in takes
            if take.kind is not SubjectKind.ORGANIZATION
        }


def takes_of(booking: Booking, limited: Iterable[int]) -> list[Take]:
    """List what a booking takes, buffers included: what `service.booking` makes of its record."""
    assert booking.start is not None
    assert booking.end is not None
    needs = booking.requirements
    start = minute_of(booking.start) - (0 if needs is None else needs.buffer_before_minutes)
    end = minute_of(booking.end) + (0 if needs is None else needs.buffer_after_minutes)
    takes = [Take(SubjectKind.USER, key, start, end, True, None) for key in booking.users]
    takes += [
        Take(SubjectKind.RESOURCE, use.resource, start, end, use.units is None, use.units) for use in booking.uses
    ]
    if booking.team is not None:
        takes.append(Take(SubjectKind.TEAM, booking.team, start, end))
    takes += [Take(SubjectKind.ORGANIZATION, key, start, end) for key in limited]
    return takes


def occupied(
    wishes: Mapping[int, Wish], takes: Mapping[int, Sequence[Take]], ledger: Ledger, locked: Locked
) -> dict[int, list[Violation]]:
    """Find the wishes that cannot have what they take, all others granted.

    Parameters
    ----------
    wishes
        By appointment, each with a place.
    takes
        What they take.
    ledger
        What stands without them, and what they take themselves.
    locked
        The rows of all subjects.

    Returns
    -------
    What would be broken, by appointment.
    """
    refused: dict[int, list[Violation]] = {}
    for key, wish in wishes.items():
        assert wish.after is not None
        gone = [take for take in takes[key] if (take.kind, take.id) not in locked.rows]
        breaches = clashes_among(wish.after, takes[key], locked, ledger.beside(key, takes[key]))
        if gone or breaches:
            refused[key] = [*(_gone(key, take) for take in gone), *(each.violation for each in breaches)]
    return refused


def _gone(key: int, take: Take) -> Violation:
    """Tell that somebody or something was deleted meanwhile."""
    return Violation(
        rule="crew" if take.kind is SubjectKind.USER else take.kind.name.lower(),
        conflict_type=ConflictType.TEAM_CONFLICT,
        impact_level=ImpactLevel.HIGH,
        appointments=(str(key),),
        message=f"There is no {take.kind.name.lower()} {take.id} any more.",
    )


def unruly(session: Session, wishes: Mapping[int, Wish], now: datetime) -> dict[int, list[Violation]]:
    """Find the wishes that would break a rule, all others granted.

    Parameters
    ----------
    session
        Bound to the organization, with the subjects locked.
    wishes
        By appointment, each with a place; they need not be written.
    now
        The present.

    Returns
    -------
    What would be broken, by appointment.
    """
    bookings = [wish.after for wish in wishes.values() if wish.after is not None]
    if not bookings:
        return {}
    snapshot = neighbourhood_of(session, bookings, Judged(fresh=True, now=now))
    refused: dict[int, list[Violation]] = defaultdict(list)
    keys = {key_of(APPOINTMENT, key) for key in wishes}
    for violation in found(snapshot, PLANNED):
        if violation.rule in SHARED and len(violation.appointments) > 1:
            continue  # occupancy has the last word on these
        for each in keys.intersection(violation.appointments):
            wish = wishes[number_of(each)]
            if violation.rule == "advance_booking" and wish.was_booked:
                continue
            if violation.rule in UNMOVED and not wish.moves:
                continue
            refused[wish.before.id].append(told(violation, snapshot.problem))
    return dict(refused)
