"""`python -m solver.cpsat.mip_worker`: HiGHS in a process of its own, which is ended where nothing else would stop it.

It reads a pickled `Program`, and writes a line of JSON for every better bound and every better solution, and a last
one when it has ended. It ends, too, when its standard input does. Nothing here may import ortools, which brings
another version of the same library.
"""

from __future__ import annotations

import json
import math
import os
import pickle
import signal
import sys
import threading
from typing import TextIO

import highspy
import numpy as np
from highspy.highs import HighsCallbackEvent

from solver.cpsat.program import Program

MOST_BYTES = 3 << 30  # of memory, the libraries' own included
HALF = 0.5


class Reporter:
    """Tells what the solver finds, each time it is better.

    Parameters
    ----------
    output
        Where lines go.
    """

    def __init__(self, output: TextIO) -> None:
        self._output = output
        self._best = -math.inf

    def tell(self, **facts: object) -> None:
        """Write a line."""
        self._output.write(json.dumps(facts) + "\n")
        self._output.flush()

    def bound(self, proved: float) -> None:
        """Tell a lower bound of the cost."""
        if math.isfinite(proved) and proved > self._best:
            self._best = proved
            self.tell(bound=proved)

    def on_interrupt(self, event: HighsCallbackEvent) -> None:
        """Look at the bound whenever the solver asks whether to go on."""
        self.bound(event.data_out.mip_dual_bound)

    def on_solution(self, event: HighsCallbackEvent) -> None:
        """Tell a solution that is better than all before."""
        self.bound(event.data_out.mip_dual_bound)
        ones = np.flatnonzero(np.array(event.data_out.mip_solution) > HALF)
        self.tell(ones=ones.tolist())


def main() -> None:
    """Solve what comes in."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    # Whatever libraries print goes elsewhere.
    output = os.fdopen(os.dup(sys.stdout.fileno()), "w", encoding="utf-8")
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())
    if sys.platform != "win32":
        import resource

        resource.setrlimit(resource.RLIMIT_AS, (MOST_BYTES, MOST_BYTES))
    source = sys.stdin.buffer
    program: Program = pickle.load(source)
    threading.Thread(target=_end_with, args=(source.fileno(),), daemon=True).start()
    reporter = Reporter(output)
    solver = highspy.Highs()  # type: ignore[no-untyped-call] # its constructor has no types
    for name, value in program.options.items():
        if solver.setOptionValue(name, value) != highspy.HighsStatus.kOk:
            raise ValueError(f"HiGHS refuses the option {name} = {value}")
    solver.passModel(_model(program))
    solver.cbMipInterrupt.subscribe(reporter.on_interrupt)
    solver.cbMipImprovingSolution.subscribe(reporter.on_solution)
    solver.run()
    status = solver.getModelStatus()
    if status == highspy.HighsModelStatus.kOptimal:
        reporter.bound(solver.getInfo().mip_dual_bound)
    reporter.tell(ended=True, impossible=status == highspy.HighsModelStatus.kInfeasible)


def _end_with(source: int) -> None:
    """End the process when a file does, which holds nothing more: its writer is gone."""
    os.read(source, 1)
    os._exit(0)


def _model(program: Program) -> highspy.HighsLp:
    model = highspy.HighsLp()
    model.num_col_, model.num_row_ = len(program.cost), len(program.row_low)
    model.col_cost_, model.offset_ = program.cost, program.offset
    model.col_lower_, model.col_upper_ = program.low, program.high
    model.row_lower_, model.row_upper_ = program.row_low, program.row_high
    model.a_matrix_.format_ = highspy.MatrixFormat.kRowwise
    model.a_matrix_.start_ = program.begin
    model.a_matrix_.index_ = program.column
    model.a_matrix_.value_ = program.coefficient
    model.integrality_ = [highspy.HighsVarType.kInteger] * len(program.cost)
    return model


if __name__ == "__main__":
    main()
