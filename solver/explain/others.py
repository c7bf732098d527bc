"""A sentence about the other candidates: why none of them stands in at the place that is explained."""

from typing import NamedTuple

import numpy as np

from solver.explain.causes import (
    AWAY,
    BLACKOUT,
    BOOKING,
    BREAK,
    CALENDAR,
    HOLIDAY,
    HOURS,
    LIMIT,
    MAINTENANCE,
    TAKEN,
    TRAVEL,
    WEEKLY,
    WORKING,
)
from solver.explain.inquiry import Inquiry
from solver.explain.place import Place
from solver.explain.wording import Words, listed

STATES = (
    (TAKEN, "taken"),
    (AWAY, "away"),
    (HOURS | WORKING, "not at work"),
    (MAINTENANCE, "in maintenance"),
    (HOLIDAY | BLACKOUT, "closed"),
    (BREAK, "bound to a break"),
    (WEEKLY | LIMIT, "at a limit"),
    (BOOKING, "closed to new bookings"),
    (TRAVEL, "too far away"),
)
"""What to say of somebody who is closed, the first that applies."""

MOST_NAMED = 2
MOST_LOOKED_AT = 60


class Candidates(NamedTuple):
    """Who or what could fill a position or meet a demand, and the units each would give (None: people)."""

    subjects: tuple[int, ...]
    units: tuple[int, ...] | None


def candidates_for(inquiry: Inquiry, place: Place, subject: int) -> Candidates | None:
    """Find the candidates for what a subject does at a place.

    Parameters
    ----------
    inquiry, place
        What is known of the task, and one of its places.
    subject
        A user or resource of the place, or something else.

    Returns
    -------
    The candidates, the subject among them; None of a team and of the organization.
    """
    if subject in place.users:
        return Candidates(place.crew.heads[place.users.index(subject)], None)
    if subject in place.resources:
        demand = inquiry.demands[place.resources.index(subject)]
        return Candidates(demand.resources, demand.units)
    return None


def others(words: Words, inquiry: Inquiry, place: Place, candidates: Candidates) -> str:
    """Say why no other candidate could stand in.

    Parameters
    ----------
    words, inquiry, place
        How the problem is spoken of, what is known of the task, and the place that is explained.
    candidates
        For one position or demand of the place.

    Returns
    -------
    A sentence after a blank, empty where there are no others.
    """
    taken = {*place.users, *place.resources}
    rest = [row for row, one in enumerate(candidates.subjects) if one not in taken]
    if not rest:
        return ""
    human = candidates.units is None
    if _never_open(inquiry, place, candidates):
        return f" {'Nobody who could come' if human else 'Nothing that fits'} is available at any of its starts."
    masks = inquiry.scene.rows.block(*candidates, inquiry.shape, place.span).masks[:, place.column]
    states: dict[str, list[int]] = {}
    for row in rest:
        mask = int(masks[row])
        if human and not mask and len(rest) <= MOST_LOOKED_AT:
            mask = inquiry.look(candidates.subjects[row], place.start, mask)
        states.setdefault(_state(mask), []).append(candidates.subjects[row])
    if len(rest) <= MOST_NAMED:
        named = [
            f"{listed([words.subject(one) for one in ones])} {'is' if len(ones) == 1 else 'are'} {state}"
            for state, ones in states.items()
        ]
        return f" {listed(named)} then."
    counted = sorted(states.items(), key=lambda item: -len(item[1]))
    which = "who could come" if human else "that fit"
    if len(counted) == 1:
        return f" The {len(rest)} others {which} are {counted[0][0]} then, too."
    parts = [f"{state} ({len(ones)})" for state, ones in counted]
    return f" The {len(rest)} others {which} are {listed(parts, most=len(STATES), link='or')} then."


def _never_open(inquiry: Inquiry, place: Place, candidates: Candidates) -> bool:
    """Whether the calendars of all candidates are closed at all starts."""
    rows = inquiry.scene.rows
    first = rows.block(*candidates, inquiry.shape, place.span).masks[:, place.column]
    if not np.all(first & CALENDAR):
        return False
    return all(
        bool(np.all(rows.block(*candidates, inquiry.shape, span).masks[:, flags] & CALENDAR))
        for span, flags in inquiry.starts(place.lifted)
    )


def _state(mask: int) -> str:
    return next((state for bits, state in STATES if mask & bits), "short of time")
