"""What is done with many records at once: by the functions that the API calls, one after the other."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from models.enums import ConflictStatus
from models.errors import TidyplanError
from models.records import Appointment, ScheduleConflict, ScheduleNotification, WebhookDelivery
from service import crud
from service.admin.failing import told
from service.booking import acting
from service.booking.wishes import Cancellation
from service.crud import Resource
from service.notices import retrying
from service.webhooks.replaying import replay

Work = Callable[[Session, Resource[Any], Any, str], None]


@dataclass(frozen=True, slots=True)
class Bulk:
    """An action on chosen rows of a list.

    Parameters
    ----------
    name
        As in the table of rights.
    text
        On its button.
    done
        What has become of a record, such as "confirmed".
    question
        What is asked besides; nothing if empty.
    work
        Does it to one record, given the answer.
    """

    name: str
    text: str
    done: str
    question: str
    work: Work


def each(
    session: Session, resource: Resource[Any], keys: Iterable[int], bulk: Bulk, answer: str
) -> tuple[int, list[str]]:
    """Do it to every record by itself: one that refuses holds nothing up.

    Parameters
    ----------
    session
        A writing session.
    resource, keys
        What, by id.
    bulk, answer
        What is done.

    Returns
    -------
    How often it was done, and why it was not.
    """
    done, refused = 0, []
    for key in keys:
        try:
            with session.begin_nested():
                bulk.work(session, resource, crud.find(session, resource, key, lock=True), answer)
        except (TidyplanError, DBAPIError) as error:
            refused.append(f"{resource.noun} {key}: {told(error)}")
        else:
            done += 1
    return done, refused


def _confirm(session: Session, _resource: Resource[Any], appointment: Appointment, _answer: str) -> None:
    acting.confirm(session, appointment)


def _cancel(session: Session, _resource: Resource[Any], appointment: Appointment, answer: str) -> None:
    acting.cancel(session, appointment, Cancellation(reason=answer))


def _resolve(session: Session, resource: Resource[Any], conflict: ScheduleConflict, answer: str) -> None:
    notes = "\n".join(text for text in (conflict.resolution_notes, answer) if text)
    crud.update(session, resource, conflict, {"status": ConflictStatus.RESOLVED, "resolution_notes": notes})


def _replay(session: Session, _resource: Resource[Any], delivery: WebhookDelivery, _answer: str) -> None:
    replay(session, delivery)


def _send(session: Session, _resource: Resource[Any], notification: ScheduleNotification, _answer: str) -> None:
    retrying.send_again(session, notification)


CONFIRM = Bulk("confirm", "Confirm", "confirmed", "", _confirm)
CANCEL = Bulk("cancel", "Cancel", "cancelled", "Reason", _cancel)
SEND = Bulk("send", "Send", "on the way", "", _send)
RESOLVE = Bulk("resolve", "Resolve", "resolved", "How it was resolved", _resolve)
REPLAY = Bulk("replay", "Send again", "on their way", "", _replay)
