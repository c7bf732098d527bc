import json
import subprocess
import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from benchmarks.__main__ import app
from benchmarks.generate import core, write
from benchmarks.registry import BENCHMARKS
from benchmarks.result_file import append, read
from models.plan import load_plan
from tests.benchmarks.runs import done

LINE = {"benchmark", "engine", "suite", "case", "seed", "limits", "result", "when", "commit", "machine", "versions"}


@pytest.fixture
def tiny(tmp_path: Path) -> Path:
    path = tmp_path / "tiny.json"
    write(core(12, 1), path)
    return path


def invoke(*words: object) -> Result:
    return CliRunner(env={"TIDYPLAN_BENCHMARK_DATA": ""}).invoke(app, [str(word) for word in words])


def test_list_prints_suites_engines_and_micro_benchmarks() -> None:
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
    for name in ("core-200-101", "long-20000-101", "hhcrsp", "uhhc", "smptsp", "tidyplan:one-worker"):
        assert name in shown


def test_list_of_a_suite_prints_all_its_instances() -> None:
    answer = invoke("list", "core")
    assert answer.exit_code == 0
    assert "core-10000-101" in answer.output


def test_run_on_a_file_writes_a_line_for_each_seed_and_is_not_done_twice(tiny: Path, tmp_path: Path) -> None:
    results, plans = tmp_path / "results.jsonl", tmp_path / "plans"
    words = ["run", tiny, "--seconds", 0.5, "--workers", 1, "--out", results, "--save-plans", plans, "--seeds"]
    answer = invoke(*words, 1)
    assert answer.exit_code == 0, answer.output
    assert "[1/1] tidyplan on file/tiny, seed 0" in answer.stderr
    (line,) = map(json.loads, results.read_text().splitlines())
    assert set(line) == LINE
    assert (line["case"], line["seed"], line["limits"]) == ("tiny", 0, {"seconds": 0.5, "workers": 1})
    assert set(line["versions"]) == {"tidyplan", "numba", "numpy", "ortools"}
    (plan,) = plans.iterdir()
    assert load_plan(plan).cost == line["result"]["cost"]

    again = invoke(*words, 2)
    assert "1 run is in" in again.stderr
    assert "[1/1] tidyplan on file/tiny, seed 1" in again.stderr
    runs, _ = read([results])
    assert [run.seed for run in runs] == [0, 1]
    assert "2/2" in again.stdout


def test_all_quick_runs_everything_and_writes_the_report(tmp_path: Path) -> None:
    answer = invoke("all", "--quick", "--seconds", 0.5, "--out", tmp_path / "bench")
    assert answer.exit_code == 0, answer.output
    runs, micro = read([tmp_path / "bench" / "results.jsonl"])
    assert {run.suite for run in runs} == {"core", "field", "clinic"}
    assert all(run.is_valid for run in runs)
    assert list(dict.fromkeys(line["benchmark"] for line in micro)) == [entry.name for entry in BENCHMARKS]
    report = (tmp_path / "bench" / "README.md").read_text()
    assert all(f"{suite}-12-101" in report for suite in ("core", "field", "clinic"))
    assert (tmp_path / "bench" / "report.html").exists()


def test_run_kernel_on_a_file_appends_a_dated_result(tiny: Path, tmp_path: Path) -> None:
    results = tmp_path / "results.jsonl"
    for lines in (1, 2):
        answer = invoke("run", "kernel", "--seconds", 0.1, "--problem", tiny, "--json", results)
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


def test_compare_prints_ratios_and_the_sign_test(tmp_path: Path) -> None:
    left, right = tmp_path / "left.jsonl", tmp_path / "right.jsonl"
    append(left, done([(1.0, 200)]).to_json())
    append(right, done([(1.0, 100)], engine="other").to_json())
    append(right, done([(1.0, 300)]).to_json())
    answer = invoke("compare", left, right, "--right-engine", "other")
    assert answer.exit_code == 0, answer.output
    assert "0.5000" in answer.output
    assert "The right is better in 1, worse in 0 and the same in 0." in answer.output
    assert "Sign test: p = 1.000, which may be chance." in answer.output


@pytest.mark.parametrize(
    ("words", "complaint"),
    [
        (("run", "speed"), "speed: there is no such suite, instance or benchmark. The suites are core, "),
        (("run", "core-0-1"), "core-0-1: the suite core has no instance"),
        (("run", "hhcrsp"), "Give --data or set TIDYPLAN_BENCHMARK_DATA"),
        (("run", "nowhere.json"), "nowhere.json: there is no such file."),
        (("run", "core-5-1", "--engine", "sundial"), "sundial: there is no such engine. Choose one of: tidyplan, "),
        (("run", "core-5-1", "--data", "nowhere"), "--data nowhere: there is no such folder."),
        (("run", "core-5-1", "--out", "no/such/folder.jsonl"), "no/such/folder.jsonl: cannot be written"),
        (("run", "kernel", "--problem", "nowhere.json"), "nowhere.json: there is no such file."),
        (("run", "kernel", "--seconds", "inf"), "--seconds inf: a number of seconds is expected"),
        (("list", "moon"), "moon: there is no such family"),
        (("compare", "nowhere.jsonl", "nowhere.jsonl"), "nowhere.jsonl: cannot be read"),
        (("report", "nowhere.jsonl", "-o", "there"), "nowhere.jsonl: cannot be read"),
    ],
    ids=lambda value: "-".join(value) if isinstance(value, tuple) else "",
)
def test_wrong_input_is_named_with_exit_code_two(words: tuple[str, ...], complaint: str) -> None:
    answer = invoke(*words)
    assert answer.exit_code == 2
    assert complaint in answer.stderr


def test_compare_names_the_engines_to_choose_from(tmp_path: Path) -> None:
    path = tmp_path / "results.jsonl"
    for engine in ("tidyplan", "other"):
        append(path, done([(1.0, 200)], engine=engine).to_json())
    assert "Choose with --left-engine" in invoke("compare", path, path).stderr
    answer = invoke("compare", path, path, "--left-engine", "third")
    assert answer.exit_code == 2
    assert "no runs of third. It has: tidyplan, other." in answer.stderr


def test_run_with_a_result_file_that_is_a_folder_says_so(tiny: Path, tmp_path: Path) -> None:
    answer = invoke("run", "kernel", "--seconds", 0.05, "--problem", tiny, "--json", tmp_path)
    assert answer.exit_code == 2
    assert "cannot be written" in answer.stderr
