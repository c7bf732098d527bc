import json
from pathlib import Path

import pytest

from benchmarks.result_file import BadResults, Run, append, read
from tests.benchmarks.runs import done, undone


def test_runs_are_read_as_they_were_written(tmp_path: Path) -> None:
    path = tmp_path / "results.jsonl"
    runs = [done([(0.5, 200), (1.0, 100)]), undone("unsupported", seed=1, message="no travel")]
    for run in runs:
        append(path, run.to_json())
    append(path, {"benchmark": "kernel", "result": {"problem": "tiny"}})
    assert read([path]) == (runs, [{"benchmark": "kernel", "result": {"problem": "tiny"}}])


def test_read_keeps_the_newest_of_runs_with_the_same_key(tmp_path: Path) -> None:
    path = tmp_path / "results.jsonl"
    for cost in (200, 100):
        append(path, done([(1.0, cost)]).to_json())
    (run,) = read([path])[0]
    assert run.cost == 100


def test_append_takes_out_a_line_that_was_cut_off(tmp_path: Path) -> None:
    path = tmp_path / "results.jsonl"
    append(path, done([(1.0, 100)]).to_json())
    path.write_text(path.read_text() + '{"benchmark": "sol')
    assert len(read([path])[0]) == 1
    append(path, done([(1.0, 100)], seed=1).to_json())
    assert [run.seed for run in read([path])[0]] == [0, 1]


def test_append_ends_a_whole_line_that_was_not_ended(tmp_path: Path) -> None:
    path = tmp_path / "results.jsonl"
    path.write_text(json.dumps(done([(1.0, 100)]).to_json()))
    append(path, done([(1.0, 100)], seed=1).to_json())
    assert [run.seed for run in read([path])[0]] == [0, 1]


def test_events_end_with_the_cost_that_was_checked() -> None:
    withdrawn = done([(1.0, 100)], cost=150, value=150.0, seconds=3.0)
    assert withdrawn.events == ((1.0, 100), (3.0, 150))
    assert done([(1.0, 100)]).events == ((1.0, 100),)


@pytest.mark.parametrize(
    ("content", "complaint"),
    [
        ("{}\n{}\n", r"results.jsonl:1: no result of a benchmark: 'benchmark'"),
        ("nonsense\n{}\n", "results.jsonl:1: this is no JSON"),
        ("[1]\n", "results.jsonl:1: no JSON object"),
        ('{"benchmark": "solve", "engine": "tidyplan"}\n', "results.jsonl:1: no result of a benchmark: 'suite'"),
    ],
    ids=["no benchmark", "no json", "no object", "no suite"],
)
def test_read_names_the_line_that_is_wrong(tmp_path: Path, content: str, complaint: str) -> None:
    path = tmp_path / "results.jsonl"
    path.write_text(content)
    with pytest.raises(BadResults, match=complaint):
        read([path])


def test_read_and_append_say_what_is_wrong_with_a_path(tmp_path: Path) -> None:
    with pytest.raises(BadResults, match=r"nowhere.jsonl: cannot be read: No such file"):
        read([tmp_path / "nowhere.jsonl"])
    with pytest.raises(BadResults, match="cannot be written"):
        append(tmp_path / "no" / "folder.jsonl", {})


def test_a_plan_without_a_value_is_no_result() -> None:
    line = done([(1.0, 100)]).to_json()
    line["result"]["value"] = float("nan")
    with pytest.raises(ValueError, match="value"):
        Run.from_json(line)
