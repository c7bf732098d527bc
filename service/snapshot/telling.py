"""What is told of a violation outside: ids as the API spells them, and appointments by their titles."""

import re
from collections.abc import Iterable, Mapping
from datetime import UTC
from typing import Any, Protocol

from models.appointments import Appointment
from models.plan import Violation
from models.problem import Problem
from service.snapshot.ids import APPOINTMENT, RESOURCE, TEAM, USER, key_of

_KEY = re.compile(rf"(?<!\w)[{USER}{TEAM}{RESOURCE}{APPOINTMENT}]\d+(?!\w)")
NOUNS = {USER: "user", TEAM: "team", RESOURCE: "resource", APPOINTMENT: "appointment"}
UNSTORED = key_of(APPOINTMENT, 0)


class Titled(Protocol):
    """What knows appointments, such as a problem."""

    @property
    def appointments_by_id(self) -> Mapping[str, Appointment]:
        """Appointments by id."""


def told(violation: Violation, problem: Problem) -> Violation:
    """Write a violation for those who know records, not problems.

    Parameters
    ----------
    violation
        Of a snapshot.
    problem
        Of the same snapshot, for the titles.

    Returns
    -------
    The same with plain numbers as ids, and without the appointment that is not stored; its message names appointments
    by title and number.
    """
    return violation.model_copy(
        update={
            "appointments": _plain(key for key in violation.appointments if key != UNSTORED),
            "users": _plain(violation.users),
            "teams": _plain(violation.teams),
            "resources": _plain(violation.resources),
            "message": in_words(violation.message, problem),
        }
    )


def in_words(text: str, problem: Titled) -> str:
    """Write a text with the ids of a snapshot for those who know records.

    Parameters
    ----------
    text
        Such as the message of a violation.
    problem
        Of the snapshot.

    Returns
    -------
    The text with plain numbers as ids, and titles of appointments.
    """

    def word(found: re.Match[str]) -> str:
        key = found.group()
        if key[0] != APPOINTMENT:
            beside = text[: found.start()].endswith("(")
            return key[1:] if beside else f"{NOUNS[key[0]]} {key[1:]}"
        item = problem.appointments_by_id.get(key)
        title = item.title if item is not None and item.title else "the appointment"
        return title if key == UNSTORED else f"{title} ({key[1:]})"

    return _KEY.sub(word, text)


def _plain(keys: Iterable[str]) -> tuple[str, ...]:
    return tuple(key[1:] for key in keys)


def document_of(violation: Violation) -> dict[str, Any]:
    """Write a violation that was told as the API shows it: ids are numbers, times in UTC."""
    times = {name: moment.astimezone(UTC) for name in ("start", "end") if (moment := getattr(violation, name))}
    document = violation.model_copy(update=times).model_dump(mode="json")
    for name in ("appointments", "users", "resources", "teams"):
        document[name] = [int(key) for key in document[name]]
    return document


def in_numbers(document: Any, problem: Problem) -> Any:
    """Write a JSON document with the ids of a snapshot for those who know records.

    Parameters
    ----------
    document
        Of objects, lists, texts and numbers.
    problem
        Of the snapshot.

    Returns
    -------
    The same with plain numbers where an id stands alone, and texts in words.
    """
    if isinstance(document, dict):
        return {key: in_numbers(value, problem) for key, value in document.items()}
    if isinstance(document, list):
        return [in_numbers(value, problem) for value in document]
    if isinstance(document, str):
        return int(document[1:]) if _KEY.fullmatch(document) else in_words(document, problem)
    return document
