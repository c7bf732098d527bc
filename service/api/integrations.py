"""Connections to outside systems."""

from models.events import IntegrationSaved
from models.records import ScheduleIntegration
from service.crud import Resource
from service.routing import add_list, router_of

INTEGRATIONS = Resource(ScheduleIntegration, "integrations", "integration", IntegrationSaved)

router = router_of(INTEGRATIONS)
add_list(
    router,
    INTEGRATIONS,
    "/active/",
    lambda _session, _query: [ScheduleIntegration.is_active],
    "List active integrations",
    without=frozenset({"is_active"}),
)
