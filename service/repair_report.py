"""What there is to say about a repair, in plain words: what has another place, who makes room, what it comes to."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from models.plan import Assignment, Plan, Violation
from models.problem import Problem
from models.timegrid import minute_of
from service.report import named
from service.wording import count, number, span
from solver.repair import Change, ChangeKind, Repair

BECAUSE = {
    "availability": "{who} is not there",
    "working_hours": "{who} is not at work",
    "holiday": "{who} is off",
    "blackout": "{who} is closed",
    "maintenance": "{who} is in repair",
    "break_time": "{who} has no break",
    "overlap": "{who} is taken",
    "travel": "{who} cannot be there in time",
    "capacity": "{who} is taken",
    "capacity_limit": "{who} is over the limit",
    "weekly_hours": "{who} is over the hours of the week",
    "links": "the order is broken",
    "crew": "the crew does not fit",
    "team": "the team does not fit",
}
AS_TOLD = (ChangeKind.GIVEN, ChangeKind.CANCELLED)


@dataclass(frozen=True, slots=True)
class ChangeRow:
    """An appointment that has changed: what it is, its place before, what is different now, and why."""

    what: str
    was: str
    now: str
    because: str


@dataclass(frozen=True, slots=True)
class ChangeGroup:
    """Changes with the same cause."""

    title: str
    rows: tuple[ChangeRow, ...]


def change_groups(before: Problem, repair: Repair) -> list[ChangeGroup]:
    """List the changes by their cause, each group in the order of time.

    Parameters
    ----------
    before
        The problem before, for those who are there no more.
    repair
        What to tell.

    Returns
    -------
    Groups that have a change; what only does what the event says is left to the event.
    """
    words = Words(before, repair.problem)
    ordered = sorted((change for change in repair.changes if change.kind not in AS_TOLD), key=_when)
    dropped = [change for change in ordered if change.kind is ChangeKind.DROPPED]
    placed = [change for change in ordered if change.kind is ChangeKind.PLACED]
    elsewhere = [change for change in ordered if change not in dropped and change not in placed]
    groups = (
        ("Cannot stay as planned", [change for change in elsewhere if change.affected]),
        ("Others that make room", [change for change in elsewhere if not change.affected]),
        ("Placed, without a place before", placed),
        ("No place any more", dropped),
    )
    return [_group(title, tuple(map(words.row, changes))) for title, changes in groups if changes]


def _group(title: str, rows: tuple[ChangeRow, ...]) -> ChangeGroup:
    """Say a cause that all rows share once, above them."""
    causes = {row.because for row in rows}
    if len(causes) > 1 or causes == {""}:
        return ChangeGroup(title, rows)
    return ChangeGroup(f"{title}: {causes.pop()}", tuple(replace(row, because="") for row in rows))


def summary(before: Problem, plan: Plan, repair: Repair) -> list[tuple[str, str]]:
    """Say in a few lines what a repair comes to.

    Parameters
    ----------
    before, plan, repair
        The problem and the plan before, and what to tell.

    Returns
    -------
    Names and values.
    """
    counted = [change for change in repair.changes if change.counts]
    others = sum(not change.affected for change in counted)
    room = f", {number(others)} of them to make room" if others else ""
    untouched = len([a for a in repair.plan.assignments if a.appointment in before.appointments_by_id])
    untouched -= sum(change.before is not None and change.after is not None for change in repair.changes)
    cannot = f"{count(repair.affected, 'appointment')} cannot stay as planned"
    lines = [
        ("affected", cannot if repair.affected else "nothing"),
        ("changed", count(len(counted), "appointment") + room if counted else "nothing"),
        ("", _how(repair) if counted else ""),
        ("untouched", f"{count(untouched, 'appointment')}, to the minute"),
        ("left out", _left_out(plan, repair)),
        ("cost", number(repair.plan.cost or 0)),
        ("proof", _proof(repair, len(counted))),
        ("time", f"{repair.plan.seconds:.1f} s"),
    ]
    return [line for line in lines if any(line)]


def _how(repair: Repair) -> str:
    amounts = {term.name: term.amount for term in repair.plan.terms if isinstance(term.amount, int)}
    moved, new = amounts["moved"], amounts["reassigned"]
    parts = [f"{number(moved)} at another time"] if moved else []
    return ", ".join([*parts, *([count(new, "person", "people") + " new to their work"] if new else [])])


def _proof(repair: Repair, changed: int) -> str:
    if repair.proved:
        return "no repair keeps more, changes fewer, or is cheaper with as few"
    lost = any(change.kind is ChangeKind.DROPPED for change in repair.changes)
    if repair.least_changes >= changed:
        return f"no repair changes fewer; whether one {'keeps more' if lost else 'is cheaper'} is open"
    more = "keeps more, or changes fewer" if lost else "changes fewer"
    if repair.least_changes == 0:
        return f"none; whether another repair {more} is open"
    return f"at least {number(repair.least_changes)} must change in any repair; whether one {more} is open"


def _left_out(before: Plan, repair: Repair) -> str:
    now, then = len(repair.plan.unassigned), len(before.unassigned)
    if now == then:
        return f"{count(now, 'appointment')}, as before" if now else "nothing"
    return f"{count(now, 'appointment')}, {number(abs(now - then))} {'more' if now > then else 'fewer'} than before"


def document(repair: Repair) -> dict[str, object]:
    """A repair as plain JSON values, the changed problem left out."""
    terms = {term.name: term.amount for term in repair.plan.terms}
    counted = [change for change in repair.changes if change.counts]
    return {
        "told": list(repair.told),
        "affected": repair.affected,
        "changed": len(counted),
        "moved": terms["moved"],
        "reassigned": terms["reassigned"],
        "least_changes": repair.least_changes,
        "proved": repair.proved,
        "changes": [
            {
                "appointment": change.appointment,
                "kind": str(change.kind),
                "affected": change.affected,
                "before": None if change.before is None else change.before.model_dump(mode="json"),
                "after": None if change.after is None else change.after.model_dump(mode="json"),
                "why": [violation.message for violation in change.why],
            }
            for change in repair.changes
        ],
        "plan": repair.plan.model_dump(mode="json"),
    }


class Words:
    """Names of people and things, before a change and after it.

    Parameters
    ----------
    before, after
        The problem before and after.
    """

    def __init__(self, before: Problem, after: Problem) -> None:
        self.zone = after.zone
        self.appointments = {**before.appointments_by_id, **after.appointments_by_id}
        self.names = {
            kind: {part.id: part.name or part.id for problem in (before, after) for part in getattr(problem, kind)}
            for kind in ("users", "teams", "resources")
        }

    def row(self, change: Change) -> ChangeRow:
        """Tell one change."""
        head, what = named(self.appointments[change.appointment])
        told = f"{head} ({change.appointment})" if head != change.appointment else head
        was = "" if change.before is None else self._place(change.before)
        because = dict.fromkeys(map(self._cause, change.why))
        return ChangeRow(f"{told}, {what}" if what else told, was, self._now(change), ", ".join(because))

    def _cause(self, violation: Violation) -> str:
        kinds = (("users", violation.users), ("resources", violation.resources), ("teams", violation.teams))
        who = [self.names[kind].get(key, key) for kind, keys in kinds for key in keys]
        phrase = BECAUSE.get(violation.rule, violation.rule.replace("_", " "))
        return phrase.format(who=" and ".join(who) or "it")

    def _place(self, assignment: Assignment) -> str:
        when = span(minute_of(assignment.start), minute_of(assignment.end), self.zone)
        who = [self.names["users"].get(user, user) for user in assignment.users]
        team = [] if assignment.team is None or who else [self.names["teams"][assignment.team]]
        return ", ".join([when, *team, *who])

    def _now(self, change: Change) -> str:
        if change.after is None:
            return ""
        if change.before is None:
            return self._place(change.after)
        old, new = change.before, change.after
        parts = []
        if (old.start, old.end) != (new.start, new.end):
            parts.append(span(minute_of(new.start), minute_of(new.end), self.zone))
        swaps = [self._swap("users", old.users, new.users)]
        swaps += [self._swap("teams", [old.team] if old.team else [], [new.team] if new.team else [])]
        things = [[take.resource for take in assignment.resources] for assignment in (old, new)]
        swaps += [self._swap("resources", *things)]
        told = [swap for swap in swaps if swap]
        parts += told or ["same people"]
        return ", ".join(["same time", *parts] if (old.start, old.end) == (new.start, new.end) else parts)

    def _swap(self, kind: str, old: Iterable[str], new: Iterable[str]) -> str:
        was, now = list(old), list(new)
        gone = self._list(kind, [key for key in was if key not in now])
        come = self._list(kind, [key for key in now if key not in was])
        if gone and come:
            return f"{come} for {gone}"
        return f"with {come}" if come else f"without {gone}" if gone else ""

    def _list(self, kind: str, keys: Sequence[str]) -> str:
        names = [self.names[kind].get(key, key) for key in keys]
        return " and ".join([", ".join(names[:-1]), names[-1]] if len(names) > 1 else names)


def _when(change: Change) -> int:
    place = change.before or change.after
    return 0 if place is None else minute_of(place.start)
