"""What a request says about the series it touches, and what it is told about it."""

from datetime import datetime
from enum import StrEnum
from typing import Any

from pydantic import BaseModel, ConfigDict, Field, PrivateAttr
from sqlalchemy.orm import Session

from models.errors import TidyplanError
from service.errors import CODES

_SCOPE, _ON_CONFLICT, _REPORT = "series_scope", "series_on_conflict", "series_report"


class Scope(StrEnum):
    """Which occurrences of a series are meant."""

    THIS = "this"
    THIS_AND_FOLLOWING = "this_and_following"
    ALL = "all"


class OnConflict(StrEnum):
    """What becomes of occurrences that cannot be booked: all is refused, they are left out, or they become requests."""

    FAIL = "fail"
    SKIP = "skip"
    SUGGEST = "suggest"


class Outcome(StrEnum):
    """What became of one occurrence."""

    CREATED = "created"
    CHANGED = "changed"
    KEPT = "kept"
    REMOVED = "removed"
    SKIPPED = "skipped"
    REQUESTED = "requested"
    REFUSED = "refused"


class OccurrenceReport(BaseModel):
    """What became of one occurrence, and why."""

    model_config = ConfigDict(title="OccurrenceReport")

    id: int | None = None
    original_start: datetime
    outcome: Outcome
    code: str = ""
    detail: str = ""
    violations: list[dict[str, Any]] = Field(default_factory=list)
    alternatives: list[dict[str, Any]] = Field(default_factory=list)

    _error: TidyplanError | None = PrivateAttr(None)

    def because_of(self, error: TidyplanError | None) -> "OccurrenceReport":
        """Keep in mind what was in the way."""
        self._error = error
        return self

    @property
    def error(self) -> TidyplanError | None:
        """What was in the way."""
        return self._error


def ask_for_scope(session: Session, scope: Scope | None) -> None:
    """Note which occurrences a request means."""
    session.info[_SCOPE] = scope


def ask_on_conflict(session: Session, on_conflict: OnConflict) -> None:
    """Note what a request wants for occurrences that cannot be booked."""
    session.info[_ON_CONFLICT] = on_conflict


def wished_scope(session: Session) -> Scope | None:
    """Which occurrences the request of a session means; None if it does not say."""
    found = session.info.get(_SCOPE)
    return found if isinstance(found, Scope) else None


def wished_on_conflict(session: Session) -> OnConflict:
    """What the request of a session wants for occurrences that cannot be booked."""
    return OnConflict(session.info.get(_ON_CONFLICT, OnConflict.FAIL))


def report_of(session: Session) -> list[OccurrenceReport]:
    """What the request of a session is told about occurrences; whoever changes some adds to it."""
    known = session.info.setdefault(_REPORT, [])
    assert isinstance(known, list)
    return known


def report(session: Session, start: datetime, outcome: Outcome, key: int | None, error: TidyplanError | None) -> None:
    """Tell what became of one occurrence.

    Parameters
    ----------
    session
        Of the request.
    start, key
        Where the series wants it, and its id, if it has one.
    outcome, error
        What became of it, and what was in the way.
    """
    members: dict[str, Any] = getattr(error, "members", {})
    told = OccurrenceReport(
        id=key,
        original_start=start,
        outcome=outcome,
        code=code_of(error) if error is not None else "",
        detail=str(error or ""),
        violations=members.get("violations", []),
        alternatives=members.get("alternatives", []),
    )
    report_of(session).append(told.because_of(error))


def code_of(error: TidyplanError) -> str:
    """The code of an error that keeps an occurrence from being booked."""
    return next(CODES[kind] for kind in type(error).__mro__ if kind in CODES)
