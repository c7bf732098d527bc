"""Presets of the weights: four ways to say what makes a plan good, each declared once, here."""

from collections.abc import Mapping
from dataclasses import dataclass

from models.enums import WeightPreset
from models.problem import PriorityWeights, Problem, Weights


@dataclass(frozen=True, slots=True)
class Preset:
    """Weights with a purpose.

    Attributes
    ----------
    weights
        Of every term; what a preset does not set has its default.
    does
        What its plans are like.
    when
        When to use it.
    """

    weights: Weights
    does: str
    when: str


PRESETS: Mapping[WeightPreset, Preset] = {
    WeightPreset.SERVICE: Preset(
        Weights(
            lateness=20,
            max_lateness=20,
            preferred_time=5,
            preferred_users=600,
            continuity=300,
            overtime=2,
            moved=120,
            reassigned=120,
        ),
        "Clients come first: on time, at the time and by the people they prefer, with familiar faces.",
        "Premium contracts, care, clinics: where a complaint is dearer than a trip.",
    ),
    # Five for a unit of currency: a minute of travel is worth one, a minute of overtime two beside its wage.
    WeightPreset.COST: Preset(
        Weights(
            lateness=2,
            preferred_time=1,
            travel=5,
            preferred_users=10,
            overtime=10,
            headcount=300,
            labor_cost=5,
            moved=10,
            reassigned=10,
        ),
        "Short trips, little overtime, few people, cheap hours; wishes only break ties.",
        "Thin margins, long ways, staff paid by the hour; `hourly_cost` tells wages apart.",
    ),
    # A move must outweigh a whole day of deviation, and a few of them still the least important appointment.
    WeightPreset.STABILITY: Preset(
        Weights(moved=3_000, reassigned=3_000),
        "Today's plan stays: times and people change only to make room for what would be left out.",
        "Repairs during the day, after clients and crews have been told.",
    ),
    WeightPreset.FAIR: Preset(
        Weights(workload_balance=20, overtime=20),
        "Hours are spread evenly over all who could do the work, and overtime is dear.",
        "Rosters that people compare; contracts with equal hours.",
    ),
}


def weighed(problem: Problem, preset: WeightPreset | None) -> Problem:
    """Weigh a problem by a preset; weights that the problem states itself stay as they are.

    Parameters
    ----------
    problem
        As it was read.
    preset
        Whose weights fill in what the problem leaves open; None for the defaults.

    Returns
    -------
    The same problem with other weights.
    """
    if preset is None:
        return problem
    chosen, own = PRESETS[preset].weights, problem.weights
    stated: dict[str, object] = {name: getattr(own, name) for name in own.model_fields_set - {"unassigned"}}
    by_priority = {name: getattr(own.unassigned, name) for name in own.unassigned.model_fields_set}
    stated["unassigned"] = PriorityWeights(**chosen.unassigned.model_dump() | by_priority)
    return problem.model_copy(update={"weights": chosen.model_copy(update=stated)})
