"""Everything there is to say about what is left out: the kind, the causes, what would give way, and what would help."""

from collections.abc import Callable, Sequence

from models.collector import collector_paused, collector_spared
from models.explanation import Displacement, Explanation, Kind, TriedRemedy
from models.plan import Assignment
from solver.assemble import assemble
from solver.check import Report
from solver.explain.finding import Detective, Finding, left_out
from solver.explain.reasoning import told
from solver.explain.remedies import helps, remedies_of
from solver.explain.remedies.bench import Bench, Outcome
from solver.explain.remedies.case import Case
from solver.explain.remedies.change import Change
from solver.explain.remedies.move import told as moves, trials
from solver.explain.standing import Standing
from solver.explain.verify import verify
from solver.explain.wording import listed
from solver.instance import Solution

MOST_DISPLACED = 6  # exchanges that are checked until one holds


def explain_left_out(
    standing: Standing,
    ids: Sequence[str] | None = None,
    *,
    remedies: bool = True,
    on_progress: Callable[[int, int], None] | None = None,
) -> list[Explanation]:
    """Explain appointments that are left out.

    Parameters
    ----------
    standing
        The plan.
    ids
        Which, by default all; what has a place is passed over.
    remedies
        Whether changes are tried.
    on_progress
        Told before each how many are done, and how many there are.

    Returns
    -------
    An explanation for each, the dearest first.

    Raises
    ------
    InvalidPlan
        Where there is no such appointment.
    """
    asked = None if ids is None else [standing.index_of(key) for key in ids]
    wanted = left_out(standing.instance, standing.solution, asked)
    detective = Detective(standing.problem, standing.instance, standing.solution)
    bench = Bench(standing.problem, standing.instance, standing.solution, standing.report)
    found = []
    with collector_spared():
        for done, index in enumerate(wanted):
            if on_progress is not None:
                on_progress(done, len(wanted))
            with collector_paused():  # what is tried goes again as a whole, mostly without a cycle
                finding = detective.find(index)
                verify(standing, index, finding)
                found.append(_explanation(Case(detective, bench, index, finding), remedies=remedies))
    return found


def _explanation(case: Case, *, remedies: bool) -> Explanation:
    tried = case.bench.tried
    helpful = remedies_of(case) if remedies else []
    return Explanation(
        appointment=case.appointment.id,
        kind=case.finding.kind,
        causes=told(case.detective, case.index, case.finding),
        place=_place(case, case.finding),
        displacement=_displacement(case, helpful) if remedies else None,
        remedies=tuple(helpful),
        tried=case.bench.tried - tried,
    )


def _place(case: Case, finding: Finding) -> Assignment | None:
    """The place that is explained, where there are people and things for it."""
    if finding.inquiry.staff.lifted or finding.inquiry.unfit:
        return None
    sole: Solution = [None] * len(case.instance.tasks)
    sole[case.index] = finding.place.placement() if finding.price is None else finding.price[1]
    (assignment,) = assemble(case.problem, case.instance, sole)
    return assignment


def _displacement(case: Case, helpful: Sequence[TriedRemedy]) -> Displacement | None:
    """What would have to give way, where that is worth more than the task."""
    if case.finding.kind is Kind.IMPOSSIBLE or any(remedy.kind in ("move", "place") for remedy in helpful):
        return None
    if case.finding.kind is Kind.TRADE_OFF:
        outcome = case.bench.solve(case.index, Change("place", None))
        return None if outcome is None else _displaced(outcome, _added(case, outcome.report))
    for trial in trials(case)[:MOST_DISPLACED]:
        outcome = case.bench.solve(case.index, Change("move", None, freed=trial.freed))
        if outcome is not None and not helps(case, outcome):
            what = moves(case, case.scene.solution, outcome.solution)
            dearer = f"would cost {outcome.cost_delta:,} more" if outcome.cost_delta else "would cost as much as now"
            return _displaced(outcome, f"To make room, {what}: the plan {dearer}.")
    return None


def _displaced(outcome: Outcome, message: str) -> Displacement:
    return Displacement(
        message=message,
        cost_delta=outcome.cost_delta,
        assignments=outcome.assignments,
        left_out=outcome.left_out,
    )


def _added(case: Case, after: Report) -> str:
    """What a place would add to the cost, term by term, beside what it would save."""
    changes = by_term(case.bench.report, after)
    saved = -sum(change for name, change in changes.items() if name == "unassigned")
    added = [f"{name.replace('_', ' ')} {change:,}" for name, change in changes.items() if change > 0]
    return f"There it would add {listed(added, most=6)}; leaving it out costs {saved:,}." if added else ""


def by_term(before: Report, after: Report) -> dict[str, int]:
    """Compare what two plans cost, term by term.

    Parameters
    ----------
    before, after
        What the check says of them.

    Returns
    -------
    The differences that are not zero, the largest first.
    """
    pairs = zip(before.terms, after.terms, strict=True)
    changes = {then.name: then.cost - now.cost for now, then in pairs if then.cost != now.cost}
    return dict(sorted(changes.items(), key=lambda item: -abs(item[1])))
