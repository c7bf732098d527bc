"""Appointments."""

from datetime import timedelta
from typing import Any

from sqlalchemy.orm import Session

from models.enums import AppointmentStatus
from models.events import AppointmentCreated, AppointmentDeleted, AppointmentUpdated
from models.lifecycle import BUSY
from models.records import Appointment
from models.records.base import now
from models.timegrid import day_start, instant
from models.zones import zone_of
from service.api.appointment_actions import add_actions, overriding
from service.api.appointment_checks import add_checks
from service.api.appointment_slots import add_slots
from service.api.appointment_terms import add_terms
from service.api.appointment_ways import add_ways
from service.api.series import SeriesAnswer, clashing, scoped, told
from service.crud import Resource
from service.routing import add_list, router_of
from service.schemas import organization
from service.series import writing
from service.snapshot.reading import lying_in
from service.snapshot.weeks import Span

APPOINTMENTS = Resource(
    Appointment,
    "appointments",
    "appointment",
    AppointmentUpdated,
    created=AppointmentCreated,
    deleted=AppointmentDeleted,
    create=writing.create,
    update=writing.update,
    delete=writing.remove,
    problems=("slot_taken", "rule_violated"),
    asks={"create": (overriding, clashing), "update": (overriding, scoped, clashing), "delete": (scoped,)},
    answers=SeriesAnswer,
    more=told,
)


def upcoming(_session: Session, _query: Any) -> list[Any]:
    """Say what is booked and has not begun."""
    return [Appointment.status.in_(BUSY), Appointment.start_datetime >= now()]


def overdue(_session: Session, _query: Any) -> list[Any]:
    """Say what should be over, and was not noted as done."""
    return [Appointment.status.in_(BUSY - {AppointmentStatus.IN_PROGRESS}), Appointment.end_datetime < now()]


def today(session: Session, _query: Any) -> list[Any]:
    """Say what touches the organization's present day."""
    zone = zone_of(organization(session).timezone)
    date = now().astimezone(zone).date()
    start, end = (instant(day_start(day, zone), zone) for day in (date, date + timedelta(days=1)))
    return [lying_in(Span(start, end))]


router = router_of(APPOINTMENTS)
add_list(
    router,
    APPOINTMENTS,
    "/upcoming/",
    upcoming,
    "List upcoming appointments",
    without=frozenset({"status"}),
)
add_list(router, APPOINTMENTS, "/overdue/", overdue, "List overdue appointments", without=frozenset({"status"}))
add_list(router, APPOINTMENTS, "/today/", today, "List today's appointments")
add_actions(router, APPOINTMENTS)
add_checks(router, APPOINTMENTS)
add_terms(router, APPOINTMENTS)
add_slots(router)
add_ways(router, APPOINTMENTS)
