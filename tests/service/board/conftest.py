from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

import pytest

from tests.service.board.serving import CHROMIUM, chromium, serving
from tests.service.board.world import DAY, PASSWORD, Api, World, settle

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

Opener = Callable[..., "Page"]


@pytest.fixture(scope="package")
def browser() -> "Iterator[Browser]":
    """One Chromium for all tests of the board."""
    if CHROMIUM is None:
        pytest.skip("There is no chromium here. Install it, such as with apt-get install chromium.")
    pytest.importorskip("playwright", reason="playwright is not installed")
    with chromium() as running:
        yield running


@pytest.fixture(scope="package")
def server(browser: "Browser", tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, Api]]:
    """One server for all tests of the board: its address and its owner. Each test has a day of its own."""
    with serving(tmp_path_factory.mktemp("board")) as running:
        yield running


@pytest.fixture(scope="package")
def world(server: tuple[str, Api]) -> World:
    """A company, with a user of each role."""
    made = settle(server[1])
    for role in ("planner", "dispatcher", "member", "viewer"):
        made.login(role)
    return made


@pytest.fixture
def opened(browser: "Browser", server: tuple[str, Api], world: World) -> Iterator[Opener]:
    """Opens the board in the name of a role; whatever goes wrong in the page fails the test."""
    contexts, faults = [], list[str]()

    def open_board(role: str = "planner", hash_: str = f"view=day&date={DAY}", **context: object) -> "Page":
        made = browser.new_context(**{"viewport": {"width": 1440, "height": 900}} | context)  # type: ignore[arg-type]
        contexts.append(made)
        page = made.new_page()
        page.set_default_timeout(10_000)
        page.on("pageerror", lambda error: faults.append(str(error)))
        page.on("console", lambda said: faults.append(said.text) if "Content Security Policy" in said.text else None)
        page.goto(f"{server[0]}/board#{hash_}")
        page.get_by_label("Email").fill(f"{role}@example.com")
        page.get_by_label("Password").fill(PASSWORD)
        page.get_by_role("button", name="Log in").click()
        page.locator("#app[data-ready]").wait_for()
        return page

    yield open_board
    for made in contexts:
        made.close()
    assert not faults, faults
