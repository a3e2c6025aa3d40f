"""Where measurements come from: the sources as they run, a try of how a file is read, and files handed over."""

import re
from pathlib import Path
from typing import Any

import msgspec
from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse

from bocage import sensing, words
from bocage.accounts.rights import Right, may, reach
from bocage.domain.errors import Invalid, Missing, PayloadError
from bocage.domain.source import Source, Transport
from bocage.domain.text import message as _
from bocage.ingest import polling
from bocage.ingest.mqtt.state import State
from bocage.web.desk.connectable import CHOICES
from bocage.web.desk.reach import facts_of, service_of_source
from bocage.web.page import page, say
from bocage.web.portal.values import latest
from bocage.web.request import Request

ROWS = 20
LARGEST = 16_000_000  # bytes of a file of a form
_TAKEN = frozenset({"done", "refused"})  # folders of what was read, beside the files


def sources(request: Request, right: str = Right.READ_DESK) -> dict[str, Source]:
    """The sources this person reaches with a right."""
    far = reach(request.actor, right, request.slug)
    facts = facts_of(request)
    return {
        slug: body
        for slug, body in facts.all(Source).items()
        if far.covers(source=slug, service=service_of_source(facts, slug))
    }


def connect(request: Request, territory: str) -> HttpResponse:
    """Every source with when it last spoke, and the ways to connect one more."""
    facts = facts_of(request)
    streams: dict[str, list[int]] = {}
    for placed in sensing.datastreams(territory):
        streams.setdefault(placed.entity.source, []).append(placed.id)  # type: ignore[attr-defined]
    reached = sources(request)
    newest = latest(request.parts.store, (number for slug in reached for number in streams.get(slug, ())))
    values = {
        "sources": [
            {**_line(slug, body, streams.get(slug, []), newest), "broker": phase(request, slug, body)}
            for slug, body in reached.items()
        ],
        "declared": facts.declared,
        "tokens": _tokens(request),
        "choices": CHOICES,
        "transports": Transport,
        "polls": {slug: polling.state(territory, slug, body) for slug, body in reached.items() if body.address},
    }
    return page(request, "desk/connect.html", values)


def _line(slug: str, body: Source, numbers: list[int], newest: Any) -> dict[str, Any]:
    last = max((newest[number].start for number in numbers if number in newest), default=None)
    return {"slug": slug, "source": body, "streams": len(numbers), "last": last}


def phase(request: Request, slug: str, body: Source) -> State | None:
    """How a source stands with its broker, when it listens to one."""
    if body.transport is not Transport.MQTT or request.parts.intake is None:
        return None
    found: State | None = request.parts.intake.brokers.of(request.slug, slug)
    return found or State()


def _tokens(request: Request) -> dict[str, int]:
    if not may(request.actor, Right.READ_TOKENS, request.slug):
        return {}
    counts: dict[str, int] = {}
    for token in request.parts.tokens.listed(request.slug):
        if token.revoked_at is None:
            counts[token.source] = counts.get(token.source, 0) + 1
    return counts


def address(request: Request) -> str:
    """Where senders push: the public address when there is one, else the one this page was asked at."""
    root = request.parts.public_url.rstrip("/") or f"{request.scheme}://{request.get_host()}"
    return f"{root}/api/{request.slug}/push"


def preview(request: Request, territory: str) -> HttpResponse:
    """Try how a file of a source would be read: first rows, names of its series, errors by row. Keeps nothing."""
    mine = sources(request, Right.DELIVER)
    slug = str(request.POST.get("source") or request.GET.get("source") or "")
    values: dict[str, Any] = {"sources": mine, "chosen": slug, "tried": None, "wrong": "", "ways": {}}
    if request.method == "POST":
        try:
            name, content = given_file(request)
            values["tried"] = request.parts.intake.preview(territory, _source(mine, slug), name, content, n=ROWS)
            values["name"] = name
            facts = facts_of(request)
            values["ways"] = {key: facts.keys.get((slug, key), "") for key in values["tried"].keys}
        except (Invalid, PayloadError) as failure:
            values["wrong"] = failure
    return page(request, "desk/preview.html", values, status=422 if values["wrong"] else 200)


def drop(request: Request, territory: str) -> HttpResponse:
    """Hand a file over: it is read within a minute, and its report lies beside it."""
    mine = sources(request, Right.DELIVER)
    slug = str(request.POST.get("source") or request.GET.get("source") or "")
    folder = request.parts.data / "drop" / territory
    wrong = None
    if request.method == "POST":
        try:
            _source(mine, slug)
            name, content = given_file(request)
            keep(folder / slug, name, content)
        except Invalid as failure:
            wrong = failure
        else:
            say(request, words.translate(_("Handed over: it will be read within a minute."), request.lang))
            return HttpResponseRedirect(f"{reverse('desk.drop', args=[territory])}?source={slug}")
    values = {"sources": mine, "chosen": slug, "wrong": wrong, "files": _files(folder, mine)}
    return page(request, "desk/drop.html", values, status=422 if wrong else 200)


def _source(mine: dict[str, Source], slug: str) -> Source:
    if slug not in mine:
        raise Missing("a source you may deliver for", slug)
    return mine[slug]


def given_file(request: Request) -> tuple[str, bytes]:
    """The name and bytes of the file of a form."""
    given = request.FILES.get("file")
    if given is None:
        raise Invalid(_("a file"))
    if (given.size or 0) > LARGEST:
        found = f"{given.name}, {words.size(given.size or 0, request.lang)}"
        raise Invalid(_("a file of 16 MB at most: hand a larger one over in parts, one for each year"), found)
    return safe_name(str(given.name)), given.read()


def safe_name(name: str) -> str:
    """A file name that stays in its folder."""
    plain = re.sub(r"[^A-Za-z0-9._-]+", "_", Path(name).name).lstrip(".") or "file"
    if plain in _TAKEN or plain.endswith(".report.json"):
        plain = f"given-{plain}"
    return Path(plain).stem[:120] + Path(plain).suffix[:20]


def keep(folder: Path, name: str, content: bytes) -> None:
    """Write beside, then rename: what reads the folder never sees half a file, nor one in the place of another."""
    folder.mkdir(parents=True, exist_ok=True)
    first, again = Path(name), 1
    while (folder / name).exists():
        again += 1
        name = f"{first.stem}-{again}{first.suffix}"
    half = folder / f".{name}.part"
    half.write_bytes(content)
    half.rename(folder / name)


def _files(folder: Path, mine: dict[str, Source]) -> list[dict[str, Any]]:
    """What waits, what was read, what was refused, newest first."""
    found = []
    for slug in mine:
        for state, place in (
            ("waiting", folder / slug),
            ("done", folder / slug / "done"),
            ("refused", folder / slug / "refused"),
        ):
            if place.is_dir():
                found += [_told(slug, state, path) for path in place.iterdir() if _counts(path)]
    return sorted(found, key=lambda one: -one["at"])[:50]


def _counts(path: Path) -> bool:
    return path.is_file() and not path.name.startswith(".") and not path.name.endswith(".report.json")


def _told(slug: str, state: str, path: Path) -> dict[str, Any]:
    report = path.with_name(path.name + ".report.json")
    return {
        "source": slug,
        "state": state,
        "name": path.name,
        "at": int(path.stat().st_mtime * 1000),
        "size": path.stat().st_size,
        "report": msgspec.json.decode(report.read_bytes()) if report.is_file() else None,
    }
