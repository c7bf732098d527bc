"""The calendar part of a mail to a client: an event that replaces or cancels the one that was sent before."""

from dataclasses import dataclass
from datetime import datetime

import icalendar

from models.enums import NotificationType as Kind
from models.records import Appointment
from models.records.base import now
from service.calendars.writing import PRODUCT, uid_of

CANCEL, REQUEST = "CANCEL", "REQUEST"


@dataclass(frozen=True, slots=True)
class Invitation:
    """What a calendar is told of an appointment.

    Parameters
    ----------
    method
        REQUEST or CANCEL.
    uid
        The same for the life of the appointment.
    sequence
        Rises with every change of it.
    start, end
        In UTC.
    title, place, description
        In words.
    client, client_name
        Who is invited.
    organizer_name
        Who invites; the address is that of the sender.
    """

    method: str
    uid: str
    sequence: int
    start: datetime
    end: datetime
    title: str
    place: str
    description: str
    client: str
    client_name: str
    organizer_name: str

    def content(self, sender: str) -> bytes:
        """Write it as iCalendar, sent by an address."""
        event = icalendar.Event()
        event.add("UID", self.uid)
        event.add("SEQUENCE", self.sequence)
        event.add("DTSTAMP", now())
        event.add("DTSTART", self.start)
        event.add("DTEND", self.end)
        event.add("SUMMARY", self.title)
        if self.place:
            event.add("LOCATION", self.place)
        if self.description:
            event.add("DESCRIPTION", self.description)
        event.add("STATUS", "CANCELLED" if self.method == CANCEL else "CONFIRMED")
        event.add("ORGANIZER", _person(sender, self.organizer_name))
        client = _person(self.client, self.client_name)
        client.params["ROLE"] = icalendar.vText("REQ-PARTICIPANT")
        # The links in the mail are how a client answers: nobody reads the answers of calendars.
        client.params["RSVP"] = icalendar.vText("FALSE")
        event.add("ATTENDEE", client)
        calendar = icalendar.Calendar()
        calendar.add("PRODID", PRODUCT)
        calendar.add("VERSION", "2.0")
        calendar.add("METHOD", self.method)
        calendar.add_component(event)
        content: bytes = calendar.to_ical()
        return content


def invitation_to(appointment: Appointment, kind: Kind, description: str, organizer: str) -> Invitation | None:
    """Say what the calendar of a client is told; None if the appointment has no time or no client's address.

    Parameters
    ----------
    appointment
        As it is now.
    kind
        What the client is told.
    description
        In words, without links: calendars are shared.
    organizer
        The name of the organization.

    Returns
    -------
    The invitation.
    """
    start, end, client = appointment.start_datetime, appointment.end_datetime, appointment.client_email
    if start is None or end is None or client is None:
        return None
    return Invitation(
        CANCEL if kind is Kind.APPOINTMENT_CANCELLED else REQUEST,
        uid_of(appointment),
        appointment.version,
        start,
        end,
        appointment.title,
        appointment.location or (appointment.meeting_url if appointment.is_virtual else ""),
        description,
        client,
        appointment.client_name,
        organizer,
    )


def _person(address: str, name: str) -> icalendar.vCalAddress:
    person = icalendar.vCalAddress(f"mailto:{address}")
    if name:
        # Parameters are quoted, and a quote cannot stand inside.
        person.params["CN"] = icalendar.vText(name.replace('"', "'"))
    return person
