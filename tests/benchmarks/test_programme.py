from pathlib import Path

import pytest

from benchmarks.case import NoInstance
from benchmarks.generate import FAMILIES, core, write
from benchmarks.programme import QUICK_SIZE, SIZES, Target, open_case, quick_targets, resolve, suite_names


@pytest.fixture(autouse=True)
def _no_data(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("TIDYPLAN_BENCHMARK_DATA", raising=False)


def test_suites_are_the_generated_families_and_the_public_sets() -> None:
    assert set(suite_names()) == {*FAMILIES, "hhcrsp", "uhhc", "smptsp"}
    assert set(SIZES) == set(FAMILIES)


def test_resolve_of_a_suite_lists_its_instances_by_size() -> None:
    assert resolve("long", None) == [Target("long", "long-2000-101"), Target("long", "long-20000-101")]


@pytest.mark.parametrize(
    ("name", "target"),
    [("core-200-7", Target("core", "core-200-7")), ("field/field-30-1", Target("field", "field-30-1"))],
)
def test_resolve_of_an_instance_takes_any_size_and_seed(name: str, target: Target) -> None:
    assert resolve(name, None) == [target]


@pytest.mark.parametrize(
    ("name", "complaint"),
    [
        ("moon", "moon: there is no such suite, instance or benchmark. The suites are core, "),
        ("moon-200-1", "moon-200-1: there is no such suite"),
        ("core-0-1", "core-0-1: the suite core has no instance 'core-0-1'; python -m benchmarks list core names them."),
        ("hhcrsp", "TIDYPLAN_BENCHMARK_DATA"),
        ("hhcrsp/A1", "TIDYPLAN_BENCHMARK_DATA"),
    ],
)
def test_resolve_of_what_is_not_there_says_what_is(name: str, complaint: str) -> None:
    with pytest.raises(NoInstance) as caught:
        resolve(name, None)
    assert complaint in str(caught.value)


def test_resolve_finds_the_instances_of_a_public_set_in_its_folder(tmp_path: Path) -> None:
    (tmp_path / "smptsp" / "instances").mkdir(parents=True)
    for name in ("data_10", "data_9"):
        (tmp_path / "smptsp" / "instances" / f"{name}.dat").touch()
    assert resolve("smptsp", tmp_path) == [Target("smptsp", "data_9"), Target("smptsp", "data_10")]
    assert resolve("smptsp/data_9", tmp_path) == [Target("smptsp", "data_9")]
    with pytest.raises(NoInstance, match="no instance 'data_8'"):
        resolve("smptsp/data_8", tmp_path)


def test_a_file_is_an_instance(tmp_path: Path) -> None:
    path = tmp_path / "mine.json"
    write(core(5, 1), path)
    (target,) = resolve(str(path), None)
    assert (target.suite, target.case) == ("file", "mine")
    assert open_case(target, None).document == core(5, 1)


def test_quick_targets_are_tiny() -> None:
    for target in quick_targets():
        assert len(open_case(target, None).document["appointments"]) == QUICK_SIZE
