"""The rows of a picture: users, teams or resources, each with its appointments and a note."""

from __future__ import annotations

from typing import Literal

from models.people import User
from service.draw.timeline import Row
from service.wording import count, hours
from solver.placed import Placed
from solver.reading import Reading

By = Literal["user", "team", "resource"]
NOBODY = ""
CROWD = 40  # with more rows than this, those without any appointment are left out


class Rows:
    """Who or what has a row, and which appointments are shown there.

    Parameters
    ----------
    reading
        The plan beside its problem.
    by
        What the rows are.
    """

    def __init__(self, reading: Reading, by: By) -> None:
        self._reading, self._by = reading, by
        self.work: dict[str, list[Placed]] = {}
        for placed in reading.placed.values():
            for key in self._shown_at(placed):
                self.work.setdefault(key, []).append(placed)
        subjects = {"user": [*reading.users], "team": [*reading.teams], "resource": [*reading.resources]}
        known = subjects[by]
        self.keys = [key for key in known if key in self.work or len(known) <= CROWD]
        self.idle = len(known) - len(self.keys)
        self.absent = sum(not self._shown_at(placed) for placed in reading.placed.values())
        if NOBODY in self.work:
            self.keys.append(NOBODY)

    def _shown_at(self, placed: Placed) -> list[str]:
        if self._by == "user":
            return list(dict.fromkeys(placed.users)) or [NOBODY]
        if self._by == "team":
            return [placed.team] if placed.team else []
        return list(dict.fromkeys(taken.resource for taken in placed.resources))

    def row(self, key: str) -> Row:
        """Describe a row.

        Parameters
        ----------
        key
            One of `keys`.

        Returns
        -------
        Its name with a note: the hours of a user, the members of a team, the kind of a resource.
        """
        if key == NOBODY:
            return Row(key, "Without a crew", "")
        if self._by == "team":
            team = self._reading.teams[key]
            return Row(key, team.name or key, count(len(team.members), "member"))
        if self._by == "resource":
            resource = self._reading.resources[key]
            units = f", {resource.capacity} units" if resource.capacity > 1 else ""
            return Row(key, resource.name or key, f"{resource.resource_type}{units}")
        return self._user(self._reading.users[key])

    def _user(self, user: User) -> Row:
        weeks = [sum(placed.minutes for placed in week) for week in self._reading.weeks.get(user.id, [])]
        name, limit = user.name or user.id, user.max_hours_per_week
        if limit is None:
            return Row(user.id, name, hours(sum(weeks)))
        most = max(weeks, default=0)
        if most > limit * 60:
            return Row(user.id, name, f"{hours(most)} of {float(limit):g} h, overtime", alert=True)
        each = " a week" if len(weeks) > 1 else ""
        return Row(user.id, name, f"{hours(sum(weeks))}, up to {float(limit):g} h{each}")

    def notes(self) -> list[str]:
        """Say what has no row."""
        noun = {"user": "user", "team": "team", "resource": "resource"}[self._by]
        notes = []
        if self.idle:
            notes.append(f"{count(self.idle, noun)} without appointments not shown.")
        if self.absent:
            notes.append(f"{count(self.absent, 'appointment')} without a {noun} not shown.")
        return notes
