from tests.factories import Json, appointment, problem
from tests.solver.plans import lowered, placed, shares, term

WEIGHTS = {"low": 1, "normal": 10, "high": 100, "urgent": 1000}


def four() -> Json:
    items = [appointment(key, priority=key) for key in WEIGHTS]
    return problem(appointments=items, weights={"unassigned": WEIGHTS})


def test_nothing_left_out_costs_nothing() -> None:
    cost = term("unassigned", four(), *(placed(key, "mon 09:00") for key in WEIGHTS))
    assert (cost.weight, cost.amount, cost.cost) == (WEIGHTS, dict.fromkeys(WEIGHTS, 0), 0)


def test_each_priority_has_its_weight() -> None:
    # 10 + 1000 for normal and urgent.
    cost = term("unassigned", four(), placed("low", "mon 09:00"), placed("high", "mon 09:00"))
    assert cost.amount == {"low": 0, "normal": 1, "high": 0, "urgent": 1}
    assert cost.cost == 1010


def test_own_weights_are_counted_beside_the_priorities() -> None:
    item = four()
    item["appointments"][0]["unassigned_weight"] = 7
    item["appointments"][1]["unassigned_weight"] = 0
    # 7 + 0 of their own, 100 + 1000 by priority.
    cost = term("unassigned", item)
    assert isinstance(cost.weight, dict)
    assert isinstance(cost.amount, dict)
    assert cost.amount == {"low": 0, "normal": 0, "high": 1, "urgent": 1, "own": 7}
    assert cost.weight == WEIGHTS | {"own": 1}
    assert cost.cost == sum(cost.weight[key] * amount for key, amount in cost.amount.items()) == 1107


def test_each_pays_for_its_own_absence() -> None:
    item = four()
    item["appointments"][0]["unassigned_weight"] = 0
    assert shares("unassigned", item, placed("high", "mon 09:00")) == {"normal": 10, "urgent": 1000}


def test_default_weights_grow_fourfold() -> None:
    item = four() | {"weights": {}}
    assert [task.absent_cost for task in lowered(item).tasks] == [10_000, 40_000, 160_000, 640_000]
    item["appointments"][3]["unassigned_weight"] = 5
    assert lowered(item).tasks[3].absent_cost == 5
