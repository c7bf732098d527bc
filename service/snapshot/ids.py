"""Ids of records as a problem spells them, and back: a letter for the kind, and the number.

`u12` is a user, `t3` a team, `r7` a resource, `a101` an appointment, `l5` a location, `b2` a business rule; what a
problem only reads beside them, such as the place of an appointment without a stored location, begins otherwise.
"""

from collections.abc import Iterable

USER, TEAM, RESOURCE, APPOINTMENT, LOCATION, RULE = "u", "t", "r", "a", "l", "b"


def key_of(kind: str, number: int) -> str:
    """Spell the id of a record.

    Parameters
    ----------
    kind
        One of the letters above.
    number
        Its id in the database; 0 for what is not stored yet.

    Returns
    -------
    The id in a problem.
    """
    return f"{kind}{number}"


def keys_of(kind: str, numbers: Iterable[int]) -> tuple[str, ...]:
    """Spell the ids of several records of one kind."""
    return tuple(f"{kind}{number}" for number in numbers)


def number_of(key: str) -> int:
    """Read the id of a record back, whatever its kind."""
    return int(key[1:])


def numbers_of(keys: Iterable[str]) -> tuple[int, ...]:
    """Read the ids of several records back."""
    return tuple(int(key[1:]) for key in keys)


def respelled(kind: str, texts: Iterable[str]) -> tuple[str, ...]:
    """Spell ids that a stored document holds as plain numbers, such as `"12"`, with the letter of their kind."""
    return tuple(key_of(kind, int(text)) if text.isdecimal() else text for text in texts)
