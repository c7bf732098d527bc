"""Ways out of conflicts and onto the plan, taken on the board; what became of them is asked of the API."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from tests.service.board.conftest import Opener
from tests.service.board.test_board import bar, day, days_on
from tests.service.board.test_moving import saved, stored, utc
from tests.service.board.world import Json, World, at

if TYPE_CHECKING:
    from playwright.sync_api import Locator, Page

pytestmark = pytest.mark.xdist_group("board")
PATIENCE = 120_000


def leave(world: World, number: int, name: str = "Ana Ortiz") -> tuple[Json, Json]:
    """Somebody is on leave over a visit; gives the visit and its conflict."""
    date, user = days_on(number), world.users[name]
    made = world.appointment("Leave me", at("09:00", date), assigned_users=[user])
    away = {"start": at("08:00", date), "end": at("11:00", date)}
    world.api.make("absences/", user=user, kind="leave", **away)
    found = world.api.get(f"conflicts/unresolved/?primary_appointment={made['id']}")["results"]
    return made, found[0]


def ways_of(page: Page, conflict: Json) -> Locator:
    """Open the inbox, and ask for the ways out of a conflict."""
    page.get_by_role("tab", name="Conflicts").click()
    card = page.locator(f"[data-conflict='{conflict['id']}']")
    card.get_by_role("button", name="Ways out").click()
    ways = card.get_by_role("list", name="Ways out")
    ways.wait_for(timeout=PATIENCE)
    return ways


def test_way_out_is_taken_by_one_click_and_back(opened: Opener, world: World) -> None:
    made, conflict = leave(world, 30)
    page = opened(hash_=day(30))
    ways = ways_of(page, conflict)
    first = ways.locator(".way").first
    assert first.get_attribute("data-kind") == "reassign"
    told = first.inner_text()
    assert all(word in told for word in ("instead of Ana Ortiz", "Leave me", "+"))
    assert ways.locator(".way.is-last").count() == 2
    first.get_by_role("button", name="Apply").click()
    saved(page)
    page.locator(f"[data-conflict='{conflict['id']}']").wait_for(state="detached")
    taken = stored(world, made)
    assert taken["assigned_users"] != made["assigned_users"]
    assert (taken["start_datetime"], taken["status"]) == (made["start_datetime"], "scheduled")
    assert world.api.get(f"conflicts/{conflict['id']}/")["status"] == "resolved"


def test_way_that_no_longer_fits_is_refused_and_tried_anew(opened: Opener, world: World) -> None:
    made, conflict = leave(world, 31)
    page = opened(hash_=day(31))
    ways = ways_of(page, conflict)
    world.api.change(f"appointments/{made['id']}/", priority="high")
    stale = ways.locator(".way").first.get_attribute("data-option")
    page.locator(f".way[data-option='{stale}']").get_by_role("button", name="Apply").click()
    page.locator(".toast.is-bad", has_text="changed meanwhile").wait_for()
    assert stored(world, made)["assigned_users"] == made["assigned_users"]
    assert world.api.get(f"conflicts/{conflict['id']}/")["status"] == "pending"


def test_request_gets_a_time_by_what_would_help_and_gives_it_back(opened: Opener, world: World) -> None:
    date = days_on(32)
    window = {"start": at("09:00", date), "end": at("10:00", date)}
    needs = {"crew": [{"skills": ["carpets"]}], "windows": [window]}
    made = world.appointment("Help me", None, 60, requirements=needs)
    page = opened(hash_=day(32))
    card = page.locator(f"[data-request='{made['id']}']")
    card.get_by_role("button", name="Why?").click()
    card.locator(".why-place .explanation, .why-place").first.wait_for()
    way = card.locator(".way").first
    way.wait_for(timeout=PATIENCE)
    way.get_by_role("button", name="Apply").click()
    saved(page)
    booked = stored(world, made)
    assert (booked["status"], booked["start_datetime"]) == ("scheduled", utc(window["start"]))
    bar(page, made["id"]).wait_for()
    page.keyboard.press("Control+z")
    page.locator(f"[data-request='{made['id']}']").wait_for()
    assert stored(world, made)["status"] == "requested"
    world.api.http.delete(f"/api/scheduling/appointments/{made['id']}/")


def test_slot_with_moves_says_who_makes_way_and_books_all(opened: Opener, world: World) -> None:
    date = days_on(33)
    others = {
        name: world.appointment(f"Of {name}", at("09:00", date), 60, assigned_users=[world.users[name]])
        for name in ("Dario Russo", "Emeka Obi", "Grace Kim")
    }
    window = {"start": at("09:00", date), "end": at("10:00", date)}
    made = world.appointment(
        "Make way", None, 60, requirements={"crew": [{"skills": ["carpets"]}], "windows": [window]}
    )
    page = opened(hash_=day(33))
    page.locator(f"[data-request='{made['id']}']").get_by_role("button", name="Find slots").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("From").fill(str(date))
    dialog.get_by_label("Until").fill(str(date + timedelta(days=1)))
    dialog.get_by_label("Others may move").check()
    dialog.get_by_role("button", name="Find", exact=True).click()
    line = dialog.locator(".moves li").first
    line.wait_for(timeout=PATIENCE)
    told = line.inner_text()
    dialog.locator(".slot", has=page.locator(".moves")).first.click()
    saved(page)
    booked = stored(world, made)
    assert (booked["status"], booked["start_datetime"]) == ("scheduled", utc(window["start"]))
    (moved,) = [each for each in others.values() if stored(world, each)["status"] == "rescheduled"]
    assert told.startswith(moved["title"])
    assert stored(world, moved)["start_datetime"] != moved["start_datetime"]
