"""A task that is left out, with all that proposals of remedies ask about it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from models.appointments import Appointment
from models.explanation import Kind
from models.problem import Problem
from models.timegrid import instant
from solver.explain.finding import Detective, Finding
from solver.explain.inquiry import Inquiry, Scene, inquire
from solver.explain.place import Place
from solver.explain.remedies.bench import Bench
from solver.explain.search import Search
from solver.explain.wording import Words
from solver.instance import Instance, Task


@dataclass(frozen=True)
class Case:
    """A task that is left out, why, and the bench on which changes are tried."""

    detective: Detective
    bench: Bench
    index: int
    finding: Finding

    @property
    def problem(self) -> Problem:
        """The problem as it was read."""
        return self.detective.problem

    @property
    def scene(self) -> Scene:
        """The plan."""
        return self.detective.scene

    @property
    def instance(self) -> Instance:
        """The lowered problem."""
        return self.scene.instance

    @property
    def words(self) -> Words:
        """How the problem is spoken of."""
        return self.detective.words

    @property
    def appointment(self) -> Appointment:
        """The task as it was read."""
        return self.problem.appointments[self.index]

    @property
    def task(self) -> Task:
        """The lowered task."""
        return self.instance.tasks[self.index]

    @property
    def path(self) -> str:
        """Where the appointment is in problem.json."""
        return f"/appointments/{self.index}"

    @property
    def has_place(self) -> bool:
        """Whether it has an open place already, at a loss."""
        return self.finding.kind is Kind.TRADE_OFF

    def instant(self, minute: int) -> datetime:
        """A minute since the origin on the wall of the problem."""
        return instant(minute + self.instance.origin, self.problem.zone)

    def inquire(
        self, spared: Mapping[int, int] | None = None, everywhere: int = 0, altered: Task | None = None
    ) -> Inquiry:
        """Look at the task as if some causes did not count, or as if it were another one.

        Parameters
        ----------
        spared
            By subject the bits of causes that do not count.
        everywhere
            Bits that do not count for anybody.
        altered
            Instead of the task.

        Returns
        -------
        What is known of it then.
        """
        scene = self.scene.sparing(spared or {}, everywhere) if spared or everywhere else self.scene
        return inquire(scene, self.appointment, self.index, altered=altered)

    def opens(
        self,
        spared: Mapping[int, int] | None = None,
        everywhere: int = 0,
        altered: Task | None = None,
        forgiven: frozenset[str] = frozenset(),
    ) -> Place | None:
        """Find a place that would be open if some causes did not count.

        Parameters
        ----------
        spared, everywhere, altered
            As in `inquire`.
        forgiven
            Rules of its own that do not hold.

        Returns
        -------
        The first such place, None where there is none.
        """
        self.bench.tried += 1
        return Search(self.inquire(spared, everywhere, altered), forgiven).open_place()
