"""Which rules bind which subject."""

from collections import defaultdict

from models.enums import RuleType
from models.problem import Problem
from models.rules import Rule

HOURLY_KINDS = ("user", "team", "none")
BINDS_ONLY = {RuleType.MAINTENANCE: "resource", RuleType.BREAK_TIME: "user"}


class Bindings:
    """The active rules of a problem, by whom they bind.

    Parameters
    ----------
    problem
        Whose rules.
    """

    def __init__(self, problem: Problem) -> None:
        self._order = {rule.id: place for place, rule in enumerate(problem.active_rules)}
        self._global: dict[RuleType, list[Rule]] = defaultdict(list)
        self._named: dict[tuple[str, str, RuleType], list[Rule]] = defaultdict(list)
        for rule in problem.active_rules:
            if rule.is_global:
                self._global[rule.rule_type].append(rule)
            for kind in ("user", "team", "resource"):
                for key in getattr(rule, f"applies_to_{kind}s"):
                    self._named[kind, key, rule.rule_type].append(rule)

    def rules_for(self, kind: str, key: str | None, rule_type: RuleType) -> list[Rule]:
        """List the active rules of a type that bind a subject.

        Working hours: those that name it, else the global ones, which bind no resource. Capacity limits: those that
        name it; for "none" the global ones, which count the whole organization. Maintenance binds resources and
        breaks bind users. All others: the global ones and those that name it.

        Parameters
        ----------
        kind, key
            "user", "team" or "resource" and the id; "none" and None for an appointment without users and team.
        rule_type
            Which rules.

        Returns
        -------
        Rules in the order of the problem.
        """
        named = self._named.get((kind, key, rule_type), []) if key is not None else []
        everybody = self._global.get(rule_type, [])
        if rule_type is RuleType.WORKING_HOURS:
            return named or (everybody if kind in HOURLY_KINDS else [])
        if rule_type is RuleType.CAPACITY_LIMIT:
            return everybody if kind == "none" else named
        if BINDS_ONLY.get(rule_type, kind) != kind:
            return []
        if not named or not everybody:
            return named or everybody
        return sorted({rule.id: rule for rule in (*everybody, *named)}.values(), key=lambda rule: self._order[rule.id])
