"""What changed in a calendar since last time: by sync token (RFC 6578), or, where there is none, by comparing tags."""

from dataclasses import dataclass

from service.calendars.dav import Collection, Failing, normal
from service.calendars.multistatus import DAV, SERVER, propfind, sync_collection

_ROUNDS = 1_000
_NAMES = ("s:getctag", "d:getetag", "d:resourcetype")


@dataclass(frozen=True, slots=True)
class Changes:
    """What changed in a calendar.

    Parameters
    ----------
    etags
        Of files that came or changed, by href; of all files, if it is complete.
    gone
        Hrefs of files that went, if it is not complete.
    complete
        Whether every file is named: what is not, is gone.
    token
        With which to ask next time; "" if the server has none.
    tag
        The calendar's own tag, where there is no token.
    """

    etags: dict[str, str]
    gone: frozenset[str]
    complete: bool
    token: str = ""
    tag: str = ""


def changes(collection: Collection, token: str, tag: str) -> Changes:
    """Ask what changed in a calendar.

    Parameters
    ----------
    collection
        The calendar.
    token, tag
        As they were answered last time; "" if there was none.

    Returns
    -------
    What changed; everything, if the server does not know the token any more.

    Raises
    ------
    Unwilling, Failing
        If the server does not answer.
    """
    if token and (found := _synced(collection, token)) is not None:
        return found
    return _synced(collection, "") or _listed(collection, tag)


def _synced(collection: Collection, token: str) -> Changes | None:
    """Ask by token; None where the server does not know it, or knows no tokens."""
    etags: dict[str, str] = {}
    gone: set[str] = set()
    first = token
    for _ in range(_ROUNDS):
        answer = collection.asked("REPORT", sync_collection(token), "0")
        if answer is None or not answer.token:
            return None
        cut = False
        for each in answer.found:
            href = normal(each.href)
            if each.status == 507 and href == collection.path:
                cut = True
            elif collection.holds(href) and each.status in (404, 410):
                gone.add(href)
                etags.pop(href, None)
            elif collection.holds(href):
                etags[href] = each.text(DAV, "getetag")
                gone.discard(href)
        if not cut or answer.token == token:
            return Changes(etags, frozenset(gone), complete=not first, token=answer.token)
        token = answer.token
    raise Failing(f"The list of changes of {collection.home}{collection.path} does not end. Try again later.")


def _listed(collection: Collection, tag: str) -> Changes:
    """Compare the calendar's own tag, and list all files if it changed."""
    here = collection.asked("PROPFIND", propfind(*_NAMES), "0")
    told = next((each.text(SERVER, "getctag") for each in here.found), "") if here is not None else ""
    if told and told == tag:
        return Changes({}, frozenset(), complete=False, tag=told)
    etags = {
        href: each.text(DAV, "getetag")
        for each in collection.properties(propfind(*_NAMES))
        if collection.holds(href := normal(each.href)) and f"{{{DAV}}}collection" not in each.kinds
    }
    return Changes(etags, frozenset(), complete=True, tag=told)
