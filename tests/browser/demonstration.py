"""The demonstration as the tests meet it: where it is, how one comes in, how one pushes."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx
import msgspec
from playwright.sync_api import Page

TERRITORY, BESIDE = "val-de-loire", "marais"
SOURCE = "air-ecoles"
PASSWORD = "trois haies et un chemin creux"


class Demonstration(msgspec.Struct, frozen=True, kw_only=True):
    """A running demonstration; `welcome` is the path of the link that serves once."""

    base: str
    welcome: str
    bearer: str
    errors: Path

    def push(self, key: str, result: float, ago: float = 0) -> httpx.Response:
        """One measurement made so many seconds ago, as a sensor of the schools would send it."""
        at = (datetime.now(UTC) - timedelta(seconds=ago)).isoformat(timespec="milliseconds")
        return httpx.post(
            f"{self.base}/api/{TERRITORY}/push",
            json={"datastream": key, "time": at, "result": result},
            headers={"Authorization": f"Bearer {self.bearer}", "Accept-Language": "fr"},
            timeout=10,
        )


def welcomed(page: Page, demonstration: Demonstration, password: str) -> None:
    """Come in by the one-time link, and choose a password."""
    page.goto(demonstration.welcome)
    page.fill("#password", password)
    page.fill("#again", password)
    page.click("main form button")
    page.wait_for_url("**/account")
