"""Time zones by IANA name."""

import difflib
from functools import cache, lru_cache
from zoneinfo import ZoneInfo, available_timezones


@cache
def _names() -> frozenset[str]:
    return frozenset(available_timezones())


@cache
def zone_of(name: str) -> ZoneInfo:
    """Open a time zone.

    Parameters
    ----------
    name
        A known IANA name.

    Returns
    -------
    The zone, the same object every time.
    """
    return ZoneInfo(name)


@lru_cache(maxsize=1024)
def zone_advice(name: str) -> str:
    """Advise on an unknown zone name, or say nothing about a known one.

    Parameters
    ----------
    name
        Any text.

    Returns
    -------
    Empty for a known name, else what to write instead.
    """
    if name in _names():
        return ""
    folded = {known.casefold(): known for known in sorted(_names(), reverse=True)}
    last_parts = {known.rsplit("/")[-1]: known for known in folded}
    wanted = name[:100].casefold().replace(" ", "_")
    close = difflib.get_close_matches(wanted, folded, n=1, cutoff=0.7)
    city = difflib.get_close_matches(wanted.rsplit("/")[-1], last_parts, n=1, cutoff=0.8)
    best = folded[close[0]] if close else folded[last_parts[city[0]]] if city else ""
    return f'Did you mean "{best}"?' if best else "The names are those of the IANA time zone database."
