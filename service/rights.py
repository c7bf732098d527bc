"""Who may do what: role × resource × action, in one table."""

from collections.abc import Mapping
from dataclasses import dataclass

from models.records import Role
from service.callers import EVERY_SCOPE, Caller
from service.errors import Forbidden

ALL = frozenset({"*"})
NONE: frozenset[str] = frozenset()
READ = frozenset({"read"})
BOOK = frozenset(
    {
        "confirm",
        "cancel",
        "reschedule",
        "start",
        "complete",
        "no-show",
        "unschedule",
        "hold",
        "suggest-slots",
        "book-slot",
        "suggest-resolutions",
        "resolve",
    }
)
WRITE = frozenset({"read", "create", "update", "delete"})


@dataclass(frozen=True, slots=True)
class Rights:
    """What each role may do with a resource; an owner may do everything.

    A member sees only its own rows of the kinds in `service.own`.
    """

    planner: frozenset[str]
    dispatcher: frozenset[str]
    member: frozenset[str]
    viewer: frozenset[str]

    def of(self, role: Role) -> frozenset[str]:
        """The actions of a role."""
        return ALL if role is Role.OWNER else frozenset(getattr(self, role.value))


RIGHTS: Mapping[str, Rights] = {
    "absences": Rights(ALL, WRITE, READ | {"create"}, READ),
    "analytics": Rights(ALL, READ, NONE, READ),
    "api-keys": Rights(WRITE, WRITE, WRITE, NONE),
    "appointments": Rights(ALL, WRITE | BOOK, READ | {"start", "complete"}, READ),
    "audit-log": Rights(READ, NONE, NONE, NONE),
    "board": Rights(READ, READ, READ, READ),
    "calendar-feeds": Rights(ALL, WRITE, WRITE, NONE),
    "calendar-imports": Rights(ALL, ALL, NONE, NONE),
    "conflicts": Rights(ALL, READ | {"create", "update", "resolve", "escalate", "suggest-resolutions"}, NONE, READ),
    "dashboard": Rights(READ, READ, READ, READ),
    "events": Rights(READ, READ, READ, READ),
    "integrations": Rights(READ | {"sync", "test-connection", "replay"}, READ, NONE, NONE),
    "locations": Rights(ALL, WRITE, READ, READ),
    "notification-channels": Rights(READ, NONE, NONE, NONE),
    "notification-deliveries": Rights(READ, READ, READ, NONE),
    "notification-preferences": Rights(ALL, READ, WRITE, NONE),
    "notification-templates": Rights(ALL, READ, NONE, READ),
    "notifications": Rights(ALL, READ | {"create", "send"}, READ, READ),
    "organization": Rights(READ, READ, READ, READ),
    "quiet-hours": Rights(ALL, READ, WRITE, NONE),
    "resources": Rights(ALL, READ | {"set-availability", "schedule-maintenance"}, READ, READ),
    "rules": Rights(ALL, READ, READ, READ),
    "runs": Rights(ALL, READ | {"create", "cancel", "publish"}, NONE, READ),
    "schedule-templates": Rights(ALL, READ | {"generate"}, READ, READ),
    "summary": Rights(READ, READ, READ, READ),
    "team-members": Rights(ALL, READ, READ, READ),
    "teams": Rights(ALL, READ, READ, READ),
    "users": Rights(READ | {"create", "update"}, READ, READ, READ),
    "webhook-deliveries": Rights(READ | {"replay"}, READ, NONE, NONE),
}
"""The rights of planner, dispatcher, member and viewer on every resource."""

SEE_CONFIDENTIAL = frozenset({Role.OWNER, Role.PLANNER, Role.DISPATCHER})
"""Who reads fields that are confidential, such as what an hour of somebody costs."""


def may(caller: Caller, resource: str, action: str) -> bool:
    """Tell whether a caller may do something, by its role and by the scopes of its key.

    Parameters
    ----------
    caller
        Who asks.
    resource
        The name of a resource in addresses.
    action
        "read", "create", "update", "delete", or the name of an action in addresses.

    Returns
    -------
    Whether it may.
    """
    granted = RIGHTS[resource].of(caller.role)
    scopes = {EVERY_SCOPE, f"*:{action}", f"{resource}:*", f"{resource}:{action}"}
    return bool(granted & {"*", action}) and bool(caller.scopes & scopes)


def ensure_may(caller: Caller, resource: str, action: str) -> None:
    """Let a caller pass who may do something.

    Raises
    ------
    Forbidden
        If it may not.
    """
    if not may(caller, resource, action):
        limit = (
            "" if EVERY_SCOPE in caller.scopes else f" with a key for {', '.join(sorted(caller.scopes)) or 'nothing'}"
        )
        raise Forbidden(f"A {caller.role}{limit} may not {action} {resource}. Ask an owner of the organization.")
