"""One record of each kind, made from the examples."""

from copy import deepcopy

from models import records
from models.records.base import Record
from service.examples import EXAMPLES
from tests.service.accounts import Client, Json

PATHS: dict[str, type[Record]] = {
    "schedule-templates": records.ScheduleTemplate,
    "resources": records.Resource,
    "teams": records.Team,
    "team-members": records.TeamMember,
    "appointments": records.Appointment,
    "conflicts": records.ScheduleConflict,
    "rules": records.ScheduleRule,
    "notifications": records.ScheduleNotification,
    "notification-channels": records.NotificationChannel,
    "notification-preferences": records.NotificationPreference,
    "notification-templates": records.NotificationTemplate,
    "quiet-hours": records.QuietHours,
    "analytics": records.ScheduleAnalytics,
    "integrations": records.ScheduleIntegration,
    "users": records.User,
    "absences": records.Absence,
    "locations": records.Location,
}
NEEDS: dict[str, tuple[str, ...]] = {
    "team-members": ("teams", "users"),
    "appointments": ("users", "resources"),
    "conflicts": ("users", "resources", "appointments", "appointments"),
    "notifications": ("users",),
    "notification-preferences": ("users",),
    "quiet-hours": ("users",),
    "absences": ("users",),
}
"""What must be there before the examples can refer to it: ids count from 1, and the caller is user 1."""

LATER: Json = {"start_datetime": "2026-12-07T09:00:00-08:00", "requirements": None}
"""When a second appointment is: nobody is in two places at once."""


def prepare(client: Client, path: str) -> Json:
    """Make what an example refers to, and give the example."""
    needs = NEEDS.get(path, ())
    for i, need in enumerate(needs):
        later = LATER if need in needs[:i] else {}
        client.made(f"{need}/", deepcopy(EXAMPLES[PATHS[need]]) | later)
    return deepcopy(EXAMPLES[PATHS[path]])


def fill(client: Client) -> None:
    """Make the first record of each kind."""
    for path in sorted(PATHS, key=lambda path: len(NEEDS.get(path, ()))):
        client.made(f"{path}/", deepcopy(EXAMPLES[PATHS[path]]) | _first(path))


def _first(path: str) -> Json:
    """Let examples refer to the first record of each kind."""
    named = {"team", "user", "primary_appointment", "conflicting_appointment"}
    lists = {"assigned_users", "required_resources", "recipients"}
    example = EXAMPLES[PATHS[path]]
    return dict.fromkeys(named & example.keys(), 1) | {name: [1] for name in lists & example.keys()}
