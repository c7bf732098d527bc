"""Slots for what is asked for."""

from datetime import datetime
from typing import Annotated, Any

from fastapi import APIRouter, Body, Depends
from pydantic import BaseModel, ConfigDict, Field, model_validator

from models.enums import AppointmentStatus, Priority
from models.faults import refuse
from models.fields import Duration, Instant, Minutes
from models.people import Zone
from models.plan import Assignment
from models.records import Appointment
from models.records.fields import Email, Key, Keys, Label
from models.records.requirements import Requirements
from models.suggestion import MOST_MOVES, SlotQuery, Suggestion
from models.travel import Latitude, Longitude
from service.dependencies import Asking, TheDatabase, TheKeeping, allowed, transaction
from service.idempotency import once
from service.linking import ensure_known
from service.output import in_utc
from service.problems import responses
from service.snapshot import Booking
from service.snapshot.bookings import Seat, Use
from service.snapshot.ids import number_of, numbers_of
from service.snapshot.telling import Titled, in_words
from service.suggesting import Found, found_alone, sought

MOST_SLOTS = 100


class SlotRequest(BaseModel):
    """What slots are sought for, as an appointment has it."""

    model_config = ConfigDict(extra="forbid")

    duration_minutes: Duration
    title: Label = ""
    priority: Priority = Priority.NORMAL
    client_name: Label = ""
    client_email: Email | None = None
    assigned_team: Key | None = None
    assigned_users: Keys = Field(default_factory=list)
    required_resources: Keys = Field(default_factory=list)
    requirements: Requirements | None = None
    latitude: Latitude | None = None
    longitude: Longitude | None = None

    def booking(self) -> Booking:
        """Read it as a booking that stands nowhere."""
        return Booking(
            title=self.title,
            client=self.client_email or self.client_name or None,
            minutes=self.duration_minutes,
            status=AppointmentStatus.REQUESTED,
            priority=self.priority,
            team=self.assigned_team,
            requirements=self.requirements,
            latitude=self.latitude,
            longitude=self.longitude,
            seats=tuple(Seat(key) for key in self.assigned_users),
            uses=tuple(Use(key) for key in self.required_resources),
        )


class SlotWish(BaseModel):
    """For what slots are sought, how many, and when."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "examples": [
                {
                    "request": {"duration_minutes": 90, "requirements": {"crew": [{"skills": ["windows"]}]}},
                    "from": "2026-11-30T08:00:00-08:00",
                    "until": "2026-12-04T18:00:00-08:00",
                    "limit": 3,
                }
            ]
        },
    )

    appointment: Annotated[Key | None, Field(description="A stored one, booked or requested.")] = None
    request: Annotated[SlotRequest | None, Field(description="One that is not stored.")] = None
    limit: Annotated[int, Field(strict=True, ge=1, le=MOST_SLOTS)] = 5
    from_: Annotated[Instant | None, Field(alias="from", description="By default now.")] = None
    until: Annotated[Instant | None, Field(description="By default a week later.")] = None
    time_zone: Annotated[Zone | None, Field(description="In which days and sentences are told.")] = None
    spread_minutes: Annotated[Minutes, Field(description="How far apart starts are, if there are enough.")] = 60
    per_day: Annotated[int | None, Field(strict=True, ge=1, le=MOST_SLOTS)] = None
    with_moves: Annotated[
        bool | Annotated[int, Field(ge=0, le=MOST_MOVES)],
        Field(description="Also look for slots for which one other, or so many, would move."),
    ] = False

    @model_validator(mode="after")
    def _names_one(self) -> "SlotWish":
        if (self.appointment is None) == (self.request is None):
            found = "neither" if self.appointment is None else "both"
            raise refuse(found, "either an appointment or a request", "Name one of them.", "appointment")
        if self.from_ is not None and self.until is not None and self.until <= self.from_:
            raise refuse(self.until, f"a time after from, {self.from_.isoformat()}", "Swap from and until.", "until")
        return self

    def query(self) -> SlotQuery:
        """Say how many slots are sought, and when, in the words of the solver."""
        same = ("limit", "from_", "until", "time_zone", "spread_minutes", "per_day")
        return SlotQuery.model_construct(
            **{name: getattr(self, name) for name in same}, with_moves=int(self.with_moves)
        )


class UsedResource(BaseModel):
    """A resource that a slot takes, for which demand; `units` None is the whole of it."""

    resource: int
    demand: int | None
    units: int | None


class Place(BaseModel):
    """When and with whom and what an appointment would be."""

    start: datetime
    end: datetime
    team: int | None
    users: list[int]
    positions: Annotated[dict[int, int], Field(description="Which position of the crew each user fills.")]
    resources: list[UsedResource]


class SlotMove(BaseModel):
    """Another appointment that would move."""

    appointment: int
    before: Place
    after: Place
    why: str


class SlotTerm(BaseModel):
    """A part of what a slot costs."""

    name: str
    cost: int


class Slot(Place):
    """A place that is possible, with its price and what speaks for and against it."""

    cost: int
    why: str
    points: list[str]
    terms: list[SlotTerm]
    moves: list[SlotMove]


class Slots(BaseModel):
    """Slots, the best first, or the reason why there are none."""

    suggestions: list[Slot]
    present: Slot | None
    possible: int
    reason: str
    complete: bool
    timezone: str


def add_slots(router: APIRouter) -> None:
    """Add the search for slots to the router of appointments."""

    @router.post(
        "/suggest-slots/",
        response_model=Slots,
        responses=responses("not_found", "conflict"),
        dependencies=[allowed("appointments", "suggest-slots"), once, Depends(transaction)],
        summary="Suggest slots",
    )
    def suggest_slots(
        database: TheDatabase, keeping: TheKeeping, asking: Asking, body: Annotated[SlotWish, Body()]
    ) -> dict[str, Any]:
        """Find the best slots for a request or an appointment, ranked by what they cost the plan."""
        query = body.query()
        # Read and computed outside of the transaction: nobody has to wait meanwhile.
        with database.moment(asking) as session:
            if body.request is not None:
                asked = body.request.model_dump() | {"requirements": body.request.requirements}
                ensure_known(session, Appointment, asked)
                booking = body.request.booking()
            else:
                booking = sought(session, body.appointment or 0)
            found = keeping.find(session, booking, query)
        return _shown(found if isinstance(found, Found) else found_alone(found, booking, query), query.time_zone)


def _shown(answer: Found, zone: str | None) -> dict[str, Any]:
    found, titles = answer.suggestions, answer.titles
    return {
        "suggestions": [_slot(each, titles) for each in found.suggestions],
        "present": None if found.present is None else _slot(found.present, titles),
        "possible": found.possible,
        "reason": in_words(found.reason, titles),
        "complete": found.complete,
        "timezone": zone or answer.timezone,
    }


def _slot(found: Suggestion, titles: Titled) -> dict[str, Any]:
    return _place(found) | {
        "cost": found.cost,
        "why": in_words(found.why, titles),
        "points": [in_words(point, titles) for point in found.points],
        "terms": [{"name": term.name, "cost": term.cost} for term in found.terms],
        "moves": [
            {
                "appointment": number_of(move.before.appointment),
                "before": _place(move.before),
                "after": _place(move.after),
                "why": in_words(move.why, titles),
            }
            for move in found.moves
        ],
    }


def _place(at: Assignment) -> dict[str, Any]:
    return {
        "start": in_utc(at.start),
        "end": in_utc(at.end),
        "team": None if at.team is None else number_of(at.team),
        "users": list(numbers_of(at.users)),
        "positions": {number_of(key): place for key, place in at.positions.items()},
        "resources": [
            {"resource": number_of(use.resource), "demand": use.demand, "units": use.units} for use in at.resources
        ],
    }
