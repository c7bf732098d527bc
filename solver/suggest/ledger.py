"""The appointments that an index knows, as they are read and as they are lowered, and where each stands."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime

from models.appointments import Appointment
from models.errors import Fault, InvalidPlan, InvalidRequest
from models.faults import describe, nearest
from models.people import Resource, User
from models.plan import Assignment, Plan
from models.problem import Problem
from models.references import appointment_faults
from models.suggestion import SlotRequest
from models.timegrid import minute_of
from models.travel import TravelMatrix
from solver.assemble import placement_of, read_solution
from solver.instance import NEVER, Placement, Solution, Task
from solver.lower import Lowering
from solver.rules import advance_booking
from solver.rules.closing import clip
from solver.suggest.atlas import Atlas
from solver.suggest.board import Board
from solver.suggest.room import add_places, changed, with_room
from solver.terms.workload_balance import Able

SPARE_PLACES = 64


@dataclass(frozen=True)
class Asked:
    """A request on the board, without a place; `present` is where it stands otherwise."""

    row: int
    item: Appointment
    task: Task
    present: Placement | None


class Ledger:
    """All appointments of an organization on one board.

    Parameters
    ----------
    problem, plan
        What is known, and where it stands; without a plan only pinned work stands.

    Raises
    ------
    InvalidPlan
        Where the plan names what the problem does not know.
    """

    def __init__(self, problem: Problem, plan: Plan | None) -> None:
        self.problem = problem
        roomy = with_room(problem)
        self._lowering = Lowering(roomy)
        self.instance = self._lowering.instance
        add_places(self.instance, SPARE_PLACES)
        nothing: Solution = [None] * len(self.instance.tasks)
        solution = nothing if plan is None else read_solution(roomy, self.instance, plan)
        self.items = {item.id: item for item in problem.appointments}
        self.rows = {item.id: row for row, item in enumerate(problem.appointments)}
        self.board = Board(self.instance, solution)
        self._atlas = Atlas(problem, self.board)
        self._ids: dict[str, Mapping[str, int]] = {
            "users": dict.fromkeys(problem.users_by_id, 0),
            "teams": dict.fromkeys(problem.teams_by_id, 0),
            "resources": dict.fromkeys(problem.resources_by_id, 0),
            "locations": {place.id: 0 for place in problem.locations},
        }
        self._places = dict(self._ids["locations"])
        if isinstance(problem.travel, TravelMatrix):
            self._places = dict.fromkeys(problem.travel.locations, 0)
        self._ghosts: dict[str, int] = {}
        self.now = -NEVER if problem.now is None else minute_of(problem.now) - self.instance.origin
        self._able = Able(problem) if problem.weights.workload_balance else None
        self._able_sets: Counter[frozenset[int]] = Counter()
        for item in problem.appointments:
            self._share(item, 1)

    # --- requests -----------------------------------------------------------
    @contextmanager
    def opened(self, request: Appointment | str) -> Iterator[Asked]:
        """Put a request on the board, without a place, and take it off afterwards.

        Parameters
        ----------
        request
            An appointment, or the id of one that is known; a known one is lifted from where it stands.

        Yields
        ------
        The request in all its forms.
        """
        item = self._asked(request)
        place = self._add_place(item)
        clients = len(self.instance.client_index)
        try:
            with self._lifted(item) if item.id in self.rows else self._added(item) as asked:
                self._balance(item)
                yield asked
        finally:
            self._balance(None)
            if place is not None:
                self._atlas.drop(place)
            while len(self.instance.client_index) > clients:
                self.instance.client_index.popitem()

    @contextmanager
    def _added(self, item: Appointment) -> Iterator[Asked]:
        row, task = self._lower_new(item)
        try:
            yield Asked(row, item, task, None)
        finally:
            self._forget(row, item.id)

    @contextmanager
    def _lifted(self, item: Appointment) -> Iterator[Asked]:
        board, row = self.board, self.rows[item.id]
        old = board.task(row)
        present = None if board.placement(row) is None else board.displace(row)
        changed = item != self.items[item.id]
        try:
            if changed:  # where it stands is no place of what it is to be
                yield Asked(row, item, self._lower_again(row, item), None)
            else:
                yield Asked(row, item, old, present)
        finally:
            if changed:
                self._write_back(row, old)
            if present is not None:
                board.place(row, present)

    def _asked(self, request: Appointment | str) -> Appointment:
        """Find the appointment that is meant, or say everything that is wrong with the request."""
        if isinstance(request, str):
            item = self.known(request)
        else:
            item = request
            self._refuse_strangers(item)
        if self.problem.is_pinned(item):
            standing = item.current.start.isoformat() if item.current else ""
            why = "pinned" if item.pinned else f"under way: it began {standing}, before now"
            advice = "Unpin it first, or ask for another one." if item.pinned else "Ask for another one."
            raise InvalidRequest([Fault(f"appointment {item.id}", why, "an appointment that may move", advice)])
        return item

    def known(self, key: str) -> Appointment:
        """Find an appointment by its id, or raise `InvalidRequest`."""
        if key not in self.items:
            advice = nearest(key, self.items) or "Check the id, or describe the appointment as a request."
            raise InvalidRequest([Fault("appointment", describe(key), "the id of a known appointment", advice)])
        return self.items[key]

    def _refuse_strangers(self, item: Appointment) -> None:
        """Raise `InvalidRequest` where an appointment names what is not known."""
        faults: list[Fault] = []
        places = self._places
        if item.location in self._atlas.added:
            places = places | {item.location: 0}
        if isinstance(item, SlotRequest) and item.coordinates is not None and item.location is not None:
            faults = self._atlas.faults(item.location, item.coordinates)
            places = places | {item.location: 0}
        known = self._ids | {"appointments": self.rows, "places": places}
        faults += appointment_faults(
            item.model_dump(by_alias=True), known, isinstance(self.problem.travel, TravelMatrix)
        )
        if faults:
            raise InvalidRequest(faults)

    # --- what is known --------------------------------------------------------
    def place(self, appointment: Appointment | str, assignment: Assignment | None) -> None:
        """Let an appointment stand somewhere from now on, or nowhere; it may be new, or known and changed."""
        item = self.known(appointment) if isinstance(appointment, str) else appointment
        if not isinstance(appointment, str):
            self._refuse_strangers(item)
        if assignment is not None and assignment.appointment != item.id:
            found, expected = describe(assignment.appointment), f"{describe(item.id)}, which is placed"
            raise InvalidPlan([Fault("appointment", found, expected)])
        place = self._add_place(item)
        try:
            if item.id in self.rows:
                self._replace(item, assignment)
            else:
                self._insert(item, assignment)
        except InvalidPlan:
            if place is not None:
                self._atlas.drop(place)
            raise
        self._balance(None)

    def remove(self, key: str) -> None:
        """Forget an appointment; what follows it has then nothing to follow."""
        item, row = self.known(key), self.rows[key]
        if self.board.placement(row) is not None:
            self.board.displace(row)
        self._share(item, -1)
        del self.items[key], self.rows[key]
        self._forget(row, key)
        self._balance(None)

    def _insert(self, item: Appointment, assignment: Assignment | None) -> None:
        row, task = self._lower_new(item)
        try:
            at = None if assignment is None else placement_of(self.problem, self.instance, task, item, assignment)
        except InvalidPlan:
            self._forget(row, item.id)
            raise
        self._stand(row, item, at)

    def _replace(self, item: Appointment, assignment: Assignment | None) -> None:
        board, row = self.board, self.rows[item.id]
        old, changed = board.task(row), item != self.items[item.id]
        present = None if board.placement(row) is None else board.displace(row)
        task = self._lower_again(row, item) if changed else old
        try:
            at = None if assignment is None else placement_of(self.problem, self.instance, task, item, assignment)
        except InvalidPlan:
            if changed:
                self._write_back(row, old)
            if present is not None:
                board.place(row, present)
            raise
        self._share(self.items[item.id], -1)
        self._stand(row, item, at)

    def _stand(self, row: int, item: Appointment, at: Placement | None) -> None:
        self.items[item.id], self.rows[item.id] = item, row
        self.board.know_client(row)
        self._share(item, 1)
        if at is not None:
            self.board.place(row, at)

    def leave(self, subject: User | Resource) -> None:
        """Let a user or a resource be unavailable at other times than before."""
        kind = "user" if isinstance(subject, User) else "resource"
        if not self.has(subject):
            known = self._ids[f"{kind}s"]
            advice = nearest(subject.id, known) or "Make an index anew for who is new."
            raise InvalidRequest([Fault(kind, describe(subject.id), f"the id of a known {kind}", advice)])
        name = f"{kind}s"
        others = tuple(subject if each.id == subject.id else each for each in getattr(self.problem, name))
        self.problem = self.instance.calendars.problem = changed(self.problem, **{name: others})
        index = self.instance.subject_index[kind, subject.id]
        spans = clip(self.instance, self.instance.calendars.available(kind, subject.id))
        self.instance.subject(index).open = spans
        self.board.open(index, spans)

    def has(self, subject: User | Resource) -> bool:
        """Whether a user or a resource is known."""
        return subject.id in self._ids["users" if isinstance(subject, User) else "resources"]

    def advance(self, now: datetime) -> None:
        """Let time pass, for starts and for the notice that bookings need."""
        self.problem = changed(self.problem, now=now)
        self.now = minute_of(now) - self.instance.origin
        for _, subject in self.instance.subjects():
            subject.fresh_from, subject.fresh_until = -NEVER, NEVER
        advance_booking.lower(self.problem, self.instance)
        for name in ("fresh_from", "fresh_until"):
            self.board.packed.subjects[name] = [getattr(subject, name) for _, subject in self.instance.subjects()]

    # --- lowering -------------------------------------------------------------
    def _lower_new(self, item: Appointment) -> tuple[int, Task]:
        ghost = self._ghosts.pop(item.id, None)
        if ghost is not None:
            return ghost, self._lower_again(ghost, item)
        row = self.board.next_row()
        self.instance.task_index[item.id] = row
        task = self._lowering.task(item)
        self.board.add(task)
        return row, task

    def _lower_again(self, row: int, item: Appointment) -> Task:
        """Lower a known appointment that has changed; what follows it still does."""
        old = self.board.task(row)
        self._unlink(old)
        self.instance.task_index[item.id] = row
        task = self._lowering.task(item)
        task.links_out = old.links_out
        self.board.write(row, task)
        return task

    def _write_back(self, row: int, old: Task) -> None:
        self._unlink(self.board.task(row))
        for link in old.links_in:
            self.board.task(link.before).links_out.append(link)
        self.board.write(row, old)

    def _forget(self, row: int, key: str) -> None:
        task = self.board.task(row)
        self._unlink(task)
        task.links_in.clear()
        if task.links_out:
            self._ghosts[key] = row
        else:
            del self.instance.task_index[key]
            self.board.drop(row)

    def _unlink(self, task: Task) -> None:
        for link in task.links_in:
            self.board.task(link.before).links_out.remove(link)

    def _add_place(self, item: Appointment) -> str | None:
        """Add the place of a request to the travel table; returns its id if it is new."""
        if isinstance(item, SlotRequest) and item.coordinates is not None and item.location is not None:
            return item.location if self._atlas.add(item.location, item.coordinates) else None
        return None

    # --- balance ----------------------------------------------------------------
    def _share(self, item: Appointment, sign: int) -> None:
        """Count who could serve an appointment in, or out."""
        if self._able is not None:
            able = self._able.of(item)
            self._able_sets[able] += sign
            if not self._able_sets[able]:
                del self._able_sets[able]

    def _balance(self, item: Appointment | None) -> None:
        """Balance minutes between those who could serve anything that is known, and one request."""
        if self._able is not None:
            request = frozenset[int]() if item is None else self._able.of(item)
            self.board.balance(request.union(*self._able_sets))
