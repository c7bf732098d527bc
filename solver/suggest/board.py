"""A plan in the arrays of the search kernel, to which tasks are added and from which they are taken at any time."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence

import numpy as np

from solver.instance import NOWHERE, Instance, Interval, Outsiders, Placement, Solution, Task
from solver.kernel import arrays as a
from solver.kernel.commit import displace, place
from solver.kernel.pack import pack
from solver.kernel.plan import cost_of, empty_state, fill_state
from solver.kernel.tally import spread
from solver.suggest.growth import lengthened, remade, with_clients, with_lines, with_rows

SPARE_ROWS = 256
SPARE_ENTRIES = 8  # of a line
BLANK = Task("", 1)  # of rows that are free


class Board:
    """A plan that follows what happens.

    All that stands on it counts as pinned: a place is sought beside it, and what it breaks by itself is not asked for.

    Parameters
    ----------
    instance
        The lowered problem; its list of tasks grows with the board's.
    solution
        Where its tasks stand.
    """

    def __init__(self, instance: Instance, solution: Solution) -> None:
        self.instance = instance
        standing = [
            at if task.pinned is None else task.pinned for task, at in zip(instance.tasks, solution, strict=True)
        ]
        packed = pack(instance)
        rooms = _rooms(packed, standing)
        packed = remade(packed, line_start=np.append(0, np.cumsum(rooms)).astype(np.int64))
        free = [row for row, task in enumerate(instance.tasks) if task.pinned is None]
        beyond = [row for row in free if (at := standing[row]) is not None and not self._counts(at.start)]
        packed.tasks["pinned"][beyond] = 1
        state = empty_state(instance, packed)
        fill_state(packed, state, standing)
        self.packed, self.state = with_rows(packed, state, SPARE_ROWS)
        for row in beyond:
            self._count(row, 1)
        self.packed.tasks["pinned"] = self.state.start != a.UNPLACED
        self.state.absent_at[:], self.state.absent_count[0] = -1, 0
        self._user_room = _widths(self.packed.tasks["user0"], len(instance.tasks), len(state.users) - 1)
        self._resource_room = _widths(self.packed.tasks["resource0"], len(instance.tasks), len(state.resources) - 1)
        self._free_rows = list(range(len(self.packed.tasks) - 1, len(instance.tasks) - 1, -1))
        instance.tasks += [BLANK] * len(self._free_rows)
        self._user_end, self._resource_end = len(state.users), len(state.resources)
        self._insider_end, self._open_end = len(packed.insiders), len(packed.opens)
        self._insiders: dict[tuple[Outsiders, ...], tuple[int, int]] = {}
        self._insider_uses: Counter[tuple[Outsiders, ...]] = Counter()
        self._insiders_of: dict[int, tuple[Outsiders, ...]] = {}

    # --- tasks ------------------------------------------------------------
    def next_row(self) -> int:
        """The row that the next task will have."""
        if not self._free_rows:
            first, more = len(self.instance.tasks), len(self.instance.tasks) // 2
            self.packed, self.state = with_rows(self.packed, self.state, more)
            self.instance.tasks += [BLANK] * more
            self._user_room += [0] * more
            self._resource_room += [0] * more
            self._free_rows = list(range(first + more - 1, first - 1, -1))
        return self._free_rows[-1]

    def add(self, task: Task) -> int:
        """Add a task that has no place yet.

        Parameters
        ----------
        task
            It is lowered like those of the instance; its links name rows.

        Returns
        -------
        Its row.
        """
        row = self.next_row()
        self._free_rows.pop()
        self.write(row, task)
        return row

    def drop(self, row: int) -> None:
        """Forget a task that has no place."""
        self._release(row)
        self.instance.tasks[row] = BLANK
        self._free_rows.append(row)

    def task(self, row: int) -> Task:
        """The task of a row."""
        return self.instance.tasks[row]

    def write(self, row: int, task: Task) -> None:
        """Make another task of a row that has no place."""
        self._release(row)
        instance = self.instance
        instance.tasks[row] = task
        record = self.packed.tasks[row]
        known = task.client < len(self.state.served_users)
        first, last = self._insider_span(row, task)
        fields = {
            "duration": task.duration, "before": task.before, "after": task.after,
            "location": task.location if instance.travel_exists else NOWHERE,
            "absent_cost": task.absent_cost, "mandatory": int(task.mandatory), "fresh": int(task.fresh),
            "preferred": task.preferred_start, "preferred_weight": task.preferred_weight,
            "due": task.due, "late_weight": task.late_weight, "has_due": int(task.has_due),
            "current": task.current_start, "moved_weight": task.moved_weight,
            "outsider_cost": sum(o.weight for o in task.outsiders), "insider0": first, "insider1": last,
            "client": task.client if known else NOWHERE,  # a new client has no faces yet: they cost nothing
            "alone": int(not task.positions and not task.teams and not task.whole_team),
            "user0": record["user0"], "resource0": record["resource0"],
        }  # fmt: skip
        for name in self.packed.tasks.dtype.names or ():
            record[name] = fields.get(name, 0)

    def _insider_span(self, row: int, task: Task) -> tuple[int, int]:
        """Where the users stand whom a task is served by at another price than by all others."""
        if not task.outsiders:
            return 0, 0
        key = self._insiders_of[row] = tuple(task.outsiders)
        if key not in self._insiders:
            users = sorted(frozenset[int]().union(*(o.insiders for o in task.outsiders)))
            first, last = self._insider_end, self._insider_end + len(users)
            if last > len(self.packed.insiders):
                more = last - len(self.packed.insiders) + len(self.packed.insiders) // 2 + 64
                self.packed = remade(self.packed, insiders=lengthened(self.packed.insiders, more))
            self.packed.insiders["first"][first:last] = users
            self.packed.insiders["last"][first:last] = [task.user_cost(user) for user in users]
            self._insiders[key], self._insider_end = (first, last), last
        self._insider_uses[key] += 1
        return self._insiders[key]

    def _release(self, row: int) -> None:
        """Give back what only a task of this row needs; requests come and go, so that it is mostly the last."""
        key = self._insiders_of.pop(row, None)
        if key is None:
            return
        self._insider_uses[key] -= 1
        if not self._insider_uses[key] and self._insiders[key][1] == self._insider_end:
            self._insider_end = self._insiders.pop(key)[0]
            del self._insider_uses[key]

    def know_client(self, row: int) -> None:
        """Count the faces of a task's client from now on, also if it is a new one."""
        task = self.task(row)
        if task.client >= 0:
            clients = task.client + 1 + len(self.state.served_users) // 2
            fits = task.client < len(self.state.served_users)
            self.state = with_clients(self.state, 0 if fits else clients, 0)
            self.packed.tasks[row]["client"] = task.client

    def open(self, subject: int, spans: Sequence[Interval]) -> None:
        """Say when a subject can serve from now on; what stands stays where it is."""
        first, last = self._open_end, self._open_end + len(spans)
        if last > len(self.packed.opens):
            more = last - len(self.packed.opens) + len(self.packed.opens) // 2 + 64
            self.packed = remade(self.packed, opens=lengthened(self.packed.opens, more))
        self.packed.opens["first"][first:last] = [low for low, _ in spans]
        self.packed.opens["last"][first:last] = [high for _, high in spans]
        record = self.packed.subjects[subject]
        record["open0"], record["open1"], self._open_end = first, last, last

    def balance(self, users: Iterable[int]) -> None:
        """Say between whom minutes are balanced."""
        balanced = np.array(sorted(users), np.int64)
        if not np.array_equal(balanced, self.packed.balanced):
            self.packed = remade(self.packed, balanced=balanced)
            spread(self.packed, self.state)

    # --- places -----------------------------------------------------------
    def placement(self, row: int) -> Placement | None:
        """Where a task stands, None: nowhere."""
        state, record = self.state, self.packed.tasks[row]
        if state.start[row] == a.UNPLACED:
            return None
        users = slice(int(record["user0"]), int(record["user0"] + state.user_count[row]))
        taken = slice(int(record["resource0"]), int(record["resource0"] + state.resource_count[row]))
        return Placement(
            int(state.start[row]),
            int(state.team[row]),
            tuple(state.users[users].tolist()),
            tuple(state.resources[taken].tolist()),
            tuple(state.units[taken].tolist()),
        )

    def place(self, row: int, at: Placement) -> None:
        """Put a task that has no place somewhere, whatever that breaks."""
        self._make_room(row, at)
        record, state = self.packed.tasks[row], self.state
        state.start[row], state.team[row] = at.start, at.team
        state.user_count[row], state.resource_count[row] = len(at.users), len(at.resources)
        first = int(record["user0"])
        state.users[first : first + len(at.users)] = at.users
        first = int(record["resource0"])
        state.resources[first : first + len(at.resources)] = at.resources
        state.units[first : first + len(at.resources)] = at.units
        counts = self._counts(at.start)
        record["pinned"] = int(not counts)
        place(self.packed, state, row)
        record["pinned"] = 1
        if not counts:
            self._count(row, 1)

    def displace(self, row: int) -> Placement:
        """Take a task from where it stands; returns where that was."""
        at = self.placement(row)
        assert at is not None
        counts = self._counts(at.start)
        if not counts:
            self._count(row, -1)
        self.packed.tasks[row]["pinned"] = int(not counts)
        displace(self.packed, self.state, row)
        self.packed.tasks[row]["pinned"] = 0
        self.state.absent_at[row], self.state.absent_count[0] = -1, 0
        return at

    def cost(self) -> int:
        """Cost of the plan by the terms of the problem, what is left out included."""
        return cost_of(self.packed, self.state)

    def _make_room(self, row: int, at: Placement) -> None:
        record, task = self.packed.tasks[row], self.task(row)
        if len(at.users) > self._user_room[row]:
            record["user0"], self._user_room[row] = self._user_end, len(at.users)
            self._user_end += len(at.users)
            if self._user_end > len(self.state.users):
                more = self._user_end - len(self.state.users) + len(self.state.users) // 2
                self.state = remade(self.state, users=lengthened(self.state.users, more))
        if len(at.resources) > self._resource_room[row]:
            record["resource0"], self._resource_room[row] = self._resource_end, len(at.resources)
            self._resource_end += len(at.resources)
            if self._resource_end > len(self.state.resources):
                more = self._resource_end - len(self.state.resources) + len(self.state.resources) // 2
                longer = {name: lengthened(getattr(self.state, name), more) for name in ("resources", "units")}
                self.state = remade(self.state, **longer)
        if task.client >= 0 and record["client"] >= 0:
            self.state = with_clients(self.state, 0, len(at.users))
        subjects = self.packed.subjects
        starts, lengths = self.packed.line_start, self.state.line_length
        lines = [int(subjects[index]["line"]) for index in (*at.users, *at.resources, at.team) if index != NOWHERE]
        full = [line for line in lines if line >= 0 and lengths[line] >= starts[line + 1] - starts[line]]
        if full:
            rooms = np.diff(starts)
            rooms[full] = 2 * rooms[full] + SPARE_ENTRIES
            self.packed, self.state = with_lines(self.packed, self.state, rooms)

    def _counts(self, start: int) -> bool:
        """Whether the kernel counts what starts at a minute; the rest is counted here."""
        return 0 <= start <= self.instance.end

    def _count(self, row: int, sign: int) -> None:
        """Count a task that starts outside the horizon in the days and weeks that are known."""
        at, task, state = self.placement(row), self.task(row), self.state
        assert at is not None
        for index in {*at.users, *at.resources, at.team, self.instance.subject_count - 1} - {NOWHERE}:
            first = int(self.packed.subjects[index]["counter0"])
            for number, counter in enumerate(self.instance.subject(index).counters):
                table = self.instance.periods[counter.zone, counter.period]
                period = table.index_of(at.start)
                if not 0 <= period < len(table.starts):
                    continue
                place_of = int(self.packed.counters[first + number]["value0"]) + period
                old = int(state.values[place_of])
                new = old + sign * (task.duration if counter.measure == "minutes" else 1)
                state.values[place_of] = new
                excess = max(0, new - counter.threshold) - max(0, old - counter.threshold)
                state.totals[a.COUNTERS] += counter.weight * excess


def _rooms(packed: a.Packed, standing: Solution) -> a.Ints:
    """Entries that each line must hold, and a few more."""
    lines = packed.subjects["line"]
    rooms = np.full(int(lines.max(initial=-1)) + 1, SPARE_ENTRIES, np.int64)
    taken = [
        index for at in standing if at is not None for index in (*at.users, *at.resources, at.team) if index != NOWHERE
    ]
    found = lines[np.array(taken, np.int64)]
    np.add.at(rooms, found[found >= 0], 1)
    return rooms


def _widths(offsets: a.Ints, rows: int, end: int) -> list[int]:
    """How many places each row has among all, the spare rows none."""
    widths = np.diff(np.append(offsets[:rows], end)).tolist()
    return [*map(int, widths), *[0] * (len(offsets) - rows)]
