"""An independent judge of explanations: every place is tried, every remedy made, and only the check is believed."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from datetime import timedelta
from typing import Any

from benchmarks.explain_places import FOLLOWS, Pair, Place, every_place, named, within
from models.appointments import Appointment, Position
from models.enums import RuleType
from models.explanation import Cause, Explanation, Kind, Step, TriedRemedy
from models.plan import Assignment, Plan, Unassigned
from models.problem import Problem
from solver.check import check

Json = dict[str, Any]
MOST_PLACES = 2500
HOUR = timedelta(hours=1)
CLOSING = (RuleType.HOLIDAY, RuleType.BLACKOUT, RuleType.MAINTENANCE, RuleType.BREAK_TIME)
TAKEN = ("overlap", "team", "capacity")
ANY_CREW: tuple[list[Json], ...] = ([], [{}])  # without the rule crew: nobody, or anybody


def faults_of(
    problem: Problem, plan: Plan, explanation: Explanation, most_places: int = MOST_PLACES
) -> list[str] | None:
    """Judge an explanation.

    Parameters
    ----------
    problem, plan
        The plan breaks no rule and leaves the appointment out.
    explanation
        What is said of it.
    most_places
        How many places are few enough to be tried.

    Returns
    -------
    What is wrong with it; None where there are too many places to try.
    """
    item = problem.appointments_by_id[explanation.appointment]
    places = every_place(problem, plan, item, most_places)
    if places is None:
        return None
    wrong = [*_kind_faults(problem, plan, item, explanation, places)]
    wrong += _cause_faults(problem, plan, item, explanation, places)
    for remedy in explanation.remedies:
        wrong += remedy_faults(problem, plan, item, remedy)
    return [*wrong, *_displacement_faults(problem, plan, explanation)]


def _kind_faults(
    problem: Problem, plan: Plan, item: Appointment, explanation: Explanation, places: Sequence[Place]
) -> Iterable[str]:
    """Whether the kind is the one that trying everything finds."""
    open_here = any(not place.pairs for place in places)
    if open_here is not (explanation.kind is Kind.TRADE_OFF):
        yield f"{item.id} is {explanation.kind}, and an open place is {'there' if open_here else 'not there'}"
    if not open_here:
        possible = _possible_alone(problem, item)
        if possible is (explanation.kind is Kind.IMPOSSIBLE):
            yield f"{item.id} is {explanation.kind}, and alone it is {'possible' if possible else 'impossible'}"


def _possible_alone(problem: Problem, item: Appointment) -> bool:
    """Whether an appointment has a place where nothing else exists."""
    sole = problem.model_copy(update={"appointments": (item.model_copy(update={"after": ()}),)})
    sole = Problem.parse(sole.to_json())
    empty = Plan(unassigned=(Unassigned(appointment=item.id),))
    places = every_place(sole, empty, sole.appointments[0], MOST_PLACES)
    return places is None or any(not place.pairs for place in places)


def _cause_faults(
    problem: Problem, plan: Plan, item: Appointment, explanation: Explanation, places: Sequence[Place]
) -> Iterable[str]:
    """Whether the causes are true, none can be left out, and those block alone that say so."""
    open_places = [place for place in places if not place.pairs]
    if explanation.kind is Kind.TRADE_OFF:
        stated = None if explanation.place is None else _key(explanation.place)
        if stated not in [_key(place.assignment) for place in open_places]:
            yield f"{item.id} has no open place where the explanation has one"
        return
    pairs = named(explanation.causes, item)
    if not any(place.pairs <= pairs for place in places):
        yield f"{item.id}: lifting {sorted(pairs)} opens no place"
    if not _opens(problem, plan, item, explanation, explanation.causes):
        yield f"{item.id}: taking {sorted(pairs)} out of the documents opens no place"
    for smaller in {place.pairs for place in places if place.pairs < pairs}:
        rest = [cause for cause in explanation.causes if named([cause], item) <= smaller]
        if _opens(problem, plan, item, explanation, rest):
            yield f"{item.id}: {sorted(smaller)} would be enough of {sorted(pairs)}"
    shaped = within(list(places), pairs)
    for cause in explanation.causes:
        (pair,) = named([cause], item)
        if cause.blocks_alone is not all(pair in place.pairs for place in shaped):
            yield f"{item.id}: blocks_alone of {pair} is {cause.blocks_alone}"
        if explanation.kind is Kind.BLOCKED and cause.rule in ("overlap", "travel") and not cause.blockers:
            yield f"{item.id}: nobody is behind {pair}"


def _key(assignment: Assignment) -> tuple[object, ...]:
    users, resources = sorted(assignment.users), sorted(use.resource for use in assignment.resources)
    return assignment.start, assignment.team, tuple(users), tuple(resources)


def _opens(problem: Problem, plan: Plan, item: Appointment, explanation: Explanation, causes: Sequence[Cause]) -> bool:
    """Whether there is an open place once what some causes name is taken out of problem.json and the plan."""
    removed = {blocker.appointment for cause in causes if cause.rule in TAKEN for blocker in cause.blockers}
    ignored = frozenset((cause.rule, cause.subject) for cause in causes if cause.rule == "travel")
    for crew in ANY_CREW if any(cause.rule == "crew" for cause in causes) else ANY_CREW[:1]:
        document = json.loads(problem.to_json())
        for cause in causes:
            _lift(document, item.id, cause, crew)
        kept = [entry for entry in document["appointments"] if entry["id"] not in removed]
        document["appointments"] = [_without_links(entry, removed) for entry in kept]
        if _has_place(Problem.parse(document), plan, item.id, explanation.place, ignored):
            return True
    return False


def _has_place(
    problem: Problem, plan: Plan, key: str, likely: Assignment | None, ignored: frozenset[Pair] = frozenset()
) -> bool:
    """Whether an appointment has a place beside what a plan places of a problem; one place is tried first.

    Travel of a single user cannot be taken out of a document: what it closes is ignored.
    """
    known = problem.appointments_by_id
    kept = tuple(entry for entry in plan.assignments if entry.appointment in known)
    placed = {entry.appointment for entry in kept} | {key}
    left = tuple(Unassigned(appointment=other) for other in known if other not in placed)
    if likely is not None:
        violations = check(problem, Plan(assignments=(*kept, likely), unassigned=left)).violations
        mine = [v for v in violations if v.rule not in FOLLOWS and key in v.appointments]
        if all((v.rule, f"user:{user}") in ignored for v in mine for user in v.users or ("",)):
            return True
    without = Plan(assignments=kept, unassigned=(Unassigned(appointment=key), *left))
    places = every_place(problem, without, known[key], MOST_PLACES)
    return places is None or any(place.pairs <= ignored for place in places)


def _without_links(entry: Json, removed: set[str]) -> Json:
    links = [link for link in entry.get("after", ()) if link["appointment"] not in removed]
    return {**entry, "after": links} if "after" in entry else entry


def _lift(document: Json, key: str, cause: Cause, crew: list[Json]) -> None:
    """Take a rule away for a subject, or for all where a document knows no less."""
    kind, _, name = cause.subject.partition(":")
    parts = document.get(f"{kind}s", [])
    own: Json = next((part for part in parts if part["id"] == name), {})
    item = next(part for part in document["appointments"] if part["id"] == key)
    rule = cause.rule
    match rule:
        case "availability":
            own["availability"] = None
            own.pop("unavailable", None)
        case "holiday" | "blackout" | "maintenance" | "break_time" | "capacity_limit" | "advance_booking":
            document["rules"] = [entry for entry in document["rules"] if entry["rule_type"] != rule]
        case "working_hours":
            document["rules"] = [entry for entry in document["rules"] if entry["rule_type"] != rule]
        case "weekly_hours":
            own["max_hours_per_week"] = None
        case "links":
            item["after"] = []
            for other in document["appointments"]:
                other["after"] = [link for link in other.get("after", ()) if link["appointment"] != key]
        case "crew":
            item |= {"crew": crew, "team": None, "users": {}}
        case "capacity" if kind == "appointment":
            item["resources"] = []
        case "window":
            item["windows"] = []
        case "horizon":
            document["horizon"]["end"] = "2030-01-01T00:00:00Z"
        case "past":
            document.pop("now")
        case "step":
            document["step_minutes"] = 1
        case _:
            return


def remedy_faults(problem: Problem, plan: Plan, item: Appointment, remedy: TriedRemedy) -> Iterable[str]:
    """Make a remedy in the documents and check what it does.

    Parameters
    ----------
    problem, plan, item
        As they are without it, and the appointment that it helps.
    remedy
        What is to be made.

    Yields
    ------
    What is not as it says.
    """
    before = check(problem, plan).cost
    changed = patched(json.loads(problem.to_json()), remedy.patch)
    report = check(Problem.parse(changed), replaced(plan, remedy.assignments, remedy.left_out))
    broken = [violation.message for violation in report.violations if violation.rule not in FOLLOWS]
    if broken:
        yield f"{item.id}, {remedy.change}: {broken[0]}"
    if report.cost - before != remedy.cost_delta:
        yield f"{item.id}, {remedy.change}: the cost changes by {report.cost - before}, not by {remedy.cost_delta}"
    if item.id not in {entry.appointment for entry in remedy.assignments}:
        yield f"{item.id}, {remedy.change}: it is still left out"
    if remedy.cost_delta >= 0 and not item.mandatory:
        yield f"{item.id}, {remedy.change}: nothing is gained"


def _displacement_faults(problem: Problem, plan: Plan, explanation: Explanation) -> Iterable[str]:
    found = explanation.displacement
    if found is None:
        return
    report = check(problem, replaced(plan, found.assignments, found.left_out))
    broken = [violation.message for violation in report.violations if violation.rule not in FOLLOWS]
    delta = report.cost - check(problem, plan).cost
    if broken or delta != found.cost_delta or delta < 0:
        yield f"{explanation.appointment}, {found.message} The cost changes by {delta}. {broken}"


def missed(problem: Problem, plan: Plan, item: Appointment) -> list[str]:
    """Look for a simple change that would help an appointment for which none is said to help.

    Parameters
    ----------
    problem, plan
        The plan leaves the appointment out.
    item
        The appointment.

    Returns
    -------
    Changes of problem.json after which it has a place at a gain.
    """
    found = []
    cost = check(problem, plan).cost
    for name, document in _changed_simply(problem, item):
        changed = Problem.parse(document)
        places = every_place(changed, plan, changed.appointments_by_id[item.id], MOST_PLACES) or ()
        gain = cost - check(changed, plan).cost
        if any(not place.pairs and place.loss < gain for place in places):
            found.append(f"{item.id}: {name} would help")
    return found


def _changed_simply(problem: Problem, item: Appointment) -> Iterable[tuple[str, Json]]:
    """Documents with what anybody would think of: longer windows, fewer rules, no leave, more units, more skills."""

    def fresh() -> Json:
        document: Json = json.loads(problem.to_json())
        return document

    place = next(number for number, entry in enumerate(problem.appointments) if entry.id == item.id)
    for window in item.windows:
        for start, end in ((window.start - HOUR, window.end), (window.start, window.end + HOUR)):
            document = fresh()
            document["appointments"][place]["windows"] = [{"start": start.isoformat(), "end": end.isoformat()}]
            yield f"the window from {start} to {end}", document
    for number, rule in enumerate(problem.rules):
        if rule.rule_type in CLOSING:
            document = fresh()
            document["rules"][number]["is_active"] = False
            yield f"no {rule.id}", document
    for number, user in enumerate(problem.users):
        if user.unavailable:
            document = fresh()
            document["users"][number]["unavailable"] = []
            yield f"no leave of {user.id}", document
        for role in item.crew:
            if len(role.skills) + len(role.certifications) == 1:
                document = fresh()
                _teach(document["users"][number], role)
                yield f"skills of {user.id}", document
    for number, resource in enumerate(problem.resources):
        document = fresh()
        document["resources"][number]["capacity"] = resource.capacity + 1
        yield f"more of {resource.id}", document


def _teach(user: Json, role: Position) -> None:
    user["skills"] = [*user.get("skills", ()), *(skill.model_dump() for skill in role.skills)]
    user["certifications"] = [*user.get("certifications", ()), *role.certifications]


def patched(document: Json, steps: Iterable[Step]) -> Json:
    """Apply the steps of a remedy to a problem.json as RFC 6902 says; a list that is left out is empty.

    Parameters
    ----------
    document
        A problem.json dictionary; it is changed.
    steps
        What to add, and where.

    Returns
    -------
    The document.
    """
    for step in steps:
        *path, last = step.path.removeprefix("/").split("/")
        target: Any = document
        for part in path:
            target = target[int(part)] if isinstance(target, list) else target.setdefault(part, [])
        if isinstance(target, list):
            target.insert(len(target) if last == "-" else int(last), step.value)
        else:
            target[last] = step.value
    return document


def replaced(plan: Plan, assignments: Sequence[Assignment], left_out: Sequence[str]) -> Plan:
    """Change what stands otherwise in a plan.

    Parameters
    ----------
    plan
        As it is.
    assignments, left_out
        What stands otherwise, and what loses its place.

    Returns
    -------
    Another plan.
    """
    gone = {entry.appointment for entry in assignments} | set(left_out)
    kept = [entry for entry in plan.assignments if entry.appointment not in gone]
    placed = {entry.appointment for entry in assignments}
    still = [entry.appointment for entry in plan.unassigned if entry.appointment not in placed]
    left = tuple(Unassigned(appointment=key) for key in (*still, *left_out))
    return Plan(assignments=(*kept, *assignments), unassigned=left)
