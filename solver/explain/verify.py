"""Holds what was found against the check: a place breaks nothing but what its causes name."""

from models.plan import Violation
from solver.check import check
from solver.explain.causes import Cause
from solver.explain.finding import Finding
from solver.explain.remedies.bench import plan_of
from solver.explain.standing import BY_LEAVING_OUT, Standing
from solver.instance import Instance


def verify(standing: Standing, index: int, finding: Finding) -> None:
    """Put a task where its finding says, and check the plan.

    Parameters
    ----------
    standing
        The plan.
    index, finding
        The task, and what was found of it.

    Raises
    ------
    AssertionError
        Where the plan breaks a rule that no cause names: the engines and the check disagree, which is a defect.
    """
    placement = finding.place.placement() if finding.price is None else finding.price[1]
    solution = [*standing.solution]
    solution[index] = placement
    plan = plan_of(standing.problem, standing.instance, solution)
    for violation in check(standing.problem, plan).violations:
        known = violation.rule in BY_LEAVING_OUT or any(
            _is_named(standing.instance, violation, cause) for cause in finding.causes
        )
        if not known:
            raise AssertionError(
                f"{standing.instance.tasks[index].id}: {violation.message} No cause says so: {list(finding.causes)}"
            )


def _is_named(instance: Instance, violation: Violation, cause: Cause) -> bool:
    """Whether a cause is behind a violation: the same rule, of the same subject as far as the violation has one."""
    own = {"crew": {"crew", "team"}, "horizon": {"horizon", "window"}}.get(cause.rule, {cause.rule})
    if cause.subject is None:
        return violation.rule in own
    subject = instance.subject(cause.subject)
    by_kind = {"user": violation.users, "team": violation.teams, "resource": violation.resources}
    return violation.rule == cause.rule and (subject.id in by_kind.get(subject.kind, ()) or not any(by_kind.values()))
