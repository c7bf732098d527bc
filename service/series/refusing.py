"""Refusals of a whole series because some of its occurrences cannot be booked."""

from typing import Any

from sqlalchemy.orm import Session

from models.errors import RuleViolated, SlotTaken, TidyplanError
from service.database import Database
from service.series.suggesting import MOST, look_around_later
from service.series.wishes import OccurrenceReport, Outcome, report_of


class _Refused(TidyplanError):
    """What both refusals carry."""

    def __init__(self, told: list[OccurrenceReport]) -> None:
        self.told = told
        occurrences = [each.model_dump(mode="json") for each in told]
        refused = [each for each in occurrences if each["outcome"] == Outcome.REFUSED]
        self.members: dict[str, Any] = {
            "occurrences": occurrences,
            "violations": [each for item in refused for each in item["violations"]],
        }
        first = refused[0]
        more = f" and {len(refused) - 1} more" if len(refused) > 1 else ""
        super().__init__(
            f"The occurrence at {first['original_start']}{more} cannot be booked: {first['detail']} "
            "Repeat with on_conflict=skip to leave such occurrences out, or with suggest to store them as requests.",
        )

    def look_around(self, database: Database) -> None:
        """Add the nearest possible slots of those that were refused, once the transaction is over."""
        refused = [i for i, each in enumerate(self.told) if each.outcome is Outcome.REFUSED]
        for i in refused[:MOST]:
            self.members["occurrences"][i]["alternatives"] = look_around_later(database, self.told[i].error)


class OccurrencesTaken(_Refused, SlotTaken):
    """Somebody or something is already booked at the time of an occurrence."""


class OccurrencesBroken(_Refused, RuleViolated):
    """An occurrence would break a rule."""


def ensure_all_booked(session: Session) -> None:
    """Refuse a request of which some occurrence was refused.

    Raises
    ------
    SlotTaken, RuleViolated
        With the report of all occurrences.
    """
    told = report_of(session)
    refused = [each for each in told if each.outcome is Outcome.REFUSED]
    if refused:
        taken = any(each.code == "slot_taken" for each in refused)
        raise (OccurrencesTaken if taken else OccurrencesBroken)(told)
