"""The audit log: every change that a session writes, in the same transaction, whoever makes it."""

from typing import Any

from sqlalchemy import inspect
from sqlalchemy.orm import Session

from models.records import (
    AuditEntry,
    CalendarObject,
    CalendarState,
    IdempotencyKey,
    InboundMessage,
    NotificationDelivery,
    Occupancy,
    OfferedWay,
    RefreshSession,
    RunDraft,
    WebhookDelivery,
)
from models.records.base import Owned, Record, now
from models.records.fields import Access
from models.records.organizations import Organization
from models.records.stored import StoredField, adapter_of, stored_fields
from service.callers import Caller

_UNLOGGED = (
    AuditEntry,
    CalendarObject,
    CalendarState,
    IdempotencyKey,
    InboundMessage,
    NotificationDelivery,
    Occupancy,
    OfferedWay,
    RefreshSession,
    RunDraft,
    WebhookDelivery,
)
_OBVIOUS = {"id", "organization", "created_at", "updated_at", "version", "last_used_at", "last_login_at"}
_SECRET = "(not shown)"
_REASON = "audit_reason"
_MADE = "audit_made"


def because(session: Session, reason: str) -> None:
    """Give the reason of what a session writes from now on."""
    session.info[_REASON] = reason


def log_changes(session: Session, _context: object) -> None:
    """Add an entry for every record that a flush has changed; what it has made is logged once it is complete."""
    made: dict[Any, str] = session.info.setdefault(_MADE, {})
    made |= {record: session.info.get(_REASON, "") for record in session.new if _is_logged(record)}
    entries = [
        entry
        for action, records in (("updated", session.dirty), ("deleted", session.deleted))
        for record in records
        if _is_logged(record) and record not in made
        if (entry := _entry(session, action, record, session.info.get(_REASON, ""))) is not None
    ]
    _write(session, entries)


def log_made(session: Session) -> None:
    """Before a commit, add an entry for every record that the transaction has made, as its handlers have left it."""
    if session.in_nested_transaction():
        return
    session.flush()
    made: dict[Any, str] = session.info.pop(_MADE, {})
    entries = (_entry(session, "created", record, reason) for record, reason in made.items() if record in session)
    _write(session, [entry for entry in entries if entry is not None])


def forget_made(session: Session) -> None:
    """After a rollback, forget what is no longer there; after that of a part, what went is found to be gone."""
    if not session.in_nested_transaction():
        session.info.pop(_MADE, None)


def _is_logged(record: object) -> bool:
    return isinstance(record, Owned | Organization) and not isinstance(record, _UNLOGGED)


def _write(session: Session, entries: list[dict[str, Any]]) -> None:
    if entries:
        session.connection().execute(AuditEntry.__table__.insert(), entries)  # type: ignore[attr-defined]  # a table


def _entry(session: Session, action: str, record: Owned | Organization, reason: str) -> dict[str, Any] | None:
    before, after = _changes(action, record)
    if not before and not after:
        return None
    if action == "updated" and "hidden_at" in after:
        action = "deleted" if after["hidden_at"] else "restored"
    caller = session.info.get("caller")
    known = caller if isinstance(caller, Caller) else None
    return {
        "organization_id": record.organization_id if isinstance(record, Owned) else record.id,
        "at": now(),
        "actor": known.user_id if known else None,
        "actor_name": known.name if known else "tidyplan",
        "action": action,
        "record_type": kind_of(type(record)),
        "record": record.id,
        "before": before or None,
        "after": after or None,
        "reason": reason,
        "request_id": known.request_id if known else None,
    }


def kind_of(record: type[Record]) -> str:
    """What the audit log calls records of a type, such as "team_member"."""
    name = record.__name__.removeprefix("Schedule") if record.__name__ != "ScheduleTemplate" else record.__name__
    return "".join(f"_{letter.lower()}" if letter.isupper() else letter for letter in name).lstrip("_")


def _changes(action: str, record: Record) -> tuple[dict[str, Any], dict[str, Any]]:
    before: dict[str, Any] = {}
    after: dict[str, Any] = {}
    for field in stored_fields(type(record)).values():
        if field.name in _OBVIOUS:
            continue
        if action == "created":
            after[field.name] = _shown(record, field, _present(record, field))
            continue
        old, new, changed = _history(record, field)
        if action == "updated" and not changed:
            continue
        before[field.name] = _shown(record, field, old if action == "updated" else new)
        if action != "deleted":
            after[field.name] = _shown(record, field, new)
    return before, after


def _present(record: Record, field: StoredField) -> Any:
    value = getattr(record, field.attribute)
    return value if field.rows is None else sorted(value)


def _history(record: Record, field: StoredField) -> tuple[Any, Any, bool]:
    state = inspect(record)
    if field.rows is not None:
        if field.rows in state.unloaded:
            return [], [], False
        history = state.attrs[field.rows].history
        assert field.key is not None
        was = [getattr(row, field.key) for row in (*history.unchanged, *history.deleted)]
        now_is = [getattr(row, field.key) for row in (*history.unchanged, *history.added)]
        return sorted(was), sorted(now_is), bool(history.added or history.deleted)
    if field.attribute in state.unloaded:
        return None, None, False
    history = state.attrs[field.attribute].history
    new = getattr(record, field.attribute)
    old = history.deleted[0] if history.deleted else (None if history.added else new)
    return old, new, history.has_changes() and old != new


def _shown(record: Record, field: StoredField, value: Any) -> Any:
    if value is None:
        return None
    if field.access in (Access.WRITE_ONLY, Access.HIDDEN) and field.name != "hidden_at":
        return _SECRET
    return adapter_of(type(record), field.name).dump_python(value, mode="json", warnings=False)
