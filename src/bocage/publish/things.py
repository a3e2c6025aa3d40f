"""Things as GeoJSON (RFC 7946): where each stands, what it measures, and the last value of what may be seen."""

from collections.abc import Collection, Iterable, Mapping
from typing import Any

import msgspec

from bocage.domain.instant import iso
from bocage.domain.nature import Origin
from bocage.domain.observation import Columns
from bocage.domain.sensing import Datastream
from bocage.publish.about import sign
from bocage.publish.objects import results
from bocage.publish.rows import ORIGINS
from bocage.publish.sight import Seen
from bocage.store.protocol import Store

MEDIA_TYPE = "application/geo+json"


def collection(store: Store, territory: str, seen: Iterable[Seen], readable: Collection[int]) -> bytes:
    """A FeatureCollection, one feature a thing. `readable`: numbers of the series whose last values may be told."""
    things = list(seen)
    numbers = sorted({s.id for thing in things for _, s in thing.streams if s.id in readable})
    last = _latest(store.latest(numbers)) if numbers else {}
    features = [_feature(territory, thing, last) for thing in things]
    return msgspec.json.encode({"type": "FeatureCollection", "features": features})


def _feature(territory: str, item: Seen, last: Mapping[int, Mapping[str, Any]]) -> dict[str, Any]:
    thing = item.thing
    return {
        "type": "Feature",
        "id": item.slug,
        "geometry": {"type": "Point", "coordinates": list(thing.location)} if thing.location else None,
        "properties": {
            "thing": item.slug,
            "title": thing.title,
            "place": thing.place,
            "public_space": thing.public_space,
            "page": f"/{territory}/sensors/{item.slug}",
            "series": [_series(slug, stream, last.get(stream.id)) for slug, stream in item.streams],
        },
    }


def _series(slug: str, stream: Datastream, last: Mapping[str, Any] | None) -> dict[str, Any]:
    told = {
        "series": slug,
        "number": stream.id,
        "title": stream.title,
        "property": stream.observed_property,
        "unit": sign(stream.unit),
        "dataset": stream.dataset,
    }
    return {**told, "last": last} if last else told


def _latest(rows: Columns) -> dict[int, dict[str, Any]]:
    said = results(rows)
    return {int(number): _last(rows, place, said[place]) for place, number in enumerate(rows.datastream)}


def _last(rows: Columns, place: int, result: str) -> dict[str, Any]:
    start, end, origin = int(rows.start[place]), int(rows.end[place]), Origin(int(rows.origin[place]))
    told: dict[str, Any] = {"time": iso(start), "result": msgspec.Raw(result.encode())}
    if end > start:
        told["end"] = iso(end)
    told["origin"] = ORIGINS[origin]
    if origin is Origin.REPLAYED and rows.original is not None:
        told["original_time"] = iso(int(rows.original[place]))
    return told
