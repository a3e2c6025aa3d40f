"""What each page costs the one who reads it: bytes sent, requests, time until it stands, in a real Chromium.

python -m bench pages [--runs 3]

A demonstration of its own is served by the real command; each page is opened in a fresh window, so nothing is cached,
and once more in the same window. A portal page without a map is promised below 100 kB at the first visit.
"""

import argparse
import os
import shutil
import statistics
import tempfile
from pathlib import Path
from typing import Any

import msgspec
from bench.given import tell
from bench.instance import made, served
from playwright.sync_api import Browser, BrowserContext, sync_playwright

LIMIT = 100_000
FLAGS = ("--no-sandbox", "--disable-gpu", "--use-gl=swiftshader", "--enable-unsafe-swiftshader", "--disable-quic")
PASSWORD = "trois haies et un chemin creux"
PORTAL = (
    "/", "/val-de-loire/", "/val-de-loire/sensors", "/val-de-loire/sensors/mauves", "/val-de-loire/notices",
    "/val-de-loire/notices/comptage-bords-de-loire", "/val-de-loire/data", "/val-de-loire/data/comptages-loire",
    "/val-de-loire/data/meteo", "/val-de-loire/data/energie-des-logements", "/val-de-loire/decisions",
    "/val-de-loire/indicators", "/val-de-loire/processing", "/val-de-loire/registers",
    "/val-de-loire/registers/purpose", "/val-de-loire/registers/purpose/meteo-locale", "/val-de-loire/promises",
    "/val-de-loire/promises/publication", "/val-de-loire/refusals", "/val-de-loire/search?q=mesures",
    "/val-de-loire/person", "/marais/", "/marais/sensors",
)  # fmt: skip
DESK = (
    "/val-de-loire/desk/", "/val-de-loire/desk/map", "/val-de-loire/desk/things", "/val-de-loire/desk/things/mauves",
    "/val-de-loire/desk/datastreams/meteo-temperature", "/val-de-loire/desk/refusals", "/val-de-loire/desk/registers",
    "/val-de-loire/desk/registers/purpose/new", "/val-de-loire/desk/connect", "/val-de-loire/desk/running",
)  # fmt: skip


class Weight(msgspec.Struct, frozen=True, kw_only=True):
    """One opening of a page: bytes on the wire, requests, milliseconds to DOMContentLoaded, whether it has a map."""

    octets: int
    requests: int
    loaded: float
    mapped: bool


def weighed(context: BrowserContext, path: str) -> Weight:
    """Open a page and wait until what it draws stands."""
    page = context.new_page()
    wire = context.new_cdp_session(page)
    wire.send("Network.enable")
    sent: list[int] = []

    def finished(event: dict[str, Any]) -> None:
        sent.append(int(event["encodedDataLength"]))

    wire.on("Network.loadingFinished", finished)
    page.goto(path)
    mapped = page.locator("[data-map]").count() > 0
    if mapped:
        page.wait_for_selector("[data-map][data-ready]", timeout=30_000)
    page.wait_for_timeout(300)
    loaded = float(page.evaluate("performance.getEntriesByType('navigation')[0].domContentLoadedEventEnd"))
    page.close()
    return Weight(octets=sum(sent), requests=len(sent), loaded=loaded, mapped=mapped)


def keys(browser: Browser, base: str, link: str) -> Any:
    """Cookies of an agent, who comes in by the one-time link."""
    context = browser.new_context(base_url=base)
    page = context.new_page()
    page.goto(link)
    page.fill("#password", PASSWORD)
    page.fill("#again", PASSWORD)
    page.click("main form button")
    page.wait_for_url("**/account")
    found = context.storage_state()
    context.close()
    return found


def pages(browser: Browser, base: str, link: str, runs: int) -> int:
    """Print a line for each page; the number of those over the limit."""
    state, over = keys(browser, base, link), 0
    for path in (*PORTAL, *DESK):
        firsts, agains = [], []
        for _run in range(runs):
            context = browser.new_context(base_url=base, storage_state=state if path in DESK else None)
            firsts.append(weighed(context, path))
            agains.append(weighed(context, path))
            context.close()
        first, again = firsts[-1], agains[-1]
        heavy = path in PORTAL and not first.mapped and first.octets >= LIMIT
        over += heavy
        promised = "" if first.mapped or path in DESK else "100 kB"
        tell(
            f"{path}{' (with its map)' if first.mapped else ''}",
            f"{first.octets / 1000:.1f} kB",
            f"{first.requests} requests, {statistics.median(one.loaded for one in firsts):.0f} ms; "
            f"again {again.octets / 1000:.1f} kB",
            promised,
        )
    return over


def main() -> None:
    """Make a demonstration, serve it, weigh its pages."""
    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    asked.add_argument("--runs", type=int, default=3)
    given = asked.parse_args()
    chromium = os.environ.get("BOCAGE_CHROMIUM") or shutil.which("chromium")
    if chromium is None:
        raise SystemExit("no browser: install chromium, or name one in BOCAGE_CHROMIUM")
    with tempfile.TemporaryDirectory(prefix="bocage-pages-") as folder:
        access = made(Path(folder) / "demo", demonstration=True)
        with served(access, "/val-de-loire/") as (_process, seconds), sync_playwright() as playwright:
            tell("first page after the start of the process", f"{seconds:.2f} s", "", "3 s")
            browser = playwright.chromium.launch(executable_path=chromium, args=FLAGS)
            over = pages(browser, f"http://127.0.0.1:{access.port}", access.link, given.runs)
            browser.close()
    tell("portal pages without a map over 100 kB", str(over), "", "0")


if __name__ == "__main__":
    main()
