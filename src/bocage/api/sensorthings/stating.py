"""Makes entities of documents: which property is kept where, which must be there, what a document may not hold."""

from collections.abc import Callable, Mapping
from typing import Any, Final

import msgspec

from bocage.api.problem import Stopped
from bocage.api.sensorthings.model import (
    BODIES,
    DATASTREAM,
    FEATURE,
    LOCATION,
    MULTI,
    NAVIGATION,
    PROPERTY,
    SENSOR,
    THING,
    TYPES,
)
from bocage.domain.nature import Nature
from bocage.domain.sensing import (
    Entity,
    Unit,
)
from bocage.domain.text import Text
from bocage.domain.text import message as _

Document = Mapping[str, Any]
REQUIRED: Final[Mapping[str, tuple[str, ...]]] = {
    THING: ("name",),
    LOCATION: ("name", "encodingType", "location"),
    DATASTREAM: ("name", "unitOfMeasurement", "observationType"),
    MULTI: ("name", "unitOfMeasurements", "observationType", "multiObservationDataTypes"),
    SENSOR: ("name", "encodingType", "metadata"),
    PROPERTY: ("name", "definition"),
    FEATURE: ("name", "encodingType", "feature"),
}
COMPUTED: Final = ("observedArea", "phenomenonTime", "resultTime")
"""Properties of a series that follow from its observations: what is sent for them is not looked at."""


def stated(type_name: str, document: Document, former: Entity | None = None, **more: Any) -> Entity:
    """The entity a document states; what it does not say stays as `former` has it. 400 when it cannot be.

    `more`: fields that no property says (what an entity hangs on).
    """
    known(type_name, document)
    said = {} if former is None else msgspec.structs.asdict(former)
    for name, value in document.items():
        if name in _KEPT[type_name]:
            field, made = _KEPT[type_name][name]
            said[field] = made(name, value)
    if type_name == DATASTREAM and former is None:
        said["nature"] = nature(said.get("observation_type", ""))
    return BODIES[type_name](**{**said, **more})


def whole(type_name: str, document: Document) -> None:
    """400 unless everything is there that an entity of this type must have."""
    lacking = [name for name in REQUIRED[type_name] if document.get(name) is None]
    if lacking:
        raise Stopped(400, _("{type} needs {names}."), type=type_name, names=", ".join(lacking))


def known(type_name: str, document: Document) -> None:
    """400 when a document holds something that entities of this type do not have."""
    kind = TYPES[type_name]
    for name in document:
        if name.startswith("@") or name.endswith(NAVIGATION) or name in ("id", *COMPUTED):
            continue
        if name not in kind.properties and name not in kind.navigation:
            raise Stopped(400, _("{type} has no property {name}."), type=type_name, name=name)


_DEPTHS: Final = {"Point": 0, "MultiPoint": 1, "LineString": 1, "MultiLineString": 2, "Polygon": 2, "MultiPolygon": 3}
"""How deep the positions of a geometry of GeoJSON lie in lists."""


def _title(name: str, value: Any) -> Text:
    if not isinstance(value, str) or not value.strip():
        raise wrong(name)
    return Text(fr=value)


def _said(name: str, value: Any) -> Text | None:
    if value is None or value == "":
        return None
    return _title(name, value)


def _text(name: str, value: Any) -> str:
    if not isinstance(value, str):
        raise wrong(name)
    return value


def _anything(_name: str, value: Any) -> str:
    """Text as it is; whatever else describes a sensor as JSON."""
    return value if isinstance(value, str) else msgspec.json.encode(value).decode()


def _object(name: str, value: Any) -> dict[str, Any]:
    if value is None:
        return {}
    if not isinstance(value, dict):
        raise wrong(name)
    return value


def _geometry(name: str, value: Any) -> dict[str, Any]:
    found = _object(name, value)
    held = found.get("geometry") if found.get("type") == "Feature" else found
    shape = held if isinstance(held, dict) else {}
    depth = _DEPTHS.get(str(shape.get("type")))
    if depth is None or not _placed(shape.get("coordinates"), depth):
        raise wrong(name)
    return found


def _placed(value: Any, depth: int) -> bool:
    """Whether these are positions, in lists of lists as deep as the geometry has them."""
    if not isinstance(value, list):
        return False
    if depth:
        return all(_placed(one, depth - 1) for one in value)
    return len(value) >= 2 and all(isinstance(one, int | float) and not isinstance(one, bool) for one in value)


def unit(name: str, value: Any) -> Unit:
    """A unit of measurement, as a document states it."""
    held = _object(name, value)
    parts = (held.get("name"), held.get("symbol"), held.get("definition"))
    if any(one is not None and not isinstance(one, str) for one in parts):
        raise wrong(name)
    return Unit(name=parts[0] or "", symbol=parts[1] or "", ucum=parts[2] or "")


def nature(observation_type: str) -> Nature:
    """What sums up as numbers do, or a state: the standard knows no finer distinction."""
    counted = observation_type.endswith(("OM_Measurement", "OM_CountObservation"))
    return Nature.GAUGE if counted or not observation_type else Nature.STATE


def wrong(name: str) -> Stopped:
    """What is said of a property that holds something else than it should."""
    return Stopped(400, _("The property {name} does not hold what it should."), name=name)


Made = Callable[[str, Any], Any]
_NAMED: Final[Mapping[str, tuple[str, Made]]] = {
    "name": ("title", _title),
    "description": ("description", _said),
    "properties": ("properties", _object),
}
_KEPT: Final[Mapping[str, Mapping[str, tuple[str, Made]]]] = {
    THING: _NAMED,
    LOCATION: {**_NAMED, "location": ("geometry", _geometry)},
    FEATURE: {**_NAMED, "feature": ("geometry", _geometry)},
    SENSOR: {**_NAMED, "encodingType": ("encoding", _text), "metadata": ("metadata", _anything)},
    MULTI: _NAMED,
    PROPERTY: {**_NAMED, "definition": ("definition", _text)},
    DATASTREAM: {
        **_NAMED,
        "observationType": ("observation_type", _text),
        "unitOfMeasurement": ("unit", unit),
    },
}
