"""As few people as possible for fixed work: greedy plans by dual prices, then specialists that share what they find."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from time import monotonic

from solver.headcount.duals import Prices
from solver.headcount.form import Form
from solver.headcount.searcher import EFFORT_SLICE, Method, Searcher
from solver.instance import NOWHERE, Solution

CLIMB_EFFORT = 150_000_000  # looks at an entry for the climb of the prices
CLIMB_SHARE = 0.1  # of the time at most
MOST_CLIMBS = 5000
CLIMB_STRIDE = 20  # evaluations between two looks at the clock
FIRST_SLICE = 200_000  # looks between meetings; grows while nobody finds anything
BOUND_SHARE = 0.1  # of the effort between two meetings
PRICE_FLOOR = 0.01  # every task weighs something in a greedy plan


@dataclass(frozen=True, slots=True)
class Fewest:
    """The best plan found that serves everything; None if there is none.

    Any such plan needs `bound` users at least. No plan, whatever it leaves out of what is not mandatory, is cheaper by
    more than `spare`.
    """

    users: int | None
    bound: int
    solution: Solution | None
    spare: int = 0

    @property
    def proved(self) -> bool:
        """Whether no plan is better."""
        return self.users is not None and self.spare == 0


class HeadcountSearch:
    """Specialists that look for complete plans with fewer and fewer users, and meet at fixed efforts.

    Parameters
    ----------
    form
        Fixed work.
    seed, threads
        Of random numbers, and how many specialists search at once. There are at least two, who take turns on one
        thread.
    """

    def __init__(self, form: Form, seed: int = 0, threads: int = 1) -> None:
        self.form, self.threads = form, threads
        self.prices = Prices(form)
        methods = [Method.EJECT, Method.COOL] * max(1, (threads + 1) // 2)
        self.searchers = [Searcher(form, method, seed * 1009 + n) for n, method in enumerate(methods)]
        self._paid = int(form.work.paid.sum())
        self._owed = 0  # effort that the bound has not spent yet

    def run(
        self,
        *,
        seconds: float | None = None,
        rounds: int | None = None,
        start: Solution | None = None,
        stop: threading.Event | None = None,
        on_better: Callable[[Solution, int], None] | None = None,
    ) -> Fewest:
        """Search until the time or the rounds are used up, or the proof is done.

        Parameters
        ----------
        seconds
            Time limit; None for none.
        rounds
            Number of meetings; None for as many as the time allows. With rounds alone, the result depends on nothing
            but the seed and the number of threads.
        start
            A plan to begin with, if it leaves out nothing that could be served.
        stop
            Ends the search when set.
        on_better
            Called with every better plan and its number of users, in the calling thread.

        Returns
        -------
        The best plan and the bound.
        """
        began = monotonic()

        def over() -> bool:
            late = seconds is not None and monotonic() - began >= seconds
            return late or (stop is not None and stop.is_set())

        told: int | None = None

        def tell() -> None:
            nonlocal told
            users = self._best().users
            if users is not None and (told is None or users < told):
                told = users
                if on_better is not None:
                    on_better(self.form.solution(self._best().served_by()), users)

        self._begin(start)
        tell()
        self._climb(None if seconds is None else began + CLIMB_SHARE * seconds, stop)
        tell()
        size, turn = FIRST_SLICE, 0
        with ThreadPoolExecutor(self.threads) as executor:
            while not (over() or self._proved() or (rounds is not None and turn >= rounds)):
                active = [self.searchers[(turn + k) % len(self.searchers)] for k in range(self.threads)]
                enough = self._paid + self.prices.users
                running = [executor.submit(searcher.search, size, enough) for searcher in active]
                self._rise(size)
                for one in running:
                    one.result()
                before, turn = told, turn + 1
                tell()
                self._share()
                size = FIRST_SLICE if told != before else min(EFFORT_SLICE, 2 * size)
        best = self._best()
        solution = None if best.users is None else self.form.solution(best.served_by())
        spare = self.form.weight * ((best.users or self._paid) - self._paid) - self.prices.cost
        return Fewest(best.users, self._paid + self.prices.users, solution, max(0, spare))

    def _begin(self, start: Solution | None) -> None:
        """Construct by length, and take over the given plan if it is better."""
        lengths = (self.form.work.end - self.form.work.begin).astype(float)
        for searcher in self.searchers:
            searcher.construct(lengths / lengths.mean())
        if start is not None:
            served_by = self.form.served_by(start)
            if not (served_by == NOWHERE).any():
                for searcher in self.searchers:
                    searcher.load(served_by)

    def _climb(self, until: float | None, stop: threading.Event | None) -> None:
        """Let the prices climb, and construct once more by them."""
        evaluations = min(MOST_CLIMBS, max(CLIMB_STRIDE, CLIMB_EFFORT // len(self.form.work.user)))
        users = self._best().users
        target = float((self.form.user_count if users is None else users) - self._paid)
        for _ in range(0, evaluations, CLIMB_STRIDE):
            if until is not None and (monotonic() > until or (stop is not None and stop.is_set())):
                break
            if self._proved() or not self.prices.rise(CLIMB_STRIDE, target):
                break
        if self._proved():
            return
        weight = self.prices.price + PRICE_FLOOR
        for searcher in self.searchers:
            searcher.weight = weight
        priced = Searcher(self.form, Method.EJECT, 0)
        priced.construct(weight)
        if priced.users is not None and (users is None or priced.users < users):
            for searcher in self.searchers:
                searcher.adopt(priced)

    def _rise(self, effort: int) -> None:
        """Spend a small part of an effort on the bound."""
        users = self._best().users
        if users is not None:
            self._owed += int(BOUND_SHARE * effort)
            evaluations, self._owed = divmod(self._owed, len(self.form.work.user))
            self.prices.rise(evaluations, float(users - self._paid))

    def _share(self) -> None:
        """Let those who need more users go on from the plan of whoever needs fewest."""
        best = self._best()
        for searcher in self.searchers:
            if best.users is not None and (searcher.users is None or searcher.users > best.users):
                searcher.adopt(best)

    def _best(self) -> Searcher:
        return min(self.searchers, key=lambda one: self.form.user_count + 1 if one.users is None else one.users)

    def _proved(self) -> bool:
        return self._best().users == self._paid + self.prices.users
