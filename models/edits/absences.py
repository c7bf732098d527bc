"""Somebody or something is not there for a while."""

from datetime import datetime, timedelta
from typing import ClassVar, Literal, Self

from pydantic import model_validator

from models.edits.draft import Draft, changed, label, valid
from models.edits.edit import Edit, split
from models.edits.moments import read_span, spoken_span
from models.enums import RuleType
from models.faults import refuse
from models.fields import Id, Instant
from models.people import Period
from models.rules import Rule
from models.timegrid import MIDNIGHT

WHEN = "Without a time: from now, or the start, to the end."


class _Absence(Edit):
    """A stretch of time; without a start from now (else the start of the horizon), without an end to its end."""

    start: Instant | None = None
    end: Instant | None = None

    @model_validator(mode="after")
    def _runs_forward(self) -> Self:
        if self.start is not None and self.end is not None and self.end <= self.start:
            raise refuse(self.end, f"a time after the start {self.start.isoformat()}", "Swap start and end.", "end")
        return self

    def span(self, draft: Draft) -> tuple[datetime, datetime]:
        """Start and end, with what is left open filled in; never empty."""
        start, end = self.start or draft.reference, self.end or draft.horizon.end
        return start, max(end, start + timedelta(minutes=1))


class UserAbsent(_Absence):
    """A user is ill, on leave, or late."""

    option: ClassVar[str] = "--absent"
    metavar: ClassVar[str] = "USER[:WHEN]"
    does: ClassVar[str] = f"A user is away: ana, ana:tue, ana:today 14:00..16:30, ana:mon..wed. {WHEN}"

    kind: Literal["user_absent"] = "user_absent"
    user: Id

    @classmethod
    def read(cls, text: str, draft: Draft) -> Self:
        """Read `USER` or `USER:WHEN`."""
        key, when = split(text, draft, "user")
        start, end = read_span(when, draft)
        return cls(user=key, start=start, end=end)

    def apply(self, draft: Draft) -> str:
        """Add the stretch to what the user is unavailable for."""
        user, (start, end) = draft.user(self.user), self.span(draft)
        draft.users[user.id] = changed(user, unavailable=(*user.unavailable, Period(start=start, end=end)))
        return f"{label(user)} is away {spoken_span(start, end, draft)}"


class ResourceDown(_Absence):
    """A resource is broken, lent, or in repair."""

    option: ClassVar[str] = "--down"
    metavar: ClassVar[str] = "RESOURCE[:WHEN]"
    does: ClassVar[str] = f"A resource is out of order: van-1, van-1:tue..thu. {WHEN}"

    kind: Literal["resource_down"] = "resource_down"
    resource: Id

    @classmethod
    def read(cls, text: str, draft: Draft) -> Self:
        """Read `RESOURCE` or `RESOURCE:WHEN`."""
        key, when = split(text, draft, "resource")
        start, end = read_span(when, draft)
        return cls(resource=key, start=start, end=end)

    def apply(self, draft: Draft) -> str:
        """Add the stretch to what the resource is unavailable for."""
        resource, (start, end) = draft.resource(self.resource), self.span(draft)
        period = Period(start=start, end=end)
        draft.resources[resource.id] = changed(resource, unavailable=(*resource.unavailable, period))
        return f"{label(resource)} is out of order {spoken_span(start, end, draft)}"


class TeamDown(_Absence):
    """A team as such does not work; its members may."""

    option: ClassVar[str] = "--team-down"
    metavar: ClassVar[str] = "TEAM[:WHEN]"
    does: ClassVar[str] = f"A team takes no work; its members may do other work. {WHEN}"

    kind: Literal["team_down"] = "team_down"
    team: Id

    @classmethod
    def read(cls, text: str, draft: Draft) -> Self:
        """Read `TEAM` or `TEAM:WHEN`."""
        key, when = split(text, draft, "team")
        start, end = read_span(when, draft)
        return cls(team=key, start=start, end=end)

    def apply(self, draft: Draft) -> str:
        """Add a blackout that names the team, on its own wall."""
        draft.demand("team", self.team)
        team, (start, end) = draft.teams[self.team], self.span(draft)
        zone = draft.subject_zone(team)
        first, last = start.astimezone(zone), end.astimezone(zone)
        document: dict[str, object] = {
            "id": draft.free_id(f"{team.id} down", "rule"),
            "name": "Team down",
            "rule_type": RuleType.BLACKOUT,
            "applies_to_teams": [team.id],
            "start_date": first.date(),
            "start_time": first.time(),
            "end_date": last.date(),
            "end_time": last.time(),
        }
        if last.time() == MIDNIGHT:
            document |= {"end_date": last.date() - timedelta(days=1), "end_time": None}
        rule = valid(Rule, document)
        draft.rules[rule.id] = rule
        return f"{label(team)} takes no work {spoken_span(start, end, draft)}"
