"""What makes two violations the same conflict: rule, subject and appointments; of limits rule, subject and period."""

import re
from dataclasses import dataclass
from hashlib import sha256

from models.plan import Violation
from models.problem import Problem
from models.timegrid import iso_week, local_date, minute_of
from service.snapshot.ids import numbers_of
from solver.rules import capacity_limit, weekly_hours

LONGEST_SUBJECT = 200
_LIMIT = re.compile(
    r" (?P<measure>services|minutes) in the (?P<period>day|week) of \S+ \S+, of at most \d+ \((?P<limit>.*)\)\.$",
    re.DOTALL,
)


@dataclass(frozen=True, slots=True)
class Found:
    """A violation with its identity.

    Parameters
    ----------
    violation
        With the ids of its snapshot.
    subject
        Whom it concerns, such as "user:12"; empty for the whole organization.
    period
        Over which a limit is exceeded; empty for what counts no period.
    identity
        A digest that is equal for the same conflict.
    """

    violation: Violation
    subject: str
    period: str
    identity: str

    @property
    def appointments(self) -> tuple[int, ...]:
        """Ids of the appointments, in the order of time."""
        return numbers_of(self.violation.appointments)


def identified(violation: Violation, problem: Problem) -> Found:
    """Find the identity of a violation.

    Parameters
    ----------
    violation, problem
        Of one snapshot.

    Returns
    -------
    Both together.
    """
    subjects = subjects_of(violation)
    period = _period(violation, problem)
    about = period or " ".join(str(key) for key in sorted(numbers_of(violation.appointments)))
    text = "|".join((violation.rule, " ".join(subjects), about))
    return Found(violation, " ".join(subjects)[:LONGEST_SUBJECT], period, sha256(text.encode()).hexdigest())


def subjects_of(violation: Violation) -> list[str]:
    """List the subjects of a violation as kind and number."""
    named = (("user", violation.users), ("team", violation.teams), ("resource", violation.resources))
    return [f"{kind}:{key}" for kind, keys in named for key in sorted(numbers_of(keys))]


def _period(violation: Violation, problem: Problem) -> str:
    """Name the local period over which a limit is exceeded, and the limit; empty for what counts no period."""
    counted = ("minutes", "week", "") if violation.rule == weekly_hours.NAME else _counted(violation)
    if counted is None or violation.start is None:
        return ""
    measure, period, limit = counted
    zone = problem.subject_zone(*_subject(violation))
    start = minute_of(violation.start)
    when = "-W".join(map(str, iso_week(start, zone))) if period == "week" else str(local_date(start, zone))
    return f"{when} {measure} {limit}"


def _counted(violation: Violation) -> tuple[str, str, str] | None:
    """Read off what a limit counts, over which period, and its name, from the words of `capacity_limit`."""
    words = _LIMIT.search(violation.message) if violation.rule == capacity_limit.NAME else None
    return None if words is None else (words["measure"], words["period"], words["limit"])


def _subject(violation: Violation) -> tuple[str, str | None]:
    for kind, keys in (("user", violation.users), ("team", violation.teams), ("resource", violation.resources)):
        if keys:
            return kind, keys[0]
    return "none", None
