"""Notifications, the channels they take, and who wants them."""

from models.enums import NotificationStatus
from models.events import NotificationCreated
from models.records import NotificationChannel, NotificationPreference, ScheduleNotification
from service.crud import Resource
from service.routing import add_list, router_of

NOTIFICATIONS = Resource(ScheduleNotification, "notifications", "notification", created=NotificationCreated)
CHANNELS = Resource(NotificationChannel, "notification-channels", "notification channel")
PREFERENCES = Resource(NotificationPreference, "notification-preferences", "notification preference")

router = router_of(NOTIFICATIONS)
channels = router_of(CHANNELS)
preferences = router_of(PREFERENCES)
add_list(
    router,
    NOTIFICATIONS,
    "/pending/",
    lambda _session, _query: [ScheduleNotification.status == NotificationStatus.PENDING],
    "List pending notifications",
    without=frozenset({"status"}),
)
