"""Nothing on the board keeps anybody out: axe finds nothing serious or critical, light and dark."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.service.board.conftest import Opener
from tests.service.board.test_board import bar, day
from tests.service.board.test_ways import PATIENCE, leave, ways_of
from tests.service.board.world import World

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = pytest.mark.xdist_group("board")
AXE = Path(__file__).parent / "vendor" / "axe.min.js"
GRAVE = ("serious", "critical")


def faults(page: Page, where: str) -> list[str]:
    """What axe finds that keeps people out."""
    found = page.evaluate("() => axe.run(document, {resultTypes: ['violations']})")
    return [
        f"{where}: {each['id']} ({each['impact']}) at {', '.join(str(node['target']) for node in each['nodes'][:3])}"
        for each in found["violations"]
        if each["impact"] in GRAVE
    ]


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_views_keep_nobody_out(opened: Opener, world: World, scheme: str) -> None:
    number = 40 if scheme == "light" else 41
    made, conflict = leave(world, number)
    page = opened(hash_=day(number), color_scheme=scheme, bypass_csp=True)
    page.emulate_media(reduced_motion="reduce")
    page.add_script_tag(path=AXE)
    bar(page, made["id"]).wait_for()
    grave = faults(page, "day")
    ways_of(page, conflict)
    grave += faults(page, "ways out")
    for tab in ("Auto-schedule", "Dashboard"):
        page.get_by_role("tab", name=tab).click()
        grave += faults(page, tab)
    page.get_by_role("tab", name="Unscheduled").click()
    bar(page, made["id"]).click()
    page.get_by_role("dialog").wait_for()
    grave += faults(page, "details")
    page.keyboard.press("Escape")
    page.get_by_role("button", name="New request").click()
    page.get_by_role("dialog").wait_for()
    grave += faults(page, "new request")
    page.keyboard.press("Escape")
    for view in ("Week", "Month"):
        page.get_by_role("button", name=view, exact=True).click()
        bar(page, made["id"]).wait_for(timeout=PATIENCE)
        grave += faults(page, view)
    assert grave == [], "\n".join(grave)


def test_login_and_phone_keep_nobody_out(opened: Opener) -> None:
    page = opened("dispatcher", day(42), viewport={"width": 390, "height": 844}, bypass_csp=True)
    page.add_script_tag(path=AXE)
    grave = faults(page, "phone")
    page.get_by_role("navigation").get_by_role("button", name="Book").click()
    page.get_by_label("Title").wait_for()
    assert grave + faults(page, "phone booking") == []
