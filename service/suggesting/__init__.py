"""Slots for a request or an appointment, beside what stands.

Each process keeps an index of the organizations that were asked about last (`keeping`). Before it answers, it is
brought up to what the session of the request sees (`kept`, by the notes of `service.changes`). What it does not reach,
such as weeks far ahead, is read for the question alone (`asking`).
"""

from service.suggesting.asking import sought
from service.suggesting.keeping import Found, Keeping, following, found_alone

__all__ = ["Found", "Keeping", "following", "found_alone", "sought"]
