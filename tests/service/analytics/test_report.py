"""`tidyplan report`: a page with everything in it."""

import re
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest
from typer.testing import CliRunner

from models.enums import AppointmentStatus as Status
from models.records import User
from service.callers import the_service
from service.cli import app as commands
from service.database import Database
from tests.service.accounts import account
from tests.service.analytics.world import WORKDAYS, put, weekly

run = CliRunner().invoke


def test_report_is_one_page_with_its_pictures(
    database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    owner = account(database)
    with database.session(the_service(owner.organization)) as session:
        ana = User(name="<b>Ana & $5$</b>", availability=weekly(WORKDAYS, ("09:00", "17:00")))
        session.add(ana)
        session.flush()
        for day, status in ((9, Status.COMPLETED), (10, Status.NO_SHOW), (11, Status.CONFIRMED)):
            start = datetime.fromisoformat(f"2026-11-{day:02}T17:00:00+00:00")
            put(session, start, 120, status, users=[ana.id], actual_cost=Decimal("1234.5"))
        session.commit()
    monkeypatch.setenv("TIDYPLAN_DATABASE_URL", database.url.render_as_string(hide_password=False))
    output = tmp_path / "report.html"
    result = run(commands, ["report", "--from", "2026-11-09", "--to", "2026-11-15", "-o", str(output)])
    assert result.exit_code == 0, result.output
    page = output.read_text()
    assert "<b>10.00 %</b>" in page  # four of forty hours
    assert "1,234.50 EUR" in page
    assert "&lt;b&gt;Ana &amp; $5$&lt;/b&gt;" in page
    assert "<b>Ana" not in page
    pictures = re.findall(r"<svg.*?</svg>", page, re.DOTALL)
    assert len(pictures) == 3
    for picture in pictures:
        ET.fromstring(picture)
    assert re.findall(r"""(?:src|href)=["'](?!#)""", re.sub(r"<svg.*?</svg>", "", page, flags=re.DOTALL)) == []


def test_report_of_nothing_is_a_page(database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    account(database)
    monkeypatch.setenv("TIDYPLAN_DATABASE_URL", database.url.render_as_string(hide_password=False))
    result = run(commands, ["report", "-o", str(tmp_path / "report.html")])
    assert result.exit_code == 0, result.output
    assert "None." in (tmp_path / "report.html").read_text()


@pytest.mark.parametrize(
    "arguments",
    [["--from", "2026-11-09", "--to", "2026-11-08"], ["--from", "2020-01-01"], ["--organization", "nobody"]],
)
def test_report_refuses_what_is_no_period_or_organization(
    database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, arguments: list[str]
) -> None:
    account(database)
    monkeypatch.setenv("TIDYPLAN_DATABASE_URL", database.url.render_as_string(hide_password=False))
    result = run(commands, ["report", "-o", str(tmp_path / "report.html"), *arguments])
    assert result.exit_code == 2
    assert not (tmp_path / "report.html").exists()
