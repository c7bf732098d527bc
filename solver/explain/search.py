"""The place of a task that the fewest rules close: best first over starts, exact at the starts it looks at."""

from collections.abc import Iterator

import numpy as np

from solver.explain.assignment import chosen_of
from solver.explain.causes import (
    BURDEN,
    CALENDAR,
    CAPACITY,
    EACH,
    LINKS_BURDEN,
    NONE,
    OVERLAP,
    TAKEN,
    TEAM,
    Burdens,
    Masks,
)
from solver.explain.crews import Crew
from solver.explain.inquiry import Inquiry
from solver.explain.place import Place
from solver.explain.rows import Span
from solver.explain.starts import OWN_RULES, Flags
from solver.instance import NOWHERE, Demand

MOST_CELLS = 3_000_000  # candidates times starts that are looked at for one task
MOST_LOOKS = 6000  # journeys and breaks that are looked at one by one for one task
TIES = 12  # equally good starts that are compared
ALIKE = 8  # equally good candidates that are compared at each


class Search:
    """The search for the place with the least burden.

    Parameters
    ----------
    inquiry
        What is known of the task.
    forgiven
        Rules of its own that may be lifted without a burden.
    """

    def __init__(self, inquiry: Inquiry, forgiven: frozenset[str] = frozenset()) -> None:
        self.inquiry = inquiry
        self.forgiven = forgiven
        self.most = NONE - 1
        self.scene = inquiry.scene
        self.rows = inquiry.scene.rows
        self.general = inquiry.scene.instance.subject_count - 1
        self.best: list[Place] = []
        self._cells = 0

    @property
    def bar(self) -> int:
        """Burden of the best place so far."""
        return self.best[0].burden if self.best else NONE

    def run(self) -> Place:
        """Find the place with the least burden; of equals the one that would displace the least.

        Returns
        -------
        A place without burden is open.
        """
        found = self._run()
        if found is None:
            raise AssertionError(f"{self.inquiry.task.id} has no place at all, open or closed")
        return found

    def open_place(self) -> Place | None:
        """Find the first place without burden, near the start that the task would like best.

        Returns
        -------
        None where there is none, or where it would take too long to tell.
        """
        self.most = 0
        return self._run()

    def _run(self) -> Place | None:
        inquiry = self.inquiry
        for lifted in inquiry.lifts:
            fixed = self._fixed(lifted)
            for span, flags in inquiry.starts(lifted) if fixed <= self.most else ():
                for crew in inquiry.crews:
                    if self._tired():
                        return self._gentlest()
                    self._scan(span, flags, crew, lifted, fixed)
                    if self.bar == 0:
                        return self.best[0]
        return self._gentlest()

    def _fixed(self, lifted: frozenset[str]) -> int:
        """The burden that all places have for rules of the task's own that are lifted."""
        inquiry = self.inquiry
        unmet = {"crew": inquiry.staff.lifted, "capacity": inquiry.unfit}
        counted = lifted - self.forgiven
        rules = [OWN_RULES.index(rule) for rule in counted if rule in OWN_RULES]
        others = [rule for rule, is_unmet in unmet.items() if is_unmet and rule not in self.forgiven]
        return (len(counted) + len(others)) * EACH + sum(rules)

    @property
    def _unlinked_burden(self) -> int:
        return 0 if "links" in self.forgiven else LINKS_BURDEN

    def _tired(self) -> bool:
        """Whether enough has been looked at, once there is any place at all."""
        worn = self._cells > MOST_CELLS or self.inquiry.looks > MOST_LOOKS
        self.inquiry.capped = self.inquiry.capped or (worn and (self.most == 0 or bool(self.best)))
        return self.inquiry.capped

    def _scan(self, span: Span, flags: Flags, crew: Crew, lifted: frozenset[str], fixed: int) -> None:
        """Look at the starts of a span in the order of a lower bound of their burden."""
        total = self._bounds(span, crew) + fixed
        total[~flags] = NONE
        if self.inquiry.ties and not crew.unlinked:
            total[self.inquiry.late(span)] = NONE
        self._cells += span.size * (1 + sum(len(users) for users, _ in crew.groups))
        promising = np.flatnonzero(total <= min(self.bar, self.most))
        aim = span.first if self.inquiry.aim is None else self.inquiry.aim
        distance = np.abs(span.first + span.step * promising - aim)
        for index in promising[np.lexsort((distance, total[promising]))].tolist():
            bound = int(total[index])
            if bound > self.bar or (bound == self.bar and len(self.best) >= TIES) or self._tired():
                return
            place = self.exact(span, index, crew, lifted, fixed)
            if place.burden > self.most:
                continue
            if place.burden < self.bar:
                self.best = [place]
            elif place.burden == self.bar:
                self.best.append(place)

    def _bounds(self, span: Span, crew: Crew) -> Burdens:
        shape = self.inquiry.shape
        total = BURDEN[self._general(span, crew)]
        if crew.unlinked:
            total += self._unlinked_burden
        elif not self.inquiry.ties:
            total[self.inquiry.late(span)] += self._unlinked_burden
        if crew.team != NOWHERE:
            total += BURDEN[self.rows.row(crew.team, 1, shape, span)]
        for users, heads in crew.groups:
            total += self.rows.least(users, None, heads, shape, span)
        for demand in self.inquiry.demands:
            total += self.rows.least(demand.resources, demand.units, 1, shape, span)
        return total

    def _general(self, span: Span, crew: Crew) -> Masks:
        row = self.rows.row(self.general, 1, self.inquiry.shape, span)
        return row if crew.alone else row & np.uint16(~CALENDAR & 0xFFFF)

    def exact(self, span: Span, index: int, crew: Crew, lifted: frozenset[str] = frozenset(), fixed: int = 0) -> Place:
        """Staff and equip the task at a start with the least burden.

        Parameters
        ----------
        span, index
            The start is one of a span's.
        crew
            Who could come.
        lifted, fixed
            Rules of its own that do not hold, and their burden.

        Returns
        -------
        The place.
        """
        inquiry = self.inquiry
        start = span.first + index * span.step
        users, user_masks = self._staffed(span, index, crew, start)
        resources, units, resource_masks = self._equipped(span, index)
        general = int(self._general(span, crew)[index])
        team = 0 if crew.team == NOWHERE else int(self.rows.row(crew.team, 1, inquiry.shape, span)[index])
        unlinked = crew.unlinked or bool(inquiry.late(span)[index])
        burden = fixed + self._unlinked_burden * unlinked
        burden += sum(int(BURDEN[mask]) for mask in (general, team, *user_masks, *resource_masks))
        closed = (general, team, users, user_masks, resources, units, resource_masks)
        return Place(burden, start, span, crew, lifted, unlinked, *closed)

    def as_it_is(self, place: Place) -> Place:
        """Look at a place again that was found where some causes did not count.

        Parameters
        ----------
        place
            With the masks of there.

        Returns
        -------
        The same place with the masks of here.
        """
        rows, shape, span, column = self.rows, self.inquiry.shape, place.span, place.column
        known = [int(rows.row(user, 1, shape, span)[column]) for user in place.users]
        looked = (self.inquiry.look(user, place.start, mask) for user, mask in zip(place.users, known, strict=True))
        held = zip(place.resources, place.units, strict=True)
        return place._replace(
            general=int(self._general(span, place.crew)[column]),
            team=0 if place.crew.team == NOWHERE else int(rows.row(place.crew.team, 1, shape, span)[column]),
            user_masks=tuple(looked),
            resource_masks=tuple(int(rows.row(resource, units, shape, span)[column]) for resource, units in held),
        )

    def _staffed(self, span: Span, index: int, crew: Crew, start: int) -> tuple[tuple[int, ...], tuple[int, ...]]:
        """Choose users by what is known of them, look closer at the chosen ones, and choose again."""
        shape = self.inquiry.shape
        columns = [self.rows.block(users, None, shape, span).masks[:, index].copy() for users, _ in crew.groups]
        while True:
            chosen = chosen_of(crew.groups, [BURDEN[column] for column in columns])
            worse = False
            for group, row in chosen:
                known = int(columns[group][row])
                columns[group][row] = self.inquiry.look(crew.groups[group][0][row], start, known)
                worse = worse or BURDEN[columns[group][row]] > BURDEN[known]
            if not worse:
                users = tuple(crew.groups[group][0][row] for group, row in chosen)
                return users, tuple(int(columns[group][row]) for group, row in chosen)

    def _equipped(self, span: Span, index: int) -> tuple[tuple[int, ...], tuple[int, ...], tuple[int, ...]]:
        demands = self.inquiry.demands
        blocks = [self.rows.block(d.resources, d.units, self.inquiry.shape, span) for d in demands]
        chosen = chosen_of([(d.resources, 1) for d in demands], [block.burdens[:, index] for block in blocks])
        return (
            tuple(demands[demand].resources[row] for demand, row in chosen),
            tuple(demands[demand].units[row] for demand, row in chosen),
            tuple(int(blocks[demand].masks[row, index]) for demand, row in chosen),
        )

    def _gentlest(self) -> Place | None:
        """Of equally good places take the one whose occupants would cost the least to leave out."""
        if not self.best:
            return None
        places = [alike for place in self.best for alike in (place, *self._alike(place))]
        return min(places, key=self._harm)

    def _harm(self, place: Place) -> tuple[int, int]:
        tasks = self.scene.instance.tasks
        aim = place.start if self.inquiry.aim is None else self.inquiry.aim
        return sum(tasks[task].absent_cost for task in self.occupants(place)), abs(place.start - aim)

    def occupants(self, place: Place) -> set[int]:
        """The tasks that take what a place needs."""
        mine = self.scene.days.stop(self.inquiry.task, place.start)
        taken = [(user, mask & OVERLAP) for user, mask in zip(place.users, place.user_masks, strict=True)]
        taken += [(key, mask & CAPACITY) for key, mask in zip(place.resources, place.resource_masks, strict=True)]
        taken.append((place.crew.team, place.team & TEAM))
        return {
            use.stop.task
            for subject, bits in taken
            if bits
            for use in self.scene.occupied.meeting(subject, mine.opens, mine.closes)
        }

    def _alike(self, place: Place) -> Iterator[Place]:
        """Places at the same start with another single user or resource that is taken as well."""
        if len(place.users) == 1 and place.user_masks[0] & TAKEN:
            burden = int(BURDEN[place.user_masks[0]])
            users = place.crew.groups[0][0]
            masks = self.rows.block(users, None, self.inquiry.shape, place.span).masks[:, place.column]
            for row in np.flatnonzero(BURDEN[masks] <= burden)[:ALIKE].tolist():
                mask = self.inquiry.look(users[row], place.start, int(masks[row]))
                if BURDEN[mask] == burden:
                    yield place._replace(users=(users[row],), user_masks=(mask,))
        if len(place.resources) == 1 and place.resource_masks[0] & TAKEN:
            demand: Demand = self.inquiry.demands[0]
            block = self.rows.block(demand.resources, demand.units, self.inquiry.shape, place.span)
            burdens = block.burdens[:, place.column]
            for row in np.flatnonzero(burdens == BURDEN[place.resource_masks[0]])[:ALIKE].tolist():
                yield place._replace(
                    resources=(demand.resources[row],),
                    units=(demand.units[row],),
                    resource_masks=(int(block.masks[row, place.column]),),
                )
