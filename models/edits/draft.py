"""A problem opened for changes: its parts by id, to be put together and validated again in the end."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeVar
from zoneinfo import ZoneInfo

from pydantic import ValidationError

from models.appointments import Appointment
from models.errors import Fault, InvalidEdit
from models.faults import article, describe, faults_of, nearest
from models.fields import Part
from models.people import Resource, Team, User
from models.problem import Horizon, Problem, Weights
from models.rules import Rule
from models.zones import zone_of

Changed = TypeVar("Changed", bound=Part)
KINDS = {"user": "users", "team": "teams", "resource": "resources", "appointment": "appointments", "rule": "rules"}
UNTOUCHED = ("version", "name", "timezone", "step_minutes", "locations")


@dataclass
class Draft:
    """A problem that edits may change.

    Attributes
    ----------
    source
        The problem it was opened from; what no edit touches is taken from there.
    users, teams, resources, appointments, rules
        By id, in the order of the problem.
    """

    source: Problem
    now: datetime | None
    users: dict[str, User]
    teams: dict[str, Team]
    resources: dict[str, Resource]
    appointments: dict[str, Appointment]
    rules: dict[str, Rule]
    weights: Weights

    @classmethod
    def of(cls, problem: Problem) -> Draft:
        """Open a problem; it stays as it is.

        Parameters
        ----------
        problem
            What to begin with.

        Returns
        -------
        A draft of its own.
        """
        return cls(
            problem,
            problem.now,
            {user.id: user for user in problem.users},
            {team.id: team for team in problem.teams},
            {resource.id: resource for resource in problem.resources},
            {appointment.id: appointment for appointment in problem.appointments},
            {rule.id: rule for rule in problem.rules},
            problem.weights,
        )

    def problem(self) -> Problem:
        """Put the problem together.

        Returns
        -------
        The changed problem.

        Raises
        ------
        InvalidProblem
            Where the changes do not agree with each other, with all faults.
        """
        parts = {name: getattr(self.source, name) for name in UNTOUCHED}
        lists = {name: tuple(getattr(self, name).values()) for name in KINDS.values()}
        travel = None if self.source.travel is None else self.source.travel.model_dump()
        return Problem.parse(
            {**parts, **lists, "horizon": self.horizon, "now": self.now, "travel": travel, "weights": self.weights}
        )

    @property
    def horizon(self) -> Horizon:
        """The time that is planned."""
        return self.source.horizon

    @property
    def zone(self) -> ZoneInfo:
        """The organization's time zone, in which people say times."""
        return self.source.zone

    @property
    def reference(self) -> datetime:
        """What "today" and a bare time of day refer to: now, else the start of the horizon."""
        start = self.horizon.start
        return start if self.now is None or self.now < start else self.now

    def subject_zone(self, subject: User | Team | Resource) -> ZoneInfo:
        """The zone of a subject: its own, else the organization's."""
        return zone_of(subject.timezone) if subject.timezone else self.zone

    def known(self, kind: str) -> Mapping[str, Any]:
        """The parts of a kind, by id."""
        parts: Mapping[str, Any] = getattr(self, KINDS[kind])
        return parts

    def demand(self, kind: str, key: str) -> None:
        """Refuse an id that is none of a kind.

        Parameters
        ----------
        kind
            A key of `KINDS`.
        key
            The id.

        Raises
        ------
        InvalidEdit
            With the nearest known id, or with the kind that it is of.
        """
        if key in self.known(kind):
            return
        advice = nearest(key, self.known(kind))
        others = [other for other in KINDS if other != kind and key in self.known(other)]
        if others:
            advice = f"It is the id of {article(others[0])}."
        elif not self.known(kind):
            advice = f"There are no {KINDS[kind]}."
        raise InvalidEdit([Fault("", describe(key), f"the id of {article(kind)}", advice)])

    def user(self, key: str) -> User:
        """Look up a user, or raise `InvalidEdit`."""
        self.demand("user", key)
        return self.users[key]

    def resource(self, key: str) -> Resource:
        """Look up a resource, or raise `InvalidEdit`."""
        self.demand("resource", key)
        return self.resources[key]

    def appointment(self, key: str) -> Appointment:
        """Look up an appointment, or raise `InvalidEdit`."""
        self.demand("appointment", key)
        return self.appointments[key]

    def stands_still(self, appointment: Appointment) -> bool:
        """Tell whether an appointment keeps its place: pinned, or begun before now."""
        current = appointment.current
        return appointment.pinned or (current is not None and self.now is not None and current.start < self.now)

    def free_id(self, wanted: str, kind: str) -> str:
        """Find an id that is not taken: the wanted one, or that with a number."""
        taken, key, number = self.known(kind), wanted, 1
        while key in taken:
            number += 1
            key = f"{wanted}-{number}"
        return key


def label(part: User | Team | Resource | Rule) -> str:
    """The words by which people know a part: its name and id, or its id alone."""
    return f"{part.name} ({part.id})" if part.name and part.name != part.id else part.id


def title(appointment: Appointment) -> str:
    """The words by which people know an appointment: whom it is for, or what it is, and its id."""
    words = appointment.client or appointment.title
    return f"{words} ({appointment.id})" if words and words != appointment.id else appointment.id


def changed(part: Changed, **fields: object) -> Changed:
    """Copy a part with other fields, which are validated.

    Parameters
    ----------
    part
        What to copy.
    fields
        What differs.

    Returns
    -------
    The copy.

    Raises
    ------
    InvalidEdit
        Where a field cannot have its value.
    """
    return valid(type(part), {**part.model_dump(by_alias=True, exclude_unset=True), **fields})


def valid(kind: type[Changed], document: Mapping[str, object]) -> Changed:
    """Read a part, or raise `InvalidEdit` with its faults."""
    try:
        return kind.model_validate(document)
    except ValidationError as error:
        raise InvalidEdit(faults_of(error, kind)) from None


def without(keys: Sequence[str], key: str) -> tuple[str, ...]:
    """A list of ids without one of them."""
    return tuple(other for other in keys if other != key)
