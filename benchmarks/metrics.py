"""How good a run was, in numbers that stay comparable from instance to instance."""

from __future__ import annotations

from collections.abc import Sequence
from math import inf

Events = Sequence[tuple[float, int]]
"""Seconds and costs of ever better plans."""

WITHIN = 0.01


def primal_gap(cost: float, reference: float) -> float:
    """Compute the primal gap of a plan.

    Berthold, Measuring the impact of primal heuristics, Operations Research Letters 41 (2013), section 2:
    |cost − reference| / max(|cost|, |reference|), 0 where both are 0, 1 where they differ in sign.

    Parameters
    ----------
    cost
        Of the plan.
    reference
        The best known cost.

    Returns
    -------
    From 0 to 1; 0 for a plan that is better than the reference, too.
    """
    if cost <= reference:
        return 0.0
    if cost * reference < 0:
        return 1.0
    return (cost - reference) / max(abs(cost), abs(reference))


def primal_integral(events: Events, reference: float, limit: float) -> float:
    """Integrate the primal gap over the time of a run.

    Berthold (2013): the gap function p(t) is 1 until there is a plan, then the primal gap of the best one so far; the
    primal integral is its integral from 0 to the limit. It is small where good plans come early; 0 would be the best
    known plan at once, the limit itself no plan at all.

    Parameters
    ----------
    events
        Ever better plans in the order of time; what comes after the limit is not seen.
    reference
        The best known cost.
    limit
        Seconds.

    Returns
    -------
    Seconds, from 0 to the limit. Where the reference is 0, any plan above it has a gap of 1.
    """
    total, since, gap = 0.0, 0.0, 1.0
    for seconds, cost in events:
        if seconds >= limit:
            break
        total += gap * (seconds - since)
        since, gap = seconds, min(gap, primal_gap(cost, reference))
    return total + gap * (limit - since)


def seconds_within(events: Events, reference: float, share: float = WITHIN) -> float:
    """Find when a run first came near a cost.

    Parameters
    ----------
    events
        Ever better plans in the order of time.
    reference
        The cost, its own last or the best known.
    share
        How near: 0.01 for one per cent of the reference above it.

    Returns
    -------
    Seconds, infinity where it never did.
    """
    target = reference + share * abs(reference)
    return next((seconds for seconds, cost in events if cost <= target), inf)
