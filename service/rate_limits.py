"""Limits on how often somebody may ask, shared by all processes that use the same database."""

import hashlib
import time

from sqlalchemy import case
from sqlalchemy.dialects import postgresql, sqlite

from models.records.limits import RateLimit
from service.database import Database
from service.errors import TooManyRequests

WINDOW_SECONDS = 60


def spend(database: Database, what: str, who: str, most: int) -> None:
    """Count a request, in a transaction of its own: one that fails counts, too.

    Parameters
    ----------
    database
        Where it is counted.
    what
        The kind of request, such as "login".
    who
        By whom; only its digest is stored.
    most
        How many there may be in a minute; 0 is no limit.

    Raises
    ------
    TooManyRequests
        If there were more.
    """
    if not most:
        return
    window, passed = divmod(int(time.time()), WINDOW_SECONDS)
    key = f"{what}:{hashlib.sha256(who.encode('utf-8', 'surrogatepass')).hexdigest()}"
    insert = sqlite.insert(RateLimit) if database.is_sqlite else postgresql.insert(RateLimit)
    first = insert.values(key=key, window=window, count=1)
    counted = first.on_conflict_do_update(
        index_elements=[RateLimit.key],
        set_={
            "window": first.excluded.window,
            "count": case((RateLimit.window == first.excluded.window, RateLimit.count + 1), else_=1),
        },
    ).returning(RateLimit.count)
    with database.everywhere() as session:
        count = session.scalar(counted) or 0
        session.commit()
    if count > most:
        seconds = WINDOW_SECONDS - passed
        raise TooManyRequests(f"More than {most} requests of this kind in a minute. Wait {seconds} seconds.", seconds)
