import json
import subprocess
import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from benchmarks.__main__ import app
from benchmarks.generate import core, write
from benchmarks.registry import BENCHMARKS


@pytest.fixture
def tiny(tmp_path: Path) -> Path:
    path = tmp_path / "tiny.json"
    write(core(12, 1), path)
    return path


def invoke(*words: object) -> Result:
    return CliRunner().invoke(app, [str(word) for word in words])


def test_list_prints_every_benchmark_with_its_line() -> None:
    shown = subprocess.run(
        [sys.executable, "-m", "benchmarks", "list"],
        capture_output=True,
        text=True,
        check=True,
        cwd=Path(__file__).parents[2],
    ).stdout
    for entry in BENCHMARKS:
        assert entry.name in shown
        assert entry.summary in shown


def test_run_kernel_on_a_file_appends_a_dated_result(tiny: Path, tmp_path: Path) -> None:
    results = tmp_path / "results.jsonl"
    for lines in (1, 2):
        answer = invoke("run", "kernel", "--seconds", 0.2, "--problem", tiny, "--json", results)
        assert answer.exit_code == 0, answer.output
        assert "core-12-seed-1" in answer.output
        assert len(results.read_text().splitlines()) == lines
    kept = json.loads(results.read_text().splitlines()[0])
    assert kept["benchmark"] == "kernel"
    assert kept["result"]["problem"] == "core-12-seed-1"
    assert min(kept["result"][figure] for figure in ("moves/s", "placements/s", "pairs/s")) > 0
    assert kept["result"]["annealed cost"] <= kept["result"]["greedy cost"]
    assert kept["machine"]["cpus"] >= 1
    assert set(kept["versions"]) == {"tidyplan", "numba", "numpy", "ortools"}


def test_run_first_plan_on_a_file_says_how_soon_and_what(tiny: Path, tmp_path: Path) -> None:
    results = tmp_path / "results.jsonl"
    answer = invoke("run", "first-plan", "--problem", tiny, "--json", results)
    assert answer.exit_code == 0, answer.output
    result = json.loads(results.read_text())["result"]
    assert 0 < result["least"] <= result["seconds"] <= result["most"]
    assert 0 < result["assigned"] <= result["of"] == 12


@pytest.mark.parametrize(
    ("words", "complaint"),
    [
        (("run", "speed"), "speed: there is no such benchmark. Choose one of: kernel, first-plan."),
        (("run", "kernel", "--problem", "nowhere.json"), "nowhere.json: there is no such file."),
        (("run", "kernel", "--seconds", "inf"), "--seconds inf: a number of seconds is expected"),
    ],
    ids=["name", "file", "seconds"],
)
def test_run_with_wrong_input_says_what_is_wrong(words: tuple[str, ...], complaint: str) -> None:
    answer = invoke(*words)
    assert answer.exit_code == 2
    assert complaint in answer.stderr


def test_run_with_a_result_file_that_cannot_be_written_says_so(tiny: Path, tmp_path: Path) -> None:
    answer = invoke("run", "kernel", "--seconds", 0.05, "--problem", tiny, "--json", tmp_path)
    assert answer.exit_code == 2
    assert "cannot be written" in answer.stderr
