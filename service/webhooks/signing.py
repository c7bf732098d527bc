"""Signatures of webhooks, as Standard Webhooks has them, in both directions."""

import secrets
from base64 import b64encode
from collections.abc import Mapping
from datetime import datetime

from standardwebhooks.webhooks import Webhook, WebhookVerificationError

from models.errors import TidyplanError
from models.records import ScheduleIntegration
from service.errors import Unauthenticated

PREFIX = "whsec_"
_BYTES = 32


class Unsigned(TidyplanError):
    """An integration that has nothing to sign with."""


def new_secret() -> str:
    """Make a secret that nobody can guess."""
    return PREFIX + b64encode(secrets.token_bytes(_BYTES)).decode()


def signed(integration: ScheduleIntegration, message: str, body: bytes, at: datetime) -> dict[str, str]:
    """Sign a message with every secret of an integration, so that the other side can change over to a new one.

    Parameters
    ----------
    integration
        With one or more secrets in `api_secret`, newest first, separated by spaces.
    message
        The id of the message: the same at every attempt.
    body
        The bytes that are sent.
    at
        When.

    Returns
    -------
    The three headers.

    Raises
    ------
    Unsigned
        If there is no secret, or one that cannot be read.
    """
    text = body.decode()
    return {
        "webhook-id": message,
        "webhook-timestamp": str(int(at.timestamp())),
        "webhook-signature": " ".join(each.sign(message, at, text) for each in _signers(integration)),
    }


def ensure_signed(integration: ScheduleIntegration, headers: Mapping[str, str], body: bytes) -> str:
    """Let a message pass that one of the secrets of an integration has signed, less than five minutes ago.

    Parameters
    ----------
    integration, body
        As for `signed`.
    headers
        Of the request, by any spelling.

    Returns
    -------
    The id of the message.

    Raises
    ------
    Unauthenticated
        If it is not signed like that.
    """
    lowered = {name.lower(): value for name, value in headers.items()}
    reason = "No matching signature found"
    try:
        signers = _signers(integration)
    except Unsigned as error:
        raise Unauthenticated(str(error)) from None
    for each in signers:
        try:
            each.verify(body, lowered, json_parse=False)
        except WebhookVerificationError as error:
            reason = str(error)
        except ValueError:  # a signature or a body that is not even text of the right form
            reason = "Invalid Signature Headers"
        else:
            return lowered["webhook-id"]
    raise Unauthenticated(
        f"The message is not signed by this integration: {reason}. Sign webhook-id, webhook-timestamp and the body"
        " with its api_secret, as Standard Webhooks says, and check the clock."
    )


def _signers(integration: ScheduleIntegration) -> list[Webhook]:
    found = []
    for text in (integration.api_secret or "").split():
        try:
            found.append(Webhook(text if text.startswith(PREFIX) else text.encode()))
        except (ValueError, RuntimeError):
            raise Unsigned(
                f"A secret of integration {integration.id} begins with {PREFIX} and is not base64 after it. Rotate it."
            ) from None
    if not found:
        raise Unsigned(
            f"Integration {integration.id} has no api_secret to sign with. Set one, or ask for one at rotate-secret/."
        )
    return found
