"""The nearest possible times of occurrences that cannot be booked where their series wants them."""

from sqlalchemy.orm import Session

from models.errors import TidyplanError
from service.booking.alternatives import nearest_slots
from service.booking.refusals import Wanted
from service.database import Database

MOST = 10
"""For so many occurrences of a request other times are looked for."""

_COUNT = "series_looked_around"


def look_around(session: Session, error: TidyplanError) -> None:
    """Add the nearest possible slots to what was in the way of an occurrence.

    Parameters
    ----------
    session
        In which the booking was taken back.
    error
        Why.
    """
    wanted = getattr(error, "wanted", None)
    looked: int = session.info.get(_COUNT, 0)
    if isinstance(wanted, Wanted) and looked < MOST:
        session.info[_COUNT] = looked + 1
        getattr(error, "members", {})["alternatives"] = nearest_slots(session, wanted.booking, stood=wanted.stood)


def look_around_later(database: Database, error: TidyplanError | None) -> list[object]:
    """Find the nearest possible slots after the whole request was refused.

    Parameters
    ----------
    database
        Of the app.
    error
        What was in the way of one occurrence.

    Returns
    -------
    The slots; none if there is nothing to look for.
    """
    wanted = getattr(error, "wanted", None)
    if not isinstance(wanted, Wanted):
        return []
    with database.session(wanted.caller, writes=False) as session:
        return [*nearest_slots(session, wanted.booking, stood=wanted.stood)]
