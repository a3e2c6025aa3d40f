"""A real demonstration that serves, and a real browser that reads it; both once for all tests here."""

import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright
from tests.browser.demonstration import PASSWORD, Demonstration, welcomed

# No request of the browser's own, and WebGL drawn by the processor, for machines that have no screen.
FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--use-gl=swiftshader",
    "--enable-unsafe-swiftshader",
)
SERVES = re.compile(r"Bearer (?P<bearer>[\w-]+)")


def _chromium() -> str:
    """The browser of this machine; without one the tests are skipped, unless they are required."""
    names = ("chromium-headless-shell", "chromium", "chromium-browser")
    found = os.environ.get("BOCAGE_CHROMIUM") or next(filter(None, map(shutil.which, names)), None)
    if found:
        return found
    reason = "no browser: install chromium, or name one in BOCAGE_CHROMIUM"
    if os.environ.get("BOCAGE_REQUIRE_BROWSER") == "1":
        pytest.fail(reason, pytrace=False)
    pytest.skip(reason)


@pytest.fixture(scope="session")
def chromium() -> str:
    return _chromium()


def _port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture(scope="session")
def demonstration(chromium: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Demonstration]:
    """`bocage demo` in a process of its own: what it says on its way up is what the tests go by."""
    folder = tmp_path_factory.mktemp("demonstration")
    command = [sys.executable, "-m", "bocage", "demo", "--folder", str(folder / "demo"), "--port", str(_port())]
    with (folder / "errors.log").open("wb") as errors:
        process = subprocess.Popen(
            [*command, "--seconds", "5400"], stdout=subprocess.PIPE, stderr=errors, text=True,
            env={**os.environ, "LC_ALL": "en", "PYTHONUNBUFFERED": "1"},
        )  # fmt: skip
    said: list[str] = []
    assert process.stdout is not None
    reading = threading.Thread(target=lambda: said.extend(process.stdout or ()), daemon=True)
    reading.start()
    try:
        yield _standing(process, said, folder / "errors.log")
    finally:
        process.send_signal(signal.SIGTERM)
        ended = process.wait(30)
        reading.join(10)
        process.stdout.close()
    assert ended == 0, (folder / "errors.log").read_text()[-3000:]


def _standing(process: "subprocess.Popen[str]", said: list[str], errors: Path) -> Demonstration:
    until = time.monotonic() + 60
    while not (bearer := SERVES.search("".join(said))) or not _answers("".join(said)):
        if process.poll() is not None or time.monotonic() > until:
            raise AssertionError(f"it does not serve: {''.join(said)}\n{errors.read_text()[-3000:]}")
        time.sleep(0.1)
    text = "".join(said)
    link = re.search(r"(?P<base>http://\S+?)(?P<path>/welcome/\S+)", text)
    assert link, text
    return Demonstration(base=link["base"], welcome=link["path"], bearer=bearer["bearer"], errors=errors)


def _answers(said: str) -> bool:
    """It says where it will be before it listens."""
    address = re.search(r"http://127\.0\.0\.1:\d+/", said)
    try:
        return bool(address) and httpx.get(f"{address[0]}healthz", timeout=5).status_code == 200
    except httpx.TransportError:
        return False


# One browser per module: Playwright keeps an event loop running in this thread, which other tests must not meet.
@pytest.fixture(scope="module")
def browser(chromium: str) -> Iterator[Browser]:
    with sync_playwright() as playwright:
        running = playwright.chromium.launch(executable_path=chromium, args=FLAGS)
        yield running
        running.close()


@pytest.fixture(scope="session")
def _keys(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("keys") / "desk.json"


@pytest.fixture(scope="module")
def keys(browser: Browser, demonstration: Demonstration, _keys: Path) -> Path:
    """Cookies of the first administrator, who came in by the one-time link."""
    if not _keys.exists():
        context = browser.new_context(base_url=demonstration.base, locale="fr-FR")
        welcomed(context.new_page(), demonstration, PASSWORD)
        context.storage_state(path=_keys)
        context.close()
    return _keys


Opened = Callable[..., BrowserContext]


@pytest.fixture(scope="module")
def opened(browser: Browser, demonstration: Demonstration) -> Iterator[Opened]:
    """Windows of their own, closed at the end."""
    contexts: list[BrowserContext] = []

    def window(**options: Any) -> BrowserContext:
        context = browser.new_context(
            **{"base_url": demonstration.base, "locale": "fr-FR", "viewport": {"width": 1280, "height": 900}, **options}
        )
        context.set_default_timeout(15_000)
        context.add_init_script(AXE_SCRIPT)  # compiled once, where each page would be sent it anew
        contexts.append(context)
        return context

    yield window
    for context in contexts:
        context.close()


@pytest.fixture(scope="module")
def resident(opened: Opened) -> Page:
    """Somebody without an account, in French, before a wide screen."""
    return opened().new_page()


@pytest.fixture(scope="module")
def agent(opened: Opened, keys: Path) -> Page:
    """The first administrator, in French, before a wide screen."""
    return opened(storage_state=keys).new_page()
