"""Come on another day, at the hours that are offered."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime, timedelta

from models.timegrid import minute_of
from solver.explain.remedies.case import Case
from solver.explain.remedies.change import Change, dumped, period, put
from solver.instance import Interval

MOST_DAYS = 7
MOST = 2


def changes(case: Case) -> Iterable[Change]:
    """Propose to offer the same hours on the nearest days on which there is a place.

    Parameters
    ----------
    case
        The task that is left out, and why.

    Yields
    ------
    At most one change for each of the two nearest such days.
    """
    windows = case.appointment.windows
    found = 0
    for days in sorted((n for n in range(-MOST_DAYS, MOST_DAYS + 1) if n), key=abs):
        for window in windows:
            span = _shifted(case, window.start, days), _shifted(case, window.end, days)
            if _is_new(case, span) and case.opens(altered=replace(case.task, windows=[span])):
                offered = put(f"{case.path}/windows", [*dumped(windows), period(case, span)])
                yield Change("day", f"offer {case.words.stretch(*span).removeprefix('on ')} as well", (offered,))
                found += 1
                break
        if found == MOST:
            return


def _is_new(case: Case, span: Interval) -> bool:
    """Whether a window lies in the horizon and is long enough, and meets none of those that are offered."""
    instance, task = case.instance, case.task
    first = max(span[0], task.earliest)
    if span[0] < instance.start or instance.end < span[1] or span[1] - first < task.duration:
        return False
    return all(span[1] <= low or high <= span[0] for low, high in task.windows)


def _shifted(case: Case, moment: datetime, days: int) -> int:
    """Move an instant by some local days, with the same time on the wall."""
    zone = case.problem.zone
    local = moment.astimezone(zone)
    return minute_of((local.replace(tzinfo=None) + timedelta(days)).replace(tzinfo=zone)) - case.instance.origin
