"""The independent reading of the specification, where there is one."""

import importlib.util
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.factories import Json

INDEPENDENT = "TIDYPLAN_INDEPENDENT_CHECK"


@pytest.fixture(scope="session")
def independent() -> Callable[[Json, Json], Any]:
    """The independent reading of the specification, as a function of problem and plan."""
    path = os.environ.get(INDEPENDENT)
    if not path:
        pytest.skip(f"{INDEPENDENT} names no independent check")
    spec = importlib.util.spec_from_file_location("independent_check", Path(path))
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    judge: Callable[[Json, Json], Any] = module.Check
    return judge
