import pytest

from benchmarks import engine
from benchmarks.engine import EngineEntry, EngineError, engines, entry_of, register
from benchmarks.families.core import core
from benchmarks.own_engine import VARIANTS, Tidyplan, load
from models.problem import Problem
from solver.check import check
from solver.progress import Options


def test_engines_begin_with_our_own_and_have_the_peers() -> None:
    assert next(iter(engines())) == "tidyplan"
    assert len(engines()) > 1


def test_entry_of_a_variant_is_that_of_its_engine() -> None:
    entry, variant = entry_of("tidyplan:one-worker")
    assert (entry.name, variant) == ("tidyplan", "one-worker")
    assert load(variant) == Tidyplan({"workers": 1})


@pytest.mark.parametrize(
    ("name", "complaint"),
    [
        ("sundial", "sundial: there is no such engine. Choose one of: tidyplan, "),
        ("tidyplan:slow", "tidyplan has no such variant. Its variants: tidyplan:kernel-only, "),
        ("tidyplan:", "tidyplan has no such variant"),
    ],
)
def test_entry_of_what_is_not_there_names_what_is(name: str, complaint: str) -> None:
    with pytest.raises(EngineError, match=complaint):
        entry_of(name)


@pytest.mark.parametrize("name", ["tidyplan", "tidy:plan"])
def test_register_refuses_a_name_that_is_taken_or_has_a_colon(name: str) -> None:
    engines()
    with pytest.raises(ValueError, match="Choose another"):
        register(EngineEntry(name, "another", load))
    assert name not in engine._ENTRIES or engine._ENTRIES[name].summary == "our own solver"


@pytest.mark.parametrize("name", VARIANTS)
def test_variant_overrides_options_that_there_are(name: str) -> None:
    Options(**dict(VARIANTS[name].overrides))


def test_our_engine_tells_the_way_to_the_plan_that_check_prices() -> None:
    document = core(20, 3)
    found = Tidyplan().solve(document, 1.0, 1, 0)
    assert found.plan is not None
    report = check(Problem.parse(document), found.plan)
    assert report.valid
    assert report.cost == found.cost == found.events[-1].cost
    costs = [event.cost for event in found.events]
    assert costs == sorted(costs, reverse=True)
    assert [event.seconds for event in found.events] == sorted(event.seconds for event in found.events)
    assert document == core(20, 3)
