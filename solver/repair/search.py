"""The search for a repair: first what is affected alone, by proof; then, where that is not best, its surroundings."""

from __future__ import annotations

import random
from collections.abc import Iterable
from dataclasses import dataclass
from time import process_time

from solver.cpsat.fixed import EVERYWHERE, Fixed, Scope
from solver.instance import Solution
from solver.neighbourhoods.landscape import Landscape
from solver.neighbourhoods.operators import Choice, operators_of
from solver.neighbourhoods.relations import Relations
from solver.progress import Clock
from solver.repair.goal import Goal, Key
from solver.repair.least import Least, least
from solver.repair.model import solve_block
from solver.repair.shake import Shaker

FIRST_SECONDS, LEAST_SECONDS = 1.0, 0.2  # for the affected alone, and whatever the limit
FILL_TASKS = 30  # that get a place together
SHAKE_SECONDS, POLISH_SECONDS, BLOCK_SECONDS = 0.3, 0.5, 0.5
WHOLE_TASKS, WHOLE_SECONDS = 60, 2.0  # problems up to this size are solved whole
LARGEST_BLOCK = 60
PATIENCE, PATIENCE_SECONDS = 0.08, 0.4  # of the time limit and at least, in computing time, without anything better
AGAIN_ODDS = 0.4  # of going on from the best plan, and not from what the affected alone came to
SIZES = (6, 10, 16, 24)


@dataclass(frozen=True, slots=True)
class Outcome:
    """The best repair found, what every repair needs, and whether there is no better one."""

    solution: Solution
    key: Key
    least: Least
    proved: bool


class Search:
    """Looks for the best repair of one situation.

    Parameters
    ----------
    goal, clock
        What is to be made small, and for how long.
    workers, seed
        Threads of the larger models, and the start of all random choices.
    """

    def __init__(self, goal: Goal, clock: Clock, workers: int, seed: int) -> None:
        self.goal, self.clock, self.workers = goal, clock, workers
        self.wanted = goal.situation.wanted
        self._draw = random.Random(seed)
        self.standing = Fixed(goal.instance, (), goal.situation.rest)
        self.key = goal.key(self.standing)
        self.least = least(goal)
        self._shaker = Shaker(goal)
        self._round = 0
        self._begin: Solution = list(self.standing.placements)

    def run(self) -> Outcome:
        """Search until the proof is done, the time is up, or nothing has helped for a while."""
        proved = self._first() or self._whole()
        self._begin = list(self.standing.placements)
        if not proved:
            relations = Relations(self.goal.instance)
            patience = max(PATIENCE_SECONDS, PATIENCE * self.clock.limit)
            since = process_time()
            while not proved and self.clock.left > 0.0 and process_time() - since < patience:
                before = self.key
                if self._round % 4 == 0:
                    self._shake()
                else:
                    self._widen(relations)
                self._round += 1
                if self.key < before:
                    since = process_time()
                    proved = self._is_least() and self._polish()
        return Outcome(list(self.standing.placements), self.key, self.least, proved)

    def fill(self) -> Outcome:
        """Give places to what had none before, where that changes nothing else; what is proved is of the run before."""
        tasks = self.goal.instance.tasks
        idle = sorted(self.goal.situation.idle, key=lambda index: -tasks[index].absent_cost)
        for first in range(0, len(idle), FILL_TASKS):
            self._try(idle[first : first + FILL_TASKS], max(LEAST_SECONDS, min(FIRST_SECONDS, self.clock.left)))
        return Outcome(list(self.standing.placements), self.key, self.least, False)

    def _first(self) -> bool:
        """Place what is affected, new or mandatory, all else fixed; True if no repair can be better."""
        places = self.standing.placements
        out = {index for index in self.wanted if places[index] is None}
        block = self._closed(out)
        if not block:
            return self._is_proof(block)
        if len(block) > LARGEST_BLOCK:
            self._shake()
            return False
        return self._try(block, max(LEAST_SECONDS, min(FIRST_SECONDS, self.clock.left))) and self._is_proof(block)

    def _whole(self) -> bool:
        """Where the problem is small: solve it all."""
        block = self.wanted
        if len(block) > WHOLE_TASKS or self.clock.left <= 0.0:
            return False
        return not block or self._try(block, min(WHOLE_SECONDS, self.clock.left))

    def _shake(self) -> None:
        """Look for rearrangements of anything, and put back by proof what need not have changed."""
        start = list(self.standing.placements if self._draw.random() < AGAIN_ODDS else self._begin)
        found = self._shaker.run(
            start, min(SHAKE_SECONDS, self.clock.left), self._draw.randrange(1 << 30), lambda: self.clock.left <= 0.0
        )
        now = self.standing.placements
        touched = [i for i, place in enumerate(found) if place != now[i] and i in self.wanted]
        if not touched:
            return
        if self.goal.allows(found):
            self._offer(self.standing.replaced(found, touched))
        self._polish(found)

    def _polish(self, hint: Solution | None = None) -> bool:
        """Solve what has changed, in a found plan or the present one, together with what is affected."""
        places = self.standing.placements if hint is None else hint
        changed = self.goal.changed(places) & self.wanted
        out = {index for index in self.wanted if places[index] is None or self.goal.situation.base[index] is None}
        block = self._closed(changed | (out if len(out) <= LARGEST_BLOCK // 2 else frozenset()))
        if hint is not None:
            block |= {i for i in self.wanted if hint[i] != self.standing.placements[i]}
        if not block or len(block) > LARGEST_BLOCK:
            return False
        return self._try(block, min(POLISH_SECONDS, self.clock.left), hint=hint) and self._is_proof(block)

    def _widen(self, relations: Relations) -> None:
        """Solve the surroundings of something that has no place, or of something that has changed."""
        places = self.standing.placements
        seeds = [index for index in self.wanted if places[index] is None]
        if not seeds or self._draw.random() < 0.3:
            seeds += sorted(self.goal.changed(places))
        if not seeds:
            seeds = sorted(self.wanted)
        lie = Landscape(relations, list(places))
        operators = operators_of(relations)
        name = self._draw.choice(sorted(operators))
        choice = Choice(lie, self._draw, self._draw.choice(seeds), self._draw.choice(SIZES))
        block = operators[name](choice)
        scope = block.scope if self._draw.random() < 0.5 else EVERYWHERE
        self._try(self._closed(set(block.tasks) & self.wanted), min(BLOCK_SECONDS, self.clock.left), scope)

    def _try(
        self, block: Iterable[int], seconds: float, scope: Scope = EVERYWHERE, hint: Solution | None = None
    ) -> bool:
        """Solve a block, keep what is better; True if the block has nothing better still."""
        tasks = frozenset(block)
        if not tasks or seconds <= 0.0:
            return False
        found = solve_block(
            self.standing,
            tasks,
            self.goal,
            seconds=seconds,
            scope=scope,
            hint=hint,
            workers=self.workers,
            seed=self._draw.randrange(1 << 30),
        )
        if found.solution is None:
            return False
        self._offer(self.standing.replaced(found.solution, tasks))
        return found.proved

    def _offer(self, standing: Fixed) -> None:
        key = self.goal.key(standing)
        if key < self.key:
            self.standing, self.key = standing, key

    def _closed(self, tasks: set[int]) -> set[int]:
        """Tasks with those that are linked to follow them: these can only stand while the others do."""
        found = list(tasks)
        for index in found:
            for link in self.goal.instance.tasks[index].links_out:
                if link.after in self.wanted and link.after not in tasks:
                    tasks = tasks | {link.after}
                    found.append(link.after)
        return tasks

    def _is_least(self) -> bool:
        """Whether no repair places more or changes less."""
        if self.goal.change_cost is not None or self.key.changes > self.least.changes:
            return False
        places = self.standing.placements
        return all(places[i] is not None or i in self.least.hopeless for i in self.wanted)

    def _is_proof(self, block: set[int]) -> bool:
        """Whether a solved block holds all that could differ in a better repair."""
        fresh = {index for index in self.wanted if self.goal.situation.base[index] is None}
        return self._is_least() and self.least.among | fresh <= block | self.least.hopeless
