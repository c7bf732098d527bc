"""`tidyplan what-if`: scenarios on the command line, and plans side by side."""

import json
from pathlib import Path
from typing import Any

import pytest

from tests.factories import Json, appointment, hours, position, problem, span, user
from tests.service.test_cli import invoke, save

QUICK = ("--time-limit", "2", "--workers", "1", "--quiet")
NINE = [span("mon 09:00", "mon 10:00")]


def crowded(**parts: Any) -> Json:
    """Two want Ana at nine; Bo cannot wash."""
    people = [
        user(key, *skills, availability=hours("08:00", "12:00")) for key, skills in (("ana", ["wash"]), ("bo", []))
    ]
    visits = [appointment(key, windows=NINE, crew=[position("wash")], client=key.upper()) for key in ("a", "b")]
    return problem(users=people, appointments=visits, **parts)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return save(tmp_path / "problem.json", crowded())


def answered(*arguments: object) -> Json:
    code, out, _ = invoke("what-if", *arguments, *QUICK, "--json")
    assert code == 0
    document: Json = json.loads(out)
    return document


def test_changes_without_a_scenario_make_one_variant(path: Path) -> None:
    found = answered(path, "--add-user", "like:ana", "--extend-hours", "all:60")
    assert [one["told"] for one in found["variants"]] == [["ana-2 joins, like ana", "all work 60 min longer every day"]]
    (variant,) = found["variants"]
    assert (found["base"]["cost"], variant["cost"], variant["difference"]) == (40_000, 0, -40_000)
    assert (found["base"]["figures"]["left_out"]["normal"], variant["figures"]["left_out"]["normal"]) == (1, 0)
    assert variant["plan"]["status"] == "optimal"


def test_scenarios_hold_the_changes_after_their_names(path: Path) -> None:
    words = ("--scenario", "hire", "--add-user", "like:ana", "--scenario", "ill", "--absent", "ana", "--absent", "bo")
    found = answered(path, *words)
    assert [(one["name"], len(one["told"]), one["cost"]) for one in found["variants"]] == [
        ("hire", 1, 0),
        ("ill", 2, 80_000),
    ]


def test_variants_are_told_side_by_side_and_in_words(path: Path) -> None:
    code, out, _ = invoke("what-if", path, "--scenario", "hire", "--add-user", "like:ana", *QUICK)
    assert code == 0
    lines = [" ".join(line.split()) for line in out.splitlines()]
    assert "hire: ana-2 joins, like ana." in lines
    assert "as it is hire ±" in lines
    assert "assigned 1 2 +1" in lines
    assert "left out, normal 1 0 −1" in lines
    assert "people busy 12.5 % 16.7 % +4.2" in lines
    assert "total 40,000 0 −40,000" in lines
    assert "gap to the bound proved proved" in lines
    told = " ".join(lines)
    assert "hire: 1 more appointment done:" in told
    assert "The cost falls by 40,000, from 40,000 to 0: this is proved." in told


def test_costs_are_compared_at_the_weights_as_they_are(path: Path) -> None:
    code, out, _ = invoke("what-if", path, "--set-weight", "unassigned.normal=7", *QUICK)
    assert code == 0
    assert "Cost, at the weights as they are" in out
    assert "The cost at the weights as they are is the same." in " ".join(out.split())
    (variant,) = answered(path, "--set-weight", "unassigned.normal=7")["variants"]
    assert (variant["cost"], variant["cost_as_it_is"], variant["difference"]) == (7, 40_000, 0)


def test_plans_and_problems_are_written(path: Path, tmp_path: Path) -> None:
    folder = tmp_path / "plans"
    assert invoke("what-if", path, "--add-user", "like:ana", "-o", folder, *QUICK)[0] == 0
    names = ["base.plan.json", "base.problem.json", "variant-1.plan.json", "variant-1.problem.json"]
    assert sorted(file.name for file in folder.iterdir()) == names
    assert invoke("check", folder / "variant-1.problem.json", folder / "variant-1.plan.json")[0] == 0


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ((), "What if what?"),
        (("--scenario", "a"), "a scenario without changes"),
        (("--scenario", "a", "--absent", "ana", "--scenario", "a", "--absent", "bo"), "the name again"),
        (("--add-user", "like:anna"), 'Did you mean "ana"?'),
        (("--remove-user", "x", "--scenario", "b", "--set-weight", "travl=1"), 'Did you mean "travel"?'),
    ],
)
def test_questions_that_cannot_be_asked_are_refused(path: Path, words: tuple[str, ...], said: str) -> None:
    code, out, err = invoke("what-if", path, *words, *QUICK)
    assert (code, out) == (2, "")
    assert said in err


def test_plan_to_begin_with_is_read(path: Path, tmp_path: Path) -> None:
    plan = tmp_path / "plan.json"
    assert invoke("solve", path, "-o", plan, "--time-limit", "2", "--quiet")[0] == 0
    assert answered(path, "--absent", "bo", "--plan", plan)["base"]["cost"] == 40_000
    assert invoke("what-if", path, "--absent", "bo", "--plan", tmp_path / "none.json", *QUICK)[0] == 2
