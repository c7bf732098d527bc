"""The page of the organization, and that of webhooks: who sees and changes what."""

import json

import pytest
from fastapi import FastAPI

from models.enums import DeliveryStatus
from models.records import Role, WebhookDelivery
from service.callers import the_service
from service.database import Database
from tests.service.accounts import Client, account
from tests.service.admin.visitor import Visitor, enter


def dead(database: Database, owner: Client) -> int:
    """A webhook that could not be delivered."""
    integration = {"name": "CRM", "integration_type": "crm", "sync_enabled": True}
    key = owner.made("integrations/", integration)["id"]
    with database.session(the_service(owner.organization)) as session:
        row = WebhookDelivery(
            integration_id=key,
            message="msg_1",
            event="appointment.created",
            subject="appointment:1",
            payload={"type": "appointment.created", "data": {"title": "Windows"}},
            status=DeliveryStatus.DEAD,
            attempts=4,
            error_message="https://crm.example/ answers 500.",
        )
        session.add(row)
        session.commit()
        return row.id


def test_owner_changes_what_the_organization_decides(visitor: Visitor, owner: Client) -> None:
    page = visitor.get("organization/detail", pk=owner.organization)
    assert page.status_code == 200, page.text
    assert "active users: 1" in page.text
    assert "Bay Cleaning" in visitor.get("organization/list").text
    form = visitor.form("organization/edit", pk=owner.organization)
    changes = {
        "name": "Bay Area",
        "weights": '{"travel": 7}',
        "policies": '{"reminder_hours": 12}',
        "retention": '{"appointments_days": 400}',
    }
    assert visitor.post("organization/edit", form | changes, pk=owner.organization).status_code == 303
    found = owner.get("organization/").json()
    assert (found["name"], found["weights"]["travel"], found["policies"]["reminder_hours"]) == ("Bay Area", 7, 12)
    assert found["retention"]["appointments_days"] == 400
    wrong = visitor.post("organization/edit", form | {"timezone": "Mars"}, pk=owner.organization)
    assert wrong.status_code != 303
    assert owner.get("organization/").json()["timezone"] == "America/Los_Angeles"


@pytest.mark.parametrize("role", [Role.PLANNER, Role.VIEWER])
def test_others_only_read_it(pages: FastAPI, database: Database, owner: Client, role: Role) -> None:
    visitor = enter(pages, database, account(database, role, owner.organization).user)
    assert visitor.get("organization/detail", pk=owner.organization).status_code == 200
    assert visitor.get("organization/edit", pk=owner.organization).status_code == 403
    assert visitor.post("organization/edit", {"name": "Mine"}, pk=owner.organization).status_code == 403


def test_nobody_sees_or_changes_another_organization(
    pages: FastAPI, database: Database, visitor: Visitor, owner: Client
) -> None:
    other = Client(pages, account(database))
    other.patch("organization/", {"name": "Elsewhere"})
    assert "Elsewhere" not in visitor.get("organization/list").text
    assert visitor.get("organization/detail", pk=other.organization).status_code == 404
    assert visitor.get("organization/create").status_code in (403, 404)
    visitor.post("organization/edit", {"name": "Taken"}, pk=other.organization)
    visitor.post("_api/organization/row-action", pk=other.organization, name="delete")
    assert other.get("organization/").json()["name"] == "Elsewhere"


def test_dead_webhooks_are_listed_and_sent_again(visitor: Visitor, database: Database, owner: Client) -> None:
    key = dead(database, owner)
    page = visitor.get("webhook-deliveries/list")
    assert "appointment.created" in page.text
    detail = visitor.get("webhook-deliveries/detail", pk=key)
    assert "https://crm.example/ answers 500." in detail.text
    assert "Windows" in detail.text
    assert visitor.get("webhook-deliveries/edit", pk=key).status_code == 403
    answer = visitor.post("_api/webhook-deliveries/action", name="replay", pks=[key])
    assert answer.status_code == 200, answer.text
    row = owner.get(f"webhook-deliveries/{key}/").json()
    assert (row["status"], row["attempts"], row["replays"]) == ("pending", 0, 1)
    assert "dead webhooks: 0" in visitor.get("organization/detail", pk=owner.organization).text


def test_who_may_not_see_integrations_sees_no_webhooks(pages: FastAPI, database: Database, owner: Client) -> None:
    dead(database, owner)
    visitor = enter(pages, database, account(database, Role.VIEWER, owner.organization).user)
    assert visitor.get("webhook-deliveries/list").status_code == 403
    assert json.dumps("webhook-deliveries") not in visitor.get("").text
