"""Words that are markup stay words: on every page, for everybody, and nothing inline is ever sent."""

import re
from collections import deque
from html import unescape
from urllib.parse import urljoin, urlsplit

import msgspec
from django.test import Client
from tests.web.world import AT, HERE, World

from bocage import evidence, registers, sensing
from bocage.accounts import OPERATOR
from bocage.domain.declaration import Declaration, Key
from bocage.domain.errors import Refused
from bocage.domain.kinds import KINDS
from bocage.domain.sensing import ENTITIES, Datastream, Unit
from bocage.domain.text import Text
from bocage.evidence.asked import PutEntity
from bocage.registers import Put

EVIL = "\"'><img src=x onerror=alert(1)><script>alert(1)</script>{{7*7}}${7*7}"
MARKS = ("<img src=x", "<script>alert", "onerror=alert(1)>", ">49<", "49$49")
INLINE = re.compile(r"<script(?![^>]*\bsrc=)[^>]*>\s*\S|\son[a-z]+\s*=\s*[\"']|\sstyle\s*=|javascript:", re.IGNORECASE)


def tainted(body: Declaration) -> Declaration:
    """The same with markup in every text."""
    changed: dict[str, object] = {}
    for field in msgspec.structs.fields(body):
        value = getattr(body, field.name)
        if isinstance(value, Text):
            changed[field.name] = Text(fr=f"{value.fr[:9]} {EVIL}", en=EVIL)
        elif isinstance(value, Unit):
            changed[field.name] = Unit(symbol=f"%{EVIL}"[:60], name=EVIL)
    return msgspec.structs.replace(body, **changed)


def taint(world: World) -> None:
    """Markup in every title, text and unit of the territory, and in a measurement."""
    for kind in KINDS:
        for entry in registers.current(HERE, kind):
            put = Put(key=Key(territory=HERE, kind=kind, slug=entry.key.slug), body=tainted(entry.body), expected=-1)
            evidence.change(HERE, OPERATOR, [put], AT)
    for entity in ENTITIES:
        for placed in sensing.all(HERE, entity.kind):
            change = PutEntity(slug=placed.slug, entity=tainted(placed.entity))
            try:
                evidence.change(HERE, OPERATOR, [change], AT)
            except Refused:  # the unit of what is measured does not change: its title alone
                plain = msgspec.structs.replace(placed.entity, title=Text(fr=EVIL))  # type: ignore[call-arg]
                evidence.change(HERE, OPERATOR, [PutEntity(slug=placed.slug, entity=plain)], AT)
    number = next(placed.id for placed in sensing.all(HERE, Datastream.kind))
    world.keep(number, [1.0, 2.0, 3.0])


def crawled(browser: Client, begin: list[str], most: int = 50) -> dict[str, str]:
    """Every page that can be reached by links, once for each path."""
    found: dict[str, str] = {}
    waiting = deque(begin)
    while waiting and len(found) < most:
        path = waiting.popleft()
        if path in found:
            continue
        answer = browser.get(path)
        text = answer.content.decode()
        found[path] = text if answer["Content-Type"].startswith("text/html") else ""
        assert answer.status_code < 500, path
        for link in re.findall(r'(?:href|src|action)="([^"]+)"', text):
            where = urlsplit(urljoin(f"http://localhost{path}", unescape(link)))
            inside = where.netloc == "localhost" and not where.path.startswith(("/static", "/api", "/heads"))
            if inside and where.path not in found and "sign-out" not in where.path:
                waiting.append(where.path)
    return found


def test_markup_in_what_is_declared_is_shown_and_never_run(world: World) -> None:
    browser = world.sign_in()
    taint(world)
    for someone in (Client(HTTP_HOST="localhost"), browser):
        pages = crawled(someone, [f"/{HERE}/", f"/{HERE}/sensors", f"/{HERE}/desk/", f"/{HERE}/refusals"])
        assert len(pages) > 15
        for path, text in pages.items():
            assert not [mark for mark in MARKS if mark in text], path


def test_nothing_inline_is_sent(world: World) -> None:
    for someone in (Client(HTTP_HOST="localhost"), world.sign_in()):
        for path, text in crawled(someone, [f"/{HERE}/", f"/{HERE}/desk/"]).items():
            assert not INLINE.search(text), (path, INLINE.search(text))


def test_the_map_gets_titles_as_plain_words(world: World) -> None:
    taint(world)
    for path in (f"/{HERE}/points.json", f"/{HERE}/desk/points.json"):
        answer = world.sign_in().get(path) if "desk" in path else Client(HTTP_HOST="localhost").get(path)
        assert answer["Content-Type"] == "application/geo+json"
        assert msgspec.json.decode(answer.content)["features"][0]["properties"]["title"].endswith(EVIL)


def test_what_a_sender_calls_things_is_shown_and_never_run(world: World) -> None:
    """Keys of refused series reach the desk without anybody having declared them."""
    from bocage.ingest.reception import Sent

    intake = world.parts.intake
    by = intake.gate.compiled(HERE, "capteurs")
    body = msgspec.json.encode([{"datastream": EVIL, "time": AT.isoformat(), "result": 1}])
    intake.reception.hand(by, intake.reception.read(by, by.source, Sent(body=body))).result()
    intake.refusals.flush(AT)
    browser = world.sign_in()
    pages = crawled(browser, [f"/{HERE}/desk/refusals", f"/{HERE}/desk/", f"/{HERE}/refusals"], most=12)
    assert any("7*7" in text for text in pages.values())
    for path, text in pages.items():
        assert not [mark for mark in MARKS if mark in text], path
