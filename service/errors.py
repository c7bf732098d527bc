"""Which problem each error becomes: one table, and the handlers that consult it."""

from dataclasses import replace
from typing import Any, Protocol, cast, runtime_checkable

import structlog
from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from pydantic import BaseModel
from pydantic_core import ErrorDetails
from sqlalchemy.exc import DBAPIError, TimeoutError as PoolTimeout
from sqlalchemy.orm.exc import StaleDataError
from starlette.exceptions import HTTPException
from starlette.routing import Match

from models.errors import (
    AlreadyExists,
    HoldExpired,
    IllegalTransition,
    InUse,
    InvalidDocument,
    NotFound,
    RuleViolated,
    SlotTaken,
    StaleVersion,
    TidyplanError,
)
from models.faults import faults_in
from service.database import Database
from service.database_errors import meaning_of
from service.outgoing import Refused, Unreachable
from service.problems import item, problem
from service.secrecy import is_secret

log = structlog.get_logger(__name__)


@runtime_checkable
class LooksAround(Protocol):
    """An error that has more to tell once the transaction in which it arose is over."""

    def look_around(self, database: Database) -> None:
        """Complete its members."""


class Unauthenticated(TidyplanError):
    """Who asks has not shown who that is."""


class Forbidden(TidyplanError):
    """Who asks may not do that."""


class Conflict(TidyplanError):
    """It cannot be done in the present state of things."""


class UnderWay(TidyplanError):
    """The same request is still being answered."""


class KeyReused(TidyplanError):
    """An idempotency key came with another request than before."""


class TooManyRequests(TidyplanError):
    """Somebody asks too often; `seconds` later it may work."""

    def __init__(self, message: str, seconds: int) -> None:
        self.seconds = seconds
        super().__init__(message)


CODES: dict[type[TidyplanError], str] = {
    AlreadyExists: "already_exists",
    Conflict: "conflict",
    Forbidden: "forbidden",
    HoldExpired: "hold_expired",
    IllegalTransition: "illegal_transition",
    InUse: "in_use",
    InvalidDocument: "invalid",
    KeyReused: "key_reused",
    NotFound: "not_found",
    Refused: "invalid",
    RuleViolated: "rule_violated",
    SlotTaken: "slot_taken",
    StaleVersion: "stale",
    TooManyRequests: "too_many_requests",
    Unauthenticated: "unauthenticated",
    UnderWay: "under_way",
    Unreachable: "conflict",
}
"""The code of every error; a subclass has that of its nearest base."""

_STATUS_CODES = {
    400: "malformed",
    401: "unauthenticated",
    403: "forbidden",
    404: "not_found",
    405: "method_not_allowed",
    413: "too_large",
}


def add_handlers(app: FastAPI) -> None:
    """Answer every error of an app with a problem."""
    app.add_exception_handler(TidyplanError, _told)
    app.add_exception_handler(RequestValidationError, _invalid)
    app.add_exception_handler(HTTPException, _http)
    app.add_exception_handler(DBAPIError, _database)
    app.add_exception_handler(StaleDataError, _stale)
    app.add_exception_handler(PoolTimeout, _busy)
    app.add_exception_handler(Exception, _unexpected)


def _told(request: Request, error: Exception) -> Response:
    assert isinstance(error, TidyplanError)
    code = next(CODES[kind] for kind in type(error).__mro__ if kind in CODES)
    headers: dict[str, str] = {}
    if isinstance(error, Unauthenticated):
        headers["WWW-Authenticate"] = "Bearer"
    if isinstance(error, TooManyRequests):
        headers["Retry-After"] = str(error.seconds)
    if isinstance(error, LooksAround):
        error.look_around(request.app.state.database)
    faults = [item(fault) for fault in error.faults] if isinstance(error, InvalidDocument) else []
    return problem(request, code, str(error), errors=faults, headers=headers, **members_of(error))


def members_of(error: TidyplanError) -> dict[str, Any]:
    """What an error adds to its problem: its `members`, if it has some, such as violations and nearest slots."""
    members: dict[str, Any] = getattr(error, "members", {})
    return members


def _invalid(request: Request, error: Exception) -> Response:
    assert isinstance(error, RequestValidationError)
    found: list[dict[str, str]] = []
    for detail in error.errors():
        location, *path = detail["loc"]
        relative = {**detail, "loc": tuple(path)}
        if detail["type"] == "json_invalid":
            relative |= {"loc": (), "msg": f"JSON: {detail['ctx']['error']} at position {path[0]}", "type": "json"}
        body = _body_of(request)
        faults = faults_in([cast(ErrorDetails, relative)], body)
        if location == "body" and path and is_secret(body, str(path[0])):
            faults = [replace(fault, found="(not shown)") for fault in faults]
        found += [item(fault, str(location)) for fault in faults]
    detail = "\n".join(each["message"] for each in found)
    return problem(request, "invalid", detail, errors=found)


def _body_of(request: Request) -> type[BaseModel]:
    """Find the model that the body should have had, for advice on its fields."""
    field = getattr(request.scope.get("route"), "body_field", None)
    model: Any = getattr(getattr(field, "field_info", None), "annotation", None)
    return model if isinstance(model, type) and issubclass(model, BaseModel) else BaseModel


def _http(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    code = _STATUS_CODES.get(error.status_code, "internal" if error.status_code >= 500 else "malformed")
    what = f"{request.method} {request.url.path}"
    details = {
        "not_found": f"There is nothing at {request.url.path}. Check the path; all of them end in a slash.",
        "method_not_allowed": f"{what} is not possible. See the header Allow.",
        "too_large": "The body is larger than this service takes. Send less at a time.",
    }
    headers = dict(error.headers or {})
    if error.status_code == 405:
        headers["Allow"] = ", ".join(sorted(_methods_of(request)))
    return problem(request, code, details.get(code, str(error.detail)), headers=headers)


def _methods_of(request: Request) -> set[str]:
    """All methods at the path of a request: each is a route of its own, and the first of them has refused it."""
    matching = (route for route in request.app.routes if route.matches(request.scope)[0] is not Match.NONE)
    return {method for route in matching for method in getattr(route, "methods", None) or ()}


def _database(request: Request, error: Exception) -> Response:
    assert isinstance(error, DBAPIError)
    code, detail = meaning_of(error)
    if code == "internal":
        return _unexpected(request, error)
    return problem(request, code, detail, headers={"Retry-After": "1"} if code == "busy" else None)


def _stale(request: Request, _error: Exception) -> Response:
    return problem(request, "stale", "Somebody else changed it meanwhile. Read it again, and repeat the change.")


def _busy(request: Request, _error: Exception) -> Response:
    return problem(request, "busy", "All connections are in use. Try again.", headers={"Retry-After": "1"})


def _unexpected(request: Request, error: Exception) -> Response:
    log.error("request failed", exc_info=error)
    return problem(request, "internal", "The fault is ours, and is in our log under the request_id. Please report it.")
