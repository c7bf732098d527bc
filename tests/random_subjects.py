"""Random locations, users, teams and resources for a random problem."""

from __future__ import annotations

from typing import Any

from tests.factories import Json
from tests.random_draw import Draw

SKILLS = ("clean", "lift", "paint")
CERTIFICATES = ("first aid", "forklift")
FEATURES = ("projector", "sink")


def random_locations(draw: Draw) -> list[Json]:
    """Draw a few places in one town, or none."""
    if not draw.has("locations"):
        return []
    rng = draw.rng
    return [
        {"id": f"l{k}", "latitude": 48 + rng.random() / 8, "longitude": 11 + rng.random() / 8}
        for k in range(rng.randint(2, 5))
    ]


def random_travel(draw: Draw, places: list[str]) -> Json | None:
    """Draw how people travel: by coordinates, or a matrix that may be asymmetric and break the triangle inequality."""
    if not places or draw.chance(0.1):
        return None
    kind = draw.pick("defaults", "speed", "matrix", "matrix", "wild")
    if kind == "defaults":
        return {}
    if kind == "speed":
        return {"speed_kmh": draw.pick(15, 30.5), "detour_factor": draw.pick(1, 1.4)}
    top = 30 if kind == "matrix" else 90
    low = 15 if kind == "matrix" else 0
    rows = [[0 if a == b else draw.between(low, top) for b in places] for a in places]
    return {"locations": places, "minutes": rows}


def _skill(draw: Draw) -> Any:
    name = draw.pick(*SKILLS)
    return {"name": name, "level": draw.pick(1, 2, 3)} if draw.has("levels") and draw.chance(0.5) else name


def random_skills(draw: Draw, low: int, high: int) -> list[Any]:
    """Draw different skills, some with levels."""
    chosen: dict[str, Any] = {}
    for _ in range(draw.between(low, high)):
        skill = _skill(draw)
        chosen[skill if isinstance(skill, str) else skill["name"]] = skill
    return list(chosen.values())


def random_user(draw: Draw, ident: str, places: list[str]) -> Json:
    """Draw a user."""
    user: Json = {"id": ident, "name": ident.upper(), "skills": random_skills(draw, 1, 3)}
    if draw.has("certificates") and draw.chance(0.6):
        user["certifications"] = [draw.pick(*CERTIFICATES)]
    user["availability"] = draw.availability(0.93)
    if draw.has("leave") and draw.chance(0.5):
        user["unavailable"] = [draw.closure() for _ in range(draw.pick(1, 1, 2))]
    if draw.has("zones") and draw.chance(0.5):
        user["timezone"] = draw.other_zone()
    if draw.has("weekly_hours") and draw.chance(0.7):
        user["max_hours_per_week"] = draw.pick(1, 2, 2.5, 4, 8)
        user["overtime_hours_per_week"] = draw.pick(0, 0.5, 2, 4)
    if draw.has("labor"):
        user["hourly_cost"] = draw.pick(15, 20.5, 33.33, 0)
    if places and draw.has("depots"):
        if draw.chance(0.6):
            user["start_location"] = draw.pick(*places)
        if draw.chance(0.6):
            user["end_location"] = draw.pick(*places)
    return user


def random_team(draw: Draw, ident: str, users: list[str]) -> Json:
    """Draw a team of some users."""
    members = draw.sample(users, draw.between(1, min(3, len(users))))
    team: Json = {
        "id": ident,
        "name": ident.upper(),
        "members": members,
        "lead": members[0],
        "max_concurrent": draw.pick(1, 1, 2, 3),
    }
    if draw.chance(0.25):
        team["availability"] = draw.availability(0.9)
    if draw.has("zones") and draw.chance(0.3):
        team["timezone"] = draw.other_zone()
    return team


def random_resource(draw: Draw, ident: str, places: list[str]) -> Json:
    """Draw a resource."""
    resource: Json = {"id": ident, "name": ident.upper(), "resource_type": draw.pick("room", "room", "vehicle")}
    resource["capacity"] = draw.pick(1, 1, 2, 3, 5)
    resource["features"] = draw.sample(FEATURES, draw.between(0, 2))
    if draw.chance(0.3):
        resource["availability"] = draw.availability(0.9)
    if draw.has("leave") and draw.chance(0.3):
        resource["unavailable"] = [draw.closure()]
    if places and draw.chance(0.3):
        resource["location"] = draw.pick(*places)
    return resource
