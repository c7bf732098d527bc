"""The page of the organization: what it has decided for all, and what there is of everything."""

import json
from typing import Any

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session
from starlette.requests import Request

from models.enums import ConflictStatus, DeliveryStatus, RunState
from models.lifecycle import BUSY
from models.records import (
    Appointment,
    AuditEntry,
    Organization,
    Resource as Thing,
    Run,
    ScheduleConflict,
    ScheduleIntegration,
    ScheduleNotification,
    Team,
    User,
    WebhookDelivery,
)
from models.records.base import Owned, Record, now
from service.admin.forms import Document
from service.admin.kinds import Kind
from service.admin.pages import RecordView
from service.admin.rows import Row
from service.api.organizations import change
from service.crud import Resource
from service.schemas import organization, schemas_of

USAGE = "usage"
_ORGANIZATION: Resource[Any] = Resource(Organization, "organization", "organization")


class OrganizationView(RecordView):
    """The one organization of who asks: settings, weights, travel, retention, policies, and its usage."""

    def __init__(self) -> None:
        super().__init__(Kind(_ORGANIZATION, "fa-solid fa-building", offers=frozenset({"update"})))
        usage = Document(
            USAGE,
            label="Usage",
            read_only=True,
            exclude_from_list=True,
            exclude_from_create=True,
            exclude_from_edit=True,
            exclude_from_export=True,
            filters=[],
        )
        self.fields = [*self.fields, usage]
        self.menu_label = "Organization"

    def can_create(self, _request: Request) -> bool:
        """There is one."""
        return False

    def can_delete(self, _request: Request) -> bool:
        """It stays."""
        return False

    def chosen(self, session: Session) -> Select[Any]:
        """Select that of who asks: no other is to be seen."""
        return select(Organization).where(Organization.id == organization(session).id)

    def loaded(self, session: Session, statement: Select[Any]) -> list[Row]:
        """Read it, and count what it has."""
        rows = super().loaded(session, statement)
        for row in rows:
            row.values[USAGE] = _written(usage_of(session))
        return rows

    def change(self, session: Session, _key: int, values: dict[str, Any]) -> Record:
        """Change it as the API does."""
        record = organization(session)
        change(session, record, schemas_of(Organization).update.model_validate(values))
        return record


def usage_of(session: Session) -> dict[str, int]:
    """Count what an organization has, and what waits.

    Parameters
    ----------
    session
        Bound to it.

    Returns
    -------
    Numbers by what they count.
    """
    counted: dict[str, tuple[type[Owned], tuple[Any, ...]]] = {
        "active users": (User, (User.is_active,)),
        "active teams": (Team, (Team.is_active,)),
        "active resources": (Thing, (Thing.is_active,)),
        "appointments": (Appointment, ()),
        "appointments to come": (Appointment, (Appointment.status.in_(BUSY), Appointment.start_datetime >= now())),
        "open conflicts": (
            ScheduleConflict,
            (ScheduleConflict.status.in_((ConflictStatus.PENDING, ConflictStatus.ESCALATED)),),
        ),
        "runs at work": (Run, (Run.state.in_((RunState.QUEUED, RunState.RUNNING)),)),
        "notifications": (ScheduleNotification, ()),
        "active integrations": (ScheduleIntegration, (ScheduleIntegration.is_active,)),
        "webhooks on their way": (WebhookDelivery, (WebhookDelivery.status == DeliveryStatus.PENDING,)),
        "dead webhooks": (WebhookDelivery, (WebhookDelivery.status == DeliveryStatus.DEAD,)),
        "entries of the audit log": (AuditEntry, ()),
    }
    return {
        name: session.scalar(select(func.count(record.id)).where(*conditions)) or 0
        for name, (record, conditions) in counted.items()
    }


def _written(usage: dict[str, int]) -> str:
    return "\n".join(f"{name}: {json.dumps(count)}" for name, count in usage.items())
