"""Which calendars there are at an address that is none itself: of whoever logs in there, or in that folder."""

from service.calendars.dav import Collection, normal
from service.calendars.multistatus import CALDAV, DAV, Found, propfind

MOST = 10
_NAMES = ("d:displayname", "d:resourcetype", "d:current-user-principal", "c:calendar-home-set")


def calendars_at(collection: Collection) -> list[tuple[str, str]]:
    """Find calendars, as programs do that are only told a server (RFC 4791, RFC 5397).

    Parameters
    ----------
    collection
        Any address of the server.

    Returns
    -------
    What each is called, and its address; none if the server tells of none.

    Raises
    ------
    Unwilling, Gone, Failing
        If the server does not answer.
    """
    here = _of(collection)
    home = here.text(CALDAV, "calendar-home-set")
    if not home and (principal := here.text(DAV, "current-user-principal")):
        home = _of(collection.at(principal)).text(CALDAV, "calendar-home-set")
    folder = collection.at(home) if home else collection
    found = folder.properties(propfind(*_NAMES))
    calendars = [each for each in found if f"{{{CALDAV}}}calendar" in each.kinds]
    told = [(each.text(DAV, "displayname"), f"{collection.home}{normal(each.href)}") for each in calendars]
    return sorted(told)[:MOST]


def _of(collection: Collection) -> Found:
    return next(iter(collection.properties(propfind(*_NAMES), "0")), Found(collection.path))
