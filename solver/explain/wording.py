"""Names, times and lists as people read them."""

from collections.abc import Sequence
from datetime import timedelta

from models.problem import Problem
from models.timegrid import instant
from solver.instance import Instance, Placement, Subject

MOST_LISTED = 3


class Words:
    """The words of one problem.

    Parameters
    ----------
    problem, instance
        The problem for names and its zone, and its lowered form.
    """

    def __init__(self, problem: Problem, instance: Instance) -> None:
        self.problem = problem
        self.instance = instance

    def subject(self, index: int, *, opening: bool = False) -> str:
        """A subject by name and id, or by its id alone; `opening` where a sentence begins with it."""
        subject = self.instance.subject(index)
        if subject.kind == "organization":
            return "The organization" if opening else "the organization"
        name = self._name(subject)
        words = f"{name} ({subject.id})" if name and name != subject.id else subject.id
        if subject.kind != "team":
            return words
        return f"Team {words}" if opening else f"team {words}"

    def _name(self, subject: Subject) -> str:
        if subject.kind == "user":
            return self.problem.users_by_id[subject.id].name
        if subject.kind == "team":
            return self.problem.teams_by_id[subject.id].name
        return self.problem.resources_by_id[subject.id].name

    def task(self, index: int) -> str:
        """An appointment by its id and priority."""
        appointment = self.problem.appointments[index]
        return f"{appointment.id} ({appointment.priority})"

    def day(self, minute: int) -> str:
        """The local day of a minute, such as Tuesday 24 November."""
        moment = instant(minute + self.instance.origin, self.problem.zone)
        return f"{moment:%A} {moment.day} {moment:%B}"

    def clock(self, minute: int) -> str:
        """The wall time of a minute, such as 09:30."""
        return f"{instant(minute + self.instance.origin, self.problem.zone):%H:%M}"

    def moment(self, minute: int) -> str:
        """A minute with its day."""
        return f"{self.day(minute)} at {self.clock(minute)}"

    def hours(self, start: int, end: int) -> str:
        """From one wall time to another, 24:00 if that is the end of a day."""
        last = self.clock(end)
        return f"{self.clock(start)}–{'24:00' if last == '00:00' else last}"

    def place(self, task: int, placement: Placement) -> str:
        """When a task would take place, with whom and what."""
        end = placement.start + self.instance.tasks[task].duration
        taken = [self.subject(subject) for subject in (*placement.users, *placement.resources)]
        company = f" with {listed(taken, most=4)}" if taken else ""
        return self.stretch(placement.start, end) + company

    def stretch(self, start: int, end: int) -> str:
        """A stretch of time with its day or days."""
        origin, zone = self.instance.origin, self.problem.zone
        first, last = instant(start + origin, zone), instant(end + origin, zone)
        midnight = first.hour == first.minute == last.hour == last.minute == 0
        if midnight and last.date() - first.date() == timedelta(1):
            return f"on {self.day(start)}"
        if midnight:
            return f"from {self.day(start)} to {self.day(end - 1)}"
        if first.date() == last.date() or (last.date() - first.date() == timedelta(1) and self.clock(end) == "00:00"):
            return f"on {self.day(start)} {self.hours(start, end)}"
        return f"from {self.day(start)} {self.clock(start)} to {self.day(end)} {self.clock(end)}"


def listed(items: Sequence[str], most: int = MOST_LISTED, link: str = "and") -> str:
    """Enumerate some items, the first few by name."""
    if len(items) > most + 1:
        items = [*items[:most], f"{len(items) - most} more"]
    return items[0] if len(items) == 1 else f"{', '.join(items[:-1])} {link} {items[-1]}"


def minutes_in_words(minutes: int) -> str:
    """A length of time, in hours where it is long."""
    if minutes < 120:
        return "1 minute" if minutes == 1 else f"{minutes} minutes"
    hours, rest = divmod(minutes, 60)
    return f"{hours} hours" if not rest else f"{hours} h {rest} min"
