from models.problem import Problem
from solver.terms.workload_balance import able_users
from tests.factories import Json, appointment, hours, position, problem, team, user
from tests.solver.plans import lowered, placed, shares, term


def kitchen(*appointments: Json) -> Json:
    users = [user("ana", "cook"), user("bo", "cook", availability=hours("09:00", "10:00", days="sun")), user("cy")]
    teams = [team("red", "ana", "cy"), team("blue", "bo")]
    return problem(users=users, teams=teams, appointments=list(appointments), weights={"workload_balance": 2})


COOKING = appointment("a", 90, crew=[position("cook")])


def able(*appointments: Json) -> tuple[int, ...]:
    return able_users(Problem.parse(kitchen(*appointments)))


def test_nobody_able_costs_nothing() -> None:
    assert term("workload_balance", kitchen(appointment("a"))).cost == 0


def test_most_and_least_loaded_of_those_able_are_compared() -> None:
    # Ana serves 90 minutes and Bo none, whatever his calendar; Cy cannot cook and does not count.
    cost = term("workload_balance", kitchen(COOKING), placed("a", "mon 09:00", "ana", minutes=90))
    assert (cost.weight, cost.amount, cost.cost) == (2, 90, 180)


def test_equal_loads_cost_nothing() -> None:
    item = kitchen(COOKING, COOKING | {"id": "b"})
    stops = [placed("a", "mon 09:00", "ana", minutes=90), placed("b", "mon 09:00", "bo", minutes=90)]
    assert term("workload_balance", item, *stops).cost == 0
    assert shares("workload_balance", item, stops[0]) == {}


def test_able_are_those_who_fit_some_position() -> None:
    assert able(COOKING) == (0, 1)
    assert able(COOKING | {"users": {"allowed": ["bo", "cy"]}}) == (1,)
    assert able(COOKING | {"users": {"excluded": ["ana"]}}) == (1,)
    assert able(COOKING | {"team": {"any_of": ["red"]}}) == (0,)
    assert able(COOKING, appointment("b", crew=[position()], users={"allowed": ["cy"]})) == (0, 1, 2)


def test_able_are_members_where_the_whole_team_comes() -> None:
    assert able(appointment("a", team={"any_of": ["red"]})) == (0, 2)
    assert able(appointment("a", team={"any_of": ["red", "blue"]}, users={"excluded": ["cy"]})) == (0, 1)
    assert able(appointment("a")) == ()


def test_balanced_users_are_lowered_only_with_a_weight() -> None:
    instance = lowered(kitchen(COOKING))
    assert (instance.balance_weight, instance.balance_users) == (2, (0, 1))
    assert lowered(kitchen(COOKING) | {"weights": {}}).balance_users == ()
