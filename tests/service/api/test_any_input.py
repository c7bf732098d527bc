"""Whatever is sent, the fault is never ours: requests made from the description of the API, right and wrong ones."""

from collections import Counter
from typing import Any

import pytest
import schemathesis
from fastapi import FastAPI
from hypothesis import HealthCheck, given, settings
from hypothesis.errors import Unsatisfiable
from schemathesis import GenerationMode

from service.database import Database
from tests.service.accounts import Client, account
from tests.service.api.filling import fill

EXAMPLES_EACH = 2


@pytest.mark.parametrize(
    ("database", "mode"),
    [
        pytest.param("sqlite", GenerationMode.POSITIVE, id="right, sqlite"),
        pytest.param("postgresql", GenerationMode.NEGATIVE, id="wrong, postgresql"),
    ],
    indirect=["database"],
)
def test_no_input_is_answered_with_a_fault_of_ours(app: FastAPI, database: Database, mode: GenerationMode) -> None:
    client = Client(app, account(database))
    fill(client)
    seen: Counter[int] = Counter()
    found: list[Any] = list(schemathesis.openapi.from_asgi("/openapi.json", app).get_all_operations())
    for operation in (each.ok() for each in found):

        @settings(
            max_examples=EXAMPLES_EACH,
            deadline=None,
            derandomize=True,
            database=None,
            suppress_health_check=list(HealthCheck),
        )
        @given(case=operation.as_strategy(generation_mode=mode))
        def ask(case: Any) -> None:
            if mode is GenerationMode.POSITIVE and "id" in (case.path_parameters or {}):
                case.path_parameters["id"] = 1
            answer = case.call(headers={"Authorization": client.http.headers["Authorization"]})
            seen[answer.status_code] += 1
            assert answer.status_code < 500, (case.method, case.path, case.query, case.body, answer.text)

        try:
            ask()
        except Unsatisfiable:
            assert mode is GenerationMode.NEGATIVE, operation.path  # nothing about it can be wrong
    assert seen.total() > 100
