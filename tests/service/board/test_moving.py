"""Moving appointments on the board, by mouse and by keyboard; the API knows where they are afterwards."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest

from tests.service.board.conftest import Opener
from tests.service.board.test_board import bar, day, days_on
from tests.service.board.world import Json, World, at

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = pytest.mark.xdist_group("board")


def utc(text: str) -> str:
    """The same instant as the API writes it."""
    return datetime.fromisoformat(text).astimezone(UTC).isoformat().replace("+00:00", "Z")


def stored(world: World, appointment: Json) -> Json:
    return world.api.get(f"appointments/{appointment['id']}/")


def drag(page: Page, appointment: Json, *, minutes: int = 0, row: str | None = None, drop: bool = True) -> None:
    """Drag a bar by some minutes, and perhaps to another row."""
    width = page.locator(".timeline").evaluate("each => parseFloat(each.style.getPropertyValue('--minute-width'))")
    box = bar(page, appointment["id"]).bounding_box()
    assert box is not None
    x, y = box["x"] + 12, box["y"] + 10
    goal = y
    if row is not None:
        target = page.locator(".row-label", has_text=row).bounding_box()
        assert target is not None
        goal = target["y"] + target["height"] / 2
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x + minutes * width / 2, (y + goal) / 2, steps=4)
    page.mouse.move(x + minutes * width, goal, steps=4)
    page.locator(".verdict:not([hidden])").wait_for()
    if drop:
        page.mouse.up()


def stands(page: Page, appointment: Json, box: object) -> bool:
    """Tell whether a bar is where it was, as soon as it is drawn again."""
    bar(page, appointment["id"]).wait_for()
    return bool(bar(page, appointment["id"]).bounding_box() == box)


def saved(page: Page) -> None:
    page.locator(".toast.is-good").first.wait_for()


def test_drag_moves_time_and_person_and_undo_takes_it_back(opened: Opener, world: World) -> None:
    date = days_on(10)
    ana, chloe = world.users["Ana Ortiz"], world.users["Chloe Park"]
    made = world.appointment("Drag me", at("09:00", date), assigned_users=[ana])
    page = opened(hash_=day(10))
    drag(page, made, minutes=60, row="Chloe Park")
    saved(page)
    moved = stored(world, made)
    assert (moved["start_datetime"], moved["assigned_users"]) == (utc(at("10:00", date)), [chloe])
    assert moved["status"] == "rescheduled"
    page.keyboard.press("Control+z")
    page.locator(".toast", has_text="Undone:").wait_for()
    back = stored(world, made)
    assert (back["start_datetime"], back["assigned_users"]) == (made["start_datetime"], [ana])
    page.keyboard.press("Control+y")
    page.locator(".toast", has_text="Done again:").wait_for()
    again = stored(world, made)
    assert (again["start_datetime"], again["assigned_users"]) == (utc(at("10:00", date)), [chloe])


def test_resize_changes_the_length(opened: Opener, world: World) -> None:
    date = days_on(11)
    made = world.appointment("Stretch me", at("09:00", date), assigned_users=[world.users["Ana Ortiz"]])
    page = opened(hash_=day(11))
    bar(page, made["id"]).hover()
    box = bar(page, made["id"]).bounding_box()
    assert box is not None
    width = page.locator(".timeline").evaluate("each => parseFloat(each.style.getPropertyValue('--minute-width'))")
    right, middle = box["x"] + box["width"] - 2, box["y"] + box["height"] / 2
    page.mouse.move(right, middle)
    page.mouse.down()
    page.mouse.move(right + 30 * width, middle, steps=6)
    page.mouse.up()
    saved(page)
    assert stored(world, made)["duration_minutes"] == 90


def test_double_booking_is_refused_and_rolled_back(opened: Opener, world: World) -> None:
    date = days_on(12)
    ben = world.users["Ben Carter"]
    world.appointment("In the way", at("11:00", date), assigned_users=[ben])
    made = world.appointment("Late", at("09:00", date), assigned_users=[ben])
    page = opened(hash_=day(12))
    before = bar(page, made["id"]).bounding_box()
    drag(page, made, minutes=120)
    dialog = page.get_by_role("dialog")
    dialog.get_by_text("would break").wait_for()
    assert dialog.locator(".reasons li").count() >= 1
    page.keyboard.press("Escape")
    dialog.wait_for(state="detached")
    assert stands(page, made, before)
    assert stored(world, made)["start_datetime"] == made["start_datetime"]


def test_refused_move_goes_to_the_nearest_place_instead(opened: Opener, world: World) -> None:
    date = days_on(26)
    ben = world.users["Ben Carter"]
    world.appointment("In the way", at("11:00", date), assigned_users=[ben])
    made = world.appointment("Nearly", at("09:00", date), assigned_users=[ben])
    page = opened(hash_=day(26))
    drag(page, made, minutes=120)
    page.get_by_role("dialog").locator(".places .chip").first.click()
    saved(page)
    moved = stored(world, made)
    assert moved["start_datetime"] in (utc(at("10:00", date)), utc(at("12:30", date)))
    assert moved["assigned_users"] == [ben]


def test_stale_bar_is_not_written_over(opened: Opener, world: World) -> None:
    made = world.appointment("Contested", at("09:00", days_on(13)), assigned_users=[world.users["Ana Ortiz"]])
    page = opened(hash_=day(13))
    page.route("**/events/", lambda route: route.abort())
    drag(page, made, minutes=60, drop=False)
    world.api.change(f"appointments/{made['id']}/", client_name="Somebody else")
    page.mouse.up()
    page.locator(".toast.is-bad").wait_for()
    assert stored(world, made)["start_datetime"] == made["start_datetime"]


def test_pinned_bar_stays(opened: Opener, world: World) -> None:
    made = world.appointment("Pinned", at("09:00", days_on(14)), assigned_users=[world.users["Ana Ortiz"]], pinned=True)
    page = opened(hash_=day(14))
    bar(page, made["id"]).focus()
    page.keyboard.press("m")
    page.get_by_text("It is pinned").wait_for()
    page.keyboard.press("Enter")
    page.get_by_role("button", name="Unpin").click()
    saved(page)
    assert stored(world, made)["pinned"] is False


def test_keyboard_moves_time_row_and_length(opened: Opener, world: World) -> None:
    date = days_on(15)
    made = world.appointment("By keys", at("09:00", date), assigned_users=[world.users["Ana Ortiz"]])
    page = opened(hash_=day(15))
    bar(page, made["id"]).focus()
    page.keyboard.press("m")
    for key in ("ArrowRight", "ArrowRight", "ArrowDown", "Shift+ArrowRight"):
        page.keyboard.press(key)
    page.locator(".is-moving").wait_for()
    page.keyboard.press("Enter")
    saved(page)
    moved = stored(world, made)
    assert (moved["start_datetime"], moved["duration_minutes"]) == (utc(at("09:30", date)), 75)
    assert moved["assigned_users"] == [world.users["Ben Carter"]]


def test_escape_leaves_it_where_it_was(opened: Opener, world: World) -> None:
    made = world.appointment("Stay", at("09:00", days_on(16)), assigned_users=[world.users["Ana Ortiz"]])
    page = opened(hash_=day(16))
    before = bar(page, made["id"]).bounding_box()
    bar(page, made["id"]).focus()
    for key in ("m", "ArrowRight", "ArrowDown", "Escape"):
        page.keyboard.press(key)
    page.locator(".is-moving").wait_for(state="detached")
    assert stands(page, made, before)
    assert stored(world, made)["version"] == made["version"]


def test_arrows_go_from_bar_to_bar_and_enter_opens(opened: Opener, world: World) -> None:
    date = days_on(17)
    first = world.appointment("First", at("09:00", date), assigned_users=[world.users["Ana Ortiz"]])
    second = world.appointment("Second", at("13:00", date), assigned_users=[world.users["Ana Ortiz"]])
    below = world.appointment("Below", at("13:00", date), assigned_users=[world.users["Ben Carter"]])
    page = opened(hash_=day(17))
    bar(page, first["id"]).focus()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowDown")
    assert page.locator(":focus").get_attribute("data-appointment") == str(below["id"])
    page.keyboard.press("ArrowUp")
    page.keyboard.press("Enter")
    page.get_by_role("dialog", name="Second").wait_for()
    page.get_by_role("button", name="Confirm").click()
    saved(page)
    assert stored(world, second)["status"] == "confirmed"


def test_dry_run_tells_what_would_break_before_it_is_dropped(opened: Opener, world: World) -> None:
    date = days_on(18)
    ben = world.users["Ben Carter"]
    world.appointment("Taken", at("09:00", date), assigned_users=[ben])
    made = world.appointment("Hover", at("09:00", date), assigned_users=[world.users["Ana Ortiz"]])
    page = opened(hash_=day(18))
    drag(page, made, row="Ben Carter", drop=False)
    page.locator(".verdict.is-bad").get_by_text("would break").wait_for()
    assert "Ben Carter" in page.locator(".verdict .reasons").inner_text()
    page.mouse.up()
    dialog = page.get_by_role("dialog")
    dialog.get_by_role("button", name="Leave it where it is").wait_for()
    page.keyboard.press("Escape")
    assert stored(world, made)["version"] == made["version"]


def test_planner_overrides_a_rule_with_a_reason(opened: Opener, world: World) -> None:
    date = days_on(19)
    made = world.appointment("Early", at("09:00", date), assigned_users=[world.users["Ben Carter"]])
    page = opened(hash_=day(19))
    drag(page, made, minutes=-90)
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("Reason").fill("The client insists.")
    dialog.get_by_role("button", name="Override").click()
    saved(page)
    assert stored(world, made)["start_datetime"] == utc(at("07:30", date))
    entries = world.api.get(f"audit-log/?record_type=appointment&record={made['id']}&ordering=-id")["results"]
    assert "The client insists." in {each["reason"] for each in entries}
