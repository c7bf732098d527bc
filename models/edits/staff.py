"""More or fewer people, and what they can do."""

from typing import ClassVar, Literal, Self

from models.edits.draft import Draft, changed, label, valid, without
from models.edits.edit import Edit, like, minutes_of, refuse_edit, split
from models.edits.work import document_of
from models.fields import Id
from models.people import Level, Period, Skill, User


class AddUser(Edit):
    """One more user: a copy of another, or one of their own."""

    option: ClassVar[str] = "--add-user"
    metavar: ClassVar[str] = "like:USER[=NEW]"
    does: ClassVar[str] = "One more user like one there is, without their leave; or a FILE with a user."

    kind: Literal["add_user"] = "add_user"
    like: Id | None = None
    id: Id | None = None
    user: User | None = None

    @classmethod
    def read(cls, text: str, draft: Draft) -> Self:
        """Read `like:USER`, `like:USER=NEW`, or a user."""
        copied = like(text, draft, "user")
        if copied is not None:
            return valid(cls, {"like": copied.key, "id": copied.rest or None})
        return cls(user=valid(User, document_of(text, "a user, like:USER")))

    def apply(self, draft: Draft) -> str:
        """Add the user; a copy is named wherever its pattern may work, but not where the pattern is alone preferred."""
        if self.user is not None:
            if self.user.id in draft.users:
                refuse_edit(self.user.id, "an id that no user has yet", "Choose another id.")
            draft.users[self.user.id] = self.user
            return f"{label(self.user)} joins"
        if self.like is None:
            refuse_edit("nothing", "a user to copy, or a user", "Give like or user.")
        pattern = draft.user(self.like)
        new = draft.free_id(self.id or pattern.id, "user")
        name = f"{pattern.name or pattern.id}, second" if self.id is None else new
        draft.users[new] = changed(pattern, id=new, name=name, unavailable=())
        whole = {team for a in draft.appointments.values() if a.team and not a.crew for team in a.team.any_of}
        for team in list(draft.teams.values()):
            if pattern.id in team.members and team.id not in whole:
                draft.teams[team.id] = changed(team, members=(*team.members, new))
        for rule in list(draft.rules.values()):
            if pattern.id in rule.applies_to_users:
                draft.rules[rule.id] = changed(rule, applies_to_users=(*rule.applies_to_users, new))
        for appointment in list(draft.appointments.values()):
            named = appointment.users
            lists = {name: keys for name in ("allowed", "excluded", "preferred") if (keys := getattr(named, name))}
            lists = {name: (*keys, new) for name, keys in lists.items() if pattern.id in keys}
            if lists:
                draft.appointments[appointment.id] = changed(appointment, users=changed(named, **lists))
        return f"{new} joins, like {label(pattern)}"


class RemoveUser(Edit):
    """A user leaves."""

    option: ClassVar[str] = "--remove-user"
    metavar: ClassVar[str] = "USER"
    does: ClassVar[str] = "A user is not there at all; only pinned work stays theirs."

    kind: Literal["remove_user"] = "remove_user"
    user: Id

    @classmethod
    def read(cls, text: str, draft: Draft) -> Self:
        """Read `USER`."""
        draft.demand("user", text)
        return cls(user=text)

    def apply(self, draft: Draft) -> str:
        """Take the user out of everything that is not pinned; who has pinned work stays, but is away."""
        user = draft.user(self.user)
        items = draft.appointments.values()
        if any(a.current and user.id in a.current.users and draft.stands_still(a) for a in items):
            away = Period(start=draft.horizon.start, end=draft.horizon.end)
            draft.users[user.id] = changed(user, unavailable=(*user.unavailable, away))
            return f"{label(user)} is not there, but for pinned work"
        del draft.users[user.id]
        for team in list(draft.teams.values()):
            if user.id in (*team.members, team.lead):
                lead = None if team.lead == user.id else team.lead
                draft.teams[team.id] = changed(team, members=without(team.members, user.id), lead=lead)
        for rule in list(draft.rules.values()):
            if user.id in rule.applies_to_users:
                draft.rules[rule.id] = changed(rule, applies_to_users=without(rule.applies_to_users, user.id))
        for appointment in list(draft.appointments.values()):
            named, current = appointment.users, appointment.current
            if user.id in (*(named.allowed or ()), *named.excluded, *named.preferred):
                lists = {name: keys for name in ("allowed", "excluded", "preferred") if (keys := getattr(named, name))}
                lists = {name: without(keys, user.id) for name, keys in lists.items()}
                appointment = changed(appointment, users=changed(named, **lists))
            if current is not None and user.id in current.users:
                left = changed(current, users=without(current.users, user.id))
                appointment = changed(appointment, current=left)
            draft.appointments[appointment.id] = appointment
        return f"{label(user)} is not there"


class AddSkill(Edit):
    """A user learns something."""

    option: ClassVar[str] = "--add-skill"
    metavar: ClassVar[str] = "USER:SKILL[=LEVEL]"
    does: ClassVar[str] = "A user can do something more: ana:windows, or ana:windows=2 for a level."

    kind: Literal["add_skill"] = "add_skill"
    user: Id
    skill: Id
    level: Level = 1

    @classmethod
    def read(cls, text: str, draft: Draft) -> Self:
        """Read `USER:SKILL` or `USER:SKILL=LEVEL`."""
        key, rest = split(text, draft, "user")
        name, mark, level = rest.partition("=")
        if not name:
            refuse_edit(text, "a user and a skill", f"Such as {key}:windows.")
        known = {
            skill.name for appointment in draft.appointments.values() for p in appointment.crew for skill in p.skills
        }
        if known and name not in known:
            shown = ", ".join(sorted(known)[:12])
            refuse_edit(name, "a skill that some appointment asks for", f"There are: {shown}.")
        return valid(cls, {"user": key, "skill": name, "level": minutes_of(level, "2") if mark else 1})

    def apply(self, draft: Draft) -> str:
        """Add the skill."""
        user = draft.user(self.user)
        draft.users[user.id] = changed(user, skills=(*user.skills, Skill(name=self.skill, level=self.level)))
        level = f" (level {self.level})" if self.level != 1 else ""
        return f"{label(user)} can do {self.skill}{level}"
