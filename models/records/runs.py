"""A run of the auto-scheduler: what was asked, how far it is, what came out; its drafts stand in rows of their own."""

from typing import Annotated

from pydantic import AfterValidator, Field
from sqlalchemy import JSON, Index
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped

from models.enums import AppointmentStatus, RunMode, RunState, WeightPreset
from models.faults import refuse
from models.fields import Count, Flag, Part, Real, Text, Whole
from models.plan import TermCost
from models.problem import Horizon, Weights
from models.records.base import Entity, Owned
from models.records.fields import Access, Digest, JsonObject, Keys, Moment, Prose, field, reference

LONGEST_SECONDS = 86_400
PLANNED = (
    AppointmentStatus.REQUESTED,
    AppointmentStatus.SCHEDULED,
    AppointmentStatus.CONFIRMED,
    AppointmentStatus.RESCHEDULED,
)
"""The statuses of what a run can place or move."""


def _planned(statuses: tuple[AppointmentStatus, ...]) -> tuple[AppointmentStatus, ...]:
    for status in statuses:
        if status not in PLANNED:
            raise refuse(status, f"some of {', '.join(PLANNED)}", "Nothing else is placed or moved.")
    return tuple(dict.fromkeys(statuses))


TimeLimit = Annotated[float, Field(ge=0.5, le=LONGEST_SECONDS, allow_inf_nan=False)]


class RunScope(Part):
    """What a run may place or move, within what its mode may; what is left out does not limit it.

    Everything else stays where it is, and counts.
    """

    teams: Keys = Field(default_factory=list, description="Only what is assigned to these teams, or asks for one.")
    statuses: Annotated[tuple[AppointmentStatus, ...], AfterValidator(_planned)] = ()
    appointment_ids: Keys = Field(default_factory=list)


class RunProgress(Part):
    """How far a run is: the cost of its best plan so far, what is proved, and what it is at."""

    seconds: Real = 0.0
    method: Text = ""
    cost: Whole | None = None
    bound: Whole | None = None
    gap: Real | None = None
    assigned: Count = 0
    total: Count = 0


class RunCounts(Part):
    """What came out in numbers.

    `appointments` are all that count, `movable` the booked ones that may move, `waiting` the requested ones. Of these
    `placed` get a time and `left_out` none; of the booked ones `moved` get another start, `changed` the same start with
    others, `dropped` none any more.
    """

    appointments: Count = 0
    movable: Count = 0
    waiting: Count = 0
    placed: Count = 0
    left_out: Count = 0
    moved: Count = 0
    changed: Count = 0
    dropped: Count = 0
    violations: Count = 0


class Run(Entity):
    """A run of the auto-scheduler over a horizon.

    `fill` moves nothing that is booked; `optimize` may move what is neither confirmed nor pinned; `repair` gives
    another place to what stands where it cannot, with the fewest changes, confirmed or not. The plan is a draft until
    it is published; with `publishes` that happens at its end.
    """

    __tablename__ = "runs"
    FILTERS = ("state", "mode", "created_at", "scheduled_for")

    mode: Mapped[RunMode] = field(RunMode.FILL)
    horizon: Mapped[Horizon]
    scope: Mapped[RunScope] = field(RunScope)
    time_limit_seconds: Mapped[TimeLimit] = field(60.0)
    weights: Mapped[Weights | None] = field()
    preset: Mapped[WeightPreset | None] = field()
    publishes: Mapped[Flag] = field(False)
    state: Mapped[RunState] = field(RunState.QUEUED, access=Access.READ_ONLY)
    cancel_requested: Mapped[Flag] = field(False, access=Access.READ_ONLY)
    progress: Mapped[RunProgress] = field(RunProgress, access=Access.READ_ONLY)
    counts: Mapped[RunCounts | None] = field(access=Access.READ_ONLY)
    terms: Mapped[tuple[TermCost, ...]] = field(tuple, access=Access.READ_ONLY)
    error: Mapped[Prose] = field("", access=Access.READ_ONLY)
    started_at: Mapped[Moment | None] = field(access=Access.READ_ONLY)
    finished_at: Mapped[Moment | None] = field(access=Access.READ_ONLY)
    published_at: Mapped[Moment | None] = field(access=Access.READ_ONLY)
    scheduled_for: Mapped[Moment | None] = field(access=Access.READ_ONLY)
    requested_by_id: Mapped[int | None] = reference("users", on_delete="SET NULL", access=Access.READ_ONLY)
    epoch: Mapped[int] = field(0, access=Access.HIDDEN)
    executor: Mapped[Digest | None] = field(access=Access.HIDDEN)

    @property
    def is_over(self) -> bool:
        """Whether nothing more will come."""
        return self.state in OVER


OVER = frozenset({RunState.DONE, RunState.FAILED, RunState.CANCELLED})


DOCUMENT = JSON(none_as_null=True).with_variant(JSONB(none_as_null=True), "postgresql")
"""What this service has written itself, and need not read twice."""


class RunDraft(Owned):
    """The plans of a run: the latest one it could go on from, where all stood before, and what came out.

    `read_as` has a digest of every appointment that may be changed, as it was read: who finds another one at publishing
    knows that it was changed meanwhile.
    """

    __tablename__ = "run_drafts"

    run_id: Mapped[int] = reference("runs", on_delete="CASCADE", access=Access.READ_ONLY)
    checkpoint: Mapped[JsonObject | None] = field(type_=DOCUMENT)
    seconds: Mapped[Real] = field(0.0)
    plan: Mapped[JsonObject | None] = field(type_=DOCUMENT)
    before: Mapped[JsonObject | None] = field(type_=DOCUMENT)
    read_as: Mapped[JsonObject | None] = field(type_=DOCUMENT)

    @classmethod
    def constraints(cls) -> tuple[Index, ...]:
        """One for each run."""
        return (Index("uq_run_drafts_run", "run_id", unique=True),)
