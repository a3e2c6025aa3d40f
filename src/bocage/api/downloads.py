"""Datasets taken away: what each is (JSON), and its observations as CSV or Parquet, streamed, through the gate."""

import hashlib
import os
import tempfile
import time
from pathlib import Path
from typing import Any

import msgspec
from starlette.background import BackgroundTask
from starlette.requests import Request
from starlette.responses import FileResponse, Response, StreamingResponse
from starlette.routing import BaseRoute, Route

from bocage import registers, sensing
from bocage.accounts import rights
from bocage.api.asking import Asking, asking, known_of
from bocage.api.language import preferred
from bocage.api.parts import Parts
from bocage.api.problem import Stopped, refusal_document
from bocage.commitments.facts import TerritoryFacts
from bocage.domain.dataset import Licence
from bocage.domain.errors import Invalid, Refused
from bocage.domain.instant import EARLIEST, LATEST, iso
from bocage.domain.sensing import Unit
from bocage.domain.text import message as _
from bocage.domain.times import read_time
from bocage.publish.provenance import Provenance, provenance
from bocage.publish.publication import Publication, State
from bocage.publish.rows import rows
from bocage.relational import in_thread
from bocage.store.protocol import About, Named

LICENCES = {
    Licence.ETALAB_2: "https://spdx.org/licenses/etalab-2.0.html",
    Licence.ODBL_1: "https://spdx.org/licenses/ODbL-1.0.html",
}
LEFT_SECONDS = 3600


class Taken(msgspec.Struct, frozen=True, kw_only=True):
    """A dataset that this reader may take, with the facts it was judged by."""

    facts: TerritoryFacts
    found: Publication


def routes(parts: Parts) -> list[BaseRoute]:
    """Their addresses."""
    place = "/api/{territory}/datasets"
    return [
        Route(place, _bound(parts, listed), name="api.datasets"),
        Route(place + "/{dataset}.json", _bound(parts, described), name="api.dataset"),
        Route(place + "/{dataset}.csv", _bound(parts, csv), name="api.dataset-csv"),
        Route(place + "/{dataset}.parquet", _bound(parts, parquet), name="api.dataset-parquet"),
    ]


def _bound(parts: Parts, answer: Any) -> Any:
    async def endpoint(request: Request) -> Response:
        response: Response = await answer(parts, request)
        return response

    return endpoint


def permitted(parts: Parts, request: Request) -> Taken:
    """The dataset, when this reader may take it.

    Open ones: anyone. Closed ones: whoever may read data here, and machines they were granted to. What a
    commitment refuses leaves by this door for nobody.
    """
    known = known_of(parts, request.path_params["territory"])
    facts, found = known.facts, known.publication(request.path_params["dataset"])
    if found.state is State.REFUSED:
        raise Refused(found.refusals)
    if found.state is State.CLOSED and not _may(asking(parts, request), facts.slug, found):
        raise Stopped(403, _("This dataset is closed: {reason}"), reason=_reason(request, found))
    return Taken(facts=facts, found=found)


def _may(who: Asking, territory: str, found: Publication) -> bool:
    if who.machine is not None:
        return rights.machine_may(who.machine, rights.Right.READ_GRANTED, territory, dataset=found.slug)
    service = found.dataset.service
    return rights.may(who.actor, rights.Right.READ_DATA, territory, service=service, dataset=found.slug)


def _reason(request: Request, found: Publication) -> str:
    return found.dataset.reason.read(_lang(request))[0] if found.dataset.reason else found.slug


async def listed(parts: Parts, request: Request) -> Response:
    """Every dataset with its state, and the reason where it is not open."""

    def told() -> Response:
        known, lang = known_of(parts, request.path_params["territory"]), _lang(request)
        return _json({"datasets": [_document(known.facts, found, lang) for found in known.catalogue]}, lang)

    return await in_thread(told)


async def described(parts: Parts, request: Request) -> Response:
    """One dataset: its series by number, where they come from, licence, and how to take it."""

    def told() -> Response:
        known, lang = known_of(parts, request.path_params["territory"]), _lang(request)
        return _json(_document(known.facts, known.publication(request.path_params["dataset"]), lang), lang)

    return await in_thread(told)


def _lang(request: Request) -> str:
    return preferred(request.headers.get("accept-language", ""))


def _json(body: object, lang: str) -> Response:
    return Response(msgspec.json.encode(body), headers={"Content-Language": lang}, media_type="application/json")


def _document(facts: TerritoryFacts, found: Publication, lang: str) -> dict[str, Any]:
    held, address = found.dataset, f"/api/{facts.slug}/datasets/{found.slug}"
    told: dict[str, Any] = {
        "slug": found.slug,
        "title": held.title,
        "description": held.description,
        "state": found.state.value,
        "licence": held.licence.value,
        "page": f"/{facts.slug}/data/{found.slug}",
    }
    if found.state is State.CLOSED:
        return {**told, "ground": held.ground, "reason": held.reason, "review": held.review}
    if found.state is State.REFUSED:
        return {**told, "refusals": [refusal_document(refusal, lang) for refusal in found.refusals]}
    series = [
        {"number": one.id, "slug": slug, "title": one.title, "thing": one.thing, "property": one.observed_property,
         "unit": one.unit, "nature": one.nature.value}
        for slug, one in found.streams
    ]  # fmt: skip
    sources = [_source(one) for one in provenance(facts, (stream for _, stream in found.streams))]
    return {**told, "series": series, "sources": sources, "csv": f"{address}.csv", "parquet": f"{address}.parquet"}


def _source(one: Provenance) -> dict[str, Any]:
    return {
        "source": one.source,
        "title": one.title,
        "licence": one.licence,
        "attribution": one.attribution,
        "replayed": one.replayed,
    }


class Prepared(msgspec.Struct, frozen=True, kw_only=True):
    """What one answer needs: the dataset, the span asked for (UTC milliseconds), the headers."""

    taken: Taken
    start: int
    end: int
    headers: dict[str, str]

    def known(self, request: Request) -> bool:
        """Whether the reader already has exactly this."""
        tags = [tag.strip().removeprefix("W/") for tag in request.headers.get("if-none-match", "").split(",")]
        return self.headers["ETag"] in tags or "*" in tags


def _prepared(parts: Parts, request: Request, form: str) -> Prepared:
    taken = permitted(parts, request)
    zone = taken.facts.territory.time_zone if taken.facts.territory else "UTC"
    start, end = (request.query_params.get(name, "") for name in ("start", "end"))
    return Prepared(
        taken=taken,
        start=_instant(start, zone, EARLIEST),
        end=_instant(end, zone, LATEST),
        headers=_headers(parts, request, taken, form),
    )


def _instant(text: str, zone: str, otherwise: int) -> int:
    """UTC milliseconds of an ISO 8601 time, at the territory's clocks when it says no zone."""
    try:
        return read_time(text, zone) if text else otherwise
    except (ValueError, OverflowError) as error:
        raise Invalid(_("a time as ISO 8601: 2026-11-23T14:05:00Z"), text[:40]) from error


async def csv(parts: Parts, request: Request) -> Response:
    """RFC 4180, UTF-8, one line per observation; `start` and `end` (ISO 8601) keep those that start between."""
    ready = await in_thread(_prepared, parts, request, "csv")
    if ready.known(request):
        return Response(status_code=304, headers=ready.headers)
    lines = rows(parts.store, _named(ready.taken.found), ready.start, ready.end)
    return StreamingResponse(lines, 200, ready.headers, "text/csv; charset=utf-8")


def _named(found: Publication) -> tuple[Named, ...]:
    return tuple(
        Named(number=one.id, datastream=slug, thing=one.thing, observed=one.observed_property, unit=_unit(one.unit))
        for slug, one in found.streams
        if one.id
    )


def _unit(unit: Unit) -> str:
    return unit.symbol or unit.name


async def parquet(parts: Parts, request: Request) -> Response:
    """One Parquet file, made for this answer and removed after it: nothing that was erased lies on in a cache."""
    ready = await in_thread(_prepared, parts, request, "parquet")
    if ready.known(request):
        return Response(status_code=304, headers=ready.headers)
    path = await in_thread(_exported, parts, ready)
    return FileResponse(
        path,
        headers=ready.headers,
        media_type="application/vnd.apache.parquet",
        background=BackgroundTask(path.unlink, missing_ok=True),
    )


def _exported(parts: Parts, ready: Prepared) -> Path:
    folder = parts.data / "exports"
    folder.mkdir(mode=0o700, exist_ok=True)
    _sweep(folder)
    handle, name = tempfile.mkstemp(suffix=".parquet", prefix=f"{ready.taken.found.slug}-", dir=folder)
    os.close(handle)
    path = Path(name)
    try:
        numbers = list(ready.taken.found.numbers)
        parts.store.export(numbers, ready.start, ready.end, path, about=_about(ready.taken))
    except BaseException:
        path.unlink(missing_ok=True)
        raise
    return path


def _about(taken: Taken) -> About:
    """What the file says of itself once it is far from here, in the language every territory writes."""
    facts, found = taken.facts, taken.found
    sources = provenance(facts, (stream for _, stream in found.streams))
    owners = [facts.territory.title.fr] if facts.territory else []
    notes = {
        "territory": facts.slug,
        "dataset": found.slug,
        "title": found.dataset.title.fr,
        "licence": LICENCES[found.dataset.licence],
        "attribution": "; ".join(dict.fromkeys([*owners, *(one.attribution for one in sources if one.attribution)])),
        "replayed": "yes" if any(one.replayed for one in sources) else "no",
    }
    return About(series=_named(found), notes=tuple(notes.items()))


def _sweep(folder: Path) -> None:
    """Remove what an interrupted answer left behind."""
    for left in folder.glob("*.parquet"):
        if time.time() - left.stat().st_mtime > LEFT_SECONDS:
            left.unlink(missing_ok=True)


def _headers(parts: Parts, request: Request, taken: Taken, form: str) -> dict[str, str]:
    slug, territory = taken.found.slug, taken.facts.slug
    state = (parts.store.position(), registers.revision(territory), sensing.revision(territory), request.url.query)
    tag = hashlib.sha256(repr((territory, slug, form, state)).encode()).hexdigest()[:32]
    extents = parts.store.extent(list(taken.found.numbers))
    last = max((extent.last for extent in extents), default=0)
    return {
        "ETag": f'"{tag}"',
        "Cache-Control": "no-cache" if taken.found.open else "private, no-store",
        "Content-Disposition": f'attachment; filename="{territory}-{slug}.{form}"',
        "Link": f'<{LICENCES[taken.found.dataset.licence]}>; rel="license", '
        f'</api/{territory}/datasets/{slug}.json>; rel="describedby"',
        **({"Bocage-Last-Observation": iso(last)} if last else {}),
    }
