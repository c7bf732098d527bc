"""The core of a problem in Timefold's words: entities, facts and constraint streams.

Timefold translates this module to Java bytecode: annotations are read while it is imported, functions stay plain.
"""

from dataclasses import dataclass, field
from typing import Annotated

from timefold.solver.domain import (
    PlanningEntityCollectionProperty,
    PlanningId,
    PlanningScore,
    PlanningVariable,
    ProblemFactCollectionProperty,
    ValueRangeProvider,
    planning_entity,
    planning_solution,
)
from timefold.solver.score import (
    Constraint,
    ConstraintCollectors,
    ConstraintFactory,
    HardSoftScore,
    Joiners,
    UniConstraintStream,
    constraint_provider,
)


@dataclass
class Team:
    """One way to fill all seats of a visit."""

    id: Annotated[int, PlanningId]


@dataclass
class Member:
    """Who is in a team: a person, who may serve at most so many minutes, or a resource."""

    team: int
    taker: int
    most: int


@dataclass
class Closure:
    """A stretch of minutes in which the taker of that id is not available."""

    taker: int
    start: int
    end: int


@planning_entity
@dataclass
class Visit:
    """An appointment; it takes place if it has a team."""

    id: Annotated[int, PlanningId]
    minutes: int
    absent_cost: int
    preferred: int
    deviation_weight: int
    starts: Annotated[list[int], ValueRangeProvider(id="starts")]
    teams: Annotated[list[Team], ValueRangeProvider(id="teams")]
    start: Annotated[int, PlanningVariable(value_range_provider_refs=["starts"])]
    team: Annotated[Team | None, PlanningVariable(value_range_provider_refs=["teams"], allows_unassigned=True)] = field(
        default=None
    )

    def deviation_cost(self) -> int:
        """What the distance from the preferred start costs."""
        return self.deviation_weight * abs(self.start - self.preferred)


@planning_solution
@dataclass
class Week:
    """A whole problem and its solution."""

    members: Annotated[list[Member], ProblemFactCollectionProperty]
    closures: Annotated[list[Closure], ProblemFactCollectionProperty]
    visits: Annotated[list[Visit], PlanningEntityCollectionProperty]
    score: Annotated[HardSoftScore | None, PlanningScore] = field(default=None)


@dataclass(unsafe_hash=True)
class Block:
    """A stretch of minutes that a visit takes of somebody."""

    visit: int
    taker: int
    most: int
    start: int
    end: int
    minutes: int


def block_of(visit: Visit, member: Member) -> Block:
    """What a visit takes of a member of its team."""
    return Block(visit.id, member.taker, member.most, visit.start, visit.start + visit.minutes, visit.minutes)


@constraint_provider
def constraints(factory: ConstraintFactory) -> list[Constraint]:
    """State all rules and costs."""
    taken = blocks(factory)  # once: equal streams with lambdas of their own are computed apart
    return [
        one_thing_at_a_time(taken),
        nothing_while_closed(taken),
        weekly_hours(taken),
        left_out(factory),
        preferred_start(factory),
    ]


def blocks(factory: ConstraintFactory) -> UniConstraintStream:
    """Everything that takes somebody's time."""
    return (
        factory.for_each(Visit)
        .join(Member, Joiners.equal(lambda visit: visit.team.id, lambda member: member.team))
        .map(block_of)
    )


def one_thing_at_a_time(taken: UniConstraintStream) -> Constraint:
    """Nobody is in two places."""
    return (
        taken.join(
            taken,
            Joiners.equal(lambda block: block.taker),
            Joiners.overlapping(lambda block: block.start, lambda block: block.end),
            Joiners.less_than(lambda block: block.visit),
        )
        .penalize(HardSoftScore.ONE_HARD)
        .as_constraint("one thing at a time")
    )


def nothing_while_closed(taken: UniConstraintStream) -> Constraint:
    """Nobody serves while away."""
    return (
        taken.join(
            Closure,
            Joiners.equal(lambda block: block.taker, lambda closure: closure.taker),
            Joiners.overlapping(
                lambda block: block.start,
                lambda block: block.end,
                lambda closure: closure.start,
                lambda closure: closure.end,
            ),
        )
        .penalize(HardSoftScore.ONE_HARD)
        .as_constraint("nothing while closed")
    )


def weekly_hours(taken: UniConstraintStream) -> Constraint:
    """Nobody serves more than a week allows."""
    return (
        taken.group_by(
            lambda block: block.taker,
            lambda block: block.most,
            ConstraintCollectors.sum(lambda block: block.minutes),
        )
        .filter(lambda taker, most, minutes: minutes > most)
        .penalize(HardSoftScore.ONE_HARD, lambda taker, most, minutes: minutes - most)
        .as_constraint("weekly hours")
    )


def left_out(factory: ConstraintFactory) -> Constraint:
    """Leaving out has its price."""
    return (
        factory.for_each_including_unassigned(Visit)
        .filter(lambda visit: visit.team is None)
        .penalize(HardSoftScore.ONE_SOFT, lambda visit: visit.absent_cost)
        .as_constraint("left out")
    )


def preferred_start(factory: ConstraintFactory) -> Constraint:
    """So has every minute beside the preferred start of what takes place."""
    return (
        factory.for_each(Visit)
        .penalize(HardSoftScore.ONE_SOFT, lambda visit: visit.deviation_cost())
        .as_constraint("preferred start")
    )
