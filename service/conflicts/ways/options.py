"""What is offered: which appointments go where, which absences give way, what it costs, in words and as a document."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from hashlib import sha256
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field

KEY_LENGTH = 16


class WayKind(StrEnum):
    """What kind of change a way is."""

    MOVE = "move"
    REASSIGN = "reassign"
    SHORTEN = "shorten"
    MAKE_WAY = "make_way"
    PLACE = "place"
    LIFT_ABSENCE = "lift_absence"
    CHANGE_REQUEST = "change_request"
    UNSCHEDULE = "unschedule"
    ACCEPT = "accept"


LAST_RESORTS = frozenset({WayKind.UNSCHEDULE, WayKind.ACCEPT})
"""What mends nothing: somebody loses a time, or a rule stays broken on purpose."""


ASKS_FOR_MORE = frozenset({WayKind.LIFT_ABSENCE, WayKind.CHANGE_REQUEST})
"""What needs somebody's consent: who is away comes, or a client accepts other terms."""


class WayUse(BaseModel):
    """A resource that is taken: for which demand, if for one, and how many units; None is the whole of it."""

    resource: int
    demand: int | None = None
    units: int | None = None


class WayPlace(BaseModel):
    """When and with whom and what an appointment is."""

    start: datetime
    end: datetime
    team: int | None
    users: list[int]
    positions: Annotated[dict[int, int], Field(description="Which position of the crew each user fills.")]
    resources: list[WayUse]


class WayChange(BaseModel):
    """What becomes of an appointment; `null` is nowhere."""

    appointment: int
    title: str
    before: WayPlace | None
    after: WayPlace | None


class WaySpan(BaseModel):
    """From when to when."""

    start: datetime
    end: datetime


class WayAbsence(BaseModel):
    """What becomes of an absence: it stays for the spans after it, of which there may be none."""

    absence: int
    user: int | None
    resource: int | None
    before: WaySpan
    after: list[WaySpan]


class WayTerm(BaseModel):
    """By how much a part of the plan's cost changes."""

    name: str
    cost: int


class Way(BaseModel):
    """A change that was tried: it mends the conflict, or gives the request a place, and breaks nothing else.

    The best come first: those that change the days of the fewest people, and of these the cheapest. `last_resort`
    marks what leaves somebody without a time, or a rule broken.
    """

    model_config = ConfigDict(title="WayOut")

    option: Annotated[str, Field(description="Names it in `resolve/`; the same change has the same name.")]
    kind: WayKind
    summary: Annotated[str, Field(description="What is done, for people.")]
    why: Annotated[str, Field(description="What else there is to know, for people.")] = ""
    cost_delta: Annotated[int, Field(description="By how much the plan's cost changes.")]
    terms: list[WayTerm]
    people: Annotated[list[int], Field(description="Users whose day changes.")]
    clients: Annotated[int, Field(description="How many clients have to be told another time.")]
    last_resort: bool
    changes: list[WayChange]
    absences: list[WayAbsence]
    requirements: Annotated[
        dict[str, Any] | None, Field(description="What the request asks for instead, by field.")
    ] = None

    @property
    def disturbed(self) -> int:
        """How many people it disturbs."""
        return len(self.people) + self.clients


NOTHING_HELPS = "None of the changes that were tried helps: what is in the way is pinned, under way, over or past."


class Resolutions(BaseModel):
    """Ways out, the best first, or the reason why there are none."""

    options: list[Way]
    reason: str


@dataclass(frozen=True, slots=True)
class Offer:
    """Something that was tried, before it is told.

    Parameters
    ----------
    way
        As the API tells it.
    about
        The appointment that gives way: of those about the same one only the best few are shown.
    minutes
        How far it moves.
    """

    way: Way
    about: int
    minutes: int = 0

    @property
    def rank(self) -> tuple[int, int, int, int, str]:
        """Where it stands among others: the least comes first."""
        tier = 2 if self.way.last_resort else int(self.way.kind in ASKS_FOR_MORE)
        return tier, self.way.disturbed, self.way.cost_delta, self.minutes, self.way.option


def key_of_way(subject: str, parts: Mapping[str, Any]) -> str:
    """Name a way by what it does.

    Parameters
    ----------
    subject
        What it is a way out of, such as "conflict 12".
    parts
        What is done, as JSON has it.

    Returns
    -------
    The same text for the same change, whoever finds it.
    """
    told = repr((subject, [(name, parts[name]) for name in sorted(parts)]))
    return sha256(told.encode()).hexdigest()[:KEY_LENGTH]


def ranked(offers: Iterable[Offer], most: int, most_alike: int = 2) -> list[Way]:
    """Choose the best: the fewest people disturbed, then the cheapest, then the nearest.

    What needs consent comes after all of these, and what mends nothing last.

    Parameters
    ----------
    offers
        All that hold.
    most
        How many are shown; the last place is for a last resort, if there is one.
    most_alike
        How many of one kind are shown about one appointment.

    Returns
    -------
    The best ones in their order.
    """
    ordered = sorted({offer.way.option: offer for offer in offers}.values(), key=lambda offer: offer.rank)
    counts: dict[tuple[int, WayKind], int] = {}
    mending, last = list[Way](), list[Way]()
    for offer in ordered:
        alike = offer.about, offer.way.kind
        counts[alike] = counts.get(alike, 0) + 1
        if counts[alike] <= most_alike:
            (last if offer.way.last_resort else mending).append(offer.way)
    kept = max(most - len(last[:2]), 1) if last else most
    return [*mending[:kept], *last][:most]
