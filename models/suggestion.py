"""Slot suggestions: what is asked for, and the starts that are offered, with their price and their reasons."""

from collections.abc import Mapping
from typing import Annotated, Literal, TypeVar

from pydantic import Field, ValidationError, model_validator

from models.appointments import Appointment
from models.errors import Fault, InvalidRequest
from models.faults import faults_of, refusal, refuse
from models.fields import Count, Flag, Id, Instant, Minutes, Part, Real, Text, Whole
from models.json_reader import Unreadable, read_json
from models.people import Zone
from models.plan import Assignment, TermCost
from models.travel import Latitude, Longitude

MOST_SUGGESTIONS = 1000
MOST_MOVES = 2
Document = TypeVar("Document", bound=Part)


class Coordinates(Part):
    """A point on the globe, in degrees."""

    latitude: Latitude
    longitude: Longitude


class SlotRequest(Appointment):
    """What a client asks for: an appointment as a problem has it, which need not be known to one yet.

    `coordinates` say where its `location` is, if the problem has no location of that id.
    """

    id: Id = "request"
    coordinates: Coordinates | None = None

    @classmethod
    def parse(cls, raw: bytes | str | Mapping[str, object]) -> "SlotRequest":
        """Read a request, or say everything that is wrong with it.

        Parameters
        ----------
        raw
            A JSON document, or the object it describes: `duration_minutes` is all it needs.

        Returns
        -------
        The request.

        Raises
        ------
        InvalidRequest
            With all faults at once.
        """
        return _parsed(cls, raw)

    @model_validator(mode="after")
    def _is_open(self) -> "SlotRequest":
        if self.pinned:
            advice = "Leave pinned out: a pinned appointment stays where it is."
            raise refuse(True, "an appointment that can be placed", advice, "pinned")
        if self.coordinates is not None and self.location is None:
            raise refuse(None, "a location that the coordinates belong to", "Give the place an id.", "location")
        return self


class SlotQuery(Part):
    """How many suggestions are wanted, from which time, and how far apart.

    The whole service lies between `from` and `until`. With `spread_minutes`, starts nearer to each other than that are
    suggested only where there are no others; `per_day` bounds how many lie on one day. `with_moves` also looks for
    slots that need up to so many others to move, for at most `seconds`. Times are given back in `time_zone`, by default
    the organization's.
    """

    limit: Annotated[int, Field(strict=True, ge=1, le=MOST_SUGGESTIONS)] = 5
    from_: Annotated[Instant | None, Field(alias="from")] = None
    until: Instant | None = None
    spread_minutes: Minutes = 60
    per_day: Annotated[int, Field(strict=True, ge=1, le=MOST_SUGGESTIONS)] | None = None
    with_moves: Annotated[int, Field(strict=True, ge=0, le=MOST_MOVES)] = 0
    seconds: Annotated[Real, Field(gt=0, le=600)] = 1.0
    time_zone: Zone | None = None

    @classmethod
    def parse(cls, raw: bytes | str | Mapping[str, object]) -> "SlotQuery":
        """Read a query, or say everything that is wrong with it.

        Parameters
        ----------
        raw
            A JSON document, or the object it describes; {} asks for the five best slots of the horizon.

        Returns
        -------
        The query.

        Raises
        ------
        InvalidRequest
            With all faults at once.
        """
        return _parsed(cls, raw)

    @model_validator(mode="after")
    def _runs_forward(self) -> "SlotQuery":
        if self.from_ is not None and self.until is not None and self.until <= self.from_:
            expected = f"a time after from, {self.from_.isoformat()}"
            raise refusal(Fault("until", self.until.isoformat(), expected, "Swap from and until."))
        return self


class Move(Part):
    """An appointment that makes way: where it stood, where it would stand, and a sentence."""

    before: Assignment
    after: Assignment
    why: Text


class Suggestion(Assignment):
    """A bookable start with everybody and everything it takes.

    `cost` is what the plan costs with it more than without the appointment, what it costs to leave that out set aside;
    `terms` are the terms that change, the dearest first, and add up to it. `points` are what speaks for and against the
    slot, in the same order, and `why` is all of it in a sentence.
    """

    cost: Whole
    terms: tuple[TermCost, ...] = ()
    why: Text = ""
    points: tuple[Text, ...] = ()
    moves: tuple[Move, ...] = ()

    def assignment(self) -> Assignment:
        """Take the assignment out of the suggestion, to be booked or put into a plan."""
        return Assignment(**{name: getattr(self, name) for name in Assignment.model_fields})


class Suggestions(Part):
    """The answer to a request.

    `possible` counts the starts that need no move. `present` is where the appointment stands now, priced the same way,
    if it is asked for as it is. `reason` says why nothing is suggested. `complete` is false where time ran out before
    all single moves were looked at.
    """

    version: Literal[1] = 1
    appointment: Id
    suggestions: tuple[Suggestion, ...] = ()
    possible: Count = 0
    present: Suggestion | None = None
    reason: Text = ""
    complete: Flag = True
    seconds: Annotated[Real, Field(ge=0)] = 0.0

    def to_json(self, indent: int | None = None) -> str:
        """Write the answer as JSON.

        Parameters
        ----------
        indent
            Spaces per level, None for one line.

        Returns
        -------
        The document.
        """
        return self.model_dump_json(indent=indent)


def _parsed(kind: type[Document], raw: bytes | str | Mapping[str, object]) -> Document:
    try:
        return kind.model_validate(read_json(raw))
    except Unreadable as unreadable:
        raise InvalidRequest([unreadable.fault]) from None
    except ValidationError as error:
        raise InvalidRequest(faults_of(error, kind)) from None
