"""Passwords: argon2, with a dummy to check where there is no user, so that both take as long."""

from functools import cache

from pwdlib import PasswordHash
from pwdlib.exceptions import UnknownHashError

SHORTEST = 10
LONGEST = 200


@cache
def _hasher() -> PasswordHash:
    return PasswordHash.recommended()


@cache
def _dummy() -> str:
    return _hasher().hash("nobody has this password")


def hashed(password: str) -> str:
    """Hash a password for storage."""
    return _hasher().hash(password)


def matches(password: str, stored: str | None) -> bool:
    """Check a password.

    Parameters
    ----------
    password
        As typed.
    stored
        The hash, None if there is no user or it has no password.

    Returns
    -------
    Whether it is right.
    """
    try:
        right = _hasher().verify(password, stored or _dummy())
    except UnknownHashError:
        return False
    return right and stored is not None
