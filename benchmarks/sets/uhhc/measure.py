"""The published objective of UHHC, by the definitions of its authors and from the original file.

A caregiver leaves his terminal so as to be at the first stop just in time; in the instances of Bazirha he leaves when
his shift starts. He waits from each arrival to the start of the service; after a lunch that begins the day, his first
wait does not count. Idle are all minutes of a shift (and of the overtime after it) without travel, service and lunch; a
caregiver who serves nobody is idle all day. Tardiness is of each service, against the latest window that has opened.

Lunch is taken at a patient or at the terminal. The published solutions have it on arrival before a service; the
validator of the authors also lets it follow one, and so is it read here: a plan can be better than all published ones.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from math import ceil

from benchmarks.case import Published
from benchmarks.sets.uhhc.original import HARD, Caregiver, Original, Service

LEAVES_AT_SHIFT_START = ("bazirha", "bazirha-caie")


@dataclass(frozen=True)
class Visit:
    """A service that a caregiver begins at a minute."""

    start: int
    service: Service

    @property
    def end(self) -> int:
        """When it ends."""
        return self.start + self.service.duration


@dataclass
class Day:
    """What a caregiver's day adds up to."""

    travel: int = 0
    service: int = 0
    waiting: int = 0
    idle: int = 0
    extra: int = 0
    breaches: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class Answer:
    """Who serves whom when, in the order of the day, and who has lunch before how many of his visits."""

    visits: Mapping[str, Sequence[Visit]]
    lunches: Mapping[str, int]
    breaches: tuple[str, ...] = ()


def measure(original: Original, answer: Answer) -> Published:
    """Compute the published objective.

    Parameters
    ----------
    original
        The instance.
    answer
        Starts of services count; of a lunch only its place in the order, since where it lies between two visits makes
        no difference as long as it can lie somewhere.

    Returns
    -------
    The weighted sum, its components, and what is wrong.
    """
    days = {key: _day(original, one, answer) for key, one in original.caregivers.items()}
    visits = [(key, visit) for key, row in answer.visits.items() for visit in row]
    served = {visit.service.patient for _, visit in visits}
    late = [original.lateness(visit.service, visit.start) for _, visit in visits]
    work = [day.travel + day.service for day in days.values()]
    mean = sum(work) / len(work)
    parts = {
        "travel_time": sum(day.travel for day in days.values()),
        "total_tardiness": sum(late),
        "highest_tardiness": max(late, default=0),
        "total_waiting_time": sum(day.waiting for day in days.values()),
        "total_extra_time": sum(day.extra for day in days.values()),
        "max_idle_time": max(day.idle for day in days.values()),
        "workload_balance": sum(ceil(abs(minutes - mean)) for minutes in work),
        "caregiver_preferences": sum(
            visit.service.preferred is not None and key not in visit.service.preferred for key, visit in visits
        ),
        "optional_patients": sum(key not in served for key in original.patients),
        "missed_lunch_break": sum(one.lunch and key not in answer.lunches for key, one in original.caregivers.items()),
    }
    breaches = [*answer.breaches, *_service_breaches(original, answer)]
    breaches += [breach for day in days.values() for breach in day.breaches]
    breaches += [
        f"{name} is hard, and amounts to {parts[name]}"
        for name, weight in original.weights.items()
        if weight == HARD and parts.get(name)
    ]
    value = sum(original.weight(name) * amount for name, amount in parts.items())
    return Published(
        float(value), {key: float(parts[key]) for key in original.weights if key in parts}, tuple(breaches)
    )


def _day(original: Original, caregiver: Caregiver, answer: Answer) -> Day:
    day = Day()
    visits = answer.visits.get(caregiver.id, ())
    before = answer.lunches.get(caregiver.id)
    lunch = original.lunch.minutes if original.lunch and before is not None else 0
    if not visits:
        day.idle = caregiver.ends - caregiver.starts - lunch
        return day
    rows = [caregiver.leaves, *(visit.service.row for visit in visits), caregiver.arrives]
    ways = [original.distances[a][b] for a, b in pairwise(rows)]
    day.travel, day.service = sum(ways), sum(visit.service.duration for visit in visits)
    begun = caregiver.starts if original.origin in LEAVES_AT_SHIFT_START else visits[0].start - ways[0]
    waits = [0 if before == 0 else visits[0].start - begun - ways[0]]
    if visits[0].start - ways[0] < caregiver.starts:
        day.breaches.append(f"{visits[0].service.id}: {caregiver.id} cannot be there at {visits[0].start}")
    for number, (left, visit) in enumerate(pairwise(visits), 1):
        slack = visit.start - left.end - ways[number] - (lunch if before == number else 0)
        waits.append(slack)
        if slack < 0:
            day.breaches.append(f"{visit.service.id}: {caregiver.id} comes {-slack} minutes after its start")
    home = visits[-1].end + ways[-1]
    if before is not None:
        home += _lunch(original, caregiver, visits, ways, before, day, waits)
    day.waiting = sum(waits)
    day.extra = max(0, home - caregiver.ends)
    day.idle = max(home, caregiver.ends) - caregiver.starts - day.travel - day.service - lunch
    return day


def _lunch(
    original: Original,
    caregiver: Caregiver,
    visits: Sequence[Visit],
    ways: Sequence[int],
    before: int,
    day: Day,
    waits: list[int],
) -> int:
    """Look for a place for lunch, before or after the way that it interrupts; returns by how much it defers the end."""
    spec = original.lunch
    if spec is None:
        return 0
    left = visits[before - 1].end if before else caregiver.starts
    way = ways[before]
    last_start = spec.closes - (spec.minutes if original.window_at_end else 0)
    first, on_arrival = max(left, spec.opens), max(left + way, spec.opens)
    # Before the way, and after it; each with the end of way and lunch.
    places = [(first, first + spec.minutes + way), (on_arrival, on_arrival + spec.minutes)]
    ends = [end for start, end in places if start <= last_start]
    due = visits[before].start if before < len(visits) else None
    if not ends or (due is not None and min(ends) > due):
        day.breaches.append(f"{caregiver.id}: there is no time for lunch before visit {before}")
    if due is not None or not ends:
        return 0
    waits.append(min(ends) - left - way - spec.minutes)
    return min(ends) - left - way


def _service_breaches(original: Original, answer: Answer) -> list[str]:
    breaches: list[str] = []
    starts: dict[str, tuple[int, str]] = {}
    for key, row in answer.visits.items():
        caregiver = original.caregivers.get(key)
        for visit in row:
            service = visit.service
            if service.id in starts:
                breaches.append(f"{service.id}: served twice")
            starts[service.id] = visit.start, key
            if caregiver is None or service.skill not in caregiver.skills:
                breaches.append(f"{service.id}: {key} is not able to do it")
            if key in service.excluded:
                breaches.append(f"{service.id}: {key} may not serve {service.patient}")
            if visit.start < service.windows[0][0]:
                breaches.append(f"{service.id}: it starts at {visit.start}, before its first window")
    for patient, services in original.patients.items():
        missing = [service.id for service in services if service.id not in starts]
        if missing and not (services[0].optional and len(missing) == len(services)):
            breaches.append(f"{patient}: not served: {', '.join(missing)}")
    for pair in original.pairs:
        if pair.first.id in starts and pair.second.id in starts:
            (first, one), (second, other) = starts[pair.first.id], starts[pair.second.id]
            if not pair.least <= second - first <= pair.most:
                breaches.append(f"{pair.first.patient}: its services start {second - first} minutes apart")
            if one == other:
                breaches.append(f"{pair.first.patient}: both services are done by {one}")
    return breaches
