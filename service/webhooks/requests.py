"""One signed request to the system behind an integration."""

import json
from collections.abc import Mapping
from importlib.metadata import version
from typing import Any

from models.errors import TidyplanError
from models.records import ScheduleIntegration
from models.records.base import now
from service.outgoing import Guard
from service.outgoing.sending import Answer, send
from service.webhooks.signing import signed

SECONDS = 15.0
_EXCERPT = 1000
_MOST_BYTES = 4096


class NoAddress(TidyplanError):
    """An integration that says not where to send to."""


def post(guard: Guard, integration: ScheduleIntegration, message: str, payload: Mapping[str, Any]) -> Answer:
    """Send a payload, signed.

    Parameters
    ----------
    guard
        Says where requests may go.
    integration
        To whom: its URL, its secret, and its access token, if it has one.
    message
        The id of the message.
    payload
        What is said.

    Returns
    -------
    The answer, whatever its status.

    Raises
    ------
    TidyplanError
        If it cannot be signed or sent, or is not answered.
    """
    if not integration.provider_url:
        raise NoAddress(f"Integration {integration.id} has no provider_url to send to. Set it.")
    body = json.dumps(payload, ensure_ascii=False, separators=(",", ":")).encode()
    headers = {
        "Content-Type": "application/json",
        "User-Agent": f"Tidyplan/{version('tidyplan')}",
        **signed(integration, message, body, now()),
    }
    if integration.access_token:
        headers["Authorization"] = f"Bearer {integration.access_token}"
    return send(
        guard, "POST", integration.provider_url, headers=headers, body=body, seconds=SECONDS, most_bytes=_MOST_BYTES
    )


def excerpt(answer: Answer) -> str:
    """The beginning of an answer, fit to be stored and shown."""
    text = answer.body.decode("utf-8", "replace")[:_EXCERPT]
    return "".join(each if each.isprintable() or each in "\n\t" else "�" for each in text)


def is_accepted(answer: Answer) -> bool:
    """Whether the other system has taken a message; a redirect is no acceptance."""
    return 200 <= answer.status < 300
