"""Notifications, the channels they take, the words they use, and who wants them when."""

from datetime import datetime
from typing import Annotated, Any

from fastapi import Query, Request, Response
from pydantic import BaseModel, Field, create_model
from sqlalchemy.orm import Session

from models.enums import NotificationStatus
from models.events import NotificationCreated
from models.records import (
    NotificationChannel,
    NotificationDelivery,
    NotificationPreference,
    NotificationTemplate,
    QuietHours,
    ScheduleNotification,
)
from models.records.fields import MAX_ID
from service import crud
from service.crud import Resource, Values
from service.dependencies import Transaction, allowed
from service.errors import Conflict
from service.etags import IfMatch, ensure_current
from service.idempotency import once
from service.lists import query_of
from service.notices import inbox, retrying
from service.notices.wording import forget_templates
from service.problems import responses
from service.routing import add_list, paged, router_of, single, typed
from service.schemas import page_of, schemas_of, shown


def _change(
    session: Session, resource: Resource[ScheduleNotification], notification: ScheduleNotification, values: Values
) -> None:
    """Change what has not left; what somebody has worded stays as it is worded."""
    if notification.status is not NotificationStatus.PENDING:
        raise Conflict(f"Notification {notification.id} is {notification.status} already. Make a new one.")
    if any(values.get(name, present) != present for name, present in _words(notification).items()):
        notification.is_worded = False
    if values.get("scheduled_at", notification.scheduled_at) != notification.scheduled_at:
        notification.due_at = None
    crud.update_plainly(session, resource, notification, values)


def _words(notification: ScheduleNotification) -> dict[str, str]:
    return {"subject": notification.subject, "message": notification.message}


def _word(
    session: Session, resource: Resource[NotificationTemplate], row: NotificationTemplate, values: Values
) -> None:
    crud.update_plainly(session, resource, row, values)
    forget_templates(session)


NOTIFICATIONS = Resource(ScheduleNotification, "notifications", "notification", NotificationCreated, update=_change)
LETTERS = Resource(NotificationDelivery, "notification-deliveries", "notification delivery")
CHANNELS = Resource(NotificationChannel, "notification-channels", "notification channel")
PREFERENCES = Resource(NotificationPreference, "notification-preferences", "notification preference")
WORDING = Resource(NotificationTemplate, "notification-templates", "notification template", update=_word)
QUIET = Resource(QuietHours, "quiet-hours", "quiet time")

router = router_of(NOTIFICATIONS)
deliveries = router_of(LETTERS, ("list", "read"))
channels = router_of(CHANNELS)
preferences = router_of(PREFERENCES)
wording = router_of(WORDING)
quiet = router_of(QUIET)
add_list(
    router,
    NOTIFICATIONS,
    "/pending/",
    lambda _session, _query: [ScheduleNotification.status == NotificationStatus.PENDING],
    "List pending notifications",
    without=frozenset({"status"}),
)

_READ_AT = Annotated[datetime | None, Field(description="When you have read it.")]
_InInbox = create_model("InboxNotification", __base__=schemas_of(ScheduleNotification).read, read_at=(_READ_AT, ...))
_Inbox = create_model(
    "Inbox", __base__=page_of(_InInbox), unread=(int, Field(description="How many you have not read."))
)
_inbox_query: Any = query_of(
    ScheduleNotification,
    frozenset({"status", "delivery_method"}),
    unread=(bool | None, Field(None, description="Only what you have not read, or only what you have.")),
)


class Marked(BaseModel):
    """How many notifications were marked as read."""

    marked: int


@router.get(
    "/inbox/",
    response_model=_Inbox,
    dependencies=[allowed("notifications", "read")],
    summary="List your inbox",
)
@typed(query=Annotated[_inbox_query, Query()])
def list_inbox(request: Request, session: Transaction, query: Any) -> dict[str, Any]:
    """List what you were told in the application."""
    page = crud.listed(session, ScheduleNotification, query, inbox.in_inbox(session, unread=query.unread))
    seen = inbox.read_at(session, page.records)
    results = [shown(session, record) | {"read_at": seen.get(record.id)} for record in page.records]
    unread = query.model_copy(update={"page_size": 1, "page": 1})
    count = crud.listed(session, ScheduleNotification, unread, inbox.in_inbox(session, unread=True)).count
    return paged(request, page.count, results, query) | {"unread": count}


@router.post(
    "/inbox/mark-read/",
    response_model=Marked,
    dependencies=[allowed("notifications", "read"), once],
    summary="Mark all of your inbox as read",
)
def mark_all_read(session: Transaction) -> dict[str, int]:
    """Mark everything that you were told in the application as read."""
    return {"marked": inbox.mark_read(session, None)}


@router.post(
    "/{id:int}/mark-read/",
    response_model=Marked,
    responses=responses("not_found"),
    dependencies=[allowed("notifications", "read"), once],
    summary="Mark a notification of your inbox as read",
)
def mark_read(session: Transaction, id: int) -> dict[str, int]:
    """Mark one thing that you were told in the application as read."""
    return {"marked": inbox.mark_read(session, min(id, MAX_ID))}


@router.post(
    "/{id:int}/send/",
    response_model=schemas_of(ScheduleNotification).read,
    responses=responses("not_found", "conflict", "stale"),
    dependencies=[allowed("notifications", "send"), once],
    summary="Send a notification",
)
def send(session: Transaction, response: Response, id: int, if_match: IfMatch = None) -> dict[str, Any]:
    """Send what waits now, or what has failed again: to those who have not got it yet."""
    notification = crud.find(session, NOTIFICATIONS, id, lock=True)
    ensure_current(notification, if_match)
    retrying.send_again(session, notification)
    return single(session, notification, response)
