"""Careless plans for random problems: mostly sensible choices, with every kind of mistake among them."""

from __future__ import annotations

import random
from datetime import datetime, timedelta
from typing import Any

from tests.factories import Json

CARE = (0.6, 0.9, 0.97)


class RoughPlanner:
    """Draws one plan; every choice is a sensible one with probability `care`, else any.

    Parameters
    ----------
    problem
        A valid `problem.json` dictionary.
    seed
        Seed of everything drawn.
    exact
        Whether services have their own lengths and resources come in the order of demands, as in a solution.
    """

    def __init__(self, problem: Json, seed: int, exact: bool = False) -> None:
        self.rng = random.Random(seed)
        self.exact = exact
        self.problem = problem
        self.care = self.rng.choice(CARE)
        self.users = [user["id"] for user in problem["users"]]
        self.teams = {team["id"]: team["members"] for team in problem["teams"]}
        self.resources = {resource["id"]: resource for resource in problem["resources"]}
        self.placed: dict[str, Json] = {}

    def plan(self) -> Json:
        """Draw a `plan.json` dictionary."""
        left = []
        for item in self.problem["appointments"]:
            if self.stands(item) and not (self.rng.random() > self.care and self.rng.random() < 0.3):
                self.placed[item["id"]] = self.kept(item)
            elif self.stands(item) or self.rng.random() < 0.2:
                left.append({"appointment": item["id"]})
            else:
                self.placed[item["id"]] = self.assignment(item)
        return {"version": 1, "assignments": list(self.placed.values()), "unassigned": left}

    def stands(self, item: Json) -> bool:
        """Whether an appointment counts as pinned."""
        now, current = self.problem.get("now"), item.get("current")
        began = now and current and datetime.fromisoformat(current["start"]) < datetime.fromisoformat(now)
        return bool(item.get("pinned") or began)

    def careful(self) -> bool:
        """Whether this choice is a sensible one."""
        return self.rng.random() < self.care

    def kept(self, item: Json) -> Json:
        """A pinned appointment where it stands, or carelessly moved."""
        current: dict[str, Any] = item["current"]
        start = datetime.fromisoformat(current["start"])
        users = list(current.get("users", []))
        if not self.careful() and self.rng.random() < 0.3:
            start += timedelta(minutes=self.rng.choice((-60, 60)))
        resources = [{"units": None, **use, "demand": k} for k, use in enumerate(current.get("resources", []))]
        return self.entry(item, start, item["duration_minutes"], current.get("team"), users, resources)

    def entry(
        self, item: Json, start: datetime, minutes: int, team: str | None, users: list[str], uses: list[Json]
    ) -> Json:
        """An assignment as in plan.json."""
        end = start.astimezone(tz=datetime.fromisoformat(self.problem["horizon"]["start"]).tzinfo) + timedelta(
            minutes=minutes
        )
        times = {"start": start.isoformat(), "end": end.isoformat()}
        return {"appointment": item["id"], **times, "team": team, "users": users, "resources": uses}

    def assignment(self, item: Json) -> Json:
        """A new assignment."""
        minutes = item["duration_minutes"]
        if not self.careful() and self.rng.random() < 0.1 and not self.exact:
            minutes += self.rng.choice((-5, 5, 30))
        team, pool = None, self.users
        if "team" in item:
            team = self.rng.choice(item["team"]["any_of"] if self.careful() else [*self.teams, None])
        elif self.teams and not self.careful() and self.rng.random() < 0.2:
            team = self.rng.choice(list(self.teams))
        if team is not None and self.careful():
            pool = self.teams[team]
        lists = item.get("users", {})
        if self.careful():
            allowed = lists.get("allowed")
            pool = [u for u in pool if (allowed is None or u in allowed) and u not in lists.get("excluded", [])]
        heads = sum(position.get("count", 1) for position in item.get("crew", []))
        if not self.careful() and self.rng.random() < 0.3:
            heads += self.rng.choice((-1, 1))
        users = self.rng.sample(pool, max(0, min(heads, len(pool))))
        if not item.get("crew") and team is not None and self.careful():
            users = list(self.teams[team])
        return self.entry(item, self.start(item, minutes), max(5, minutes), team, users, self.uses(item))

    def start(self, item: Json, minutes: int) -> datetime:
        """A start near what the appointment asks for."""
        horizon = self.problem["horizon"]
        spans: list[Json] = item["windows"] if item.get("windows") and self.careful() else [horizon]
        span = self.rng.choice(spans)
        first, last = datetime.fromisoformat(span["start"]), datetime.fromisoformat(span["end"])
        step = self.problem["step_minutes"]
        room = max(0, int((last - first).total_seconds() // 60) - minutes)
        start = first + timedelta(minutes=self.rng.randrange(room + 1) // step * step)
        links = [link for link in item.get("after", []) if link["appointment"] in self.placed]
        if links and self.careful():
            link = links[0]
            other = self.placed[link["appointment"]]
            base = datetime.fromisoformat(other[link.get("from", "end")])
            start = base + timedelta(minutes=link.get("min_gap_minutes", 0))
        elif "preferred_start" in item and self.rng.random() < 0.4:
            start = datetime.fromisoformat(item["preferred_start"])
        elif "current" in item and self.rng.random() < 0.4:
            start = datetime.fromisoformat(item["current"]["start"])
        if not self.careful():
            start += timedelta(minutes=self.rng.choice((1, step // 2, -1440, 2880, 60)))
        return start

    def uses(self, item: Json) -> list[Json]:
        """Resources for the demands of an appointment."""
        uses: list[Json] = []
        for index, demand in enumerate(item.get("resources", [])):
            fitting = [
                key
                for key, resource in self.resources.items()
                if demand.get("resource") in (None, key)
                and demand.get("resource_type") in (None, resource["resource_type"])
                and key not in [use["resource"] for use in uses]
            ]
            pool = fitting if fitting and self.careful() else list(self.resources)
            if self.careful() or self.rng.random() < 0.7:
                wrong = not self.careful() and self.rng.random() < 0.2
                place = index + self.rng.choice((0, 1)) if wrong else index
                place = len(uses) if self.exact else place
                uses.append({"resource": self.rng.choice(pool), "demand": place, "units": demand.get("units")})
        return uses


def rough_plan(problem: Json, seed: int, exact: bool = False) -> Json:
    """Draw a careless plan.

    Parameters
    ----------
    problem
        A valid `problem.json` dictionary.
    seed
        The same seed gives the same plan.
    exact
        Whether a solution can hold the plan: services of their own lengths, demands in order.

    Returns
    -------
    A `plan.json` dictionary that names only what the problem knows, every appointment once.
    """
    return RoughPlanner(problem, seed, exact).plan()
