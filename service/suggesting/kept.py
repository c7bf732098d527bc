"""The index of an organization, which follows what is written."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from datetime import datetime

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from models.appointments import Appointment
from models.enums import AppointmentStatus
from models.people import Resource, User
from models.records import Appointment as AppointmentRecord, AppointmentLink, Changed
from models.suggestion import SlotQuery, Suggestions
from service.changes import changes_since, seen_by
from service.snapshot import Booking
from service.snapshot.ids import APPOINTMENT, key_of
from service.snapshot.reading import bookings_of
from service.snapshot.subjects import Wanted, cast_of, needed_by, subjects_of
from service.snapshot.whole import whole_of
from service.snapshot.work import assignment_of
from service.suggesting.asking import movable
from service.suggesting.known import Known
from service.tenancy import caller_of
from solver.suggest import SuggestIndex


class Kept:
    """Everything that stands in an organization, ready to be asked for slots; by one thread at a time.

    Parameters
    ----------
    session
        That sees one moment of the database.
    start, end
        The horizon: nothing is found outside of it.
    now
        Before which nothing starts.
    """

    def __init__(self, session: Session, start: datetime, end: datetime, now: datetime) -> None:
        self._owner, self._seen = caller_of(session).organization_id, seen_by(session)
        (problem, plan), self._span, bookings, self._places = whole_of(session, start, end, free=movable, now=now)
        self.end, self.made, self.timezone = end, now, problem.timezone
        self._known = Known(problem, self._places)
        self._bookings = {booking.id: booking for booking in bookings}
        self._named = needed_by(bookings)  # what is named and nowhere to be found would not be found again
        self._index = SuggestIndex(problem, plan)
        self._now, self._holds = now, dict[int, datetime]()
        self._advanced = problem.now
        self._hold(session, bookings)

    @property
    def appointments_by_id(self) -> Mapping[str, Appointment]:
        """All that are known, for their titles."""
        return self._index.appointments_by_id

    # --- questions ------------------------------------------------------------
    def knows(self, session: Session, booking: Booking) -> bool:
        """Tell whether all that decides about slots for a booking is known.

        Parameters
        ----------
        session
            By which this was brought up to date.
        booking
            As it is asked for.

        Returns
        -------
        False if it stands farther away, or names or follows what is not known.
        """
        if booking.start is not None and booking.id not in self._bookings:
            return False
        if not _within(needed_by([booking]), self._known.subjects):
            return False
        others = set(booking.follows)
        if booking.id:
            others.update(key for pair in _links(session, [booking.id]) for key in pair)
        strangers = others - {booking.id} - self._bookings.keys()
        return not strangers or not bookings_of(session, strangers, self._now)

    def suggest(self, booking: Booking, query: SlotQuery) -> Suggestions:
        """Find slots for a booking that `knows` all about.

        Parameters
        ----------
        booking
            With its start, if it stands and may move from there.
        query
            With times inside the horizon.

        Returns
        -------
        The slots, the cheapest first.
        """
        index, key = self._index, key_of(APPOINTMENT, booking.id)
        item = self._known.asked(booking, self._bookings)
        if booking.id not in self._bookings:
            return index.suggest(item, query)
        before, stood = index.appointments_by_id[key], self._bookings[booking.id]
        index.place(item, None if booking.start is None else assignment_of(booking))
        try:
            return index.suggest(key, query)
        finally:
            index.place(before, None if stood.start is None else assignment_of(stood))

    # --- changes --------------------------------------------------------------
    def follow(self, session: Session, now: datetime) -> bool:
        """Bring this up to what a session sees, and to the time.

        Parameters
        ----------
        session
            That sees one moment of the database.
        now
            The present.

        Returns
        -------
        False if it has to be made anew: something has changed that all depends on.

        Raises
        ------
        InvalidDocument
            If a booking does not fit; it has to be made anew, too.
        """
        changes, seen = changes_since(session, self._owner, self._seen)
        changed = {kind: {key for each, key in changes if each is kind} for kind in Changed}
        if changed[Changed.EVERYTHING]:
            return False
        self._now = max(now, self._now)
        users, resources = changed[Changed.USER_AWAY], changed[Changed.RESOURCE_AWAY]
        if users or resources:
            self._leave(session, Wanted(frozenset(users), frozenset(), frozenset(resources)))
        over = {key for key, until in self._holds.items() if until <= self._now}
        appointments = changed[Changed.APPOINTMENT] | over
        if appointments and not self._update(session, appointments):
            return False
        self._seen = seen
        minute = self._now.replace(second=0, microsecond=0)
        if minute != self._advanced:
            self._index.advance(minute)
            self._advanced = minute
        return True

    def _leave(self, session: Session, wanted: Wanted) -> None:
        """Read when some users and resources are away."""
        cast = cast_of(session, subjects_of(session, wanted), self._span, self._places)
        subjects: tuple[User | Resource, ...] = (*cast.users, *cast.resources)
        for subject in subjects:
            if self._index.has(subject):
                self._index.leave(subject)

    def _update(self, session: Session, numbers: Collection[int]) -> bool:
        """Read some appointments and what they are or were linked with; False where they name somebody new."""
        links = _links(session, numbers)
        before = {key for number in numbers if number in self._bookings for key in self._bookings[number].follows}
        touched = {*numbers, *before, *(key for pair in links for key in pair)}
        known = {key for key in touched if key in self._bookings}
        if touched != {*numbers}:
            links = _links(session, touched)
        read = {booking.id: booking for booking in bookings_of(session, touched, self._now)}
        partners: dict[int, set[int]] = defaultdict(set)
        for one, other in links:
            partners[one].add(other)
            partners[other].add(one)

        def stands(key: int) -> bool:
            return self._stands(read.get(key) if key in touched else self._bookings.get(key))

        staying = [each for each in read.values() if stands(each.id) or any(map(stands, partners[each.id]))]
        gone = known.difference(each.id for each in staying)
        if not _within(needed_by(staying), self._known.subjects, self._named):
            return False
        if not _apart(needed_by(self._bookings[key] for key in known), self._known.retired):
            return False  # they may be needed no longer
        for key in touched:
            self._holds.pop(key, None)
        self._hold(session, staying)
        self._put(staying, gone)
        return True

    def _put(self, staying: Collection[Booking], gone: Collection[int]) -> None:
        """Let bookings stand where they do, and forget others."""
        self._bookings |= {booking.id: booking for booking in staying}
        for key in gone:
            del self._bookings[key]
        linked = []
        for booking in staying:
            item = self._known.standing(booking, self._bookings, free=self._stands(booking) and movable(booking))
            at = None if booking.start is None else assignment_of(booking)
            if item.after and not all(link.appointment in self.appointments_by_id for link in item.after):
                linked.append((item, at))
                item = item.model_copy(update={"after": ()})
            self._index.place(item, at)
        for item, at in linked:
            self._index.place(item, at)
        for key in gone:
            self._index.remove(key_of(APPOINTMENT, key))

    def _stands(self, booking: Booking | None) -> bool:
        """Whether a booking stands in the weeks that are known."""
        if booking is None or booking.start is None or booking.end is None:
            return False
        return booking.start < self._span.end and booking.end > self._span.start

    def _hold(self, session: Session, bookings: Iterable[Booking]) -> None:
        """Note until when some bookings are held, if they are."""
        held = [each.id for each in bookings if each.status is AppointmentStatus.REQUESTED and each.start is not None]
        if held:
            record = AppointmentRecord
            rows = session.execute(select(record.id, record.held_until).where(record.id.in_(held)))
            self._holds.update((key, until) for key, until in rows if until is not None)


def _links(session: Session, numbers: Collection[int]) -> list[tuple[int, int]]:
    """Read who follows whom among some appointments and others."""
    near, far = AppointmentLink.appointment_id, AppointmentLink.follows_id
    keys = sorted(numbers)
    rows = session.execute(select(near, far).where(or_(near.in_(keys), far.in_(keys))))
    return [(one, other) for one, other in rows]


def _within(wanted: Wanted, *known: Wanted) -> bool:
    """Whether somebody knows each of some subjects."""
    return all(part <= frozenset().union(*others) for part, *others in zip(wanted, *known, strict=True))


def _apart(wanted: Wanted, others: Wanted) -> bool:
    """Whether some subjects are none of others."""
    return all(part.isdisjoint(other) for part, other in zip(wanted, others, strict=True))
