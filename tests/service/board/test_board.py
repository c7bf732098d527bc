"""The board in a real browser, on a real server; what it did is asked of the API afterwards."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING

import pytest

from tests.service.board.conftest import Opener
from tests.service.board.world import DAY, World, at

if TYPE_CHECKING:
    from playwright.sync_api import Locator, Page

pytestmark = pytest.mark.xdist_group("board")
MARKUP = '<img src=x onerror="document.title=1"><script>document.title=1</script>'


def days_on(number: int) -> date:
    """A weekday that no other test uses."""
    return DAY + timedelta(days=7 * number)


def day(number: int, **more: str) -> str:
    return "&".join(f"{name}={value}" for name, value in {"view": "day", "date": str(days_on(number)), **more}.items())


def bar(page: Page, appointment: int) -> Locator:
    return page.locator(f".ec-event:not(.ec-ghost) .bar[data-appointment='{appointment}']").first


def test_wrong_password_says_so_and_right_one_opens_the_board(opened: Opener) -> None:
    page = opened()
    page.locator(".menu:has(.is-me) summary").click()
    page.get_by_role("button", name="Log out").click()
    page.get_by_label("Email").fill("planner@example.com")
    page.get_by_label("Password").fill("wrong")
    page.get_by_role("button", name="Log in").click()
    page.get_by_role("alert").get_by_text("wrong").wait_for()


def test_rows_show_bars_closed_time_and_the_zone(opened: Opener, world: World) -> None:
    ana = world.users["Ana Ortiz"]
    made = world.appointment("Windows", at("09:00"), client_name="Elm", assigned_users=[ana], pinned=True)
    page = opened()
    assert "America/Los_Angeles" in page.locator(".zone").inner_text()
    shown = bar(page, made["id"])
    name = shown.get_attribute("aria-label") or ""
    assert all(word in name for word in ("Windows", "Elm", "09:00–10:00", "Scheduled", "pinned", "Ana Ortiz"))
    tips = page.locator(".closed").evaluate_all("all => all.map(each => each.dataset.tip)")
    assert "sickness, 08:00–18:00" in tips
    assert any(tip.startswith("Lunch, 12:00") for tip in tips)
    page.get_by_role("button", name="Teams").click()
    page.get_by_role("button", name="North").wait_for()
    page.get_by_role("button", name="Resources").click()
    page.get_by_role("button", name="Van 1").wait_for()


def test_texts_of_data_are_never_markup(opened: Opener, world: World) -> None:
    number = 1
    user = world.api.make(
        "users/",
        name=f"Zed {MARKUP}",
        skills=[MARKUP[:40]],
        availability={"tuesday": [{"start": "07:00", "end": "18:00"}]},
    )["id"]
    world.api.make(
        "absences/", user=user, reason=MARKUP, start=at("08:00", days_on(number)), end=at("09:00", days_on(number))
    )
    texts = {"client_name": MARKUP, "location": MARKUP, "client_notes": MARKUP, "description": MARKUP}
    start = at("10:00", days_on(number))
    made = world.appointment(MARKUP, start, 60, assigned_users=[user], client_phone="+1", **texts)
    waiting = world.appointment(MARKUP, None, client_name=MARKUP)
    page = opened(hash_=day(number))
    bar(page, made["id"]).hover()
    page.locator(".tip:not([hidden])").wait_for()
    bar(page, made["id"]).click()
    page.locator("dialog").get_by_text(MARKUP).first.wait_for()
    page.keyboard.press("Escape")
    page.locator(f"[data-request='{waiting['id']}']").wait_for()
    assert page.locator("img[src='x']").count() == 0
    assert page.locator("body script").count() == 0
    assert page.title() == "Board · Tidyplan"
    world.api.http.delete(f"/api/scheduling/appointments/{waiting['id']}/")


def test_viewer_sees_and_changes_nothing(opened: Opener, world: World) -> None:
    made = world.appointment("Look", at("09:00", days_on(2)), assigned_users=[world.users["Ana Ortiz"]])
    page = opened("viewer", day(2))
    assert page.get_by_role("button", name="New request").count() == 0
    assert page.locator(".ec-draggable").count() == 0
    bar(page, made["id"]).click()
    assert page.locator("dialog .actions button").count() == 0


def test_member_sees_its_own_row_and_appointments(opened: Opener, world: World) -> None:
    users = world.api.get("users/?role=member&search=The member")["results"]
    member = users[0]["id"]
    own = world.appointment("Mine", at("09:00", days_on(3)), assigned_users=[member])
    other = world.appointment("Theirs", at("09:00", days_on(3)), assigned_users=[world.users["Ana Ortiz"]])
    page = opened("member", day(3))
    bar(page, own["id"]).wait_for()
    assert bar(page, other["id"]).count() == 0
    assert page.locator("[data-row]").count() == 1


def test_what_others_change_appears_by_itself(opened: Opener, world: World) -> None:
    page = opened(hash_=day(4))
    page.locator(".live.is-up").wait_for()
    made = world.appointment("Sudden", at("13:00", days_on(4)), assigned_users=[world.users["Ben Carter"]])
    bar(page, made["id"]).wait_for()
    world.api.make(f"appointments/{made['id']}/confirm/")
    page.locator(f".is-confirmed .bar[data-appointment='{made['id']}']").wait_for()
    world.api.make(f"appointments/{made['id']}/cancel/")
    bar(page, made["id"]).wait_for(state="detached")
