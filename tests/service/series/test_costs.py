"""What appointments cost, and what cancelling them does, on both databases."""

from datetime import UTC, datetime, timedelta

import pytest

from models.records import Role
from service.database import Database
from tests.service.accounts import Client, Json, account
from tests.service.series.calendar_of import visit


def room(client: Client, **more: object) -> int:
    key = client.made("resources/", {"name": "room", "hourly_rate": "50", "daily_rate": "300"} | more)["id"]
    return int(key)


def cost(row: Json) -> tuple[str | None, str]:
    return row["estimated_cost"], row["currency"]


def test_estimate_follows_rates_until_somebody_says_otherwise(owner: Client) -> None:
    owner.patch(f"users/{owner.user}/", {"hourly_cost": "30"})
    made = owner.made("appointments/", visit(assigned_users=[owner.user], required_resources=[room(owner)]))
    assert cost(made) == ("80.00", "EUR")
    path = f"appointments/{made['id']}/"
    assert cost(owner.patch(path, {"duration_minutes": 90}).json()) == ("120.00", "EUR")
    assert cost(owner.patch(path, {"assigned_users": []}).json()) == ("75.00", "EUR")
    assert cost(owner.patch(path, {"estimated_cost": "99.50"}).json()) == ("99.50", "EUR")
    assert cost(owner.patch(path, {"duration_minutes": 60}).json()) == ("99.50", "EUR")
    assert cost(owner.patch(path, {"estimated_cost": None}).json()) == ("50.00", "EUR")


def test_currencies_stand_side_by_side(owner: Client) -> None:
    owner.patch(f"users/{owner.user}/", {"hourly_cost": "30"})
    key = room(owner, currency="USD", capacity=4)
    requirements = {"resources": [{"resource": key, "units": 1}]}
    made = owner.made("appointments/", visit(assigned_users=[owner.user], requirements=requirements))
    assert cost(made) == ("30.00", "EUR")
    told = owner.get(f"appointments/{made['id']}/costs/").json()
    assert told == {
        "amounts": {"EUR": "30.00", "USD": "12.50"},
        "estimated_cost": "30.00",
        "actual_cost": None,
        "currency": "EUR",
    }
    assert cost(owner.patch(f"appointments/{made['id']}/", {"currency": "USD"}).json()) == ("12.50", "USD")


def test_what_has_no_price_has_no_estimate(owner: Client) -> None:
    assert cost(owner.made("appointments/", visit())) == (None, "EUR")


def test_template_gives_price_and_currency(owner: Client) -> None:
    body = {"name": "t", "start_time": "09:00", "end_time": "10:00", "base_price": "40.5", "currency": "CHF"}
    template = owner.made("schedule-templates/", body)["id"]
    assert cost(owner.made("appointments/", visit(schedule_template=template))) == ("40.50", "CHF")
    assert cost(owner.made("appointments/", visit(1, schedule_template=template, currency="USD"))) == (None, "USD")


def soon(hours: float) -> str:
    """A time some hours ahead, on the grid of five minutes."""
    moment = datetime.now(UTC) + timedelta(hours=hours)
    return moment.replace(minute=moment.minute // 5 * 5, second=0, microsecond=0).isoformat()


def rule(client: Client, parameters: Json, **more: object) -> int:
    body = {"name": "notice", "rule_type": "cancellation", "is_global": True, "parameters": parameters}
    return int(client.made("rules/", body | more)["id"])


def booked(client: Client, hours: float = 10, **more: object) -> Json:
    body = visit(estimated_cost="80", assigned_users=[client.user]) | {"start_datetime": soon(hours)}
    return client.made("appointments/", body | more)


def test_late_cancellation_costs_a_share(owner: Client) -> None:
    key = rule(owner, {"min_hours": 24, "fee_percent": 50})
    made = booked(owner)
    terms = owner.get(f"appointments/{made['id']}/cancellation/").json()
    assert (terms["allowed"], terms["fee"], terms["fee_percent"], terms["rule"]) == (True, "40.00", "50.00", key)
    assert terms["currency"] == "EUR"
    answer = owner.post(f"appointments/{made['id']}/cancel/")
    assert (answer.json()["status"], answer.json()["actual_cost"]) == ("cancelled", "40.00")


@pytest.mark.parametrize("method", ["cancel", "put"])
def test_early_cancellation_is_free(owner: Client, method: str) -> None:
    rule(owner, {"min_hours": 5, "fee_percent": 50})
    made = booked(owner)
    path = f"appointments/{made['id']}/"
    terms = owner.get(f"{path}cancellation/").json()
    assert (terms["fee"], terms["free_until"]) == (None, soon(5).replace("+00:00", "Z"))
    answer = owner.post(f"{path}cancel/") if method == "cancel" else owner.put(path, {"status": "cancelled"})
    assert (answer.json()["status"], answer.json()["actual_cost"]) == ("cancelled", None)


def test_rule_without_a_fee_refuses_unless_overridden(owner: Client, database: Database, app: object) -> None:
    rule(owner, {"min_hours": 24})
    made = booked(owner)
    path = f"appointments/{made['id']}/"
    assert owner.get(f"{path}cancellation/").json()["allowed"] is False
    for answer in (owner.post(f"{path}cancel/"), owner.put(path, {"status": "cancelled"})):
        assert (answer.status_code, answer.json()["code"]) == (422, "rule_violated")
    dispatcher = Client(app, account(database, Role.DISPATCHER, owner.organization))  # type: ignore[arg-type]
    assert dispatcher.post(f"{path}cancel/?override=true&reason=ill").status_code == 403
    assert owner.post(f"{path}cancel/?override=true&reason=ill").json()["status"] == "cancelled"


def test_strictest_of_the_rules_that_bind_decides(owner: Client) -> None:
    other = owner.made("users/", {"name": "b"})["id"]
    rule(owner, {"min_hours": 24, "fee_percent": 10})
    rule(owner, {"min_hours": 12, "fee_percent": 30}, is_global=False, applies_to_users=[owner.user])
    rule(owner, {"fee_percent": 100}, is_global=False, applies_to_users=[other])
    rule(owner, {"fee_percent": 100}, is_active=False)
    rule(owner, {"fee_percent": 100}, end_date="2020-01-01")
    made = booked(owner)
    assert owner.get(f"appointments/{made['id']}/cancellation/").json()["fee"] == "24.00"


@pytest.mark.parametrize(
    "more",
    [
        pytest.param({"is_billable": False}, id="not billable"),
        pytest.param({"estimated_cost": None}, id="no estimate"),
    ],
)
def test_nothing_to_take_a_share_of_is_no_fee(owner: Client, more: Json) -> None:
    rule(owner, {"fee_percent": 100})
    made = booked(owner, **more)
    assert owner.post(f"appointments/{made['id']}/cancel/").json()["actual_cost"] is None


def test_every_occurrence_has_its_own_terms(owner: Client) -> None:
    rule(owner, {"min_hours": 36, "fee_percent": 25})
    made = booked(owner, recurrence_rule="FREQ=DAILY;COUNT=3")
    owner.post(f"appointments/{made['id']}/cancel/?scope=all")
    rows = owner.get("appointments/?ordering=start_datetime").json()["results"]
    assert [row["actual_cost"] for row in rows] == ["20.00", "20.00", None]
