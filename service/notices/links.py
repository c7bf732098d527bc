"""Links for clients: signed, for one appointment and one purpose, until it begins."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from hashlib import sha256
from typing import Any

from models.records import Appointment
from models.records.base import now
from service.keyring import Keyring

PATH = "/visit"
_USE, _USE_OF_SLOT = "client", "client-slot"
_LEAST, _MOST = timedelta(hours=1), timedelta(days=400)
_SLOT_SECONDS = 3600


class Purpose(StrEnum):
    """What a link is for."""

    CONFIRM = "confirm"
    RESCHEDULE = "reschedule"
    CANCEL = "cancel"


@dataclass(frozen=True, slots=True)
class Visit:
    """What a link says.

    Parameters
    ----------
    organization, appointment
        Of which appointment.
    purpose
        What it is for.
    client
        A digest of the address that it was sent to.
    """

    organization: int
    appointment: int
    purpose: Purpose
    client: str


def link(keyring: Keyring, address: str, appointment: Appointment, purpose: Purpose) -> str:
    """Make a link for the client of an appointment.

    Parameters
    ----------
    keyring
        Signs it.
    address
        Of the service.
    appointment
        With a client's address; the link ends when it begins.
    purpose
        What it is for.

    Returns
    -------
    The whole address.
    """
    left = (appointment.start_datetime or now()) - now()
    claims = {
        "use": _USE,
        "org": appointment.organization_id,
        "app": appointment.id,
        "for": purpose.value,
        "client": digest_of(appointment.client_email),
    }
    token = keyring.sign(claims, int(min(max(left, _LEAST), _MOST).total_seconds()))
    return f"{address}{PATH}/{token}"


def read(keyring: Keyring, token: str) -> Visit | None:
    """Read what a link says; None if it is none of ours, or too old."""
    claims = keyring.read(token)
    if claims is None or claims.get("use") != _USE:
        return None
    return Visit(int(claims["org"]), int(claims["app"]), Purpose(claims["for"]), str(claims["client"]))


def digest_of(address: str | None) -> str:
    """Tell addresses apart without showing them: a link sent to one that has changed since is of no use."""
    return sha256((address or "").encode()).hexdigest()[:16]


def sign_slot(keyring: Keyring, appointment: int, place: dict[str, Any]) -> str:
    """Sign a time that was offered to a client, and who would come: nothing else can be chosen."""
    return keyring.sign({"use": _USE_OF_SLOT, "app": appointment, "place": place}, _SLOT_SECONDS)


def read_slot(keyring: Keyring, token: str, appointment: int) -> dict[str, Any] | None:
    """Read a time that was offered; None if it was not for this appointment, or too long ago."""
    claims = keyring.read(token)
    if claims is None or claims.get("use") != _USE_OF_SLOT or claims.get("app") != appointment:
        return None
    place: dict[str, Any] = claims["place"]
    return place | {"start_datetime": datetime.fromisoformat(place["start_datetime"])}
