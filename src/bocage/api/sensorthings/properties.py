"""The properties of entities as SensorThings names them."""

from collections.abc import Callable, Mapping
from typing import Any, Final

import msgspec

from bocage.api.sensorthings.model import DATASTREAM, FEATURE, LOCATION, MULTI, PROPERTY, SENSOR, STAY, THING
from bocage.api.sensorthings.town import Item, geometry
from bocage.domain.instant import iso, to_ms
from bocage.domain.nature import Nature
from bocage.domain.sensing import Datastream, ObservedProperty, Sensor, Thing, Unit
from bocage.domain.text import Text
from bocage.store.protocol import Extent

GEOJSON: Final = "application/geo+json"
TYPES: Final = "http://www.opengis.net/def/observationType/OGC-OM/2.0/"
MEASUREMENT: Final = TYPES + "OM_Measurement"
COMPLEX: Final = TYPES + "OM_ComplexObservation"
ANYTHING: Final = TYPES + "OM_Observation"


def properties(item: Item, full: bool, extent: Extent | None = None) -> dict[str, Any]:
    """The properties of an entity in the order of the standard. `full`: with those that agents write for themselves;
    `extent`: of a series whose observations are shown."""
    return _PROPERTIES[item.type](item, full, extent)


def _named(item: Item) -> dict[str, Any]:
    body = item.body or (item.thing.body if item.thing else None)  # a place nobody named has the name of its thing
    title, description = getattr(body, "title", None), getattr(item.body, "description", None)
    return {"name": _said(title), "description": _said(description)}


def _said(text: Text | None) -> str:
    return text.fr if text else ""


def _own(item: Item, full: bool) -> dict[str, Any]:
    return {"properties": plain(getattr(item.body, "properties", {})) if full else {}}


def plain(value: Any) -> Any:
    """Values as JSON has them; a file of declarations may hold dates."""
    return msgspec.to_builtins(value)


def _thing(item: Item, full: bool, _extent: Extent | None) -> dict[str, Any]:
    return {**_named(item), **_own(item, full)} if isinstance(item.body, Thing) else {}


def _place(item: Item, full: bool, _extent: Extent | None) -> dict[str, Any]:
    where = "location" if item.type == LOCATION else "feature"
    return {**_named(item), "encodingType": GEOJSON, where: plain(geometry(item)), **_own(item, full)}


def _stay(item: Item, _full: bool, _extent: Extent | None) -> dict[str, Any]:
    return {"time": iso(to_ms(item.stay.at))} if item.stay else {}


def _sensor(item: Item, full: bool, _extent: Extent | None) -> dict[str, Any]:
    body = item.body
    if not isinstance(body, Sensor):
        return {}
    known = body.encoding or _encoding(body.metadata)
    return {**_named(item), "encodingType": known, "metadata": body.metadata, **_own(item, full)}


def _encoding(metadata: str) -> str:
    if metadata.lower().endswith(".pdf"):
        return "application/pdf"
    return "text/html" if "://" in metadata else "text/plain"


def _property(item: Item, full: bool, _extent: Extent | None) -> dict[str, Any]:
    body = item.body
    if not isinstance(body, ObservedProperty):
        return {}
    named = _named(item)
    return {
        "name": named["name"],
        "definition": body.definition,
        "description": named["description"],
        **_own(item, full),
    }


def _together(item: Item, full: bool, extent: Extent | None) -> dict[str, Any]:
    parts = [one.body for one in item.parts if isinstance(one.body, Datastream)]
    found = {
        **_named(item),
        "observationType": COMPLEX,
        "multiObservationDataTypes": [_type(one) for one in parts],
        "unitOfMeasurements": [unit(one.unit) for one in parts],
    }
    if extent is not None:
        found["phenomenonTime"] = f"{iso(extent.first)}/{iso(extent.last)}"
    return {**found, **_own(item, full)}


def _type(body: Datastream) -> str:
    return body.observation_type or (ANYTHING if body.nature is Nature.STATE else MEASUREMENT)


def _datastream(item: Item, full: bool, extent: Extent | None) -> dict[str, Any]:
    body = item.body
    if not isinstance(body, Datastream):
        return {}
    found = {**_named(item), "observationType": _type(body), "unitOfMeasurement": unit(body.unit)}
    if extent is not None:
        found["phenomenonTime"] = f"{iso(extent.first)}/{iso(extent.last)}"
    return {**found, **_own(item, full)}


def unit(held: Unit) -> dict[str, str | None]:
    """A unit; all null where there is none."""
    return {"name": held.name or None, "symbol": held.symbol or None, "definition": held.ucum or None}


_PROPERTIES: Final[Mapping[str, Callable[[Item, bool, Extent | None], dict[str, Any]]]] = {
    THING: _thing,
    LOCATION: _place,
    FEATURE: _place,
    STAY: _stay,
    SENSOR: _sensor,
    PROPERTY: _property,
    DATASTREAM: _datastream,
    MULTI: _together,
}
