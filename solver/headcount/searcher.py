"""One specialist at work: it tries to do without one more user, by ejection or by annealing, again and again."""

from __future__ import annotations

from enum import Enum

import numpy as np

from solver.headcount.cool import cool
from solver.headcount.eject import eject
from solver.headcount.form import Floats, Form, Ints
from solver.headcount.moves import Draft, assign, call_in_best, empty_draft, keep_complete, send_home

FIRST_LEG = 8_000_000  # looks at an entry in the first annealing with so many users; each one that fails is doubled
LATE_START = 0.4  # where every other annealing starts on the way from hot to cold
EFFORT_SLICE = 2_000_000  # looks between two looks at the clock, about 30 ms
PLAN = ("entry", "place", "served", "count", "present", "waiting", "waiting_at", "waiting_count")


GROWTH = 0.05  # of weights, in tasks, with every ejection that does not help
EXCHANGES = (2000, 2000, 3, 50)  # steps between exchanges of a user, leg by leg
NOISE = 0.2  # of the choice of users where a leg begins anew


class Method(Enum):
    """How a specialist searches."""

    EJECT = "eject"
    COOL = "cool"


class Searcher:
    """A plan, and a way to make it complete with fewer and fewer users.

    Parameters
    ----------
    form
        Fixed work.
    method, seed
        How to search, and the seed of its random numbers.
    """

    def __init__(self, form: Form, method: Method, seed: int) -> None:
        self.form, self.method = form, method
        self.draft: Draft = empty_draft(form, seed)
        self.users: int | None = None  # of the best complete plan
        self._draw = np.random.default_rng(seed)
        self._leg, self._done, self._legs = FIRST_LEG, 0, 0
        self.weight: Floats | None = None  # of the tasks, where a leg begins anew

    def construct(self, weight: Floats) -> None:
        """Call users in one by one, always the one whose tasks among the waiting ones weigh most.

        Parameters
        ----------
        weight
            Of each task.
        """
        draft, work = self.draft, self.form.work
        draft.weight[:] = weight
        while draft.waiting_count[0] and call_in_best(work, draft, 0.0) >= 0:
            pass
        draft.weight[:] = 1.0
        if draft.waiting_count[0]:
            draft.present[:] = 1
        else:
            self._keep()

    def load(self, served_by: Ints) -> None:
        """Begin with a complete plan.

        Parameters
        ----------
        served_by
            One user per task.
        """
        fresh, work = empty_draft(self.form, 0), self.form.work
        for task, user in enumerate(served_by.tolist()):
            low, high = int(work.first[task]), int(work.first[task + 1])
            assign(work, fresh, task, low + int(np.searchsorted(work.user[low:high], user)))
        for name in PLAN:
            np.copyto(getattr(self.draft, name), getattr(fresh, name))
        self._keep()

    def adopt(self, other: Searcher) -> None:
        """Go on from another specialist's complete plan."""
        self.load(other.served_by())

    def served_by(self) -> Ints:
        """The best complete plan: one user per task."""
        users: Ints = self.form.work.user[self.draft.best]
        return users

    def search(self, effort: int, enough: int) -> None:
        """Look for complete plans with fewer users.

        Parameters
        ----------
        effort
            Looks at a pair of a task and a user.
        enough
            A number of users below which there is nothing to find.
        """
        draft = self.draft
        while effort > 0:
            if not draft.waiting_count[0]:
                self._keep()
                if self.users is not None and self.users <= enough:
                    return
                self._do_without_one()
            elif self.method is Method.EJECT:
                effort -= self._eject(effort)
            else:
                effort -= self._anneal(effort)
            if self._done >= self._leg and draft.waiting_count[0]:
                self._begin_leg()

    def _anneal(self, effort: int) -> int:
        """Go a part of the way from hot to cold; returns the effort spent."""
        draft = self.draft
        share = min(effort, self._leg - self._done)
        begin = LATE_START if self._legs % 2 else 0.0
        way = (1.0 - begin) / self._leg
        left = int(cool(self.form.work, draft, share, begin + way * self._done, begin + way * (self._done + share)))
        self._done += share
        return share - left

    def _eject(self, effort: int) -> int:
        share = min(effort, self._leg - self._done)
        left = int(eject(self.form.work, self.draft, share, GROWTH, EXCHANGES[self._legs % len(EXCHANGES)]))
        self._done += share
        return share - left

    def _begin_leg(self) -> None:
        """Go on from here with another habit, and twice as long after a round of them; or from new users."""
        self._legs, self._done = self._legs + 1, 0
        if self.method is Method.COOL or self._legs % len(EXCHANGES) == 0:
            self._leg *= 2
        if self.method is Method.EJECT and self._legs % 2 and self.weight is not None:
            self._begin_anew(self.weight)

    def _begin_anew(self, weight: Floats) -> None:
        draft, work = self.draft, self.form.work
        users = int(draft.present.sum())
        for user in np.flatnonzero(draft.present).tolist():
            send_home(work, draft, user)
        draft.present[:] = work.paid
        draft.weight[:] = weight
        while int(draft.present.sum()) < users and call_in_best(work, draft, NOISE) >= 0:
            pass
        for user in self._draw.permutation(np.flatnonzero(draft.present == 0))[: users - int(draft.present.sum())]:
            draft.present[user] = 1
        draft.weight[:] = 1.0

    def _keep(self) -> None:
        draft = self.draft
        draft.present[:] = (draft.count > 0) | (self.form.work.paid == 1)
        users = int(draft.present.sum())
        if self.users is None or users < self.users:
            self.users = users
            keep_complete(draft)

    def _do_without_one(self) -> None:
        """Send the user home who serves least, a random one of several."""
        draft = self.draft
        draft.weight[:] = 1.0
        here = np.flatnonzero((draft.present == 1) & (self.form.work.paid == 0))
        if not len(here):
            return
        load = draft.count[here] + self._draw.random(len(here))
        send_home(self.form.work, draft, int(here[np.argmin(load)]))
        self._leg, self._done, self._legs = FIRST_LEG, 0, 0
