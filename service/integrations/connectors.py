"""What can be done with each type of integration: one line for each."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pkgutil import resolve_name
from typing import Any

from models.enums import IntegrationType
from models.records import ScheduleIntegration
from service.errors import Conflict
from service.outgoing import Guard


@dataclass(frozen=True, slots=True)
class Connector:
    """How integrations of a type are tested and synchronized, as "module:name" of functions.

    Both raise a `TidyplanError` with words for people where the other system fails them: `service.outgoing.Refused`,
    `Unreachable`, or one of their own.

    Parameters
    ----------
    test
        From a guard and an integration that belongs to no session to a line about what was found: it connects, and
        changes nothing there.
    sync
        From a job of the organization and an integration that belongs to no session to a line about what was
        exchanged, or more than that; None if nothing was, and nothing is known about the connection. It may be run
        again from its start.
    """

    test: str
    sync: str

    def tested(self, guard: Guard, integration: ScheduleIntegration) -> str:
        """Connect, and tell what was found."""
        function: Callable[[Guard, ScheduleIntegration], str] = resolve_name(self.test)
        return function(guard, integration)

    def synced(self, job: Any, integration: ScheduleIntegration) -> "Exchanged | None":
        """Synchronize, and tell what was exchanged."""
        function: Callable[[Any, ScheduleIntegration], str | Exchanged | None] = resolve_name(self.sync)
        told = function(job, integration)
        return Exchanged(told) if isinstance(told, str) else told


@dataclass(frozen=True, slots=True)
class Exchanged:
    """What was exchanged, in a line, and what people should know of what could not be."""

    told: str
    remark: str = ""


_WEBHOOKS = Connector("service.webhooks.pinging:ping", "service.webhooks.flushing:flush")

CONNECTORS: Mapping[IntegrationType, Connector] = {
    IntegrationType.CALENDAR: Connector("service.calendars.connecting:test", "service.calendars.connecting:sync"),
    IntegrationType.BOOKING: _WEBHOOKS,
    IntegrationType.CRM: _WEBHOOKS,
    IntegrationType.ERP: _WEBHOOKS,
    IntegrationType.COMMUNICATION: _WEBHOOKS,
    IntegrationType.PAYMENT: _WEBHOOKS,
}
"""The connector of each type."""


def connector_of(integration: ScheduleIntegration) -> Connector:
    """Find the connector of an integration.

    Raises
    ------
    Conflict
        If there is none for its type.
    """
    found = CONNECTORS.get(integration.integration_type)
    if found is None:
        known = ", ".join(CONNECTORS)
        raise Conflict(f"An integration of type {integration.integration_type} cannot be connected. Use {known}.")
    return found
