"""From a request to a booking, by hand, by hold and by run; conflicts; a phone."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from tests.service.board.conftest import Opener
from tests.service.board.test_board import bar, day, days_on
from tests.service.board.test_moving import saved, stored, utc
from tests.service.board.world import World, at

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = pytest.mark.xdist_group("board")
PHONE = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True}


def drop_on(page: Page, request: int, row: str, hour: int) -> None:
    """Drag a request onto a row, at an hour."""
    page.get_by_role(
        "tab", name="Dashboard"
    ).wait_for()  # the lists are made anew when the service has described itself
    card = page.locator(f"[data-request='{request}']")
    card.scroll_into_view_if_needed()
    box, label = card.bounding_box(), page.locator(".row-label", has_text=row).bounding_box()
    grid = page.locator(".ec-body .ec-day").first.bounding_box()
    assert box is not None
    assert label is not None
    assert grid is not None
    width = page.locator(".timeline").evaluate("each => parseFloat(each.style.getPropertyValue('--minute-width'))")
    page.mouse.move(box["x"] + box["width"] - 12, box["y"] + box["height"] - 8)
    page.mouse.down()
    page.mouse.move(box["x"] - 40, box["y"] + 30, steps=3)
    first = int(page.locator(".ec-slots time").first.inner_text()[:2])
    page.mouse.move(grid["x"] + (hour - first) * 60 * width + 2, label["y"] + label["height"] / 2, steps=6)
    page.locator(".drop-ghost.is-over").wait_for()
    page.mouse.up()


def test_request_is_dropped_onto_the_timeline_and_undone(opened: Opener, world: World) -> None:
    date = days_on(20)
    made = world.appointment("Drop me", None, 60, priority="urgent", requirements={"crew": [{"count": 1}]})
    page = opened(hash_=day(20))
    drop_on(page, made["id"], "Chloe Park", 10)
    saved(page)
    booked = stored(world, made)
    assert (booked["status"], booked["assigned_users"]) == ("scheduled", [world.users["Chloe Park"]])
    assert booked["start_datetime"] == utc(at("10:00", date))
    bar(page, made["id"]).wait_for()
    page.keyboard.press("Control+z")
    page.locator(f"[data-request='{made['id']}']").wait_for()
    assert stored(world, made)["status"] == "requested"


def test_request_becomes_a_held_time_and_a_booking_on_a_phone(opened: Opener, world: World) -> None:
    date = days_on(21)
    page = opened("dispatcher", day(21), **PHONE)
    assert page.evaluate("document.documentElement.scrollWidth") == 390
    page.get_by_role("navigation").get_by_role("button", name="Book").click()
    page.get_by_label("Title").fill("From the phone")
    page.get_by_label("Client").fill("Elm & Co")
    page.get_by_label("Minutes").fill("45")
    page.get_by_role("button", name="Find a time").click()
    page.locator(".by-hand").wait_for()
    if not page.locator(".by-hand[open]").count():
        page.locator(".by-hand summary").click()
    page.get_by_label("Start", exact=True).fill(f"{date}T10:15")
    page.get_by_label("Who").select_option(label="Ben Carter")
    page.get_by_role("button", name="Hold it").click()
    page.get_by_role("timer").get_by_text(":").wait_for()
    found = world.api.get("appointments/?search=From the phone")["results"][0]
    assert found["held_until"] is not None
    page.get_by_role("button", name="Book it").click()
    page.get_by_text("Booked", exact=True).wait_for()
    booked = stored(world, found)
    assert (booked["status"], booked["start_datetime"]) == ("confirmed", utc(at("10:15", date)))
    assert booked["assigned_users"] == [world.users["Ben Carter"]]


def test_best_slots_are_shown_with_their_reasons_and_held(opened: Opener, world: World) -> None:
    date = days_on(27)
    made = world.appointment("Best time", None, 60, requirements={"crew": [{"count": 1, "skills": ["carpets"]}]})
    page = opened(hash_=day(27))
    page.locator(f"[data-request='{made['id']}']").get_by_role("button", name="Find slots").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("From").fill(str(date))
    dialog.get_by_label("Until").fill(str(date))
    dialog.get_by_role("button", name="Find", exact=True).click()
    times = dialog.get_by_role("list", name="Times")
    times.get_by_text(f"{date:%a} {date.day} {date:%b}").first.wait_for(timeout=60_000)
    times.get_by_role("button").first.click()
    dialog.get_by_role("button", name="Book it").click()
    saved(page)
    booked = stored(world, made)
    assert booked["status"] == "confirmed"
    assert utc(at("08:00", date)) <= booked["start_datetime"] < utc(at("18:00", date))
    skilled = {world.users[name] for name in ("Dario Russo", "Emeka Obi", "Grace Kim")}
    assert set(booked["assigned_users"]) <= skilled
    bar(page, made["id"]).wait_for()


def test_conflict_stands_side_by_side_and_can_be_ignored(opened: Opener, world: World) -> None:
    date = days_on(22)
    ids = [
        world.appointment(name, at("09:00", date), assigned_users=[world.users[who]])["id"]
        for name, who in (("One", "Ana Ortiz"), ("Other", "Ben Carter"))
    ]
    made = world.api.make(
        "conflicts/",
        conflict_type="time_conflict",
        primary_appointment=ids[0],
        conflicting_appointment=ids[1],
        conflict_description="The client is in both.",
        impact_level="high",
    )
    page = opened(hash_=day(22))
    page.get_by_role("tab", name="Conflicts").click()
    card = page.locator(f"[data-conflict='{made['id']}']")
    assert card.locator(".versus-side").all_inner_texts()[0].startswith("One")
    assert card.locator(".versus-side").count() == 2
    card.get_by_role("button", name="Ignore").click()
    page.get_by_role("dialog").get_by_label("Why").fill("They know.")
    page.get_by_role("dialog").get_by_role("button", name="Ignore").click()
    card.wait_for(state="detached")
    decided = world.api.get(f"conflicts/{made['id']}/")
    assert (decided["status"], decided["resolution_notes"]) == ("ignored", "They know.")


def test_run_is_watched_compared_and_published(opened: Opener, world: World) -> None:
    date = days_on(23)
    window = {"start": at("08:00", date), "end": at("18:00", date)}
    needs = {"crew": [{"count": 1}], "windows": [window]}
    made = [world.appointment(f"Plan me {k}", None, 60, requirements=needs) for k in range(2)]
    page = opened(hash_=day(23))
    page.get_by_role("tab", name="Auto-schedule").click()
    page.get_by_label("At most").select_option("10")
    page.get_by_role("button", name="Run").click()
    page.locator(".is-draft .bar").nth(1).wait_for(timeout=60_000)
    assert stored(world, made[0])["status"] == "requested"
    changes = page.get_by_role("list", name="Changes")
    changes.get_by_label("Publish Plan me 1").uncheck()
    page.get_by_role("button", name="Publish").click()
    saved(page)
    booked, left = (stored(world, each) for each in made)
    assert (booked["status"], left["status"]) == ("scheduled", "requested")
    assert booked["start_datetime"] >= utc(window["start"])
    bar(page, booked["id"]).wait_for()
    for each in made:
        world.api.http.delete(f"/api/scheduling/appointments/{each['id']}/")


def test_dashboard_shows_the_day_in_numbers(opened: Opener) -> None:
    page = opened(hash_=day(24))
    page.get_by_role("tab", name="Dashboard").click()
    page.locator(".tile", has_text="Without a time").wait_for()


def test_week_and_month_show_the_same_appointment(opened: Opener, world: World) -> None:
    date = days_on(25) + timedelta(days=1)
    made = world.appointment("Seen", at("09:00", date), assigned_users=[world.users["Ana Ortiz"]])
    page = opened(hash_=day(25, view="week"))
    bar(page, made["id"]).wait_for()
    page.get_by_role("button", name="Month").click()
    bar(page, made["id"]).wait_for()
    page.get_by_role("button", name="Groups").click()
    page.get_by_role("button", name="North").wait_for()
    bar(page, made["id"]).wait_for()
