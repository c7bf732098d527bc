"""A plan as the API tells it: ids are those of records, times are in UTC."""

import re
from datetime import UTC
from typing import Any

from models.plan import Plan, Reason, Remedy, Unassigned
from models.problem import Problem
from service.snapshot.telling import in_words, told

_SUBJECT = re.compile(r"(?<=:)[a-z](?=\d+$)")


def told_plan(plan: Plan, problem: Problem) -> dict[str, Any]:
    """Write a plan for those who know records.

    Parameters
    ----------
    plan, problem
        Of one snapshot.

    Returns
    -------
    The document of a plan.json with plain numbers as ids.
    """
    shown = plan.model_copy(
        update={
            "unassigned": tuple(_left_out(entry, problem) for entry in plan.unassigned),
            "violations": tuple(told(each, problem) for each in plan.violations),
        }
    )
    document = shown.model_dump(mode="json", exclude={"assignments"})
    document["assignments"] = assignments_of(plan)
    return document


def assignments_of(plan: Plan) -> list[dict[str, Any]]:
    """Write the assignments of a plan likewise."""
    return [
        {
            "appointment": each.appointment[1:],
            "start": _utc(each.start),
            "end": _utc(each.end),
            "team": None if each.team is None else each.team[1:],
            "users": [key[1:] for key in each.users],
            "positions": {key[1:]: place for key, place in each.positions.items()},
            "resources": [
                {"resource": use.resource[1:], "demand": use.demand, "units": use.units} for use in each.resources
            ],
        }
        for each in plan.assignments
    ]


def _utc(moment: Any) -> str:
    return str(moment.astimezone(UTC).isoformat()).replace("+00:00", "Z")


def _left_out(entry: Unassigned, problem: Problem) -> Unassigned:
    reasons = tuple(
        Reason(
            rule=each.rule,
            subject=_SUBJECT.sub("", each.subject),
            message=in_words(each.message, problem),
            blocks_alone=each.blocks_alone,
        )
        for each in entry.reasons
    )
    remedies = tuple(
        Remedy(change=in_words(each.change, problem), cost_delta=each.cost_delta) for each in entry.remedies
    )
    return Unassigned(appointment=entry.appointment[1:], reasons=reasons, remedies=remedies)
