"""An index of a plan that answers requests for slots in milliseconds and follows what is booked and cancelled."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from threading import RLock
from time import perf_counter

import numpy as np

from models.appointments import Appointment, Position
from models.people import Resource, User
from models.plan import Assignment, Plan
from models.problem import Problem
from models.suggestion import Move, SlotQuery, SlotRequest, Suggestion, Suggestions
from models.timegrid import local_date, minute_of
from models.zones import zone_of
from solver.assemble import assignment_of
from solver.instance import Interval, Placement
from solver.suggest.account import Account, Placed, difference
from solver.suggest.choose import chosen
from solver.suggest.finder import Finder
from solver.suggest.ledger import Asked, Ledger
from solver.suggest.moves import Moved, Mover, Option, Shift
from solver.suggest.obstacles import movable_rows
from solver.suggest.offers import Offers
from solver.suggest.room import NOBODY, changed
from solver.suggest.whynot import why_not
from solver.suggest.wording import Sentences


class SuggestIndex:
    """A plan in memory, ready to be asked for slots.

    Everything that stands stays where it is, unless a query allows moves; what the plan breaks by itself forbids
    nothing. One lock guards it: threads may ask, place and remove at any time, and each call sees a whole plan.

    Parameters
    ----------
    problem, plan
        What is known, and where it stands; without a plan only pinned work stands.

    Raises
    ------
    InvalidPlan
        Where the plan names what the problem does not know.
    InvalidProblem
        Where the weights are so large that a cost could overflow.
    """

    def __init__(self, problem: Problem, plan: Plan | None = None) -> None:
        self._lock = RLock()
        self._ledger = Ledger(problem, plan)
        self._finder = Finder(self._ledger.board)
        self._walls: dict[str, tuple[Problem, Sentences]] = {}
        self._warm_up()

    def _warm_up(self) -> None:
        """Ask once, so that the first one who asks need not wait until compiled code is read."""
        anybody = SlotRequest(id=NOBODY, duration_minutes=self._ledger.problem.step_minutes, crew=(Position(),))
        self.suggest(anybody, SlotQuery(limit=1))
        with self._ledger.opened(anybody) as asked:
            self._finder.lifts(asked.row, (self._ledger.instance.start, self._ledger.instance.end), (), ())

    def place(self, appointment: Appointment | str, assignment: Assignment | None) -> None:
        """Note that an appointment stands somewhere from now on, or waits without a place.

        Parameters
        ----------
        appointment
            One that is new, or known and perhaps changed; or the id of a known one.
        assignment
            Where; it may break rules. None: nowhere.

        Raises
        ------
        InvalidRequest
            Where the appointment is not known, or names what is not known.
        InvalidPlan
            Where the assignment does.
        """
        with self._lock:
            self._ledger.place(appointment, assignment)

    def remove(self, appointment_id: str) -> None:
        """Forget an appointment that was cancelled; its time is free.

        Parameters
        ----------
        appointment_id
            Of one that is known.

        Raises
        ------
        InvalidRequest
            Where it is not.
        """
        with self._lock:
            self._ledger.remove(appointment_id)

    def leave(self, subject: User | Resource) -> None:
        """Note that a user or a resource is unavailable at other times than before; its bookings stay.

        Parameters
        ----------
        subject
            One that is known, with nothing changed but `unavailable`.

        Raises
        ------
        InvalidRequest
            Where it is not known.
        """
        with self._lock:
            self._ledger.leave(subject)
            self._walls.clear()

    @property
    def appointments_by_id(self) -> Mapping[str, Appointment]:
        """All that are known, as they are now."""
        return self._ledger.items

    def has(self, subject: User | Resource) -> bool:
        """Whether a user or a resource is known."""
        return self._ledger.has(subject)

    def advance(self, now: datetime) -> None:
        """Let time pass: nothing is suggested before `now`, and notice is counted from it.

        Parameters
        ----------
        now
            Instead of the problem's.
        """
        with self._lock:
            self._ledger.advance(now)
            self._finder.earliest = self._ledger.now
            self._walls.clear()

    def suggest(self, request: Appointment | str, query: SlotQuery | None = None) -> Suggestions:
        """Find the best slots for a request.

        Parameters
        ----------
        request
            An appointment, known or not, or the id of a known one, which is then lifted from where it stands.
        query
            How many slots, from when, how far apart; by default the five best of the horizon.

        Returns
        -------
        The slots, the cheapest first, or the reason why there are none.

        Raises
        ------
        InvalidRequest
            Where the request names what is not known, or something pinned, with all faults at once.
        """
        with self._lock, self._ledger.opened(request) as asked:
            return self._answer(asked, query or SlotQuery())

    def _answer(self, asked: Asked, query: SlotQuery) -> Suggestions:
        began = perf_counter()
        instance = self._ledger.instance
        low = instance.start if query.from_ is None else minute_of(query.from_) - instance.origin
        high = instance.end if query.until is None else minute_of(query.until) - instance.origin
        span = max(low, instance.start), min(high, instance.end)
        found = self._finder.find(asked.row, [span])
        moved = Moved()
        if query.with_moves:
            moved = self._mover(asked, began + query.seconds).options(asked.row, span, found, query.with_moves)
        picked = self._chosen(asked, query, found, list(moved.by_start.values()))
        suggestions = [self._suggestion(asked, option, query) for option in picked]
        reason = ""
        if not suggestions:
            reason = self._reason(asked, (low, high), found, query, complete=moved.complete)
        return Suggestions(
            appointment=asked.item.id,
            suggestions=tuple(suggestions),
            possible=len(found),
            present=None if asked.present is None else self._suggestion(asked, Option(0, asked.present, ()), query),
            reason=reason,
            complete=moved.complete,
            seconds=perf_counter() - began,
        )

    def _chosen(self, asked: Asked, query: SlotQuery, found: Offers, opened: Sequence[Option]) -> list[Option]:
        """Choose among the slots of the plan as it is, where it stands left out, and those that moves open."""
        direct = len(found)
        prices = np.array([*found.prices, *(option.price for option in opened)], np.int64)
        starts = np.array([*found.starts, *(option.at.start for option in opened)], np.int64)
        order = np.lexsort((starts, np.arange(len(prices)) >= direct, prices)).tolist()
        present = None if asked.present is None else asked.present.start
        if present in found.starts and found.placement(here := found.starts.index(present)) == asked.present:
            order.remove(here)
        zone, origin = self._wall(query)[0].zone, self._ledger.instance.origin
        picked = chosen(
            starts[order].tolist(),
            query.limit,
            query.spread_minutes,
            query.per_day,
            lambda start: local_date(start + origin, zone),
            present,
        )
        numbers = [order[number] for number in picked]
        return [opened[n - direct] if n >= direct else Option(found.prices[n], found.placement(n), ()) for n in numbers]

    def _mover(self, asked: Asked, deadline: float) -> Mover:
        board, ledger = self._ledger.board, self._ledger
        movable = movable_rows(board, ledger.rows.values(), asked.row, ledger.now)
        return Mover(board, self._finder, movable, deadline)

    def _reason(self, asked: Asked, span: Interval, found: Offers, query: SlotQuery, *, complete: bool) -> str:
        instance, (problem, _) = self._ledger.instance, self._wall(query)
        if len(found):
            return "The only slot is the one it has."
        told = tuple(minute + instance.origin for minute in span)
        horizon = instance.start + instance.origin, instance.end + instance.origin
        reason, taken = why_not(problem, asked.item, asked.task, found, horizon, (told[0], told[1]))
        if not taken:
            return reason
        if not query.with_moves:
            return f"{reason} Others may be able to make way: ask with moves."
        least = "one other" if query.with_moves == 1 else f"{query.with_moves} others"
        return f"{reason} Nor would it fit if {least} moved" + (
            "." if complete else ", as far as there was time to look."
        )

    # --- one suggestion -------------------------------------------------------
    def _suggestion(self, asked: Asked, option: Option, query: SlotQuery) -> Suggestion:
        """Put a slot on the board, read off what it costs, and take it off again."""
        ledger = self._ledger
        board, account = ledger.board, Account(ledger.problem, ledger.board)
        problem, sentences = self._wall(query)
        moving = [(ledger.items[board.task(shift.row).id], shift) for shift in option.shifts]
        before = account.shared() | account.own(Placed(item, shift.before) for item, shift in moving)
        for shift in option.shifts:
            board.displace(shift.row)
        board.place(asked.row, option.at)
        for shift in option.shifts:
            board.place(shift.row, shift.after)
        standing = [Placed(asked.item, option.at), *(Placed(item, shift.after) for item, shift in moving)]
        after = account.shared() | account.own(standing)
        for shift in option.shifts:
            board.displace(shift.row)
        board.displace(asked.row)
        for shift in option.shifts:
            board.place(shift.row, shift.before)
        change = difference(after, before)
        terms = account.terms(change)
        moves = [self._move(problem, sentences, item, shift) for item, shift in moving]
        slot = assignment_of(problem, ledger.instance, asked.task, asked.item, option.at)
        points = sentences.points(asked.task, asked.item, option.at, change)
        return Suggestion(
            **{name: getattr(slot, name) for name in Assignment.model_fields},
            cost=sum(term.cost for term in terms),
            terms=terms,
            why=sentences.slot(asked.task, option.at, points, [move.why for move in moves]),
            points=tuple(points),
            moves=tuple(moves),
        )

    def _move(self, problem: Problem, sentences: Sentences, item: Appointment, shift: Shift) -> Move:
        instance, task = self._ledger.instance, self._ledger.board.task(shift.row)

        def told(at: Placement) -> Assignment:
            return assignment_of(problem, instance, task, item, at)

        why = sentences.move(task, item, shift.before, shift.after)
        return Move(before=told(shift.before), after=told(shift.after), why=why)

    def _wall(self, query: SlotQuery) -> tuple[Problem, Sentences]:
        """The problem and the sentences on the wall of the zone that is asked for."""
        problem = self._ledger.problem
        zone = query.time_zone or problem.timezone
        if zone not in self._walls:
            there = problem if zone == problem.timezone else changed(problem, timezone=zone_of(zone).key)
            self._walls[zone] = there, Sentences(there, self._ledger.instance)
        return self._walls[zone]


def suggest(
    problem: Problem,
    plan: Plan | None,
    request: Appointment | str,
    *,
    limit: int = 5,
    from_: datetime | None = None,
    until: datetime | None = None,
    spread: int = 60,
    with_moves: int = 0,
) -> Suggestions:
    """Find the best slots for one request; for several, make a `SuggestIndex` once.

    Parameters
    ----------
    problem, plan
        What is known, and where it stands.
    request
        An appointment, known or not, or the id of a known one.
    limit
        How many slots.
    from_, until
        The service lies between them; None: anywhere in the horizon.
    spread
        Minutes between the starts of two slots, as far as there are that many.
    with_moves
        Of how many others a slot may need a move.

    Returns
    -------
    The slots, the cheapest first, or the reason why there are none.

    Raises
    ------
    InvalidRequest, InvalidPlan, InvalidProblem
        Where something is not known, or cannot be; with all faults at once.
    """
    query = SlotQuery.parse(
        {
            "limit": limit,
            "from": from_,
            "until": until,
            "spread_minutes": spread,
            "with_moves": with_moves,
        }
    )
    return SuggestIndex(problem, plan).suggest(request, query)
