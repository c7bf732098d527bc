"""Longer or shorter hours."""

from collections.abc import Sequence
from datetime import time
from typing import ClassVar, Literal, Self, TypeVar

from models.edits.draft import Draft, changed, label
from models.edits.edit import Edit, minutes_of, refuse_edit
from models.enums import RuleType
from models.faults import nearest
from models.fields import Clock, Gap, Id
from models.people import Availability, Resource, Team, User, WallSpan
from models.rules import Rule

EVERYBODY = "all"
DAY = 24 * 60
LISTINGS = ("applies_to_users", "applies_to_teams", "applies_to_resources")
Subject = TypeVar("Subject", User, Team, Resource)


class ExtendHours(Edit):
    """Somebody, or everybody, works longer: by some minutes at the end of every day, or until a time of day."""

    option: ClassVar[str] = "--extend-hours"
    metavar: ClassVar[str] = "WHO:MINUTES"
    does: ClassVar[str] = (
        "A user, team or resource, or all of them, is open longer at the end of every day: ana:60, all:-30, ana:18:00."
    )

    kind: Literal["extend_hours"] = "extend_hours"
    who: Id
    minutes: Gap | None = None
    until: Clock | None = None

    @classmethod
    def read(cls, text: str, draft: Draft) -> Self:
        """Read `WHO:MINUTES` or `WHO:HH:MM`."""
        known = [EVERYBODY, *draft.users, *draft.teams, *draft.resources]
        who = max((key for key in known if text.startswith(f"{key}:")), key=len, default="")
        if not who:
            name = text.partition(":")[0]
            advice = nearest(name, known) or "Such as all:60, or ana:18:00 for a user ana."
            refuse_edit(text, "a user, team or resource, or all, and how long", advice)
        rest = text[len(who) + 1 :].strip()
        if ":" not in rest:
            return cls(who=who, minutes=minutes_of(rest, f"{who}:60"))
        try:
            return cls(who=who, until=time.fromisoformat(rest.zfill(5)))
        except ValueError:
            refuse_edit(text, "minutes, or a time of day", f"Such as {who}:60 or {who}:18:00.")

    def apply(self, draft: Draft) -> str:
        """Stretch own availability and the working-hours rules that bind; a subject's own copy of a rule for all."""
        if (self.minutes is None) == (self.until is None):
            refuse_edit("nothing" if self.minutes is None else "both", "minutes, or a time of day", "Give one of them.")
        rules = [rule for rule in draft.rules.values() if rule.is_active and rule.rule_type is RuleType.WORKING_HOURS]
        how = f"until {self.until:%H:%M} at least" if self.until else f"{abs(self.minutes or 0)} min "
        how += "" if self.until else "longer" if (self.minutes or 0) > 0 else "shorter"
        if self.who == EVERYBODY:
            for who in (*draft.users, *draft.teams, *draft.resources):
                self._stretch_own(draft, who)
            for rule in rules:
                draft.rules[rule.id] = self._stretched_rule(rule)
            return f"all work {how} every day"
        subject = self._stretch_own(draft, self.who)
        listing = f"applies_to_{type(subject).__name__.lower()}s"
        own = [rule for rule in rules if subject.id in getattr(rule, listing)]
        if not own and not isinstance(subject, Resource):
            own = [rule for rule in rules if rule.is_global]
        for rule in own:
            self._stretch_for_one(draft, rule, listing, subject.id)
        return f"{label(subject)} works {how} every day"

    def _stretch_own(self, draft: Draft, who: str) -> User | Team | Resource:
        """Stretch the availability of the user, team or resource of an id, in this order."""
        if who in draft.users:
            draft.users[who] = self._stretched_part(draft.users[who])
            return draft.users[who]
        if who in draft.teams:
            draft.teams[who] = self._stretched_part(draft.teams[who])
            return draft.teams[who]
        if who not in draft.resources:
            refuse_edit(who, f"the id of a user, team or resource, or {EVERYBODY}")
        draft.resources[who] = self._stretched_part(draft.resources[who])
        return draft.resources[who]

    def _stretched_part(self, part: Subject) -> Subject:
        if part.availability is None:
            return part
        week: Availability = {}
        for day, spans in part.availability.items():
            week[day] = self._stretched_day(spans)
        return changed(part, availability=week)

    def _stretched_day(self, spans: Sequence[WallSpan]) -> tuple[WallSpan, ...]:
        """A day whose last span ends later; without any, it stays closed."""
        ordered = sorted(spans, key=lambda span: span.start)
        if not ordered:
            return ()
        last = self._stretched(ordered[-1].start, ordered[-1].end)
        return (*ordered[:-1], *(() if last is None else (WallSpan(start=last[0], end=last[1]),)))

    def _stretch_for_one(self, draft: Draft, rule: Rule, listing: str, key: str) -> None:
        """Give a subject a longer copy of a rule that binds others too, and take it out of the rule."""
        copy = changed(
            self._stretched_rule(rule),
            id=draft.free_id(f"{rule.id} for {key}", "rule"),
            is_global=False,
            **(dict.fromkeys(LISTINGS, ()) | {listing: (key,)}),
        )
        draft.rules[copy.id] = copy
        if key in getattr(rule, listing):
            left = tuple(other for other in getattr(rule, listing) if other != key)
            draft.rules[rule.id] = changed(rule, **{listing: left})

    def _stretched_rule(self, rule: Rule) -> Rule:
        """A rule with a later end; one that ends with the day stays, and one without time left is switched off."""
        if rule.end_time is None:
            return rule
        stretched = self._stretched(rule.start_time or time(0), rule.end_time)
        return changed(rule, is_active=False) if stretched is None else changed(rule, end_time=stretched[1])

    def _stretched(self, start: time, end: time) -> tuple[time, time] | None:
        """Both times with a later end; an end that is not after its start is the next day's, 24 hours are the most."""
        begin, finish = _minute(start), _minute(end)
        length = (finish - begin - 1) % DAY + 1
        if self.minutes is not None:
            length += self.minutes
        elif self.until is not None and begin + length < DAY:
            length = max(length, _minute(self.until) - begin)
        finish = (begin + min(length, DAY)) % DAY
        return None if length <= 0 else (start, time(finish // 60, finish % 60))


def _minute(clock: time) -> int:
    return clock.hour * 60 + clock.minute
