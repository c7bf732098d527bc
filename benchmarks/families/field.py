"""The field family: visits in towns, with travel, shifts, teams, machines, breaks and work that stands already.

The visits are drawn first; people are counted so that visits with their travel fill their time, and a little more than
fits. A town has about 150 visits a week, so that a large problem has more towns and not longer ways.
"""

from __future__ import annotations

from random import Random

from benchmarks.families.calendar import Json, drawn
from benchmarks.families.field_staff import (
    DAYS,
    FEATURES,
    SATURDAY,
    SKILLS,
    WEEK_MINUTES,
    WORKDAYS,
    Worker,
    equipment,
    place,
    rules,
    teams,
    town_locations,
    workers,
)

LOAD = 1.0
VISITS_OF_TOWN, VISITS_OF_PLACE = 150, 4
TRAVEL_MINUTES = 15  # of a visit, as a rule of thumb

DURATIONS = {30: 3, 45: 2, 60: 4, 90: 3, 120: 2, 180: 1}
PRIORITIES = {"low": 2, "normal": 5, "high": 2, "urgent": 1}
LEVELS_ASKED = {0: 2, 1: 6, 2: 2}
CREWS = {"one": 17, "helper": 2, "pair": 1}
# Days offered, opening and closing minute; no days is the whole horizon.
WINDOWS = {
    (1, 480, 600): 1, (1, 540, 720): 2, (1, 720, 900): 1, (1, 780, 1020): 2, (1, 420, 1080): 3,
    (2, 480, 1020): 3, (3, 480, 1020): 3, (2, 720, 1080): 1, (0, 0, 0): 2,
}  # fmt: skip
BUFFER_CHANCE, PREFERRED_START_CHANCE, DUE_CHANCE = 0.15, 0.4, 0.2
PREFERRED_USERS_CHANCE, EXCLUDED_CHANCE = 0.2, 0.03
TEAM_CHANCE, WHOLE_TEAM_SHARE = 0.08, 0.12
MACHINE_CHANCE, SUPPLIES_CHANCE = 0.12, 0.1
FOLLOWS = {"": 94, "later": 4, "together": 1, "same people": 1}
CURRENT_CHANCE, PINNED_SHARE, CURRENT_DURATION = 0.3, 0.3, 90
MACHINE_MINUTES = 2400  # of a week that a machine is busy, ways left aside

Offer = list[tuple[int, int, int]]


def field(appointments: int, seed: int, load: float = LOAD) -> Json:
    """Draw a problem of the field family.

    Parameters
    ----------
    appointments
        How many; towns, users and machines follow from their work.
    seed
        Of the random numbers: the same arguments give the same problem.
    load
        Share of the people's time that the visits and their travel would fill; 1.2 is a fifth more than they have.

    Returns
    -------
    A problem.json dictionary.
    """
    random = Random(seed)
    depots = town_locations(random, max(1, round(appointments / VISITS_OF_TOWN)))
    places = [
        place(random, f"p{i}", depots[i % len(depots)])
        for i in range(max(len(depots), appointments // VISITS_OF_PLACE))
    ]
    visits: list[Json] = []
    offers: list[Offer] = []
    for i in range(appointments):
        row, offer = _visit(random, f"a{i}", random.randrange(len(places)))
        kind = drawn(random, FOLLOWS)
        if kind and visits and not visits[-1].get("after"):
            offer = _follow(row, offer, visits[-1], offers[-1], kind)
        visits.append(row)
        offers.append(offer)
    towns = [int(row["location"][1:]) % len(depots) for row in visits]
    minutes = sum((row["duration_minutes"] + TRAVEL_MINUTES) * sum(p["count"] for p in row["crew"]) for row in visits)
    people, homes = workers(random, max(2, round(minutes / (load * WEEK_MINUTES))), depots)
    groups = teams(people, len(depots))
    _choose_people(random, visits, towns, people, groups)
    needs = {
        feature: round(_machine_minutes(visits, feature) / (len(depots) * MACHINE_MINUTES)) for feature in FEATURES
    }
    machines = equipment(len(depots), needs)
    _stand(random, visits, offers, towns, people)
    return {
        "version": 1,
        "name": f"field-{appointments}-seed-{seed}",
        "timezone": DAYS.zone.key,
        "horizon": {"start": DAYS.instant(0), "end": DAYS.instant(7)},
        "step_minutes": 5,
        "now": DAYS.instant(0, 6 * 60),
        "users": [person.row for person in people],
        "teams": groups,
        "resources": machines,
        "locations": [*depots, *places, *homes],
        "travel": {"speed_kmh": 40, "detour_factor": 1.3},
        "rules": rules(people, machines, groups),
        "appointments": visits,
    }


def _visit(random: Random, ident: str, where: int) -> tuple[Json, Offer]:
    """Draw what a visit is, without anybody's name: the people are counted afterwards."""
    duration = drawn(random, DURATIONS)
    row: Json = {
        "id": ident,
        "client": f"c{where}",
        "duration_minutes": duration,
        "priority": drawn(random, PRIORITIES),
        "location": f"p{where}",
        "crew": _crew(random),
    }
    number, opens, closes = drawn(random, WINDOWS)
    offer = [(day, opens, closes) for day in sorted(random.sample(WORKDAYS, number))]
    if number > 1 and random.random() < 0.2:
        offer.append((SATURDAY, 8 * 60, 14 * 60))
    offer.sort()
    if offer:
        row["windows"] = [DAYS.span(*each) for each in offer]
    day, first, last = random.choice(offer or [(WORKDAYS[1], 480, 1020)])
    if random.random() < PREFERRED_START_CHANCE:
        row["preferred_start"] = DAYS.instant(
            day, 15 * random.randrange(first // 15, max(first, last - duration) // 15 + 1)
        )
    if random.random() < DUE_CHANCE:
        row["due"] = DAYS.instant(day, random.randrange(first + duration, max(first + duration, last) + 1, 15))
    if random.random() < BUFFER_CHANCE:
        row["buffer_after_minutes"] = random.choice((5, 10, 15))
    if random.random() < MACHINE_CHANCE:
        row["resources"] = [{"resource_type": "equipment", "features": [random.choice(FEATURES)]}]
    elif random.random() < SUPPLIES_CHANCE:
        row["resources"] = [{"resource": "supplies", "units": random.choice((1, 1, 2))}]
    return row, offer


def _crew(random: Random) -> list[Json]:
    level = drawn(random, LEVELS_ASKED)
    lead: Json = {"skills": [{"name": random.choice(SKILLS), "level": level}] if level else [], "count": 1}
    kind = drawn(random, CREWS)
    if kind == "pair":
        lead["count"] = 2
    return [lead, {"skills": [], "count": 1}] if kind == "helper" else [lead]


def _follow(row: Json, offer: Offer, former: Json, former_offer: Offer, kind: str) -> Offer:
    """Link a visit to the one before it, at the same client, and offer it when both can be."""
    row["client"], row["location"] = former["client"], former["location"]
    for field_ in ("preferred_start", "due", "windows"):
        row.pop(field_, None)
    link: Json = {"appointment": former["id"], "min_gap_minutes": 0}
    if kind == "together":
        link |= {"max_gap_minutes": 0, "from": "start", "different_users": True}
        row["duration_minutes"] = former["duration_minutes"]
        offer = former_offer
    else:
        link |= {"min_gap_minutes": 60} if kind == "later" else {"max_gap_minutes": 24 * 60, "same_users": True}
        offer = []
        if kind == "same people":
            row["crew"] = [dict(position) for position in former["crew"]]
    if offer:
        row["windows"] = [DAYS.span(*each) for each in offer]
    row["after"] = [link]
    return offer


def _machine_minutes(visits: list[Json], feature: str) -> int:
    asked = [row for row in visits if feature in row.get("resources", [{}])[0].get("features", ())]
    return sum(row["duration_minutes"] for row in asked)


def _choose_people(
    random: Random, visits: list[Json], towns: list[int], people: list[Worker], groups: list[Json]
) -> None:
    """Name teams, preferred and excluded users, machines and stores, all of the visit's town."""
    local: dict[int, list[str]] = {}
    for person in people:
        local.setdefault(person.town, []).append(person.row["id"])
    local_teams: dict[int, list[str]] = {}
    for group in groups:
        local_teams.setdefault(int(group["id"][1:].split("-")[0]), []).append(group["id"])
    linked = {link["appointment"] for row in visits for link in row.get("after", ())}
    for row, town in zip(visits, towns, strict=True):
        for need in row.get("resources", ()):
            if "features" in need:
                need["features"].append(f"town{town}")
            else:
                need["resource"] = f"supplies{town}"
        users, here = local.get(town, []), local_teams.get(town, [])
        alone = row["id"] not in linked and "after" not in row
        if here and alone and random.random() < TEAM_CHANCE:
            row["team"] = {"any_of": random.sample(here, min(len(here), random.choice((1, 2))))}
            if random.random() < WHOLE_TEAM_SHARE:
                row["crew"] = []
        elif users and random.random() < PREFERRED_USERS_CHANCE:
            row["users"] = {"preferred": random.sample(users, min(len(users), random.choice((1, 2, 3))))}
        elif users and random.random() < EXCLUDED_CHANCE:
            row["users"] = {"excluded": [random.choice(users)]}


def _stand(random: Random, visits: list[Json], offers: list[Offer], towns: list[int], people: list[Worker]) -> None:
    """Let simple visits stand already with somebody of the town, one for each person and day; pin some."""
    local: dict[int, list[Worker]] = {}
    for person in people:
        local.setdefault(person.town, []).append(person)
    linked = {link["appointment"] for row in visits for link in row.get("after", ())}
    taken: set[tuple[str, int]] = set()
    for row, offer, town in zip(visits, offers, towns, strict=True):
        simple = row["duration_minutes"] <= CURRENT_DURATION and not row.keys() & {
            "team",
            "resources",
            "after",
            "users",
        }
        crew = row["crew"]
        if not simple or row["id"] in linked or len(crew) > 1 or crew[0]["count"] > 1 or not local.get(town):
            continue
        if random.random() >= CURRENT_CHANCE:
            continue
        person = random.choice(local[town])
        fits = all(person.levels.get(skill["name"], 0) >= skill["level"] for skill in crew[0]["skills"])
        days = [each for each in offer or [(day, 480, 1020) for day in WORKDAYS] if each[0] in person.shifts]
        if not fits or not days:
            continue
        day, first, last = random.choice(days)
        low = max(first, person.shifts[day][0] + 90)
        high = min(last, person.shifts[day][1] - 90) - row["duration_minutes"] - row.get("buffer_after_minutes", 0)
        if low > high or (person.row["id"], day) in taken:
            continue
        taken.add((person.row["id"], day))
        row["current"] = {
            "start": DAYS.instant(day, 5 * random.randrange(low // 5, high // 5 + 1)),
            "users": [person.row["id"]],
        }
        if random.random() < PINNED_SHARE:
            row["pinned"] = True
