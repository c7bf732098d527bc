from solver.instance import NOWHERE
from tests.factories import Json, appointment, position, problem, user
from tests.solver.plans import lowered, placed, shares, term


def clients(weight: int = 7) -> Json:
    items = [appointment(key, client="ms x", crew=[position(count=2)]) for key in "abc"]
    items += [appointment("d", client="mr y", crew=[position()]), appointment("e", crew=[position()])]
    users = [user(key) for key in ("ana", "bo", "cy", "di")]
    return problem(users=users, appointments=items, weights={"continuity": weight})


def test_one_crew_for_all_visits_costs_nothing() -> None:
    stops = [placed("a", "mon 09:00", "ana", "bo"), placed("b", "mon 12:00", "bo", "ana")]
    assert term("continuity", clients(), *stops).cost == 0


def test_faces_beyond_the_largest_crew_cost() -> None:
    # Four faces against crews of two: 2. Without a client Di is nobody's face.
    stops = [
        placed("a", "mon 09:00", "ana", "bo"),
        placed("b", "mon 12:00", "bo", "cy"),
        placed("c", "mon 15:00", "cy", "di"),
        placed("d", "mon 09:00", "di"),
        placed("e", "mon 12:00", "ana"),
    ]
    cost = term("continuity", clients(), *stops)
    assert (cost.weight, cost.amount, cost.cost) == (7, 2, 14)
    assert shares("continuity", clients(), *stops) == {}


def test_clients_are_counted_apart() -> None:
    stops = [placed("a", "mon 09:00", "ana", "bo"), placed("d", "mon 12:00", "cy")]
    assert term("continuity", clients(), *stops).amount == 0


def test_clients_are_numbered_only_with_a_weight() -> None:
    instance = lowered(clients())
    assert instance.continuity_weight == 7
    assert [task.client for task in instance.tasks] == [0, 0, 0, 1, NOWHERE]
    assert [task.client for task in lowered(clients(0)).tasks] == [NOWHERE] * 5
