"""The services of a softly priced UHHC instance: an appointment for each window that a service may be late for.

Of the choices of a service one at most is taken: all ask for a resource that is given out once. Where both services of
an optional patient or none are to be done, an appointment that says no asks for both resources, and the prices of
leaving things out are so high that nothing between the two makes sense.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

from benchmarks.generate import Json
from benchmarks.sets.clock import instant, span
from benchmarks.sets.uhhc.mapped import link
from benchmarks.sets.uhhc.original import Original, Pair, Service

NEVER = 10_000  # minutes, more than there are
HIGH = 10**5  # more than any plan is worth that serves everybody


@dataclass(frozen=True)
class Choice:
    """A service for one of its windows: from the window's opening to the minute before the next one opens."""

    id: str
    service: Service
    first: int
    last: int
    met_by: int
    follows: Json | None = None


class Choices:
    """The appointments of all services.

    Parameters
    ----------
    original
        The instance.
    served_minute
        What a plan costs beyond the published objective for each minute of service.
    ahead
        Minutes by which the problem's clock is ahead of the file's.
    end
        Of the problem's horizon.
    """

    def __init__(self, original: Original, served_minute: int, ahead: int, end: int) -> None:
        self.original, self.served_minute = original, served_minute
        self.ahead, self.end = ahead, end
        self.rows: list[Json] = []
        self.services: dict[str, Service] = {}
        self.once: list[str] = []
        self.offset = 0
        pairs = {pair.second.id: pair for pair in original.pairs}
        for patient, services in original.patients.items():
            groups = [self._choices(service, pairs.get(service.id)) for service in services]
            self._add(patient, groups)
            self.offset += served_minute * sum(service.duration for service in services)

    def _add(self, patient: str, groups: list[list[Choice]]) -> None:
        minutes = sum(group[0].service.duration for group in groups)
        price = self.original.weight("optional_patients") + self.served_minute * minutes
        optional = groups[0][0].service.optional
        refused = optional and (len(groups) > 1 or price < 0)
        for group in groups:
            single = len(group) == 1 and not refused
            kept = price if optional and not refused else HIGH
            for choice in group:
                more: Json = {"unassigned_weight": kept} if optional or not single else {"mandatory": True}
                if not single:
                    more["resources"] = [{"resource": group[0].service.id}]
                self.rows.append(self._appointment(choice) | more)
                self.services[choice.id] = choice.service
            if not single:
                self.once.append(group[0].service.id)
            self.offset += kept * (len(group) - 1)
        if refused:
            self._refusal(patient, groups, len(groups) * HIGH - price)

    def _refusal(self, patient: str, groups: list[list[Choice]], price: int) -> None:
        self.rows.append(
            {
                "id": f"no {patient}",
                "duration_minutes": 1,
                "windows": [span(0, 1)],
                "unassigned_weight": price,
                "resources": [{"resource": group[0].service.id} for group in groups],
            }
        )
        self.offset += price

    def _appointment(self, choice: Choice) -> Json:
        service = choice.service
        last = min(self.end, self.ahead + choice.last + service.duration)
        return {
            "id": choice.id,
            "duration_minutes": service.duration,
            "windows": [span(self.ahead + choice.first, last)],
            "due": instant(self.ahead + choice.met_by),
            "crew": [{"skills": [service.skill]}],
            "users": {"preferred": list(service.preferred or ()), "excluded": list(service.excluded)},
            "location": service.patient,
            "after": [choice.follows] if choice.follows else [],
        }

    def _choices(self, service: Service, pair: Pair | None) -> list[Choice]:
        own = self._windows(service)
        if pair is None:
            return own
        found: list[Choice] = []
        firsts = self._windows(pair.first)
        for before in firsts:
            for choice in own:
                least, most = choice.first - before.last, choice.last - before.first
                if least <= pair.most and most >= pair.least:
                    name = choice.id if len(firsts) == 1 else f"{choice.id} after {before.id}"
                    follows = link(before.id, pair.least, pair.most)
                    found.append(Choice(name, service, choice.first, choice.last, choice.met_by, follows))
        return found

    def _windows(self, service: Service) -> list[Choice]:
        opens = [first for first, _ in service.windows]
        until = [after - 1 for _, after in pairwise(opens)] + [self.end - self.ahead - service.duration]
        late = 0 if self.original.window_at_end else service.duration
        single = len(opens) == 1
        return [
            Choice(service.id if single else f"{service.id}@{first}", service, first, last, closes + late)
            for (first, closes), last in zip(service.windows, until, strict=True)
        ]
