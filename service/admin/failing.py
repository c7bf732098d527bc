"""What pages say when something does not work."""

from http import HTTPStatus
from typing import Any

import structlog
from pydantic import BaseModel, ValidationError
from sqlalchemy.exc import DBAPIError, StatementError
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette_admin.base import BaseAdmin
from starlette_admin.exceptions import FormValidationError
from starlette_admin.flash import flash

from models.errors import InvalidDocument, TidyplanError
from models.faults import faults_of
from service.database_errors import meaning_of
from service.errors import CODES
from service.problems import TITLES

log = structlog.get_logger(__name__)


def told(error: Exception) -> str:
    """Say what is wrong in one line."""
    if isinstance(error, InvalidDocument):
        return " ".join(str(fault) for fault in error.faults)
    if isinstance(error, DBAPIError):
        return meaning_of(error)[1] or "The database refused it."
    if isinstance(error, StatementError):
        return "That cannot be looked for. Choose another value."
    return " ".join(str(error).split())


def form_error(request: Request, error: Exception, model: type[BaseModel], known: set[str]) -> FormValidationError:
    """Put what is wrong beside the fields it is about, and the rest above the form.

    Parameters
    ----------
    request
        Of the form.
    error
        Of validation, of the service or of the database.
    model
        What the form fills in.
    known
        Names of the fields of the form.

    Returns
    -------
    To be raised.
    """
    errors: dict[str | int, Any] = {}
    if isinstance(error, ValidationError | InvalidDocument):
        faults = faults_of(error, model) if isinstance(error, ValidationError) else error.faults
        for fault in faults:
            name = fault.where.partition(".")[0].partition("[")[0]
            text = f"Found {fault.found}; expected {fault.expected}. {fault.advice}".strip()
            if name in known:
                errors[name] = f"{errors[name]} {text}" if name in errors else text
            else:
                flash(request, str(fault), "error")
    else:
        flash(request, told(error), "error")
    return FormValidationError(errors)


def add_handlers(admin: BaseAdmin) -> None:
    """Answer errors with a page that says what is wrong."""

    async def failed(request: Request, error: Exception) -> Response:
        if isinstance(error, TidyplanError):
            code = next(CODES[kind] for kind in type(error).__mro__ if kind in CODES)
        else:
            code = meaning_of(error)[0] if isinstance(error, DBAPIError) else "invalid"
        if code == "internal":
            log.error("page failed", exc_info=error)
        status = TITLES[code][0]
        detail = told(error) if code != "internal" else HTTPStatus(status).phrase
        return await admin._render_error(request, HTTPException(status, detail))  # noqa: SLF001  # no public way

    for kind in (TidyplanError, StatementError):
        admin.app.add_exception_handler(kind, failed)
