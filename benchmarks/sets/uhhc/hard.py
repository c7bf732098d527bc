"""UHHC instances in which windows and shifts hold and only travel counts: the cost of a plan is the objective."""

from __future__ import annotations

from collections.abc import Mapping

from benchmarks.sets.clock import span
from benchmarks.sets.uhhc.mapped import Mapped, link, linked
from benchmarks.sets.uhhc.original import HARD, Original

WEIGHTS: Mapping[str, str | int] = {"travel_time": 1, "total_tardiness": HARD, "total_extra_time": HARD}
DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")


def fits(original: Original) -> bool:
    """Tell whether this mapping says all that the instance weighs."""
    return original.weights == WEIGHTS and original.lunch is None and original.window_at_end


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
    A problem whose services are mandatory appointments; a window holds the whole service, as it is met at its end.
    """
    follows = linked(original)
    end = max(caregiver.ends for caregiver in original.caregivers.values())
    document = {
        "version": 1,
        "name": name,
        "horizon": span(0, end),
        "step_minutes": 1,
        "users": [
            {
                "id": one.id,
                "skills": list(one.skills),
                "availability": {DAYS[0]: [{"start": _clock(one.starts), "end": _clock(one.ends)}]},
                "start_location": original.places[one.leaves],
                "end_location": original.places[one.arrives],
            }
            for one in original.caregivers.values()
        ],
        "appointments": [
            {
                "id": service.id,
                "duration_minutes": service.duration,
                "windows": [span(first, last) for first, last in service.windows],
                "crew": [{"skills": [service.skill]}],
                "users": {"excluded": list(service.excluded)},
                "location": service.patient,
                "mandatory": True,
                "after": [link(*follows[service.id])] if service.id in follows else [],
            }
            for service in original.services
        ],
        "travel": {"locations": original.places, "minutes": original.distances},
        "weights": {"travel": 1},
    }
    return Mapped(document, {service.id: service for service in original.services})


def _clock(minutes: int) -> str:
    return f"{minutes // 60:02}:{minutes % 60:02}"
