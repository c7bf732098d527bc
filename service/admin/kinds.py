"""Which records the pages show, grouped as in the menu, with their inlines and bulk actions."""

from dataclasses import dataclass, field
from typing import Any

from models.records.base import Record
from models.records.fields import Access
from models.records.stored import StoredField, stored_fields
from service.admin.bulk import CANCEL, CONFIRM, REPLAY, RESOLVE, SEND, Bulk
from service.api.absences import ABSENCES
from service.api.analytics import ANALYTICS
from service.api.appointments import APPOINTMENTS
from service.api.audit import AUDIT
from service.api.calendar_feeds import FEEDS
from service.api.conflicts import CONFLICTS
from service.api.deliveries import DELIVERIES
from service.api.integrations import INTEGRATIONS
from service.api.keys import KEYS
from service.api.locations import LOCATIONS
from service.api.notifications import CHANNELS, LETTERS, NOTIFICATIONS, PREFERENCES, QUIET, WORDING
from service.api.resources import RESOURCES
from service.api.rules import RULES
from service.api.runs import RUNS
from service.api.teams import MEMBERS, TEAMS
from service.api.templates import TEMPLATES
from service.api.users import USERS
from service.crud import Resource

NOTHING: frozenset[str] = frozenset()
_LABELS = ("name", "title", "subject", "conflict_description", "prefix")


@dataclass(frozen=True, slots=True)
class Inline:
    """Records shown and changed on the page of another.

    Parameters
    ----------
    resource
        What they are.
    parent
        Their field that names the other one.
    title
        What people call them there.
    fields
        Those that are shown; the others are on their own pages.
    grows
        Whether new ones are made there.
    """

    resource: Resource[Any]
    parent: str
    title: str
    fields: tuple[str, ...]
    grows: bool = True


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of record on the pages.

    Parameters
    ----------
    resource
        As the API offers it: its name is that of the pages, too.
    icon
        Of the menu.
    inlines, bulk
        What its page and its list have besides.
    offers
        What can be done with one at all, as in the API.
    """

    resource: Resource[Any]
    icon: str
    inlines: tuple[Inline, ...] = ()
    bulk: tuple[Bulk, ...] = ()
    offers: frozenset[str] = frozenset({"create", "update", "delete"})
    fields: dict[str, StoredField] = field(init=False)

    def __post_init__(self) -> None:
        known = stored_fields(self.record)
        shown = {name: each for name, each in known.items() if each.access is not Access.HIDDEN}
        object.__setattr__(self, "fields", {name: each for name, each in shown.items() if name != "organization"})

    @property
    def record(self) -> type[Record]:
        """Its class."""
        found: type[Record] = self.resource.record
        return found

    @property
    def path(self) -> str:
        """Its name in addresses and in the table of rights."""
        return self.resource.path


def label_of(record: type[Record]) -> str | None:
    """Name the field by which people know a record; None where there is only the id."""
    known = stored_fields(record)
    return next((name for name in _LABELS if name in known), None)


_MEMBERS = Inline(MEMBERS, "team", "Members", ("user", "role", "joined_date"))
_SERIES = Inline(
    APPOINTMENTS,
    "parent_appointment",
    "Appointments of the series",
    ("title", "start_datetime", "duration_minutes", "status"),
    grows=False,
)

GROUPS: tuple[tuple[str, str, tuple[Kind, ...]], ...] = (
    (
        "Schedule",
        "fa-solid fa-calendar-days",
        (
            Kind(APPOINTMENTS, "fa-solid fa-calendar-check", (_SERIES,), (CONFIRM, CANCEL)),
            Kind(CONFLICTS, "fa-solid fa-triangle-exclamation", bulk=(RESOLVE,)),
            Kind(TEMPLATES, "fa-solid fa-copy"),
            Kind(RULES, "fa-solid fa-scale-balanced"),
        ),
    ),
    (
        "People and things",
        "fa-solid fa-users",
        (
            Kind(USERS, "fa-solid fa-user"),
            Kind(TEAMS, "fa-solid fa-people-group", (_MEMBERS,)),
            Kind(MEMBERS, "fa-solid fa-id-badge"),
            Kind(RESOURCES, "fa-solid fa-van-shuttle"),
            Kind(ABSENCES, "fa-solid fa-umbrella-beach"),
            Kind(LOCATIONS, "fa-solid fa-location-dot"),
        ),
    ),
    (
        "Messages and links",
        "fa-solid fa-envelope",
        (
            Kind(NOTIFICATIONS, "fa-solid fa-bell", bulk=(SEND,)),
            Kind(LETTERS, "fa-solid fa-truck-fast", offers=NOTHING),
            Kind(CHANNELS, "fa-solid fa-paper-plane"),
            Kind(PREFERENCES, "fa-solid fa-sliders"),
            Kind(QUIET, "fa-solid fa-moon"),
            Kind(WORDING, "fa-solid fa-pen"),
            Kind(INTEGRATIONS, "fa-solid fa-plug"),
            Kind(DELIVERIES, "fa-solid fa-truck-fast", bulk=(REPLAY,), offers=NOTHING),
            Kind(FEEDS, "fa-solid fa-rss", offers=frozenset({"update", "delete"})),
        ),
    ),
    (
        "Records",
        "fa-solid fa-chart-line",
        (
            Kind(ANALYTICS, "fa-solid fa-chart-column"),
            Kind(RUNS, "fa-solid fa-gears", offers=NOTHING),
            Kind(KEYS, "fa-solid fa-key", offers=frozenset({"delete"})),
            Kind(AUDIT, "fa-solid fa-clock-rotate-left", offers=NOTHING),
        ),
    ),
)
"""The menu."""

KINDS: dict[str, Kind] = {kind.record.__tablename__: kind for _, _, kinds in GROUPS for kind in kinds}
"""The same by table, for references."""
