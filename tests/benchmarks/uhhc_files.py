"""Small files in the format of the UHHC set."""

from benchmarks.generate import Json
from benchmarks.sets.uhhc.measure import Answer, Visit
from benchmarks.sets.uhhc.original import Original

# On a line: the depot d at 0, p0 at 10, p1 at 30, p2 at 20.
PLACES = [0, 10, 30, 20]
SOFT = {
    "travel_time": 2,
    "total_tardiness": 3,
    "highest_tardiness": 4,
    "total_waiting_time": 5,
    "total_extra_time": 7,
    "max_idle_time": 11,
    "caregiver_preferences": 13,
    "optional_patients": 300,
    "missed_lunch_break": 170,
}
HARD_WEIGHTS = {"travel_time": 1, "total_tardiness": "HARD", "total_extra_time": "HARD"}


def patient(number: int, *services: str, windows: list[list[int]], duration: int = 20, **more: object) -> Json:
    row: Json = {
        "id": f"p{number}",
        "required_services": [{"service": service, "duration": duration} for service in services],
        "distance_matrix_index": number + 1,
        "time_windows": [{"start": float(start), "end": float(end)} for start, end in windows],
    }
    return row | more


def file(*patients: Json, **about: object) -> Json:
    """Write a file with two caregivers: c1 can do a and b, c2 can do b; both have a shift from 0 to 300."""
    metadata: Json = {
        "origin": "generated",
        "time_window_met": "at_service_end",
        "cost_components": dict(SOFT),
        **about,
    }
    caregivers = [
        {
            "id": key,
            "abilities": abilities,
            "departing_point": "d",
            "arrival_point": "d",
            "working_shift": {"start": 0, "end": 300},
            "lunch_break": True,
        }
        for key, abilities in (("c1", ["a", "b"]), ("c2", ["b"]))
    ]
    return {
        "metadata": metadata,
        "distances": [[abs(a - b) for b in PLACES[: len(patients) + 1]] for a in PLACES[: len(patients) + 1]],
        "terminal_points": [{"id": "d", "distance_matrix_index": 0}],
        "caregivers": caregivers,
        "patients": list(patients),
        "lunch_breaks": {"start": 100, "end": 200, "min_duration": 30},
    }


def hard_file(*patients: Json) -> Json:
    document = file(*patients, origin="bazirha", cost_components=dict(HARD_WEIGHTS))
    del document["lunch_breaks"]
    return document


def answered(original: Original, lunches: dict[str, int] | None = None, **routes: list[tuple[str, int]]) -> Answer:
    services = {service.id: service for service in original.services}
    visits = {key: [Visit(start, services[service]) for service, start in row] for key, row in routes.items()}
    return Answer(visits, lunches or {})
