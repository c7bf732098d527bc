"""The sizes of the micro-benchmarks."""

from __future__ import annotations

import pytest

from benchmarks.micro.planned import SIZES, Planned, planned


@pytest.fixture(scope="session", params=SIZES, ids=str)
def case(request: pytest.FixtureRequest) -> Planned:
    """A core problem of each size with a greedy plan."""
    return planned(request.param)
