from pathlib import Path

from benchmarks.benchmark import Wishes
from benchmarks.generate import core, write
from benchmarks.suggest import run


def test_an_index_of_a_small_plan_is_measured_full_and_half_empty(tmp_path: Path) -> None:
    write(core(24, 1), tmp_path / "small.json")
    full, half = run(Wishes(problems=(tmp_path / "small.json",), repeats=1))
    assert (full["problem"], half["problem"]) == ("core-24 100 %", "core-24 50 %")
    assert int(half["standing"]) < int(full["standing"]) < 24
    for row in (full, half):
        assert 0 < float(row["median ms"]) <= float(row["p99 ms"])
        assert 0 < float(row["update ms"]) <= float(row["updates p99"])
        assert float(row["build s"]) >= 0
