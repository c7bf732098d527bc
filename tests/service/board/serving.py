"""A real `tidyplan serve` on SQLite, and a real Chromium."""

from __future__ import annotations

import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import httpx2

from tests.service.board.world import Api

if TYPE_CHECKING:
    from playwright.sync_api import Browser

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
START_SECONDS = 60


@contextmanager
def serving(folder: Path) -> Iterator[tuple[str, Api]]:
    """Run a server on a new database; gives its address and its first owner."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        port = listener.getsockname()[1]
    environment = os.environ | {
        "TIDYPLAN_DATABASE_URL": f"sqlite:///{folder}/board.db",
        "TIDYPLAN_WRITES_PER_MINUTE": "0",
        "TIDYPLAN_LOGINS_PER_MINUTE": "0",
        "TIDYPLAN_LOG_LEVEL": "warning",
    }
    log = folder / "log"
    command = [sys.executable, "-m", "service.cli", "serve", "--port", str(port)]
    with log.open("w") as output:
        process = subprocess.Popen(command, env=environment, stdout=output, stderr=subprocess.STDOUT)
    try:
        url = f"http://127.0.0.1:{port}"
        _wait(url, process, log)
        told = re.search(r"first owner: (\S+) with the\s+password (\S+)", log.read_text())
        assert told, log.read_text()
        api = Api(url, told[1], told[2])
        with closing(api.http):
            yield url, api
    finally:
        process.send_signal(signal.SIGTERM)
        try:
            process.wait(15)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _wait(url: str, process: subprocess.Popen[bytes], log: Path) -> None:
    ends = time.monotonic() + START_SECONDS
    with httpx2.Client() as http:
        while time.monotonic() < ends:
            try:
                if http.get(f"{url}/healthz").status_code == 200:
                    return
            except httpx2.TransportError:
                assert process.poll() is None, log.read_text()
            time.sleep(0.1)
    raise TimeoutError(log.read_text())


@contextmanager
def chromium() -> Iterator[Browser]:
    """Run Chromium without a window."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu"])
        yield browser
        browser.close()
