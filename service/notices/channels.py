"""Out of the house: one message to one recipient through Apprise, guarded."""

import logging
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any
from urllib.parse import unquote

from apprise import Apprise, AppriseAsset
from apprise.attachment.memory import AttachMemory
from apprise.plugins import url_to_dict

from models.enums import DeliveryMethod
from service.notices.invitation import Invitation
from service.outgoing import Guard, Refused
from service.outgoing.watching import watched

HEADER = "X-Tidyplan-Delivery"
"""The same at every attempt to deliver something: who gets two of one has got one twice."""

_LEAST_SECRET = 5
_OPEN = frozenset({"from", "name", "smtp", "mode", "method", "verify", "format"})
_CAUSE = "Socket Exception: "  # how it introduces what the other side has said
_ASSET = AppriseAsset(app_id="Tidyplan", app_desc="Tidyplan", app_url="", http_redirects=False, secure_logging=True)
_SAID = logging.getLogger("apprise")
_SAID.propagate = False  # what it says may hold addresses; it is told in `error_message` instead
_SAID.setLevel(logging.DEBUG)


@dataclass(frozen=True, slots=True)
class Errand:
    """One message to one recipient.

    Parameters
    ----------
    delivery
        The id of its row.
    key
        For the header.
    method, url
        By which way, and the address of the channel; None if there is none.
    recipient
        An address of mail, or a number; for push the id of the user.
    subject, message
        In words.
    invitation
        For the calendar of a client.
    """

    delivery: int
    key: str
    method: DeliveryMethod
    url: str | None
    recipient: str
    subject: str
    message: str
    invitation: Invitation | None = None


@dataclass(frozen=True, slots=True)
class Outcome:
    """How it went.

    Parameters
    ----------
    fault
        What went wrong, without credentials; empty if it was accepted.
    is_final
        Whether another attempt would not go better.
    """

    fault: str = ""
    is_final: bool = False


class _Calendar(AttachMemory):
    """A part that calendars understand: it has to say its method beside its type."""

    def __init__(self, invitation: Invitation, sender: str) -> None:
        super().__init__(  # type: ignore[no-untyped-call]  # comes without types
            content=invitation.content(sender), name="invite.ics", mimetype="text/calendar"
        )
        self._method = invitation.method

    @property
    def mimetype(self) -> str:
        """The type, with its parameters."""
        return f'text/calendar; charset="utf-8"; method={self._method}'


def carry_out(errand: Errand, guard: Guard) -> Outcome:
    """Send a message; what happens is told, and nothing is raised for what others do.

    Parameters
    ----------
    errand
        What, to whom and by which way.
    guard
        Where it may go.

    Returns
    -------
    How it went.
    """
    if errand.url is None:
        return Outcome(f"There is no active channel for {errand.method}. Add one, and send it again.", True)
    if not errand.recipient:
        missing = "email" if errand.method is DeliveryMethod.EMAIL else "phone"
        return Outcome(f"The recipient has no {missing}. Add it to the user, and send it again.", True)
    with _listening() as said:
        service = _service(errand)
        if service is None:
            return Outcome("The URL of the channel is not one that Apprise can read. Write it again.", True)
        invitation = errand.invitation if errand.url.lower().startswith("mailto") else None
        attached = None if invitation is None else [_Calendar(invitation, service.from_addr[1])]
        try:
            with watched(guard):
                accepted = service.notify(
                    body=errand.message or errand.subject, title=errand.subject, body_format="text", attach=attached
                )
        except Refused as error:
            return Outcome(str(error), True)
    if accepted:
        return Outcome()
    return Outcome(_without_secrets(" ".join(said), errand.url)[:1000] or "The service of the channel did not take it.")


def _without_secrets(text: str, url: str) -> str:
    """Take from a text what the URL of a channel says beside the host."""
    place, _, query = url.partition("://")[2].partition("?")
    login, _, path = place.rpartition("@")
    options = [pair.partition("=")[::2] for pair in query.split("&")]
    told = [*login.split(":"), *path.split("/")[1:], *(value for name, value in options if name not in _OPEN)]
    for part in sorted({*told, *map(unquote, told)}, key=len, reverse=True):
        if len(part) >= _LEAST_SECRET:
            text = text.replace(part, "…")
    return text


def _service(errand: Errand) -> Any:
    """Make the service that a URL names, for one recipient."""
    assert errand.url is not None
    parts = url_to_dict(errand.url.replace("{user}", errand.recipient), secure_logging=True)  # type: ignore[no-untyped-call]  # likewise
    if not parts:
        return None
    scheme = parts["schema"]
    if scheme in ("mailto", "mailtos"):
        parts |= {"targets": [errand.recipient], "cc": None, "bcc": None, "headers": parts["headers"]}
        parts["headers"][HEADER] = errand.key
    elif scheme in ("json", "jsons"):
        parts["headers"][HEADER] = errand.key
        parts["payload"] |= {"recipient": errand.recipient, "delivery": errand.key}
    elif errand.method is DeliveryMethod.SMS:
        parts["targets"] = [errand.recipient]
    return Apprise.instantiate(parts, asset=_ASSET)


@contextmanager
def _listening() -> Iterator[list[str]]:
    """Collect what Apprise complains of in this thread."""
    said: list[str] = []
    here = threading.get_ident()

    class Ear(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            text = record.getMessage()
            if record.thread == here and (record.levelno >= logging.WARNING or text.startswith(_CAUSE)):
                said.append(text)

    ear = Ear()
    _SAID.addHandler(ear)
    try:
        yield said
    finally:
        _SAID.removeHandler(ear)
