"""The description of the API: `/openapi.json`, and `tidyplan openapi`."""

import json
from typing import Any

from fastapi import FastAPI
from fastapi.routing import APIRoute

from service.api.refusals import Refusal
from service.problems import MEDIA_TYPE, TITLES, Problem

DESCRIPTION = """\
Appointments, and all that is needed to schedule them.

* Lists are `{count, next, previous, results}` with `page`, `page_size`, `search`, `ordering` and filters by field.
* Times come in with an offset and go out in UTC; decimals are text; ids are numbers.
* `PUT` takes a part of an object as `PATCH` does. `ETag` and `If-Match` guard against lost changes.
* `Idempotency-Key` on a `POST` makes it safe to send twice.
* Errors are problem details (RFC 9457) with a `code` for programs and every fault in `errors`.
"""


def operation_id(route: APIRoute) -> str:
    """Name an operation in generated clients."""
    method = min(route.methods or {"get"}).lower()
    words = [*route.path.replace("/api/scheduling", "").replace(":int", "").split("/"), method]
    return "_".join(word.strip("{}").replace("-", "_") for word in words if word)


def add(app: FastAPI) -> None:
    """Complete the description that an app gives of itself."""
    described = app.openapi

    def complete() -> dict[str, Any]:
        if app.openapi_schema is None:
            _complete(described())
        return app.openapi_schema or {}

    app.openapi = complete  # type: ignore[method-assign]  # the documented way to extend it


def _complete(schema: dict[str, Any]) -> None:
    parts = schema["components"]
    problem = Problem.model_json_schema(ref_template="#/components/schemas/{model}")
    parts["schemas"] |= problem.pop("$defs", {}) | {"Problem": problem}
    for unused in ("HTTPValidationError", "ValidationError"):
        parts["schemas"].pop(unused, None)
    content = {MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}}
    parts["responses"] = {code: {"description": title, "content": content} for code, (_, title) in TITLES.items()}
    refusal = Refusal.model_json_schema(ref_template="#/components/schemas/{model}")
    parts["schemas"] = refusal.pop("$defs", {}) | parts["schemas"] | {"Refusal": refusal}
    for code in ("slot_taken", "rule_violated"):
        parts["responses"][code]["content"] = {MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/Refusal"}}}
    codes = {title: code for code, (_, title) in TITLES.items()}
    for operations in schema["paths"].values():
        for operation in operations.values():
            answers = operation["responses"]
            for status, answer in answers.items():
                if MEDIA_TYPE in answer.get("content", {}):
                    answers[status] = {"$ref": f"#/components/responses/{codes[answer['description']]}"}
    _untitled(schema["paths"])
    _untitled(parts["schemas"])


def _untitled(value: Any) -> None:
    """Take out titles that only repeat a name."""
    if isinstance(value, dict):
        if isinstance(value.get("title"), str):
            del value["title"]
        for item in value.values():
            _untitled(item)
    elif isinstance(value, list):
        for item in value:
            _untitled(item)


def document(app: FastAPI) -> str:
    """Write the description of an app.

    Parameters
    ----------
    app
        The application.

    Returns
    -------
    Indented JSON, the same for the same code.
    """
    return json.dumps(app.openapi(), indent=1, ensure_ascii=False) + "\n"
