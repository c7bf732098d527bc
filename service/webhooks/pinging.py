"""Whether a webhook's receiver is there and takes what is signed for it."""

from uuid import uuid4

from models.records import ScheduleIntegration
from service.outgoing import Guard, Unreachable
from service.webhooks.payloads import message_of
from service.webhooks.requests import is_accepted, post


def ping(guard: Guard, integration: ScheduleIntegration) -> str:
    """Send an event "ping", signed like any other.

    Returns
    -------
    A line about the answer.

    Raises
    ------
    TidyplanError
        If it is not accepted.
    """
    payload = message_of("ping", {"integration": integration.id, "name": integration.name})
    answer = post(guard, integration, f"msg_{uuid4().hex}", payload)
    if not is_accepted(answer):
        raise Unreachable(f"{integration.provider_url} answers {answer.status} to a ping. It should answer 200 or 204.")
    return f"{integration.provider_url} answers {answer.status}."
