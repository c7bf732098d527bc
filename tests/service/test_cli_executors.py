"""`tidyplan solve --executor` and `--cluster`."""

import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest

from models.plan import load_plan
from tests.service.test_cli import invoke, save
from tests.service.test_cli_solve import QUICK, crowded, long_week


@pytest.fixture
def crowd(tmp_path: Path) -> Path:
    return save(tmp_path / "crowd.json", crowded())


@pytest.fixture
def solve_on_processes(tmp_path: Path) -> Iterator[subprocess.Popen[str]]:
    """A long solve on two processes, in a process group of its own like a job of a terminal, with a first plan."""
    path = save(tmp_path / "week.json", long_week())
    options = ["-o", str(tmp_path / "plan.json"), "--time-limit", "300", "--workers", "2", "--executor", "processes"]
    command = [sys.executable, "-u", "-m", "service.cli", "solve", str(path), *options]
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, start_new_session=True
    ) as process:
        try:
            assert process.stderr is not None
            assert any("anneal" in line for line in process.stderr)
            yield process
        finally:
            with suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)


def test_ctrl_c_on_the_terminal_spares_the_processes(solve_on_processes: subprocess.Popen[str], tmp_path: Path) -> None:
    os.killpg(solve_on_processes.pid, signal.SIGINT)
    out, err = solve_on_processes.communicate(timeout=60)
    assert solve_on_processes.returncode == 0
    assert "Written to" in out
    assert "Stopping: the best plan so far is kept." in err
    assert "Traceback" not in err
    assert "ended unexpectedly" not in err
    assert load_plan(tmp_path / "plan.json").assignments
    assert is_gone(solve_on_processes.pid, 10.0)


def is_gone(group: int, seconds: float) -> bool:
    """Whether nothing of a process group is left after some seconds."""
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        try:
            os.killpg(group, 0)
        except ProcessLookupError:
            return True
        time.sleep(0.05)
    return False


def test_processes_plan_like_threads(crowd: Path) -> None:
    code, out, err = invoke("solve", crowd, "--executor", "processes", *QUICK)
    assert code == 0
    assert re.search(r"left out +1 normal", out)
    assert "Traceback" not in err


@pytest.mark.parametrize("executor", ["threads", "processes"])
def test_a_cluster_is_for_dask(crowd: Path, executor: str) -> None:
    code, out, err = invoke("solve", crowd, "--executor", executor, "--cluster", "tcp://host:8786", *QUICK)
    assert (code, out) == (2, "")
    assert f"--cluster tcp://host:8786: {executor} run on this machine." in err


def test_dask_without_its_package_is_refused(crowd: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "distributed", None)
    code, out, err = invoke("solve", crowd, "--cluster", "tcp://host:8786", *QUICK)
    assert (code, out) == (2, "")
    assert "pip install 'tidyplan[cluster]'" in err


def test_unknown_executor_is_bad_input(crowd: Path) -> None:
    assert invoke("solve", crowd, "--executor", "magic", *QUICK)[0] == 2
