"""Presets fill in what a problem leaves open, and nothing else."""

from pathlib import Path

import pytest

from models.enums import WeightPreset
from models.presets import PRESETS, weighed
from models.problem import PriorityWeights, Problem, Weights
from tests.factories import Json, problem

README = (Path(__file__).parents[2] / "README.md").read_text()


def read(weights: Json) -> Problem:
    return Problem.parse(problem() | {"weights": weights})


def test_every_preset_is_declared() -> None:
    assert set(PRESETS) == set(WeightPreset)


@pytest.mark.parametrize("preset", WeightPreset)
def test_preset_gives_its_weights_to_a_problem_without_any(preset: WeightPreset) -> None:
    assert weighed(read({}), preset).weights == PRESETS[preset].weights != Weights()


@pytest.mark.parametrize("preset", WeightPreset)
def test_preset_fits_beneath_the_least_important_appointment(preset: WeightPreset) -> None:
    weights = PRESETS[preset].weights
    assert max(weights.effective().values()) < weights.unassigned.low


def test_no_preset_leaves_the_problem_alone() -> None:
    item = read({"travel": 7})
    assert weighed(item, None) is item


def test_weights_of_the_problem_stay_on_top() -> None:
    # 30 is the default of `moved`: what is stated counts, whatever its value
    item = weighed(read({"moved": 30, "unassigned": {"low": 5}}), WeightPreset.STABILITY)
    assert item.weights.moved == 30
    assert item.weights.reassigned == 3_000
    assert item.weights.unassigned == PriorityWeights(low=5)


def test_weighed_problem_is_written_with_its_weights() -> None:
    item = weighed(read({"travel": 7}), WeightPreset.COST)
    assert Problem.parse(item.to_json()).weights == item.weights


@pytest.mark.parametrize("preset", WeightPreset)
def test_readme_tells_each_preset(preset: WeightPreset) -> None:
    assert f"| `{preset}` | {PRESETS[preset].does} | {PRESETS[preset].when} |" in README
