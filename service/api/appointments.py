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
from service.api.series import SeriesAnswer, clashing, scoped, told
from service.crud import Resource
from service.routing import add_list, router_of
from service.schemas import organization
from service.series import writing

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
    asks={"create": (overriding, clashing), "update": (overriding, scoped, clashing), "delete": (scoped,)},
    answers=SeriesAnswer,
    more=told,
)


def _upcoming(_session: Session, _query: Any) -> list[Any]:
    return [Appointment.status.in_(BUSY), Appointment.start_datetime >= now()]


def _overdue(_session: Session, _query: Any) -> list[Any]:
    return [Appointment.status.in_(BUSY - {AppointmentStatus.IN_PROGRESS}), Appointment.end_datetime < now()]


def _today(session: Session, _query: Any) -> list[Any]:
    zone = zone_of(organization(session).timezone)
    today = now().astimezone(zone).date()
    start, end = (instant(day_start(day, zone), zone) for day in (today, today + timedelta(days=1)))
    return [Appointment.start_datetime < end, Appointment.end_datetime > start]


router = router_of(APPOINTMENTS)
add_list(
    router,
    APPOINTMENTS,
    "/upcoming/",
    _upcoming,
    "List upcoming appointments",
    without=frozenset({"status"}),
)
add_list(router, APPOINTMENTS, "/overdue/", _overdue, "List overdue appointments", without=frozenset({"status"}))
add_list(router, APPOINTMENTS, "/today/", _today, "List today's appointments")
add_actions(router, APPOINTMENTS)
