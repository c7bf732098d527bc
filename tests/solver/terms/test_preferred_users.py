from tests.factories import Json, appointment, position, problem, user
from tests.solver.plans import lowered, placed, shares, term


def regulars(weight: int = 60) -> Json:
    two: Json = {"crew": [position(count=2)]}
    items = [
        appointment("a", users={"preferred": ["ana", "bo"]}, **two),
        appointment("b", users={"preferred": []}, **two),
        appointment("c", **two),
        appointment("d", users={"preferred": ["ana", "bo"]}, **two),
    ]
    users = [user(key) for key in ("ana", "bo", "cy", "di")]
    return problem(users=users, appointments=items, weights={"preferred_users": weight})


def test_preferred_users_cost_nothing() -> None:
    assert term("preferred_users", regulars(), placed("a", "mon 09:00", "bo", "ana")).cost == 0


def test_each_other_user_costs() -> None:
    cost = term(
        "preferred_users", regulars(), placed("a", "mon 09:00", "ana", "cy"), placed("d", "mon 12:00", "cy", "di")
    )
    assert (cost.weight, cost.amount, cost.cost) == (60, 3, 180)
    assert shares("preferred_users", regulars(), placed("d", "mon 12:00", "cy", "di")) == {"d": 120}


def test_empty_preference_is_none() -> None:
    assert term("preferred_users", regulars(), placed("b", "mon 09:00", "cy", "di")).cost == 0


def test_task_prices_outsiders_and_equal_preferences_are_one_object() -> None:
    a, b, c, d = lowered(regulars()).tasks
    assert [a.user_cost(user) for user in range(4)] == [0, 0, 60, 60]
    assert a.outsiders[0] is d.outsiders[0]
    assert b.outsiders == c.outsiders == []
    assert lowered(regulars(0)).tasks[0].outsiders == []
