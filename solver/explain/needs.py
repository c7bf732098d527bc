"""Sentences about what a task asks for by itself and cannot have: its starts, its crew, its resources, its links."""

from models.appointments import Appointment, Demand as Need, Position as Role
from solver.explain.crews import neighbours
from solver.explain.inquiry import Inquiry
from solver.explain.place import Place
from solver.explain.wording import Words, listed, minutes_in_words
from solver.instance import NEVER, Link, Placement
from solver.rules.capacity import fits
from solver.rules.crew import Qualified, heads, requirement_of


def own_sentence(words: Words, inquiry: Inquiry, rule: str) -> str:
    """Say which rule of its own leaves an appointment without any start."""
    length = minutes_in_words(inquiry.task.duration)
    instance = inquiry.scene.instance
    match rule:
        case "step":
            return f"None of its windows holds a start on the grid of {instance.step} minutes."
        case "past":
            return f"All its starts lie before now, {words.moment(inquiry.task.earliest)}."
        case "horizon":
            return f"It takes {length}, and the horizon has {minutes_in_words(instance.end - instance.start)}."
        case _:
            return _no_window(inquiry, length)


def _no_window(inquiry: Inquiry, length: str) -> str:
    if all(end - start < inquiry.task.duration for start, end in inquiry.wished):
        return f"None of its windows is long enough for {length}."
    return f"None of its windows offers {length} inside the horizon."


def crew_sentence(words: Words, inquiry: Inquiry) -> str:
    """Say why nobody could ever be the crew of an appointment."""
    appointment, task = inquiry.appointment, inquiry.task
    offered = () if appointment.team is None else appointment.team.any_of
    problem = words.problem
    if task.whole_team:
        barred = sorted(
            {user for team in offered for user in problem.teams_by_id[team].members} & _barred(words, inquiry)
        )
        return f"No team that is offered may come whole: {listed(_users(words, barred))} may not come."
    role = _empty_role(inquiry)
    if role is None:
        asked = listed(list(dict.fromkeys(_asked(one) for one in appointment.crew)))
        count = len(task.positions)
        where = " in any team that is offered" if offered else ""
        return f"It needs {count} different people with {asked}, and there are not enough who may come{where}."
    asked = _asked(role)
    able = {problem.users[i].id for i in Qualified(problem.users).holders(requirement_of(role))}
    if not able:
        return f"Nobody has {asked}."
    members = {user for team in offered for user in problem.teams_by_id[team].members} if offered else able
    if not able & members:
        teams = listed([words.subject(words.instance.subject_index["team", team]) for team in offered], link="or")
        return f"Nobody in {teams} has {asked}."
    barred = sorted(able & members & _barred(words, inquiry))
    return f"Nobody with {asked} may come: {listed(_users(words, barred))} {_is_or_are(barred)} not allowed."


def _empty_role(inquiry: Inquiry) -> Role | None:
    numbers = heads(inquiry.appointment)
    empty = (number for number, position in zip(numbers, inquiry.task.positions, strict=True) if not position.users)
    number = next(empty, None)
    return None if number is None else inquiry.appointment.crew[number]


def _barred(words: Words, inquiry: Inquiry) -> set[str]:
    """Users who are excluded or not among those allowed."""
    wanted = inquiry.appointment.users
    barred = set(wanted.excluded)
    if wanted.allowed is not None:
        barred |= {user.id for user in words.problem.users} - set(wanted.allowed)
    return barred


def _users(words: Words, keys: list[str]) -> list[str]:
    return [words.subject(words.instance.subject_index["user", key]) for key in keys]


def _is_or_are(items: list[str]) -> str:
    return "is" if len(items) == 1 else "are"


def _asked(role: Role) -> str:
    parts = [skill.name if skill.level <= 1 else f"{skill.name} level {skill.level}" for skill in role.skills]
    parts += [f"the certification {name}" for name in role.certifications]
    return listed(parts, most=5) if parts else "any skills"


def demand_sentence(words: Words, inquiry: Inquiry) -> str:
    """Say why no resources could ever meet the demands of an appointment."""
    appointment: Appointment = inquiry.appointment
    for need, demand in zip(appointment.resources, inquiry.task.demands, strict=True):
        if demand.resources:
            continue
        fitting = [resource.id for resource in words.problem.resources if fits(resource, need)]
        if fitting:
            most = max(words.problem.resources_by_id[key].capacity for key in fitting)
            return f"It needs {need.units} units of {_wanted(need)}, and there are at most {most}."
        return f"There is no {_wanted(need)}."
    wanted = listed(list(dict.fromkeys(_wanted(need) for need in appointment.resources)))
    return f"It needs {len(appointment.resources)} different resources ({wanted}), and too few fit."


def _wanted(need: Need) -> str:
    words = str(need.resource if need.resource is not None else need.resource_type)
    traits = [f"the feature {feature}" for feature in need.features]
    traits += [f"a capacity of {need.min_capacity}"] if need.min_capacity > 1 else []
    return f"{words} with {listed(traits, most=5)}" if traits else words


def link_sentence(words: Words, inquiry: Inquiry, place: Place) -> str:
    """Say which links of an appointment a place breaks."""
    broken = []
    for link, other in neighbours(inquiry.task):
        placement = inquiry.scene.solution[other]
        if placement is None:
            if other == link.before:
                return f"It follows {words.task(other)}, which is left out."
            continue
        users = listed([words.subject(user) for user in sorted(placement.users)]) if placement.users else "nobody"
        if not _in_time(inquiry, link, other, placement, place.start):
            broken.append(_gap(words, inquiry, link, other, placement))
        elif link.same_users and set(place.users) != set(placement.users):
            broken.append(f"It needs the same people as {words.task(other)}: {users}.")
        elif link.different_users and set(place.users) & set(placement.users):
            broken.append(f"It needs other people than {words.task(other)}: {users}.")
    return " ".join(broken) or "Its links leave it no place."


def _in_time(inquiry: Inquiry, link: Link, other: int, placement: Placement, start: int) -> bool:
    tasks = inquiry.scene.instance.tasks
    first, then = (placement.start, start) if other == link.before else (start, placement.start)
    length = tasks[other].duration if other == link.before else inquiry.task.duration
    return link.min_gap <= then - first - (0 if link.from_start else length) <= link.max_gap


def _gap(words: Words, inquiry: Inquiry, link: Link, other: int, placement: Placement) -> str:
    name, edge = words.task(other), "start" if link.from_start else "end"
    if other == link.before:
        mark = placement.start + (0 if link.from_start else inquiry.scene.instance.tasks[other].duration)
        return f"It has to start {_distance(link)} the {edge} of {name}, {words.moment(mark)}."
    return f"{name}, {words.moment(placement.start)}, has to start {_distance(link)} its {edge}."


def _distance(link: Link) -> str:
    """The gap of a link, such as: at least 30 minutes after."""
    low, high = link.min_gap, link.max_gap
    if low < 0:
        first = f"{minutes_in_words(-low)} before"
        if high >= NEVER:
            return f"no earlier than {first}"
        last = f"{minutes_in_words(abs(high))} {'before' if high < 0 else 'after'}"
        return f"from {first} to {last}"
    if high >= NEVER:
        return f"at least {minutes_in_words(low)} after" if low else "after"
    if low == high:
        return f"{minutes_in_words(low)} after" if low else "at"
    return (
        f"{minutes_in_words(low)} to {minutes_in_words(high)} after"
        if low
        else f"within {minutes_in_words(high)} after"
    )
