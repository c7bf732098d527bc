"""Conflicts."""

from models.enums import ConflictStatus
from models.events import ConflictDetected
from models.records import ScheduleConflict
from service.crud import Resource
from service.routing import add_list, router_of

CONFLICTS = Resource(ScheduleConflict, "conflicts", "conflict", created=ConflictDetected)
UNRESOLVED = (ConflictStatus.PENDING, ConflictStatus.ESCALATED)

router = router_of(CONFLICTS)
add_list(
    router,
    CONFLICTS,
    "/unresolved/",
    lambda _session, _query: [ScheduleConflict.status.in_(UNRESOLVED)],
    "List unresolved conflicts",
    without=frozenset({"status"}),
)
