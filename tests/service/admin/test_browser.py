"""The pages in a browser, wide and narrow: found, searched, changed, confirmed; nothing is wider than the screen."""

import socket
import threading
import time
from collections.abc import Iterator
from typing import Any

import pytest
import uvicorn
from fastapi import FastAPI

from service.database import Database
from tests.service.accounts import Client
from tests.service.admin.chromium import browser, pictures
from tests.service.admin.test_organization import dead
from tests.service.admin.visitor import PASSWORD, allow

__all__ = ["browser"]

ACROSS = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
WIDTHS = {"wide": (1280, 800), "phone": (390, 844)}


@pytest.fixture
def address(pages: FastAPI) -> Iterator[str]:
    """Serves the pages on a free port."""
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        server = uvicorn.Server(uvicorn.Config(pages, log_level="warning", lifespan="off"))
        thread = threading.Thread(target=server.run, args=([listening],), daemon=True)
        thread.start()
        while not server.started:
            time.sleep(0.01)
        yield f"http://127.0.0.1:{listening.getsockname()[1]}/admin"
        server.should_exit = True
        thread.join(10)


@pytest.fixture
def database(database: Database) -> Database:
    """One kind of database is enough for a browser."""
    if not database.is_sqlite:
        pytest.skip("the browser sees the same pages on both databases")
    return database


def fit(page: Any, name: str) -> None:
    """Wait until a page is no wider than the screen, and take its picture where one is wanted."""
    limit = time.monotonic() + 10
    while (across := page.evaluate(ACROSS)) > 0 and time.monotonic() < limit:
        page.wait_for_timeout(50)
    if pictures():
        page.screenshot(path=f"{pictures()}/{name}.png", full_page=True)
    assert across <= 0, f"{name} is {across} px wider than the screen"


@pytest.mark.parametrize("width", WIDTHS)
def test_appointments_are_found_changed_and_confirmed(
    browser: Any, address: str, database: Database, owner: Client, width: str
) -> None:
    ana = owner.made("users/", {"name": "Ana Ruiz"})
    team = owner.made("teams/", {"name": "Alpha"})
    owner.made("team-members/", {"team": team["id"], "user": ana["id"]})
    for i, title in enumerate(("Windows", "Carpets", "Windows, again")):
        start = f"2026-11-30T{17 + i}:00:00Z"
        owner.made("appointments/", {"title": title, "start_datetime": start, "duration_minutes": 45})
    wide, high = WIDTHS[width]
    context = browser.new_context(viewport={"width": wide, "height": high}, timezone_id="Europe/Berlin")
    page = context.new_page()
    page.set_default_timeout(15_000)
    faults: list[str] = []
    page.on("pageerror", lambda error: faults.append(str(error)))
    page.on("console", lambda said: faults.append(said.text) if said.type == "error" else None)
    page.on("request", lambda asked: faults.append(asked.url) if "127.0.0.1" not in asked.url[:30] else None)

    page.goto(f"{address}/appointments/list")
    fit(page, f"login-{width}")
    page.fill("#username", allow(database, owner.user))
    page.fill("#password", PASSWORD)
    page.click("button[type=submit]")
    page.wait_for_selector("text=Carpets")
    assert page.locator("text=2026-11-30 09:00").count() == 1
    fit(page, f"list-{width}")
    page.goto(f"{address}/appointments/list?q=windows")
    page.wait_for_selector("text=Windows, again")
    assert page.locator("text=Carpets").count() == 0
    fit(page, f"search-{width}")
    boxes = page.locator("tbody input[type=checkbox]")
    for i in range(boxes.count()):
        boxes.nth(i).check()
    page.click("[data-sa-hook=actions-dropdown] button")
    page.click("[data-sa-hook=actions-dropdown] [data-sa-name=confirm]")
    page.wait_for_selector("text=Confirm the chosen ones?")
    page.wait_for_timeout(400)  # the dialog fades in
    fit(page, f"bulk-{width}")
    page.click("#actionSubmit")
    page.wait_for_selector("text=2 confirmed.")
    statuses = [row["status"] for row in owner.get("appointments/?search=windows").json()["results"]]
    assert statuses == ["confirmed", "confirmed"]
    key = owner.get("appointments/?search=carpets").json()["results"][0]["id"]
    page.goto(f"{address}/appointments/edit?pk={key}")
    page.fill("#title", "Carpets and rugs")
    fit(page, f"edit-{width}")
    page.get_by_role("button", name="Save", exact=True).click()
    page.wait_for_selector("text=was changed successfully")
    assert owner.get(f"appointments/{key}/").json()["title"] == "Carpets and rugs"
    page.goto(f"{address}/teams/edit?pk={team['id']}")
    page.wait_for_selector(".inline-formset .select2")
    fit(page, f"team-{width}")
    page.goto(f"{address}/teams/detail?pk={team['id']}")
    page.wait_for_selector("a:has-text('Ana Ruiz')")
    fit(page, f"detail-{width}")
    page.goto(address + "/")
    fit(page, f"home-{width}")
    context.close()
    assert faults == []


@pytest.mark.parametrize("width", WIDTHS)
def test_organization_is_changed_and_dead_webhooks_are_sent_again(
    browser: Any, address: str, database: Database, owner: Client, width: str
) -> None:
    dead(database, owner)
    wide, high = WIDTHS[width]
    context = browser.new_context(viewport={"width": wide, "height": high})
    page = context.new_page()
    page.set_default_timeout(15_000)
    faults: list[str] = []
    page.on("pageerror", lambda error: faults.append(str(error)))
    page.on("console", lambda said: faults.append(said.text) if said.type == "error" else None)

    page.goto(f"{address}/organization/edit?pk={owner.organization}")
    page.fill("#username", allow(database, owner.user))
    page.fill("#password", PASSWORD)
    page.click("button[type=submit]")
    page.wait_for_selector("#name")
    page.fill("#name", "Bay Area")
    page.fill("#weights", '{"travel": 7}')
    fit(page, f"organization-edit-{width}")
    page.get_by_role("button", name="Save", exact=True).click()
    page.wait_for_selector("text=was changed successfully")
    assert owner.get("organization/").json()["weights"]["travel"] == 7
    page.goto(f"{address}/organization/detail?pk={owner.organization}")
    page.wait_for_selector("text=dead webhooks: 1")
    fit(page, f"organization-{width}")
    page.goto(f"{address}/webhook-deliveries/list")
    page.wait_for_selector("text=appointment.created")
    fit(page, f"webhooks-{width}")
    page.locator("tbody input[type=checkbox]").first.check()
    page.click("[data-sa-hook=actions-dropdown] button")
    page.click("[data-sa-hook=actions-dropdown] [data-sa-name=replay]")
    page.wait_for_selector("text=Send again the chosen ones?")
    page.wait_for_timeout(400)  # the dialog fades in
    page.click("#actionSubmit")
    page.wait_for_selector("text=1 on their way.")
    assert owner.get("webhook-deliveries/").json()["results"][0]["status"] == "pending"
    context.close()
    assert faults == []
