"""Branch and cut on the linear part of a model with literals of starts: proofs, and plans, where CP-SAT stalls."""

from __future__ import annotations

import json
import math
import os
import pickle
import subprocess
import sys
import threading
from collections.abc import Callable, Mapping
from contextlib import suppress
from typing import Any

import numpy as np

from solver.cpsat.build import Build
from solver.cpsat.linear import Rows, linear_rows
from solver.cpsat.price import price
from solver.cpsat.program import Program
from solver.cpsat.read_back import read_solution
from solver.instance import Solution

NOISE, RELATIVE_NOISE = 0.05, 1e-7  # what arithmetic in floating point may add to a bound, with room to spare
HALF = 0.5  # a solver that is to stay below the ceiling and half a unit finds the ceiling, too


class BranchAndCut:
    """HiGHS on the linear part of a model, in a process of its own.

    Parameters
    ----------
    build
        A model with literals of starts, of plans that place every mandatory task.
    ceiling
        Only plans up to this cost are looked for.
    seconds
        How long at most.
    seed
        Of its random choices.
    on_solution
        Called in another thread with every better plan and its cost.
    on_end
        Called in another thread when there is nothing left to prove.

    Attributes
    ----------
    ceiling
        As given.
    bound
        A lower bound of the cost of plans up to the ceiling, None before there is one.
    solution, cost
        The best plan so far.
    exact
        Whether the linear part is the whole model, so that there can be plans.
    ended
        Whether nothing is left to prove.
    """

    def __init__(
        self,
        build: Build,
        ceiling: int,
        seconds: float,
        seed: int,
        on_solution: Callable[[Solution, int], None],
        on_end: Callable[[], None],
    ) -> None:
        self.ceiling = ceiling
        self.bound: int | None = None
        self.solution: Solution | None = None
        self.cost: int | None = None
        self.ended = False
        self._build, self._on_solution, self._on_end = build, on_solution, on_end
        self._unit = math.gcd(*(weight for _, weight in build.costs)) or 1
        rows = linear_rows(build.model.proto)
        self.exact = rows.complete
        options = {
            "output_flag": False,
            "threads": 1,
            "time_limit": seconds,
            "random_seed": seed % (1 << 31),
            "objective_bound": ceiling + HALF,
            "mip_rel_gap": 0.0,
            # All costs are a constant and multiples of the unit: no cheaper plan lies in a smaller gap.
            "mip_abs_gap": self._unit - HALF,
        }
        self._process = subprocess.Popen(
            [sys.executable, "-m", "solver.cpsat.mip_worker"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            # Its memory is limited, and numpy would reserve some for each core.
            env={**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path)), "OPENBLAS_NUM_THREADS": "1"},
            start_new_session=True,
        )
        content = pickle.dumps(program(build, rows, options))
        self._thread = threading.Thread(target=self._talk, args=(content,), name="branch and cut", daemon=True)
        self._thread.start()

    @property
    def runs(self) -> bool:
        """Whether the process is there."""
        return self._process.poll() is None

    def finish(self) -> None:
        """End the process; what it has told stays."""
        self._process.kill()
        self._thread.join()
        self._process.wait()

    def _talk(self, content: bytes) -> None:
        pipe, output = self._process.stdin, self._process.stdout
        assert pipe is not None
        assert output is not None
        try:
            pipe.write(content)
            pipe.flush()
            for line in output:
                self._note(json.loads(line))
        except OSError:
            return  # the process has ended, by itself or by us
        finally:
            output.close()
            with suppress(OSError):
                pipe.close()

    def _note(self, facts: Mapping[str, Any]) -> None:
        """Take what the process tells."""
        if "bound" in facts:
            self._raise_bound(self._safe(facts["bound"]))
        if "ones" in facts and self.exact:
            self._keep(frozenset(facts["ones"]))
        if facts.get("impossible"):
            self._raise_bound(self.ceiling + 1)
        closed = self.bound is not None and (self.bound > self.ceiling or self.bound == self.cost)
        if facts.get("ended") and closed:
            self.ended = True
            self._on_end()

    def _raise_bound(self, bound: int) -> None:
        self.bound = bound if self.bound is None else max(self.bound, bound)

    def _keep(self, ones: frozenset[int]) -> None:
        """Read a solution, and price it by itself: what floating point says of its cost counts for nothing."""
        solution = read_solution(self._build, lambda literal: _value(ones, literal.index))
        cost = price(self._build.instance, solution)
        if self.cost is None or cost < self.cost:
            self.solution, self.cost = solution, cost
            self._on_solution(solution, cost)

    def _safe(self, proved: float) -> int:
        """The least cost that a bound in floating point allows."""
        least = proved - NOISE - RELATIVE_NOISE * abs(proved)
        return self._build.constant + math.ceil((least - self._build.constant) / self._unit) * self._unit


def _value(ones: frozenset[int], index: int) -> int:
    """The value of a literal, or of its opposite."""
    return int(index in ones) if index >= 0 else int(-index - 1 not in ones)


def program(build: Build, rows: Rows, options: Mapping[str, bool | float | int]) -> Program:
    """State variables, costs and rows for the solver, with every mandatory task placed.

    Parameters
    ----------
    build
        A model.
    rows
        Of its constraints.
    options
        For the solver.

    Returns
    -------
    A linear program in the variables of the model.
    """
    source = build.model.proto
    low = np.array([variable.domain[0] for variable in source.variables], np.float64)
    for task in build.tasks.values():
        if task.task.mandatory:
            low[task.present.index] = 1.0
    cost = np.zeros(len(low))
    offset = build.constant
    for amount, weight in build.costs:
        if amount.index < 0:
            offset += weight
            cost[-amount.index - 1] -= weight
        else:
            cost[amount.index] += weight
    return Program(
        low=low,
        high=np.array([variable.domain[len(variable.domain) - 1] for variable in source.variables], np.float64),
        cost=cost,
        offset=float(offset),
        row_low=np.array(rows.low, np.float64),
        row_high=np.array(rows.high, np.float64),
        begin=np.array(rows.begin, np.int32),
        column=np.array(rows.column, np.int32),
        coefficient=np.array(rows.coefficient, np.float64),
        options=options,
    )
