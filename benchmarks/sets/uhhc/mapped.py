"""A problem.json made of an UHHC instance, and the way back from its plans."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field

from benchmarks.generate import Json
from benchmarks.sets.clock import minute
from benchmarks.sets.uhhc.measure import Answer, Visit
from benchmarks.sets.uhhc.original import Original, Service
from models.plan import Plan


@dataclass(frozen=True)
class Mapped:
    """What a mapping makes of an instance.

    Parameters
    ----------
    document
        The problem.
    services
        The service of each appointment that stands for one.
    lunches
        The caregiver of each appointment that is a lunch.
    ahead
        Minutes by which the problem's clock is ahead of the file's while services are done.
    offset
        No plan costs less than its published objective plus this, and a plan without idle markers costs just that.
    """

    document: Json
    services: Mapping[str, Service]
    lunches: Mapping[str, str] = field(default_factory=dict)
    ahead: int = 0
    offset: int = 0

    def answer(self, plan: Plan) -> Answer:
        """Read who serves whom when, and who has lunch before which visit.

        Parameters
        ----------
        plan
            Of `document`.

        Returns
        -------
        The answer in the file's minutes; appointments that are there for the arithmetic alone are passed over.
        """
        visits: dict[str, list[Visit]] = defaultdict(list)
        lunches: dict[str, int] = {}
        breaches: list[str] = []
        for assignment in plan.assignments:
            service = self.services.get(assignment.appointment)
            start = minute(assignment.start) - self.ahead
            if assignment.appointment in self.lunches:
                lunches[self.lunches[assignment.appointment]] = start
            elif service is not None:
                if len(assignment.users) != 1:
                    breaches.append(f"{service.id}: {len(assignment.users)} caregivers instead of one")
                for user in assignment.users:
                    visits[user].append(Visit(start, service))
        for row in visits.values():
            row.sort(key=lambda visit: visit.start)
        before = {user: sum(visit.start < start for visit in visits[user]) for user, start in lunches.items()}
        return Answer(visits, before, tuple(breaches))


def linked(original: Original) -> dict[str, tuple[str, int, int]]:
    """List, by the id of the second service of each pair, the first one and the least and largest gap of the starts."""
    return {pair.second.id: (pair.first.id, pair.least, pair.most) for pair in original.pairs}


def link(appointment: str, least: int, most: int) -> Json:
    """Write that an appointment starts some minutes after another one, with another caregiver."""
    return {
        "appointment": appointment,
        "from": "start",
        "min_gap_minutes": least,
        "max_gap_minutes": most,
        "different_users": True,
    }
