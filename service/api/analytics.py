"""Figures of periods."""

from models.events import AnalyticsSaved
from models.records import ScheduleAnalytics
from service.crud import Resource
from service.routing import router_of

ANALYTICS = Resource(ScheduleAnalytics, "analytics", "row of analytics", AnalyticsSaved)

router = router_of(ANALYTICS)
