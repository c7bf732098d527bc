"""UHHC instances in which everything has a price, said exactly in the terms of problem.json.

Four markers of a minute each frame the day of a caregiver: *open* stands at the start of the shift, *leave* and *home*
are the ends of the way, *close* comes at the end of the shift or, later, at home. Between open and close all idle
minutes are `waiting`, so that `max_waiting` is the published idle time. The published waiting lies between leave and
home:

    waiting = home − leave − travel − service − lunch
    idle    = max(home, end of shift) − start of shift − travel − service − lunch

With the published prices t of travel, w of waiting and e of extra time, `waiting` at e, `preferred_time` at w (leave
late, come home early) and `travel` at t + e − w add up to what is published, and to w − e for every minute of service
and lunch, which the price of leaving them out takes back. Where t + e < w, close is wished late at w too, `waiting` is
at e + w, `travel` at t + e, and −e remains. Markers are minutes that the file has not: after leave the problem's clock
is one minute ahead, after home two. Nobody visits before leave or after home, as no way leads there in time.

A lunch lies between leave and home. Where it begins the day and the first visit starts much later, the plan costs more
than is published for it: the authors do not count that one wait.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import chain

from benchmarks.generate import Json
from benchmarks.sets.clock import instant, span
from benchmarks.sets.uhhc.choices import NEVER, Choices
from benchmarks.sets.uhhc.mapped import Mapped
from benchmarks.sets.uhhc.original import Caregiver, Original

COMPONENTS = {
    "travel_time",
    "total_tardiness",
    "highest_tardiness",
    "total_waiting_time",
    "total_extra_time",
    "max_idle_time",
    "caregiver_preferences",
    "optional_patients",
    "missed_lunch_break",
}
BEFORE = 60  # the problem's clock at minute 0 of the file, before leave
AHEAD = BEFORE + 1
AFTER = BEFORE + 2
SPARE_MINUTES = 600  # of overtime


@dataclass(frozen=True)
class Prices:
    """The weights of the problem and what remains for a minute of service or lunch."""

    waiting: int
    preferred_time: int
    travel: int
    late_close: bool
    served_minute: int

    @staticmethod
    def of(original: Original) -> Prices:
        """Choose the weights that add up to the published ones."""
        names = ("travel_time", "total_waiting_time", "total_extra_time")
        travel, waiting, extra = (original.weight(name) for name in names)
        if travel + extra >= waiting:
            return Prices(extra, waiting, travel + extra - waiting, False, waiting - extra)
        return Prices(extra + waiting, waiting, travel + extra, True, -extra)


@dataclass
class _Day:
    """Appointments of caregivers, and what they cost at least beyond what is published."""

    rows: list[Json] = field(default_factory=list)
    lunches: dict[str, str] = field(default_factory=dict)
    offset: int = 0


def fits(original: Original) -> bool:
    """Tell whether this mapping says all that the instance weighs."""
    if set(original.weights) != COMPONENTS or original.lunch is None or original.weight("total_waiting_time") == 0:
        return False
    if not all(isinstance(weight, int) for weight in original.weights.values()):
        return False
    lunch = original.weight("missed_lunch_break") + Prices.of(original).served_minute * original.lunch.minutes
    return lunch >= 0 and all(service.preferred != () for service in original.services)


def mapped(original: Original, name: str) -> Mapped:
    """Write the instance as a problem.

    Parameters
    ----------
    original
        One that `fits`.
    name
        Of the problem.

    Returns
    -------
    The problem, and the constant by which its cost exceeds the published objective.
    """
    prices = Prices.of(original)
    end = AFTER + max(caregiver.ends for caregiver in original.caregivers.values()) + SPARE_MINUTES
    day = _Day()
    for caregiver in original.caregivers.values():
        _markers(original, caregiver, prices, end, day)
        _lunch(original, caregiver, prices, day)
    choices = Choices(original, prices.served_minute, AHEAD, end)
    document = {
        "version": 1,
        "name": name,
        "horizon": span(0, end),
        "step_minutes": 1,
        "users": [{"id": one.id, "skills": list(one.skills)} for one in original.caregivers.values()],
        "resources": [{"id": key, "resource_type": "other"} for key in choices.once],
        "appointments": [*day.rows, *choices.rows],
        "rules": [_once(choices.once)] if choices.once else [],
        "travel": _travel(original, end),
        "weights": {
            "lateness": original.weight("total_tardiness"),
            "max_lateness": original.weight("highest_tardiness"),
            "max_waiting": original.weight("max_idle_time"),
            "preferred_time": prices.preferred_time,
            "preferred_users": original.weight("caregiver_preferences"),
            "travel": prices.travel,
            "waiting": prices.waiting,
        },
    }
    return Mapped(document, choices.services, day.lunches, AHEAD, day.offset + choices.offset)


def _markers(original: Original, caregiver: Caregiver, prices: Prices, end: int, day: _Day) -> None:
    out, back = (f"{original.places[row]} {way}" for row, way in ((caregiver.leaves, "out"), (caregiver.arrives, "in")))
    start, close = BEFORE + caregiver.starts, AFTER + caregiver.ends

    def marker(name: str, location: str, **more: object) -> Json:
        return {
            "id": f"{name} {caregiver.id}",
            "duration_minutes": 1,
            "crew": [{}],
            "users": {"allowed": [caregiver.id]},
            "location": location,
            "mandatory": True,
            **more,
        }

    late = {"preferred_start": instant(end)}
    day.rows += [
        marker("open", out, current={"start": instant(start - 1), "users": [caregiver.id]}, pinned=True),
        marker("leave", out, windows=[span(start, end)], **late),
        marker("home", back, windows=[span(start, end)], preferred_start=instant(start)),
        marker("close", back, windows=[span(close, end)], **(late if prices.late_close else {})),
    ]
    day.offset += prices.waiting * (caregiver.ends - caregiver.starts)
    day.offset += prices.preferred_time * (end - start + 1 + (end - close if prices.late_close else 0))


def _lunch(original: Original, caregiver: Caregiver, prices: Prices, day: _Day) -> None:
    lunch = original.lunch
    missed = original.weight("missed_lunch_break")
    if lunch is None or not caregiver.lunch:
        return
    opens = max(lunch.opens, caregiver.starts)
    closes = lunch.closes + (0 if original.window_at_end else lunch.minutes)
    if closes - opens < lunch.minutes:
        day.offset -= missed
        return
    key = f"lunch {caregiver.id}"
    day.lunches[key] = caregiver.id
    day.rows.append(
        {
            "id": key,
            "duration_minutes": lunch.minutes,
            "windows": [span(AHEAD + opens, AHEAD + closes)],
            "crew": [{}],
            "users": {"allowed": [caregiver.id]},
            "unassigned_weight": missed + prices.served_minute * lunch.minutes,
            "after": [
                {"appointment": f"leave {caregiver.id}"},
                {
                    "appointment": f"home {caregiver.id}",
                    "from": "start",
                    "min_gap_minutes": -NEVER,
                    "max_gap_minutes": -lunch.minutes,
                },
            ],
        }
    )
    day.offset += prices.served_minute * lunch.minutes


def _once(resources: list[str]) -> Json:
    """Say that of the choices that ask for the same thing, one at most is taken."""
    return {
        "id": "once",
        "name": "one choice of each",
        "rule_type": "capacity_limit",
        "applies_to_resources": resources,
        "parameters": {"max_per_week": 1},
    }


def _travel(original: Original, never: int) -> Json:
    """Write the matrix with a place to leave from and a place to return to for each terminal."""
    terminals = set(original.terminals.values())
    ends = [(row, way) for row in sorted(terminals) for way in ("out", "in")]
    stops = [(row, "") for row in range(len(original.distances)) if row not in terminals]

    def minutes(a: int, leaving: str, b: int, going: str) -> int:
        if leaving and going:
            return never if (leaving, going) == ("in", "out") else 0
        return never if leaving == "in" or going == "out" else original.distances[a][b]

    places = list(chain(ends, stops))
    return {
        "locations": [f"{original.places[row]} {way}".strip() for row, way in places],
        "minutes": [[minutes(*a, *b) for b in places] for a in places],
    }
