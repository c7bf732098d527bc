"""What an error of the database means to whoever asked."""

from sqlalchemy.exc import DataError, DBAPIError

_SQLSTATES = {
    "23505": "already_exists",
    "23001": "in_use",
    "23503": "in_use",
    "23P01": "slot_taken",
    "23514": "invalid",
    "23502": "invalid",
    "40001": "busy",
    "40P01": "busy",
    "55P03": "busy",
    "57014": "busy",
    "57P01": "busy",
    "57P03": "busy",
}
_SQLITE = {
    "ex_occupancies_alone": "slot_taken",
    "UNIQUE constraint failed": "already_exists",
    "FOREIGN KEY constraint failed": "in_use",
    "CHECK constraint failed": "invalid",
    "NOT NULL constraint failed": "invalid",
    "database is locked": "busy",
}
_DETAILS = {
    "already_exists": "Something with the same unique fields is there already. Change that one, or choose others.",
    "in_use": "Other records still refer to it. Change or delete them first.",
    "slot_taken": "Somebody or something is already booked at that time. Choose another one.",
    "invalid": "The values do not fit together, or cannot be stored.",
    "busy": "Others are writing at the same time. Try again.",
    "internal": "",
}


_PASSING = frozenset({"40001", "40P01"})
"""A serialization failure and a deadlock: nothing was wrong but the moment."""


def is_passing(error: DBAPIError) -> bool:
    """Tell whether the same transaction may well work if it is tried again."""
    return getattr(error.orig, "sqlstate", None) in _PASSING


def meaning_of(error: DBAPIError) -> tuple[str, str]:
    """Tell what an error of the database means.

    Parameters
    ----------
    error
        As SQLAlchemy raised it.

    Returns
    -------
    The code of a problem, "internal" if nobody is to be blamed but us, and the detail.
    """
    state = getattr(error.orig, "sqlstate", None)
    if state is not None:
        code = _SQLSTATES.get(state, "invalid" if isinstance(error, DataError) else "internal")
    elif isinstance(error, DataError):
        code = "invalid"
    else:
        text = str(error.orig)
        code = next((code for part, code in _SQLITE.items() if part in text), "internal")
        if error.connection_invalidated:
            code = "busy"
    return code, _DETAILS[code]
