"""What a browser sees of one page in both languages, at two widths, in daylight and in the dark."""

import re
from collections.abc import Mapping

import msgspec
from playwright.sync_api import Page
from tests.browser.axe import DRAWN, axe_finds
from tests.browser.watching import Watched

from bocage.words import check

WIDE, NARROW = {"width": 1280, "height": 900}, {"width": 390, "height": 844}
SMALLEST = {"width": 320, "height": 640}  # what 1280 pixels are when the text is enlarged four times
FILES = (".csv", ".ics", ".pdf")  # what a browser takes away rather than shows
SYMBOL = re.compile(r"\b[a-z0-9_]+\.[a-z0-9_-]+\.(?:what|why|todo)\b|\b[a-z0-9_]+\.rule\b|%\(\w+\)s")
# A chart is a drawing that says something: an image with a name, or a canvas. Its figures stand in a table beside it.
_CHARTS = """() => [...document.querySelectorAll("main svg[role=img], main canvas")]
  .filter((one) => !one.closest("[data-map]") && !one.closest(".mark"))
  .filter((one) => !one.closest("section, article, figure, main").querySelector("table")
    && !document.querySelector("main details table"))
  .map((one) => one.getAttribute("aria-label") || one.outerHTML.slice(0, 120))"""
_WAITING = """() => [["[data-map]", "[data-map][data-ready]"], ["[data-chart]", "[data-chart] canvas"]]
  .filter(([one, drawn]) => document.querySelector(one) && !document.querySelector(drawn))
  .map(([one, drawn]) => drawn)"""
_TAB = "() => document.activeElement.getAttribute('href') || document.activeElement.outerHTML"
_WIDER = """() => document.documentElement.scrollWidth <= innerWidth ? [] :
  [...document.querySelectorAll("body *")].filter((one) => one.getBoundingClientRect().right > innerWidth + 1
    && !one.closest(".scroll, .map, pre")).slice(0, 3).map((one) => one.outerHTML.slice(0, 140))"""


class Seen(msgspec.Struct, frozen=True, kw_only=True):
    """Faults of one page, each a line; an address that answers something other than a page has none."""

    status: int = 200
    axe: tuple[str, ...] = ()
    wider: tuple[str, ...] = ()
    charts: tuple[str, ...] = ()
    languages: tuple[str, str] = ("fr", "en")
    first: str = "#content"
    headings: int = 1
    french: str = ""
    private: tuple[str, ...] = ()
    kept: tuple[str, ...] = ()


def seen(windows: tuple[Watched, Watched], path: str, *, first: bool = True) -> Seen:
    """Everything about one page, in two windows: a French one, wide and light; an English one, narrow and dark.

    Unless it is the `first` of its layout, axe reads in the second window what widths and colours decide only.
    """
    french, english = (window.page for window in windows)
    for window in windows:
        window.forget()
    french.set_viewport_size(WIDE)
    if path.endswith(FILES):
        return Seen(status=french.request.get(path).status)
    answer = french.goto(path)
    assert answer is not None
    if "html" not in answer.headers.get("content-type", ""):
        return Seen(status=answer.status, private=tuple(windows[0].faults()))
    if "#" in french.url:  # led on to a part of a page: the page is read from its top
        french.goto(french.url.partition("#")[0])
    settle(french)
    axe = [*axe_finds(french, "1280, light"), *_chosen(french, path)]
    text = french.inner_text("body")
    french.set_viewport_size(SMALLEST)
    english.goto(path)
    settle(english)
    axe += axe_finds(english, "390, dark", *(() if first else DRAWN))
    return Seen(
        status=answer.status,
        axe=tuple(axe),
        wider=(*french.evaluate(_WIDER), *english.evaluate(_WIDER)),
        charts=tuple(french.evaluate(_CHARTS)),
        languages=(_lang(french), _lang(english)),
        first=_first(french),
        headings=french.locator("h1").count(),
        french=text,
        private=tuple(fault for window in windows for fault in window.faults()),
        kept=tuple(windows[0].kept()),
    )


def settle(page: Page) -> None:
    """Wait for what scripts draw, and for nothing where they draw nothing."""
    for drawn in page.evaluate(_WAITING):
        page.wait_for_selector(drawn, timeout=20_000)


def state(page: Page) -> list[str]:
    """Faults of what a page shows after something was done on it, which its address alone does not bring back."""
    page.emulate_media(color_scheme="light", reduced_motion="reduce")
    found = [*axe_finds(page, page.url), *(f"{page.url}: {one}" for one in untranslated(page.inner_text("body")))]
    page.set_viewport_size(NARROW)
    page.wait_for_timeout(100)  # drawings follow the width
    found += [f"{page.url}: wider than the screen: {one}" for one in page.evaluate(_WIDER)]
    page.set_viewport_size(WIDE)
    return found


def faults(page: Page, lang: str) -> list[str]:
    """Faults of what a page shows at its own width and in its own language. By all rules in French, which comes first;
    the same story in English is read for what widths and colours decide."""
    found = [f"{page.url}: wider than the screen: {one}" for one in page.evaluate(_WIDER)]
    found += axe_finds(page, page.url, *(() if lang == "fr" else DRAWN))
    if _lang(page) != lang:
        found.append(f"{page.url}: is in {_lang(page)}, asked for {lang}")
    if lang == "fr":
        found += [f"{page.url}: {one}" for one in untranslated(page.inner_text("body"))]
    return found


def untranslated(text: str) -> list[str]:
    """Lines of a French page that are English messages of the product, or the name of a sentence that lacks."""
    lines = {line.strip() for line in text.splitlines()}
    return sorted({line for line in lines if line in _english()} | {m[0] for m in SYMBOL.finditer(text)})


_MESSAGES: dict[str, Mapping[str, str]] = {}


def _english() -> frozenset[str]:
    """Messages that French says otherwise."""
    if not _MESSAGES:
        french = check.entries("fr")
        said = {text for held in french.values() for entry in held for text in entry.texts}
        # The way to the other language is called by that language itself.
        ours = (one for one in check.used() if one not in said and one != "English")
        _MESSAGES["en"] = {one: "" for one in ours if len(one) > 2}
    return frozenset(_MESSAGES["en"])


def _chosen(page: Page, path: str) -> list[str]:
    """Headings and titles: a page is known by its name."""
    return [] if page.title().strip() else [f"{path} has no title"]


def _lang(page: Page) -> str:
    return str(page.evaluate("document.documentElement.lang"))


def _first(page: Page) -> str:
    """Where the first Tab leads."""
    page.evaluate("document.activeElement && document.activeElement.blur(); scrollTo(0, 0)")
    page.keyboard.press("Tab")
    return str(page.evaluate(_TAB))
