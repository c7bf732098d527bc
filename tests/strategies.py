"""Random problems that meet every rule and term, and hypothesis over them.

Every problem is drawn from a seed. First a set of features is chosen, so that some problems have one and others nearly
all; then the parts are drawn so that the appointments compete: more work than hours, few people with each skill.
"""

from __future__ import annotations

import math
from collections.abc import Collection

from hypothesis import strategies as st

from tests.factories import Json
from tests.random_draw import SIZES, Draw
from tests.random_rules import random_rules
from tests.random_subjects import (
    FEATURES,
    random_locations,
    random_resource,
    random_skills,
    random_team,
    random_travel,
    random_user,
)


def problems(size: str | int = "tiny", features: Collection[str] = ()) -> st.SearchStrategy[Json]:
    """Problems of a size as `problem.json` dictionaries; some features are in all of them."""
    return st.integers(0, 2**32 - 1).map(lambda seed: random_problem(seed, size, features))


def random_problem(seed: int, size: str | int = "small", features: Collection[str] = ()) -> Json:
    """Draw a problem.

    Parameters
    ----------
    seed
        The same seed gives the same problem.
    size
        `tiny` (2 to 4 appointments, a few thousand placements), `small` (5 to 14), `medium` (20 to 60), or a number
        of appointments.
    features
        Names of `tests.random_draw.FEATURES` that the problem has in any case; what else it has is drawn.

    Returns
    -------
    A valid `problem.json` dictionary.
    """
    draw = Draw(seed, size, features)
    shape = SIZES[draw.size]
    count = size if isinstance(size, int) else draw.between(*shape.appointments)
    problem: Json = {
        "version": 1,
        "name": f"random {draw.size} {seed}",
        "timezone": draw.zone,
        "horizon": {"start": draw.moment(draw.start), "end": draw.moment(draw.end)},
        "step_minutes": draw.step,
    }
    if draw.has("now"):
        problem["now"] = draw.moment(draw.now)
    problem["locations"] = random_locations(draw)
    places = [place["id"] for place in problem["locations"]]
    problem["travel"] = random_travel(draw, places)
    problem["users"] = [random_user(draw, f"u{k}", places) for k in range(draw.between(*shape.users))]
    users = [user["id"] for user in problem["users"]]
    problem["teams"] = [
        random_team(draw, f"t{k}", users) for k in range(draw.between(*shape.teams) if draw.has("teams") else 0)
    ]
    rooms = range(draw.between(*shape.resources) if draw.has("resources") else 0)
    problem["resources"] = [random_resource(draw, f"r{k}", places) for k in rooms]
    problem["appointments"] = []
    for k in range(count):
        problem["appointments"].append(_appointment(draw, f"a{k}", problem))
    if draw.size == "tiny":
        _narrow(draw, problem)
    problem["rules"] = random_rules(draw, problem)
    problem["weights"] = _weights(draw)
    return problem


def _appointment(draw: Draw, ident: str, problem: Json) -> Json:
    users = [user["id"] for user in problem["users"]]
    teams = [team["id"] for team in problem["teams"]]
    item: Json = {
        "id": ident,
        "title": ident.upper(),
        "duration_minutes": draw.duration(),
        "priority": draw.pick("low", "normal", "high", "urgent"),
    }
    minutes = item["duration_minutes"]
    if draw.has("buffers") and draw.chance(0.5):
        item["buffer_before_minutes"] = draw.pick(0, 5, draw.step)
        item["buffer_after_minutes"] = draw.pick(0, 10, draw.step)
    if draw.has("own_weight") and draw.chance(0.5):
        item["unassigned_weight"] = draw.pick(0, 20, 100, 1000)
    if draw.has("windows") and draw.chance(0.7):
        item["windows"] = _windows(draw, minutes)
    if draw.has("due") and draw.chance(0.6):
        item["due"] = draw.moment(draw.worktime())
    if draw.chance(0.7):
        item["preferred_start"] = draw.moment(draw.worktime())
    if teams and draw.chance(0.4):
        item["team"] = {"any_of": draw.sample(teams, draw.between(1, len(teams)))}
    if draw.chance(0.25 if "team" in item else 0.9):
        offered = item.get("team", {"any_of": []})["any_of"]
        members = {user for team in problem["teams"] if team["id"] in offered for user in team["members"]}
        item["crew"] = _crew(draw, [user for user in problem["users"] if not members or user["id"] in members])
    if draw.has("user_lists") and draw.chance(0.6):
        item["users"] = _user_lists(draw, users)
    if problem["resources"] and draw.chance(0.7):
        item["resources"] = [_demand(draw, problem["resources"]) for _ in range(draw.pick(1, 1, 2))]
    if problem["locations"] and draw.chance(0.75):
        item["location"] = draw.pick(*problem["locations"])["id"]
    if draw.has("clients") and draw.chance(0.8):
        item["client"] = draw.pick("c0", "c1")
    if draw.has("mandatory") and draw.chance(0.25):
        item["mandatory"] = True
    if draw.has("current") and draw.chance(0.4):
        item["current"] = _current(draw, item, problem)
        item["pinned"] = draw.has("pinned") and draw.chance(0.5)
    if draw.has("links") and problem["appointments"] and draw.chance(0.5):
        others = [other["id"] for other in problem["appointments"]]
        earlier = draw.sample(others, 1 if draw.chance(0.8) else min(2, len(others)))
        item["after"] = [_link(draw, other) for other in earlier]
    return item


def _windows(draw: Draw, minutes: int) -> list[Json]:
    windows = []
    for _ in range(draw.pick(1, 1, 2, 3)):
        start = draw.worktime()
        end = start + minutes + draw.pick(0, draw.step, 3 * draw.step, 240)
        windows.append({"start": draw.moment(start), "end": draw.moment(end)})
        if draw.chance(0.3):
            windows.append({"start": draw.moment(end), "end": draw.moment(end + minutes + draw.step)})
    return windows


def _crew(draw: Draw, users: list[Json]) -> list[Json]:
    """Positions that mostly ask for what somebody has."""
    crew: list[Json] = []
    for _ in range(1 if draw.chance(0.75) or len(users) == 1 else 2):
        skilled = draw.pick(*users)
        position: Json = {
            "skills": draw.sample(skilled["skills"], 1) if draw.chance(0.8) else random_skills(draw, 0, 1)
        }
        if "certifications" in skilled and draw.chance(0.3):
            position["certifications"] = skilled["certifications"]
        if draw.chance(0.15) and len(users) > 2:
            position["count"] = 2
        crew.append(position)
    return crew


def _user_lists(draw: Draw, users: list[str]) -> Json:
    lists: Json = {}
    if draw.chance(0.3):
        lists["allowed"] = draw.sample(users, draw.between(0 if draw.chance(0.2) else 1, len(users)))
    if draw.chance(0.3):
        lists["excluded"] = draw.sample(users, 1)
    if draw.chance(0.6):
        lists["preferred"] = draw.sample(users, draw.between(0, min(2, len(users))))
    return lists


def _demand(draw: Draw, resources: list[Json]) -> Json:
    chosen = draw.pick(*resources)
    demand: Json = {"resource": chosen["id"]} if draw.chance(0.3) else {"resource_type": chosen["resource_type"]}
    if "resource_type" in demand and draw.chance(0.3):
        demand["features"] = draw.sample(FEATURES, 1)
    if draw.chance(0.6):
        demand["units"] = draw.between(1, max(1, chosen["capacity"]))
    if draw.chance(0.2):
        demand["min_capacity"] = draw.between(1, chosen["capacity"])
    return demand


def _current(draw: Draw, item: Json, problem: Json) -> Json:
    users = [user["id"] for user in problem["users"]]
    start = draw.worktime()
    if draw.chance(0.4):
        start += draw.pick(-7, 3, 11)
    if draw.chance(0.15):
        start += draw.pick(-1, 1) * draw.pick(3, 7) * 1440
    heads = sum(position.get("count", 1) for position in item.get("crew", []))
    current: Json = {"start": draw.moment(start), "users": draw.sample(users, min(len(users), heads))}
    if "team" in item:
        chosen = draw.pick(*item["team"]["any_of"])
        current["team"] = chosen
        members = next(t["members"] for t in problem["teams"] if t["id"] == chosen)
        current["users"] = draw.sample(members, min(len(members), heads)) if heads else list(members)
    resources = draw.sample(problem["resources"], min(len(problem["resources"]), len(item.get("resources", []))))
    current["resources"] = [
        {"resource": r["id"]} if draw.chance(0.5) else {"resource": r["id"], "units": draw.between(1, r["capacity"])}
        for r in resources
    ]
    return current


def _link(draw: Draw, other: str) -> Json:
    low = draw.pick(0, 0, draw.step, 60, -60)
    link: Json = {"appointment": other, "min_gap_minutes": low}
    if draw.chance(0.5):
        link["max_gap_minutes"] = low + draw.pick(0, 60, 240, 1440)
    if draw.chance(0.3):
        link["from"] = "start"
    if draw.chance(0.4):
        link[draw.pick("different_users", "same_users")] = True
    return link


def _narrow(draw: Draw, problem: Json) -> None:
    """Cut the windows of a tiny problem until all its placements can be counted."""
    loose = [item for item in problem["appointments"] if not item.get("pinned")]
    users, resources = len(problem["users"]), len(problem["resources"])
    for item in loose:
        heads = sum(position.get("count", 1) for position in item.get("crew", []))
        crews = math.comb(users, min(heads, users))
        teams = len(item["team"]["any_of"]) if "team" in item else 1
        rooms = max(1, resources) ** len(item.get("resources", []))
        starts = max(2, int(3000 ** (1 / len(loose)) / (crews * teams * rooms)))
        minutes, first = item["duration_minutes"], draw.midday()
        if starts >= 4 and draw.chance(0.4):
            starts //= 2
            later = first + draw.pick(starts * draw.step + minutes, 1440)
            spans = [first, later]
        else:
            spans = [first]
        item["windows"] = [
            {"start": draw.moment(start), "end": draw.moment(start + minutes + (starts - 1) * draw.step)}
            for start in spans
        ]


def _weights(draw: Draw) -> Json:
    weights: Json = {}
    terms = ("lateness", "preferred_time", "travel", "preferred_users", "overtime", "moved", "reassigned")
    extras = ("max_lateness", "waiting", "max_waiting", "workload_balance", "continuity", "headcount", "labor_cost")
    for term in terms:
        if draw.chance(0.5):
            weights[term] = draw.pick(0, 1, 2, 30)
    for term in extras:
        if draw.has(term):
            weights[term] = draw.pick(1, 2, 5, 40)
    if draw.chance(0.6):
        weights["unassigned"] = {"low": 40, "normal": 150, "high": 400, "urgent": 3000}
    return weights
