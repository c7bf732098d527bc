"""Whom, what and where an index knows, and how bookings are put to it."""

from collections.abc import Container

from models.appointments import Appointment
from models.problem import Problem
from models.suggestion import Coordinates, SlotRequest
from models.travel import TravelMatrix
from service.snapshot import Booking
from service.snapshot.ids import number_of, numbers_of
from service.snapshot.people import NEVER
from service.snapshot.places import Places
from service.snapshot.subjects import Cast, Wanted
from service.snapshot.surroundings import known_only
from service.snapshot.work import appointment_of, closed_appointment


class Known:
    """The subjects and places of a problem.

    Parameters
    ----------
    problem, places
        As they were read.

    Attributes
    ----------
    subjects
        Users, teams and resources.
    retired
        Users and resources that are never there, and only known because something stands with them.
    """

    def __init__(self, problem: Problem, places: Places) -> None:
        self._cast, self._places = Cast(problem.users, problem.teams, problem.resources), places
        self.subjects = Wanted(*(frozenset(numbers_of(each.id for each in kind)) for kind in self._cast))
        never = (
            frozenset(numbers_of(each.id for each in kind if each.availability == NEVER))
            for kind in (problem.users, problem.resources)
        )
        users, resources = never
        self.retired = Wanted(users, frozenset(), resources)

    def asked(self, booking: Booking, known: Container[int]) -> Appointment:
        """Read a booking for which slots are sought.

        Parameters
        ----------
        booking
            It may move from where it stands, if it does.
        known
            Numbers of appointments that it may follow; what it follows beside them binds nothing.

        Returns
        -------
        The appointment.
        """
        return self._bound(appointment_of(booking, self._places, stands=booking.start is not None), booking, known)

    def standing(self, booking: Booking, known: Container[int], *, free: bool) -> Appointment:
        """Read a booking beside which slots are sought; one that stands nowhere is only followed.

        Parameters
        ----------
        booking, known
            As for `asked`.
        free
            Whether it may make way.

        Returns
        -------
        The appointment.
        """
        if booking.start is None:
            return self._bound(closed_appointment(booking, self._places), booking, known)
        return self._bound(appointment_of(booking, self._places, pinned=not free, stands=True), booking, known)

    def _bound(self, item: Appointment, booking: Booking, known: Container[int]) -> Appointment:
        """Let an appointment name only what is known, and say where its place is, which may be new."""
        item = known_only(item, self._cast)
        after = tuple(link for link in item.after if number_of(link.appointment) in known)
        if len(after) < len(item.after):
            item = item.model_copy(update={"after": after})
        if item.location is None or isinstance(self._places.travel, TravelMatrix):
            return item
        assert booking.latitude is not None
        assert booking.longitude is not None
        there = Coordinates(latitude=booking.latitude, longitude=booking.longitude)
        fields = {name: getattr(item, name) for name in Appointment.model_fields}
        return SlotRequest.model_construct(**fields, coordinates=there)
