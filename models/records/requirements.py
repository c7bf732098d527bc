"""What an appointment requires, in the words of problem.json; ids of records may also be written as numbers."""

from collections.abc import Iterator
from typing import Annotated, Any

from pydantic import BeforeValidator

from models.appointments import Demand, Link, Position, TeamChoice, UserChoice, Window
from models.fields import Flag, Id, Instant, Minutes, Part, Weight

_ID_LISTS = ("any_of", "allowed", "excluded", "preferred")
_IDS = ("resource", "appointment")


def _worded(value: Any) -> Any:
    """Write ids that are numbers as the text that problem.json has."""
    if isinstance(value, list):
        return [_worded(item) for item in value]
    if not isinstance(value, dict):
        return value
    ids = {name: _text(value[name]) for name in _IDS if name in value}
    lists = {
        name: [_text(item) for item in value[name]] for name in _ID_LISTS if isinstance(value.get(name), list | tuple)
    }
    return value | ids | lists


def _text(value: Any) -> Any:
    return str(value) if isinstance(value, int) and not isinstance(value, bool) else value


_numbered = BeforeValidator(_worded)


class Requirements(Part):
    """Who and what an appointment needs, when it may be, and what it follows."""

    crew: tuple[Position, ...] = ()
    team: Annotated[TeamChoice, _numbered] | None = None
    users: Annotated[UserChoice, _numbered] = UserChoice()
    resources: Annotated[tuple[Demand, ...], _numbered] = ()
    windows: tuple[Window, ...] = ()
    due: Instant | None = None
    preferred_start: Instant | None = None
    buffer_before_minutes: Minutes = 0
    buffer_after_minutes: Minutes = 0
    after: Annotated[tuple[Link, ...], _numbered] = ()
    mandatory: Flag = False
    unassigned_weight: Weight | None = None
    client: Id | None = None

    def references(self) -> Iterator[tuple[str, str, str]]:
        """Go through the records it names.

        Yields
        ------
        The place in the document, the table ("teams", "users", "resources" or "appointments") and the id as text.
        """
        if self.team is not None:
            for i, key in enumerate(self.team.any_of):
                yield f"team.any_of[{i}]", "teams", key
        for name in ("allowed", "excluded", "preferred"):
            for i, key in enumerate(getattr(self.users, name) or ()):
                yield f"users.{name}[{i}]", "users", key
        for i, demand in enumerate(self.resources):
            if demand.resource is not None:
                yield f"resources[{i}].resource", "resources", demand.resource
        for i, link in enumerate(self.after):
            yield f"after[{i}].appointment", "appointments", link.appointment
