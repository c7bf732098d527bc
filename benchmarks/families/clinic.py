"""The clinic family: patients with doctors and nurses, rooms, devices and chairs, and visits that follow each other.

The care is drawn patient by patient; staff, rooms and devices are counted so that it fills their time, and a little
more than fits. A house of the campus has about 400 appointments a week; who works in two of them joins them.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from random import Random

from benchmarks.families.calendar import Json, drawn
from benchmarks.families.clinic_staff import (
    DAYS,
    DEPARTMENTS,
    DEVICES,
    USER_WEEK_MINUTES,
    WORKDAYS,
    doctors,
    house,
    nurses,
    rooms,
    rules,
)

LOAD = 0.95
APPOINTMENTS_OF_HOUSE = 400

CARE = {"consultation": 9, "examined": 4, "procedure": 2, "infusion": 2, "nursing": 2}
CONSULTATIONS, EXAMS, PROCEDURES, INFUSIONS, NURSING = (
    (15, 20, 20, 30),
    (15, 20, 30),
    (45, 60, 90, 120),
    (60, 120, 180),
    (15, 30),
)
BETWEEN_ROOMS, CLEANING, SURGICAL_SETUP, SURGICAL_CLEANING = 5, 10, 10, 20
EXAM_GAP, NURSING_GAP = (15, 180), (20 * 60, 4 * 24 * 60)
PRIORITIES = {"low": 2, "normal": 6, "high": 2, "urgent": 1}
# Days offered, opening and closing minute.
WINDOWS = {
    (1, 480, 720): 2,
    (1, 780, 1080): 2,
    (1, 450, 1080): 3,
    (2, 450, 1080): 4,
    (4, 450, 1080): 4,
    (4, 480, 720): 1,
}
PREFERRED_START_CHANCE, DUE_CHANCE, PREFERRED_USER_CHANCE, EXCLUDED_CHANCE = 0.5, 0.15, 0.5, 0.02
RETURNS_CHANCE = 0.3  # that care is for a patient who is known already
WEIGHTS = {"preferred_users": 30, "continuity": 40}


@dataclass(frozen=True)
class Patient:
    """Somebody with a house, a department and a share of luck when the doctors are handed out."""

    ident: str
    house: int
    department: str
    luck: float


@dataclass
class Draft:
    """Appointments so far with their patients, and the minutes asked of staff and of rooms."""

    random: Random
    rows: list[Json] = field(default_factory=list)
    patients: list[Patient] = field(default_factory=list)
    needs: Counter[tuple[str, int]] = field(default_factory=Counter)
    minutes: Counter[str] = field(default_factory=Counter)


def clinic(appointments: int, seed: int, load: float = LOAD) -> Json:
    """Draw a problem of the clinic family.

    Parameters
    ----------
    appointments
        How many; staff, rooms and devices follow from their work.
    seed
        Of the random numbers: the same arguments give the same problem.
    load
        Share of the staff's time that the care would fill; 1.2 is a fifth more than they have.

    Returns
    -------
    A problem.json dictionary.
    """
    random = Random(seed)
    houses = max(1, round(appointments / APPOINTMENTS_OF_HOUSE))
    draft = Draft(random)
    known: list[Patient] = []
    while len(draft.rows) < appointments:
        if known and random.random() < RETURNS_CHANCE:
            patient = random.choice(known)
        else:
            numbers = random.randrange(houses), random.choice(DEPARTMENTS)
            patient = Patient(f"p{len(known)}", *numbers, random.random())
            known.append(patient)
        _care(draft, patient, drawn(random, CARE), appointments - len(draft.rows))
    people = {
        "doctor": max(len(DEPARTMENTS), round(draft.minutes["doctor"] / (load * USER_WEEK_MINUTES))),
        "nurse": max(2, round(draft.minutes["nurse"] / (load * USER_WEEK_MINUTES))),
    }
    users = [*doctors(random, people["doctor"], houses), *nurses(random, people["nurse"], houses)]
    _choose_doctors(draft, users)
    resources = rooms(draft.needs, houses)
    return {
        "version": 1,
        "name": f"clinic-{appointments}-seed-{seed}",
        "timezone": DAYS.zone.key,
        "horizon": {"start": DAYS.instant(0), "end": DAYS.instant(5)},
        "step_minutes": 5,
        "users": users,
        "resources": resources,
        "rules": rules(users, resources),
        "appointments": draft.rows,
        "weights": dict(WEIGHTS),
    }


def _care(draft: Draft, patient: Patient, kind: str, room_for: int) -> None:
    """Add the one or two appointments of a kind of care; of two only the first where there is room for one."""
    random = draft.random
    if kind == "consultation":
        _consultation(draft, patient)
    elif kind == "examined":
        device = random.choice(DEVICES)
        exam = _add(draft, patient, "exam", random.choice(EXAMS), {"nurse": [device]}, device, (BETWEEN_ROOMS, 0))
        if room_for > 1:
            consultation = _consultation(draft, patient)
            consultation["windows"] = exam["windows"]
            _unbind(consultation)
            consultation["after"] = [_link(exam, EXAM_GAP)]
    elif kind == "procedure":
        crew = {"doctor": [patient.department], "nurse": ["theatre"]}
        minutes = random.choice(PROCEDURES)
        _add(draft, patient, "procedure", minutes, crew, "theatre", (SURGICAL_SETUP, SURGICAL_CLEANING))
    elif kind == "infusion":
        _add(draft, patient, "infusion", random.choice(INFUSIONS), {}, "infusion", (0, CLEANING))
    else:
        first = _add(draft, patient, "dressing", random.choice(NURSING), {"nurse": []}, "consulting", (0, CLEANING))
        if room_for > 1:
            second = _add(
                draft, patient, "dressing", first["duration_minutes"], {"nurse": []}, "consulting", (0, CLEANING)
            )
            first["windows"] = [DAYS.span(day, 450, 1080) for day in WORKDAYS[:2]]
            second["windows"] = [DAYS.span(day, 450, 900) for day in WORKDAYS[1:]]
            _unbind(first)
            _unbind(second)
            second["after"] = [_link(first, NURSING_GAP) | {"same_users": True}]


def _consultation(draft: Draft, patient: Patient) -> Json:
    minutes = draft.random.choice(CONSULTATIONS)
    return _add(
        draft, patient, "consultation", minutes, {"doctor": [patient.department]}, "consulting", (0, BETWEEN_ROOMS)
    )


def _unbind(row: Json) -> None:
    """Take off wishes that were drawn for other days."""
    for wish in ("preferred_start", "due"):
        row.pop(wish, None)


def _link(former: Json, gap: tuple[int, int]) -> Json:
    return {"appointment": former["id"], "min_gap_minutes": gap[0], "max_gap_minutes": gap[1]}


def _add(
    draft: Draft,
    patient: Patient,
    title: str,
    duration: int,
    crew: dict[str, list[str]],
    feature: str,
    buffers: tuple[int, int],
) -> Json:
    """Add one appointment, offered on some days, and count what it asks for."""
    random = draft.random
    number, opens, closes = drawn(random, WINDOWS)
    days = sorted(random.sample(WORKDAYS, number))
    row: Json = {
        "id": f"a{len(draft.rows)}",
        "title": title,
        "client": patient.ident,
        "duration_minutes": duration,
        "priority": drawn(random, PRIORITIES),
        "windows": [DAYS.span(day, opens, closes) for day in days],
        "crew": [_position(role, skills, patient.house) for role, skills in crew.items()],
        "resources": [_demand(feature, patient.house)],
    }
    before, after = buffers
    if before:
        row["buffer_before_minutes"] = before
    if after:
        row["buffer_after_minutes"] = after
    day = random.choice(days)
    if random.random() < PREFERRED_START_CHANCE:
        row["preferred_start"] = DAYS.instant(day, 15 * random.randrange(opens // 15, (closes - duration) // 15 + 1))
    if random.random() < DUE_CHANCE:
        row["due"] = DAYS.instant(days[0], closes)
    if random.random() < EXCLUDED_CHANCE:
        row["users"] = {"excluded": [f"{random.choice('dn')}0"]}
    draft.rows.append(row)
    draft.patients.append(patient)
    draft.needs[feature, patient.house] += before + duration + after
    for role in crew:
        draft.minutes[role] += before + duration + after
    return row


def _position(role: str, skills: list[str], where: int) -> Json:
    named = [skill for skill in skills if skill != "theatre"]
    position: Json = {"skills": [role, house(where), *named]}
    return position | {"certifications": ["theatre"]} if "theatre" in skills else position


def _demand(feature: str, where: int) -> Json:
    if feature == "infusion":
        return {"resource_type": "room", "features": [feature, house(where)], "units": 1}
    kind = "equipment" if feature in DEVICES else "room"
    return {"resource_type": kind, "features": [feature, house(where)]}


def _choose_doctors(draft: Draft, users: list[Json]) -> None:
    """Give every patient a doctor of house and department, whom half of the consultations prefer."""
    able: dict[tuple[str, str], list[str]] = {}
    for user in users:
        for skill in user["skills"]:
            for other in user["skills"]:
                able.setdefault((skill, other), []).append(user["id"])
    for row, patient in zip(draft.rows, draft.patients, strict=True):
        doctors_here = able.get((patient.department, house(patient.house)), [])
        asked = any(patient.department in position["skills"] for position in row["crew"])
        if asked and doctors_here and draft.random.random() < PREFERRED_USER_CHANCE:
            preferred = doctors_here[int(patient.luck * len(doctors_here))]
            row.setdefault("users", {})["preferred"] = [preferred]
