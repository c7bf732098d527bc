"""The records: what is stored. Importing this package makes `Base.metadata` complete."""

from models.records.absences import Absence
from models.records.accounts import ApiKey, RefreshSession
from models.records.analytics import ScheduleAnalytics
from models.records.appointments import Appointment, AppointmentResource, AppointmentUser
from models.records.audit import AuditEntry
from models.records.base import Base, Entity, Owned, Record
from models.records.calendars import CalendarFeed, CalendarObject, CalendarState
from models.records.changes import Changed, PlanChange
from models.records.conflicts import ScheduleConflict
from models.records.executors import Executor
from models.records.follows import AppointmentLink
from models.records.idempotency import IdempotencyKey
from models.records.integrations import ScheduleIntegration
from models.records.limits import RateLimit
from models.records.locations import Location
from models.records.notifications import (
    NotificationChannel,
    NotificationDelivery,
    NotificationPreference,
    NotificationTemplate,
    QuietHours,
    ScheduleNotification,
)
from models.records.occupancy import Occupancy
from models.records.organizations import Organization
from models.records.resolutions import OfferedWay
from models.records.resources import Resource
from models.records.rules import ScheduleRule
from models.records.runs import Run, RunDraft
from models.records.teams import Team, TeamMember
from models.records.templates import ScheduleTemplate
from models.records.users import Role, User
from models.records.webhooks import InboundMessage, WebhookDelivery

__all__ = [
    "Absence",
    "ApiKey",
    "Appointment",
    "AppointmentLink",
    "AppointmentResource",
    "AppointmentUser",
    "AuditEntry",
    "Base",
    "CalendarFeed",
    "CalendarObject",
    "CalendarState",
    "Changed",
    "Entity",
    "Executor",
    "IdempotencyKey",
    "InboundMessage",
    "Location",
    "NotificationChannel",
    "NotificationDelivery",
    "NotificationPreference",
    "NotificationTemplate",
    "Occupancy",
    "OfferedWay",
    "Organization",
    "Owned",
    "PlanChange",
    "QuietHours",
    "RateLimit",
    "Record",
    "RefreshSession",
    "Resource",
    "Role",
    "Run",
    "RunDraft",
    "ScheduleAnalytics",
    "ScheduleConflict",
    "ScheduleIntegration",
    "ScheduleNotification",
    "ScheduleRule",
    "ScheduleTemplate",
    "Team",
    "TeamMember",
    "User",
    "WebhookDelivery",
]
