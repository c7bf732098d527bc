from typing import Any

from models.enums import ConflictType
from tests.factories import Json, appointment, position, problem, resource, rule, user
from tests.solver.plans import broken, lowered, placed, report, use

CLOSED: Json = {"start_date": "2026-11-23", "end_date": "2026-11-23", "start_time": "09:00", "end_time": "10:00"}


def workshop(**fields: Any) -> Json:
    return problem(
        users=[user("ana")],
        resources=[resource("lift"), resource("van")],
        rules=[rule("maintenance", **CLOSED, **fields)],
        appointments=[appointment("a", crew=[position()], resources=[{"resource_type": "room"}])],
    )


def test_resource_under_maintenance_is_closed() -> None:
    item = workshop(applies_to_resources=["lift"])
    lift = placed("a", "mon 09:30", "ana", resources=[use("lift")])
    assert broken("maintenance", item, lift) == [(("a",), 30)]
    types = {v.rule: v.conflict_type for v in report(item, lift).violations}
    assert types["maintenance"] is ConflictType.RESOURCE_CONFLICT
    assert broken("maintenance", item, placed("a", "mon 10:00", "ana", resources=[use("lift")])) == []
    assert broken("maintenance", item, placed("a", "mon 09:30", "ana", resources=[use("van")])) == []


def test_global_maintenance_closes_all_resources_and_no_users() -> None:
    assert broken("maintenance", workshop(), placed("a", "mon 09:00", "ana", resources=[use("van")])) == [(("a",), 60)]
    instance = lowered(workshop())
    assert [(c.start, c.end, c.rule) for c in instance.resources[1].closed] == [(540, 600, "maintenance")]
    assert instance.users[0].closed == instance.organization.closed == []
