"""What becomes of the occurrences of a series when its rule or its times change."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from service.series.pattern import Pattern


@dataclass(frozen=True, slots=True)
class Place:
    """An occurrence as it stands.

    Parameters
    ----------
    key
        Its id.
    original
        Epoch minute at which the series wants it, whether it is there or not.
    stays
        Whether it stays even if the series no longer wants it: it is over, past, or was changed by itself.
    """

    key: int
    original: int
    stays: bool


@dataclass(frozen=True, slots=True)
class Rematch:
    """Where a changed series wants its occurrences.

    Parameters
    ----------
    originals
        Id to epoch minute, of those that stay.
    removed
        Ids of those that go.
    missing
        Epoch minutes of the starts that have no occurrence yet.
    excluded
        Epoch minutes at which there is none on purpose.
    """

    originals: dict[int, int] = field(default_factory=dict)
    removed: list[int] = field(default_factory=list)
    missing: list[int] = field(default_factory=list)
    excluded: list[int] = field(default_factory=list)


def rematch(
    old: Pattern, new: Pattern, places: Iterable[Place], excluded: Iterable[int], *, new_from: int, until: int
) -> Rematch:
    """Find for every occurrence the start that replaces its own: that of the same day, moved as the series moves.

    Parameters
    ----------
    old, new
        The series before and after; their first starts correspond to each other.
    places
        Its occurrences, at most one on a day.
    excluded
        Epoch minutes of the old series at which there is none on purpose.
    new_from, until
        Epoch minutes between which starts without an occurrence get one.

    Returns
    -------
    What stays, goes and comes.
    """
    days = new.first_day - old.first_day
    places = sorted(places, key=lambda place: place.original)
    wanted = {place.key: old.day_of(place.original) + days for place in places}
    without = {old.day_of(minute) + days for minute in excluded}
    last = max([until, *(new.minute_on(day) + 1 for day in wanted.values())])
    starts = {new.day_of(start): start for start in new.starts(new.start, last)}
    found = Rematch(excluded=sorted(new.minute_on(day) for day in without))
    for place in places:
        day = wanted[place.key]
        if day in starts or place.stays:
            found.originals[place.key] = new.minute_on(day)
        else:
            found.removed.append(place.key)
    taken = without | {wanted[key] for key in found.originals}
    found.missing.extend(
        start for day, start in starts.items() if day not in taken and max(new_from, new.start) <= start < until
    )
    return found


def missing_starts(
    pattern: Pattern, originals: Iterable[int], excluded: Iterable[int], low: int, high: int
) -> list[int]:
    """List the starts in a range that have no occurrence, and are not without one on purpose.

    Parameters
    ----------
    pattern
        The series.
    originals, excluded
        Epoch minutes of what there is, and of what there is not on purpose.
    low, high
        Epoch minutes, half-open.

    Returns
    -------
    Epoch minutes in order.
    """
    taken = {pattern.day_of(minute) for minute in (*originals, *excluded)}
    return [start for start in pattern.starts(low, high) if pattern.day_of(start) not in taken]
