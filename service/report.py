"""What there is to say about a plan, in plain words: its score, what is left out, how good it is. Nothing prints."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from models.appointments import Appointment
from models.enums import Priority
from models.plan import Plan, TermCost, Unassigned
from models.problem import Problem
from models.timegrid import minute_of
from service.wording import count, number, span

BY_IMPORTANCE = tuple(reversed(Priority))
NO_REASON = "No reason is stated."


@dataclass(frozen=True, slots=True)
class ScoreRow:
    """A line of the score: a term, or one priority of the unassigned."""

    name: str
    weight: str
    amount: str
    cost: str


@dataclass(frozen=True, slots=True)
class LeftOut:
    """An appointment without a place, why, and what would help."""

    appointment: str
    headline: str
    detail: str
    priority: Priority
    mandatory: bool
    reasons: tuple[str, ...]
    remedies: tuple[str, ...]


def named(appointment: Appointment) -> tuple[str, str]:
    """Say what an appointment is: first whom it is for, then what it is; its id where it has no words."""
    words = [word for word in (appointment.client, appointment.title) if word]
    return (words[0], " · ".join(words[1:])) if words else (appointment.id, "")


def score(terms: Iterable[TermCost], *, unweighted: bool = False) -> list[ScoreRow]:
    """List what a plan costs, term by term.

    Parameters
    ----------
    terms
        As the plan or a check states them.
    unweighted
        Whether to list terms without a weight too, which are measured but cost nothing.

    Returns
    -------
    A row per term with an amount; the unassigned by priority, the most important first.
    """
    rows = []
    for term in terms:
        name = term.name.replace("_", " ")
        if isinstance(term.amount, int) or isinstance(term.weight, int):
            if term.amount and (term.weight or unweighted):
                rows.append(ScoreRow(name, _figure(term.weight), _figure(term.amount), number(term.cost)))
            continue
        own = sum(term.weight.get(priority, 0) * amount for priority, amount in term.amount.items()) != term.cost
        for priority in BY_IMPORTANCE:
            if amount := term.amount.get(priority, 0):
                weight = term.weight.get(priority, 0)
                cost = "" if own else number(weight * amount)
                rows.append(ScoreRow(f"{name}, {priority}", number(weight), number(amount), cost))
        if own:
            rows.append(ScoreRow(f"{name}, some with weights of their own", "", "", number(term.cost)))
    return rows


def left_out(problem: Problem, plan: Plan) -> list[LeftOut]:
    """List what has no place, whether the plan says so or not, the most important first.

    Parameters
    ----------
    problem, plan
        What was asked and what was planned.

    Returns
    -------
    Each with its length, its windows, its reasons and the remedies that help.
    """
    placed = {assignment.appointment for assignment in plan.assignments}
    said = {entry.appointment: entry for entry in plan.unassigned}
    entries = []
    for appointment in problem.appointments:
        if appointment.id in placed:
            continue
        entry = said.get(appointment.id, Unassigned(appointment=appointment.id))
        headline, what = named(appointment)
        windows = [span(minute_of(w.start), minute_of(w.end), problem.zone) for w in appointment.windows]
        others = f" or {count(len(windows) - 1, 'other window')}" if len(windows) > 1 else ""
        parts = [what, f"{appointment.duration_minutes} min", windows[0] + others if windows else ""]
        entries.append(
            LeftOut(
                appointment=appointment.id,
                headline=headline,
                detail=" · ".join(part for part in parts if part),
                priority=appointment.priority,
                mandatory=appointment.mandatory,
                reasons=tuple(reason.message or reason.rule for reason in entry.reasons) or (NO_REASON,),
                remedies=tuple(f"{remedy.change} ({remedy.cost_delta:+,})" for remedy in entry.remedies),
            )
        )
    return sorted(entries, key=lambda entry: (not entry.mandatory, BY_IMPORTANCE.index(entry.priority)))


def left_out_counts(entries: Iterable[LeftOut]) -> str:
    """Count the left out by priority, such as "1 high, 6 normal"; "none" where there are none."""
    counts = Counter(entry.priority for entry in entries)
    return ", ".join(f"{counts[priority]:,} {priority}" for priority in BY_IMPORTANCE if counts[priority]) or "none"


def standing(plan: Plan) -> str:
    """Say how good a plan is known to be: its bound and its gap, or that nothing is known."""
    if plan.bound is None:
        return "no bound known"
    if plan.cost is not None and plan.bound >= plan.cost:
        return "proved optimal"
    gap = "" if plan.gap is None else f", gap {percent(plan.gap)}"
    return f"bound {number(plan.bound)}{gap}"


def percent(share: float) -> str:
    """Write a share of one, such as 0.8 % or 135 %."""
    return f"{share:.0%}".replace("%", " %") if share >= 1 else f"{share:.1%}".replace("%", " %")


def _figure(value: int | Mapping[str, int]) -> str:
    if isinstance(value, int):
        return number(value)
    return ", ".join(f"{priority} {number(value[priority])}" for priority in BY_IMPORTANCE if value.get(priority))
