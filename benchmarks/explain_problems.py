"""Small problems with more work than fits, in which every rule can be what keeps an appointment out."""

from __future__ import annotations

from random import Random
from typing import Any

Json = dict[str, Any]

MONDAY = "2026-11-23"
DAYS = (MONDAY, "2026-11-24")
STEP = 30
SKILLS = ("clean", "window", "lift")
PLACES = ("north", "south", "west")
CHANCES = {"teams": 0.4, "resources": 0.6, "travel": 0.5, "links": 0.3, "now": 0.4}


def overbooked(seed: int) -> Json:
    """Draw a problem of one or two days, three or four people and seven to eleven appointments.

    Parameters
    ----------
    seed
        The same seed gives the same problem.

    Returns
    -------
    A problem.json dictionary.
    """
    return _Drawing(Random(seed), seed).problem()


class _Drawing:
    def __init__(self, random: Random, seed: int) -> None:
        self.random, self.seed = random, seed
        self.days = DAYS[: random.choice((1, 1, 2))]
        self.has = {name: random.random() < chance for name, chance in CHANCES.items()}
        self.users = [f"u{k}" for k in range(random.choice((3, 3, 4)))]
        self.resources = [f"r{k}" for k in range(random.choice((1, 2, 3)) if self.has["resources"] else 0)]
        self.teams: dict[str, list[str]] = {}
        if self.has["teams"]:
            self.teams = {f"t{k}": random.sample(self.users, 2) for k in range(random.choice((1, 2)))}

    def chance(self, share: float) -> bool:
        return self.random.random() < share

    def problem(self) -> Json:
        pick = self.random.choice
        parts: Json = {
            "version": 1,
            "name": f"over-booked {self.seed}",
            "horizon": {"start": _at(self.days[0], 7 * 60), "end": _at(self.days[-1], 19 * 60)},
            "step_minutes": STEP,
            "users": [self._user(key) for key in self.users],
            "teams": [{"id": key, "members": members} for key, members in self.teams.items()],
            "resources": [self._resource(key) for key in self.resources],
            "appointments": [],
        }
        if self.has["travel"]:
            parts["locations"] = [{"id": key, "latitude": 0, "longitude": 0} for key in PLACES]
            rows = [[0 if a == b else pick((15, 20, 30, 45)) for b in PLACES] for a in PLACES]
            parts["travel"] = {"locations": list(PLACES), "minutes": rows}
        if self.has["now"]:
            parts["now"] = _at(MONDAY, pick((7, 8, 9)) * 60)
        for number in range(pick((7, 8, 9, 10, 11))):
            parts["appointments"].append(self._appointment(number))
        parts["rules"] = self._rules()
        return parts

    def _user(self, key: str) -> Json:
        pick = self.random.choice
        opening = pick((8, 8, 9))
        hours = {"start": f"{opening:02}:00", "end": f"{opening + pick((6, 8, 8)):02}:00"}
        user: Json = {
            "id": key,
            "skills": [
                {"name": name, "level": pick((1, 2, 2))} for name in self.random.sample(SKILLS, pick((2, 2, 3)))
            ],
            "availability": {"monday": hours, "tuesday": hours} if self.chance(0.9) else {"monday": hours},
        }
        if self.chance(0.2):
            user["certifications"] = ["height"]
        if self.chance(0.25):
            start = pick((8, 10, 12)) * 60
            user["unavailable"] = [{"start": _at(MONDAY, start), "end": _at(MONDAY, start + pick((120, 240)))}]
        if self.chance(0.25):
            user["max_hours_per_week"], user["overtime_hours_per_week"] = pick((3, 5)), pick((0, 1))
        if self.has["travel"] and self.chance(0.4):
            user["start_location"] = user["end_location"] = pick(PLACES)
        return user

    def _resource(self, key: str) -> Json:
        pick = self.random.choice
        resource: Json = {"id": key, "name": key.upper(), "resource_type": pick(("vehicle", "vehicle", "equipment"))}
        resource["capacity"] = pick((1, 1, 2, 3))
        if self.chance(0.2):
            resource["unavailable"] = [{"start": _at(MONDAY, 600), "end": _at(MONDAY, 780)}]
        return resource

    def _appointment(self, number: int) -> Json:
        pick = self.random.choice
        minutes, day = pick((60, 60, 60, 90, 90, 120, 180)), pick(self.days)
        low = 8 * 60 + STEP * self.random.randrange(13)
        high = min(19 * 60, low + minutes + STEP * pick((0, 1, 2, 4, 6)))
        item: Json = {
            "id": f"a{number}",
            "duration_minutes": minutes,
            "priority": pick(("low", "normal", "normal", "high", "urgent")),
            "windows": [{"start": _at(day, low), "end": _at(day, high)}],
        }
        if self.chance(0.4):
            item["preferred_start"] = _at(day, low + STEP * self.random.randrange(3))
        if self.chance(0.1):
            item["unassigned_weight"] = pick((0, 5, 40))
        if self.chance(0.15):
            item["buffer_after_minutes"] = 15
        if self.teams and self.chance(0.4):
            item["team"] = {"any_of": [pick(list(self.teams))]}
        if "team" not in item or self.chance(0.6):
            item["crew"] = self._crew()
        if self.chance(0.15):
            item["users"] = {pick(("excluded", "preferred", "allowed")): [pick(self.users)]}
        if self.resources and self.chance(0.5):
            item["resources"] = [self._demand()]
        if self.has["travel"] and self.chance(0.8):
            item["location"] = pick(PLACES)
        if self.has["links"] and number and self.chance(0.3):
            item["after"] = [self._link(f"a{number - 1}")]
        if self.chance(0.08):
            item["mandatory"] = True
        if self.chance(0.08) and "team" not in item:
            item["current"] = {"start": item["windows"][0]["start"], "users": [pick(self.users)]}
            item["pinned"] = self.chance(0.5)
        return item

    def _crew(self) -> list[Json]:
        pick = self.random.choice
        roles = []
        for _ in range(pick((1, 1, 1, 1, 2))):
            role: Json = {"skills": [{"name": pick(SKILLS), "level": pick((1, 1, 1, 2))}] if self.chance(0.7) else []}
            if self.chance(0.05):
                role["certifications"] = ["height"]
            roles.append(role)
        return roles

    def _demand(self) -> Json:
        pick = self.random.choice
        demand: Json = {"resource_type": pick(("vehicle", "equipment"))} if self.chance(0.7) else {}
        if not demand:
            demand["resource"] = pick(self.resources)
        if self.chance(0.5):
            demand["units"] = pick((1, 1, 2))
        return demand

    def _link(self, before: str) -> Json:
        link: Json = {"appointment": before, "min_gap_minutes": self.random.choice((0, 30))}
        if self.chance(0.6):
            link["max_gap_minutes"] = link["min_gap_minutes"] + self.random.choice((60, 120))
        if self.chance(0.4):
            link[self.random.choice(("same_users", "different_users"))] = True
        return link

    def _rules(self) -> list[Json]:
        pick = self.random.choice
        user = pick(self.users)
        subjects: Json = {"applies_to_users": [pick(self.users)]}
        drawn: list[Json] = [
            {"rule_type": "blackout", "start_date": MONDAY, "end_date": MONDAY, "start_time": "15:00", **subjects},
            {"rule_type": "holiday", "start_date": DAYS[1], "end_date": DAYS[1], "is_global": True},
            {"rule_type": "break_time", "start_time": "12:00", "end_time": "12:30", "is_global": True},
            {
                "rule_type": "break_time", "start_time": "11:00", "end_time": "14:00",
                "parameters": {"duration_minutes": pick((30, 60))}, "is_global": True,
            },
            {
                "rule_type": "working_hours", "start_time": "08:00", "end_time": pick(("16:00", "18:00")),
                "is_global": True,
            },
            {"rule_type": "working_hours", "start_time": "10:00", "end_time": "17:00", "applies_to_users": [user]},
            {"rule_type": "capacity_limit", "parameters": {"max_per_day": pick((1, 2))}, **subjects},
            {"rule_type": "capacity_limit", "parameters": {"max_concurrent": pick((1, 2))}, "is_global": True},
            {"rule_type": "capacity_limit", "parameters": {"max_minutes_per_day": 240}, "applies_to_users": [user]},
        ]  # fmt: skip
        if self.has["now"]:
            drawn.append({"rule_type": "advance_booking", "parameters": {"min_hours": pick((1, 3))}, "is_global": True})
        if self.resources:
            maintained = {"applies_to_resources": [pick(self.resources)], "start_time": "08:00", "end_time": "11:00"}
            drawn.append({"rule_type": "maintenance", "start_date": MONDAY, "end_date": MONDAY, **maintained})
        if self.teams:
            drawn.append({"rule_type": "blackout", "start_date": MONDAY, "end_date": MONDAY, "start_time": "14:00",
                          "applies_to_teams": [pick(list(self.teams))]})  # fmt: skip
        chosen = self.random.sample(drawn, pick((0, 1, 2, 3)))
        return [{"id": f"rule {number}", **rule} for number, rule in enumerate(chosen)]


def _at(day: str, minute: int) -> str:
    return f"{day}T{minute // 60:02}:{minute % 60:02}:00Z"
