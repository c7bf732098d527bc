"""Whether one cause closes every place of a task by itself."""

from solver.explain.causes import BREAK, CALENDAR, TRAVEL, Cause, bits_of
from solver.explain.crews import Group, fillable
from solver.explain.inquiry import Inquiry


def blocks_alone(inquiry: Inquiry, lifted: frozenset[str], cause: Cause) -> bool:
    """Tell whether a cause closes every place of a task by itself.

    Parameters
    ----------
    inquiry
        What is known of the task; its places are its starts with every crew and all resources that could serve it.
    lifted
        Rules of its own that are reasons, too, and do not hold.
    cause
        A rule, and the subject that it closes.

    Returns
    -------
    True only where no place is free of it.
    """
    instance = inquiry.scene.instance
    if cause.subject is None:
        return cause.rule != "links" or _unlinked(inquiry, lifted)
    crews = inquiry.staff.crews
    kind = instance.subject(cause.subject).kind
    bits = bits_of(cause.rule)
    if kind == "organization":
        return not (bits & CALENDAR and not all(crew.alone for crew in crews)) and _always(
            inquiry, lifted, cause.subject, bits
        )
    if kind == "team":
        return all(crew.team == cause.subject for crew in crews) and _always(inquiry, lifted, cause.subject, bits)
    if kind == "user":
        needed = not any(fillable(_without(crew.groups, cause.subject)) for crew in crews)
        return needed and _always(inquiry, lifted, cause.subject, bits)
    demands = tuple((demand.resources, 1) for demand in inquiry.demands)
    return not fillable(_without(demands, cause.subject)) and all(
        _always(inquiry, lifted, cause.subject, bits, demand.units[demand.resources.index(cause.subject)])
        for demand in inquiry.demands
        if cause.subject in demand.resources
    )


def _without(groups: tuple[Group, ...], subject: int) -> tuple[Group, ...]:
    return tuple((tuple(one for one in candidates if one != subject), count) for candidates, count in groups)


def _unlinked(inquiry: Inquiry, lifted: frozenset[str]) -> bool:
    """Whether links forbid every start or every crew."""
    if inquiry.ties and all(crew.unlinked for crew in inquiry.crews):
        return True
    return all(bool(inquiry.late(span)[flags].all()) for span, flags in inquiry.starts(lifted))


def _always(inquiry: Inquiry, lifted: frozenset[str], subject: int, bits: int, units: int = 1) -> bool:
    """Whether a subject is closed by a rule at every start."""
    for span, flags in inquiry.starts(lifted):
        row = inquiry.scene.rows.row(subject, units, inquiry.shape, span)
        unsure = flags & ((row & bits) == 0)
        if not unsure.any():
            continue
        if not bits & (TRAVEL | BREAK) or inquiry.scene.instance.subject(subject).kind != "user":
            return False
        starts = (span.first + index * span.step for index in unsure.nonzero()[0].tolist())
        if not all(_loses(inquiry, subject, start, bits) for start in starts):
            return False
    return True


def _loses(inquiry: Inquiry, user: int, start: int, bits: int) -> bool:
    """Whether a user would lose a way or a break at a start, whatever else closes it."""
    days, task = inquiry.scene.days, inquiry.task
    lost_way = bits & TRAVEL and days.lost_way(user, task, start, stretched=False)
    return bool(lost_way or (bits & BREAK and days.lost_break(user, task, start)))
