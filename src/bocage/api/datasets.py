"""The datasets of a territory for programs: which there are, what each holds, in which periods, on which things."""

from typing import Any

import msgspec
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from bocage.api.asking import bound, known_of
from bocage.api.conditions import SHARED, State, tag, whole
from bocage.api.parts import Parts
from bocage.api.problem import refusal_document
from bocage.api.taking import language, permitted
from bocage.domain.instant import iso, to_ms
from bocage.publish import quality, things
from bocage.publish.holdings import Held, held
from bocage.publish.knowledge import Known
from bocage.publish.provenance import Provenance, provenance
from bocage.publish.publication import Publication
from bocage.publish.publication import State as Openness
from bocage.publish.sight import discreet

JSON = "application/json"
PLACE = "/api/{territory}/datasets"


def routes(parts: Parts) -> list[BaseRoute]:
    """Their addresses."""
    return [
        Route(PLACE, bound(parts, listed), name="api.datasets"),
        Route(PLACE + "/{dataset}.json", bound(parts, described), name="api.dataset"),
        Route(PLACE + "/{dataset}/periods.json", bound(parts, periods), name="api.periods"),
        Route(PLACE + "/{dataset}/things.geojson", bound(parts, things_of), name="api.dataset-things"),
        Route("/api/{territory}/things.geojson", bound(parts, all_things), name="api.things"),
    ]


def listed(parts: Parts, request: Request) -> Response:
    """Every dataset with its state, and the reason where it is not open."""
    known, lang = known_of(parts, request.path_params["territory"]), language(request)
    return _told({"datasets": [_document(known, found, lang) for found in known.catalogue]}, lang)


def described(parts: Parts, request: Request) -> Response:
    """One dataset: its series by number, where they come from, licence, and how to take it."""
    known, lang = known_of(parts, request.path_params["territory"]), language(request)
    found = known.publication(request.path_params["dataset"])
    told = _document(known, found, lang)
    if found.open:
        told |= _quality(parts, found)
    return _told(told, lang, shared=found.open)


def _quality(parts: Parts, found: Publication) -> dict[str, Any]:
    """Its last thirty days; nothing of a dataset that holds nothing."""
    measured = quality.measured(parts.store, found, to_ms(parts.clock()))
    if measured is None:
        return {}
    lately = measured.lately
    told = {
        "days": quality.DAYS,
        "expected": lately.expected,
        "received": lately.received,
        "mean_delay_seconds": lately.mean_delay,
        "out_of_range": lately.odd,
        "silent": lately.silent,
    }
    return {"quality": told}


def _told(body: object, lang: str, *, shared: bool = True) -> Response:
    headers = {"Content-Language": lang, "Vary": "Accept-Language", **(SHARED if shared else {})}
    return Response(msgspec.json.encode(body), headers=headers, media_type=JSON)


def periods(parts: Parts, request: Request) -> Response:
    """The years and months that hold something, with how much, and the addresses of their files."""
    taken = permitted(parts, request)
    found = held(parts.store, taken.found, taken.zone)
    place, now = f"/api/{taken.territory}/datasets/{taken.found.slug}", to_ms(parts.clock())
    told = {
        "dataset": taken.found.slug,
        "time_zone": taken.zone,
        "years": [_period(one, place, now) for one in found if one.period.yearly],
        "months": [_period(one, place, now) for one in found if not one.period.yearly],
    }
    return _whole(request, msgspec.json.encode(told), JSON, shared=taken.found.open)


def _period(one: Held, place: str, now: int) -> dict[str, Any]:
    period = one.period
    return {
        "period": period.name,
        "start": iso(period.start),
        "end": iso(period.end),
        "finished": period.end <= now,
        "measurements": one.count,
        "corrections": one.corrections,
        **{form: f"{place}/{period.name}.{form}" for form in ("csv", "json", "parquet")},
    }


def things_of(parts: Parts, request: Request) -> Response:
    """The things of one dataset that the public is told of, with the last value of each of its series."""
    taken = permitted(parts, request)
    seen = [
        msgspec.structs.replace(item, streams=streams)
        for item in taken.known.sight.seen.values()
        if (streams := tuple(pair for pair in item.streams if pair[1].dataset == taken.found.slug))
    ]
    body = things.collection(parts.store, taken.territory, seen, frozenset(taken.found.numbers))
    return _whole(request, body, things.MEDIA_TYPE, shared=taken.found.open)


def all_things(parts: Parts, request: Request) -> Response:
    """Every thing that the public is told of, with the last value of what is open."""
    known = known_of(parts, request.path_params["territory"])
    body = things.collection(parts.store, known.facts.slug, known.sight.seen.values(), known.opened)
    return _whole(request, body, things.MEDIA_TYPE, shared=True)


def _whole(request: Request, body: bytes, media_type: str, *, shared: bool) -> Response:
    return whole(request, body, media_type, State(tag=tag(body), open=shared))


def _document(known: Known, found: Publication, lang: str) -> dict[str, Any]:
    facts, kept = known.facts, found.dataset
    address = f"/api/{facts.slug}/datasets/{found.slug}"
    told: dict[str, Any] = {
        "slug": found.slug,
        "title": kept.title,
        "description": kept.description,
        "state": found.state.value,
        "licence": kept.licence.value,
        "page": f"/{facts.slug}/data/{found.slug}",
    }
    if found.state is Openness.CLOSED:
        why = {"ground": kept.ground, "reason": kept.reason, "review": kept.review}
        return {**told, **why, "environmental": kept.environmental, "weighing": kept.weighing}
    if found.state is Openness.REFUSED:
        refusals = discreet(facts, known.sight, found.refusals)
        return {**told, "refusals": [refusal_document(refusal, lang) for refusal in refusals]}
    series = [
        {"number": one.id, "slug": slug, "title": one.title, "thing": one.thing, "property": one.observed_property,
         "unit": one.unit, "nature": one.nature.value}
        for slug, one in found.streams
    ]  # fmt: skip
    sources = [_source(one) for one in provenance(facts, (stream for _, stream in found.streams))]
    addresses = {"csv": f"{address}.csv", "parquet": f"{address}.parquet", "observations": f"{address}/all.json"}
    more = {"periods": f"{address}/periods.json", "things": f"{address}/things.geojson"}
    return {**told, "series": series, "sources": sources, **addresses, **more}


def _source(one: Provenance) -> dict[str, Any]:
    return {
        "source": one.source,
        "title": one.title,
        "licence": one.licence,
        "attribution": one.attribution,
        "replayed": one.replayed,
    }
