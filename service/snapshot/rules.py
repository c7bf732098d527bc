"""Business rules as a problem has them."""

from collections.abc import Iterable
from typing import TYPE_CHECKING

from models.problem import Rule
from models.records import ScheduleRule
from service.snapshot.ids import RESOURCE, RULE, TEAM, USER, key_of, keys_of

if TYPE_CHECKING:
    from service.snapshot.subjects import Cast


def rule_of(record: ScheduleRule) -> Rule:
    """Read a stored rule, with its linking rows loaded, as one of a problem.

    Parameters
    ----------
    record
        Its type decides what its `parameters` are.

    Returns
    -------
    The rule.
    """
    return record.as_rule().model_copy(
        update={
            "id": key_of(RULE, record.id),
            "applies_to_users": keys_of(USER, record.applies_to_user_ids),
            "applies_to_teams": keys_of(TEAM, record.applies_to_team_ids),
            "applies_to_resources": keys_of(RESOURCE, record.applies_to_resource_ids),
        }
    )


def bound_to(rules: Iterable[Rule], cast: "Cast") -> tuple[Rule, ...]:
    """Let rules name only those who are there; without any a rule binds nobody, unless it is global."""
    users, teams, resources = ({each.id for each in subjects} for subjects in cast)
    return tuple(
        rule.model_copy(
            update={
                "applies_to_users": tuple(key for key in rule.applies_to_users if key in users),
                "applies_to_teams": tuple(key for key in rule.applies_to_teams if key in teams),
                "applies_to_resources": tuple(key for key in rule.applies_to_resources if key in resources),
            }
        )
        for rule in rules
    )
