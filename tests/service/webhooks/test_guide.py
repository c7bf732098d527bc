"""What the guide on webhooks says in code and in tables is so."""

import json
import re
from pathlib import Path
from typing import Any

import pytest
from standardwebhooks.webhooks import WebhookVerificationError

from models.records.integrations import IntegrationOptions
from service.webhooks.messages import MessageType
from service.webhooks.payloads import EVENTS
from tests.service.accounts import BASE, Client
from tests.service.outgoing.receiving import Receiver
from tests.service.series.calendar_of import visit
from tests.service.webhooks.jobs_done import Jobs
from tests.service.webhooks.test_deliveries import SECRET, integration_of

GUIDE = (Path(__file__).parents[3] / "docs" / "webhooks.md").read_text()


@pytest.fixture(scope="module")
def code() -> dict[str, Any]:
    """The functions of the guide."""
    known: dict[str, Any] = {}
    for block in re.findall(r"```python\n(.*?)```", GUIDE, re.DOTALL):
        exec(block, known)
    return known


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_code_of_the_guide_signs_and_verifies(
    owner: Client, receiver: Receiver, jobs: Jobs, code: dict[str, Any]
) -> None:
    made = integration_of(owner, receiver)
    owner.made("appointments/", visit())
    jobs.do("deliver")
    (request,) = receiver.requests
    assert code["receive"](request.headers, request.body, SECRET)["type"] == "appointment.created"
    with pytest.raises(WebhookVerificationError):
        code["receive"](request.headers, request.body + b" ", SECRET)
    body = json.dumps({"type": "ping", "data": {}}).encode()
    headers = {"Content-Type": "application/json", **code["signed"]("msg_1", body, SECRET)}
    answer = owner.http.post(f"{BASE}/integrations/{made['id']}/inbound/", content=body, headers=headers)
    assert answer.json()["outcome"] == "pong"


def test_tables_of_the_guide_are_whole() -> None:
    first = [line.split("|")[1] for line in GUIDE.splitlines() if line.startswith("| `")]
    told = {name for cell in first for name in re.findall(r"`([^`]+)`", cell)}
    events = {name for name, _ in EVENTS.values()}
    assert told - {"type"} == events | set(IntegrationOptions.model_fields) | {str(each) for each in MessageType}
