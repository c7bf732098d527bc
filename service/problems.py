"""Errors as the API tells them: problem details of RFC 9457."""

from collections.abc import Mapping, Sequence
from typing import Any

from fastapi import Request
from fastapi.responses import JSONResponse
from pydantic import BaseModel, ConfigDict

from models.errors import Fault

MEDIA_TYPE = "application/problem+json"

TITLES: dict[str, tuple[int, str]] = {
    "malformed": (400, "The request cannot be read"),
    "unauthenticated": (401, "You have to say who you are"),
    "forbidden": (403, "You may not do that"),
    "not_found": (404, "There is no such thing"),
    "method_not_allowed": (405, "That cannot be done here"),
    "slot_taken": (409, "The time is taken"),
    "illegal_transition": (409, "The status cannot change like that"),
    "already_exists": (409, "It exists already"),
    "in_use": (409, "Something still refers to it"),
    "hold_expired": (409, "The hold has expired"),
    "under_way": (409, "The same request is still under way"),
    "conflict": (409, "That cannot be done now"),
    "stale": (412, "It was changed meanwhile"),
    "too_large": (413, "The body is too large"),
    "invalid": (422, "The request has faults"),
    "rule_violated": (422, "It would break a rule"),
    "key_reused": (422, "The idempotency key was used for another request"),
    "too_many_requests": (429, "Too many requests"),
    "internal": (500, "Something went wrong"),
    "busy": (503, "The service is busy"),
}
"""Status and title of every code."""


class ErrorItem(BaseModel):
    """One thing that is wrong with a request."""

    model_config = ConfigDict(title="ErrorItem")

    location: str
    field: str
    found: str
    expected: str
    advice: str
    message: str


class Problem(BaseModel):
    """Problem details of RFC 9457; `code` is for programs."""

    model_config = ConfigDict(
        title="Problem",
        extra="allow",
        json_schema_extra={
            "examples": [
                {
                    "type": "urn:tidyplan:problem:not_found",
                    "title": "There is no such thing",
                    "status": 404,
                    "detail": "There is no team 7. Check the id, or list what there is.",
                    "code": "not_found",
                    "errors": [],
                    "request_id": "3f0c2a9e6c1f4b7f8a54a0c0a1a0a7b1",
                }
            ]
        },
    )

    type: str
    title: str
    status: int
    detail: str
    code: str
    errors: list[ErrorItem]
    request_id: str


def item(fault: Fault, location: str = "body") -> dict[str, str]:
    """Write a fault as one of the `errors` of a problem."""
    return {
        "location": location,
        "field": fault.where,
        "found": fault.found,
        "expected": fault.expected,
        "advice": fault.advice,
        "message": str(fault),
    }


def problem(
    request: Request,
    code: str,
    detail: str,
    *,
    errors: Sequence[Mapping[str, str]] = (),
    headers: Mapping[str, str] | None = None,
    **more: Any,
) -> JSONResponse:
    """Answer with a problem.

    Parameters
    ----------
    request
        What is answered.
    code
        One of `TITLES`.
    detail
        What is wrong, and what helps.
    errors
        The faults one by one.
    headers
        Further headers.
    more
        Further members of the problem.

    Returns
    -------
    The response.
    """
    status, title = TITLES[code]
    content: dict[str, Any] = {
        "type": f"urn:tidyplan:problem:{code}",
        "title": title,
        "status": status,
        "detail": detail,
        "code": code,
        "errors": list(errors),
        "request_id": getattr(request.state, "request_id", ""),
        **more,
    }
    # The outermost handler answers outside of the middleware that adds the id.
    named = {"X-Request-ID": content["request_id"]} if content["request_id"] else {}
    return JSONResponse(content, status, {**named, **(headers or {})}, media_type=MEDIA_TYPE)


def _response(code: str) -> dict[str, Any]:
    _, title = TITLES[code]
    return {"description": title, "content": {MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}}}


def responses(*codes: str) -> dict[int | str, dict[str, Any]]:
    """Describe the problems that a route may answer with."""
    return {TITLES[code][0]: _response(code) for code in codes}
