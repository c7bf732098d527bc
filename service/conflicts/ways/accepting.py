"""The way that mends nothing: who may override rules leaves it as it is, with a reason in the audit log."""

from collections.abc import Iterator

from sqlalchemy.orm import Session

from models.enums import ConflictType
from models.records import ScheduleConflict
from service.conflicts.ways.clash import Clash
from service.conflicts.ways.options import Offer, WayKind
from service.conflicts.ways.telling import offer
from service.conflicts.ways.trying import Held
from service.rights import may
from service.tenancy import caller_of

NEVER = frozenset({ConflictType.DOUBLE_BOOKING, ConflictType.RESOURCE_CONFLICT})
"""Nobody is in two places at once, whoever says so."""


def accepted(session: Session, conflict: ScheduleConflict, clash: Clash) -> Iterator[Offer]:
    """Propose to leave it as it is, if the caller may override what is broken."""
    if conflict.identity is None or conflict.conflict_type in NEVER:
        return
    if may(caller_of(session), "appointments", "override"):
        summary = "Leave it as it is, and note that the rule is overridden"
        yield offer(clash.subject, WayKind.ACCEPT, clash.region.problem, summary, Held(0, ()))
