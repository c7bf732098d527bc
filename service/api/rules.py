"""Business rules."""

from models.events import RuleDeleted, RuleSaved
from models.records import ScheduleRule
from service.crud import Resource
from service.routing import add_list, router_of

RULES = Resource(ScheduleRule, "rules", "rule", RuleSaved, deleted=RuleDeleted)

router = router_of(RULES)
add_list(
    router,
    RULES,
    "/active/",
    lambda _session, _query: [ScheduleRule.is_active],
    "List active rules",
    without=frozenset({"is_active"}),
)
