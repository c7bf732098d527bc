"""Pictures of the board, for people to look at: `python -m tests.service.board.pictures FOLDER [NAME ...]`."""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from tests.service.board.serving import chromium, serving
from tests.service.board.world import DAY, PASSWORD, World, at, fill_day, settle, wait_for_time

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

NOW = at("10:40")


def opened(browser: Browser, url: str, email: str, *, width: int, height: int, scheme: str, hash_: str) -> Page:
    """Log in with a window of a size."""
    context = browser.new_context(
        viewport={"width": width, "height": height}, color_scheme="dark" if scheme == "dark" else "light"
    )
    page = context.new_page()
    page.on("pageerror", _complain)
    page.clock.install(time=NOW)
    page.goto(f"{url}/board#{hash_}")
    page.get_by_label("Email").fill(email)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Log in").click()
    page.locator("#app[data-ready]").wait_for()
    page.wait_for_timeout(600)
    return page


def _complain(error: object) -> None:
    sys.stderr.write(f"{error}\n")


def paint(folder: Path, wanted: list[str]) -> None:
    """Paint the pictures that are wanted, or all."""
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as home, serving(Path(home)) as (url, owner), chromium() as browser:
        world = settle(owner)
        day = fill_day(world)
        fill_day(world, DAY + timedelta(days=1), offset=1)
        wait_for_time(world)
        world.api.make(
            "conflicts/",
            conflict_type="time_conflict",
            primary_appointment=day[1]["id"],
            conflicting_appointment=day[4]["id"],
            conflict_description="Alder Books wants both visits at the same time.",
            conflict_datetime=at("10:30"),
            impact_level="high",
        )
        email = world.login("planner")

        def shot(name: str, act: Callable[[Page], None] = lambda page: None, **window: object) -> None:
            if wanted and name not in wanted:
                return
            defaults = {"width": 1440, "height": 820, "scheme": "light", "hash_": f"view=day&date={DAY}&by=user"}
            page = opened(browser, url, email, **defaults | window)  # type: ignore[arg-type]  # as above
            act(page)
            page.wait_for_timeout(400)
            page.screenshot(path=folder / f"{name}.png")
            page.context.close()

        shot("day")
        shot("dark", scheme="dark")
        shot("week", hash_=f"view=week&date={DAY}&by=user", width=1920, height=1000)
        shot("month", hash_=f"view=month&date={DAY}&by=team")
        shot("narrow", width=1280, height=720)
        shot("details", lambda page: page.locator(".bar").nth(3).click())
        shot("verdict", _over_another)
        shot("refused", _refused)
        shot("conflicts", lambda page: page.get_by_role("tab", name="Conflicts").click())
        shot("ways", lambda page: _ways(page, world))
        shot("ways-dark", lambda page: _ways(page, world), scheme="dark")
        shot("help", _help)
        shot("moves", _moves)
        shot("dashboard", lambda page: page.get_by_role("tab", name="Dashboard").click())
        shot("slots", _slots)
        shot("groups", lambda page: page.get_by_role("button", name="Groups").click())
        shot("phone", width=390, height=844)
        shot("phone-book", _on_the_phone, width=390, height=844)


def _over_another(page: Page) -> None:
    """Hold a bar over one that is in its way."""
    bar, other = (
        page.locator(".bar", has_text=text).nth(k).bounding_box() for text, k in (("Move-out", 0), ("Kitchen", 0))
    )
    assert bar is not None
    assert other is not None
    page.mouse.move(bar["x"] + 20, bar["y"] + 12)
    page.mouse.down()
    page.mouse.move(other["x"] + 40, other["y"] + 14, steps=8)
    page.clock.run_for(1000)
    page.locator(".verdict.is-bad").wait_for()


def _refused(page: Page) -> None:
    """Drop a bar where another one is."""
    _over_another(page)
    page.mouse.up()
    page.locator(".places").wait_for()


def _ways(page: Page, world: World) -> None:
    """Look at the ways out of a leave over two visits."""
    if not world.api.get("absences/?search=wedding")["results"]:
        span = {"start": at("08:00"), "end": at("11:30")}
        world.api.make("absences/", user=world.users["Chloe Park"], kind="leave", reason="wedding", **span)
        page.reload()
        page.locator("#app[data-ready]").wait_for()
    page.get_by_role("tab", name="Conflicts").click()
    page.locator(".conflict", has_text="Chloe Park").get_by_role("button", name="Ways out").first.click()
    page.locator(".way").first.wait_for(timeout=60_000)


def _help(page: Page) -> None:
    """Look at why something has no time, and what would help."""
    page.locator(".request").nth(1).get_by_role("button", name="Why?").click()
    page.locator(".way, .ways-place .note").first.wait_for(timeout=60_000)


def _moves(page: Page) -> None:
    """Look for times for which others make way."""
    page.get_by_role("button", name="Find slots").nth(1).click()
    page.get_by_label("From").fill(str(DAY))
    page.get_by_label("Until").fill(str(DAY))
    page.get_by_label("Others may move").check()
    page.get_by_role("button", name="Find", exact=True).click()
    page.locator(".slot, .slot-list .note, .slot-list .fault").first.wait_for(timeout=60_000)


def _slots(page: Page) -> None:
    """Look for the best times of a request."""
    page.get_by_role("button", name="Find slots").nth(1).click()
    page.locator(".slot, .slot-list .note, .slot-list .fault").first.wait_for(timeout=60_000)


def _on_the_phone(page: Page) -> None:
    """Ask for something, and hold a time for it."""
    page.get_by_role("navigation").get_by_role("button", name="Book").click()
    page.get_by_label("Title").fill("Window cleaning")
    page.get_by_label("Client").fill("Grove School")
    page.get_by_role("button", name="Find a time").click()
    page.locator(".slot, .slot-list .note, .slot-list .fault").first.wait_for(timeout=60_000)


if __name__ == "__main__":
    paint(Path(sys.argv[1]), sys.argv[2:])
