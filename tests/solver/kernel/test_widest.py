"""The widest free stretch of a day: what it says is true, and no place is missed by it."""

from collections.abc import Iterator

import pytest
from hypothesis import assume, given, settings, strategies as st

import solver.kernel.plan as plans
from solver.kernel.arrays import DAY_MINUTES, UNKNOWN
from solver.kernel.choices import absence
from solver.kernel.place import best_place
from solver.kernel.plan import empty_state, fill_state
from solver.kernel.scratch import BLINK, SAMPLE, scratch
from solver.kernel.widest import is_too_full
from tests.solver.kernel.kernels import Kernel
from tests.strategies import random_problem


@pytest.fixture(scope="module", autouse=True)
def _measured_wherever_it_may_be() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(plans, "MANY_CANDIDATES", 0)
        yield


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 10**6), st.sampled_from(["tiny", "small", "medium"]))
def test_no_place_is_missed(seed: int, size: str) -> None:
    kernel = Kernel(random_problem(seed, size), seed)
    kernel.construct()
    kernel.anneal(200)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(plans, "MANY_CANDIDATES", 1 << 30)
        unmeasured = empty_state(kernel.instance, kernel.packed)
    fill_state(kernel.packed, unmeasured, kernel.solution)
    work = scratch(kernel.packed, seed)
    work.notes[BLINK] = work.notes[SAMPLE] = 0
    assert unmeasured.widest.size == 0
    assume(kernel.state.widest.size)
    for task in kernel.state.absent[: kernel.state.absent_count[0]]:
        limit = absence(kernel.packed, task)
        known = best_place(kernel.packed, kernel.state, work, task, limit)
        assert known == best_place(kernel.packed, unmeasured, work, task, limit)


def test_widest_stretch_counts_entries_and_closing_time() -> None:
    day = {"start": "2026-01-05T09:00:00Z", "end": "2026-01-05T17:00:00Z"}
    busy = {"current": {"start": "2026-01-05T12:00:00Z", "users": ["u"]}, "pinned": True, "crew": [{}]}
    document = {
        "version": 1,
        "horizon": {"start": "2026-01-05T00:00:00Z", "end": "2026-01-07T00:00:00Z"},
        "users": [{"id": "u"}],
        "appointments": [
            {"id": "noon", "duration_minutes": 60, **busy},
            {"id": "short", "duration_minutes": 240, "crew": [{}], "windows": [day]},
            {"id": "long", "duration_minutes": 36 * 60 - 1, "crew": [{}]},
        ],
    }
    kernel = Kernel(document)
    line = kernel.packed.subjects[0]["line"]
    assert not is_too_full(kernel.packed, kernel.state, 1, 0, 0)
    assert kernel.state.widest[line, 0] == 35 * 60
    assert kernel.state.widest[line, 1] == UNKNOWN
    kernel.construct("short")
    assert kernel.state.widest[line, 0] == UNKNOWN
    assert is_too_full(kernel.packed, kernel.state, 2, 0, 0)
    assert kernel.state.widest[line, 0] <= 2 * DAY_MINUTES - 14 * 60
