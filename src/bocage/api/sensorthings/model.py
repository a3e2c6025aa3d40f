"""The entity types of SensorThings 1.1: their properties in order, and what leads from one to another."""

from collections.abc import Mapping
from typing import Final

import msgspec

from bocage.domain.sensing import (
    Datastream,
    Entity,
    FeatureOfInterest,
    Location,
    MultiDatastream,
    ObservedProperty,
    Sensor,
    Thing,
)

ID: Final = "@iot.id"
SELF: Final = "@iot.selfLink"
NAVIGATION: Final = "@iot.navigationLink"
COUNT: Final = "@iot.count"
NEXT: Final = "@iot.nextLink"


class Navigation(msgspec.Struct, frozen=True):
    """What leads to entities of a type: one, or many of them."""

    target: str
    many: bool


class EntityType(msgspec.Struct, frozen=True, kw_only=True):
    """`name`: in the singular; `collection`: the name of all of them; `kind`: of the declaration, empty when it is
    kept otherwise."""

    name: str
    collection: str
    kind: str
    properties: tuple[str, ...]
    navigation: dict[str, Navigation]


def _one(name: str) -> dict[str, Navigation]:
    return {name: Navigation(name, False)}


def _many(*names: str) -> dict[str, Navigation]:
    return {name: Navigation(SINGULAR[name], True) for name in names}


SINGULAR: Final = {
    "Things": "Thing",
    "Locations": "Location",
    "HistoricalLocations": "HistoricalLocation",
    "Datastreams": "Datastream",
    "MultiDatastreams": "MultiDatastream",
    "Sensors": "Sensor",
    "ObservedProperties": "ObservedProperty",
    "Observations": "Observation",
    "FeaturesOfInterest": "FeatureOfInterest",
}
"""Collections and the type of what they hold, in the order of the landing page."""
OBSERVATION: Final = "Observation"
THING, LOCATION, STAY, DATASTREAM = "Thing", "Location", "HistoricalLocation", "Datastream"
MULTI: Final = "MultiDatastream"
SENSOR, PROPERTY, FEATURE = "Sensor", "ObservedProperty", "FeatureOfInterest"

_TYPES = (
    EntityType(
        name=THING,
        collection="Things",
        kind="thing",
        properties=("name", "description", "properties"),
        navigation=_many("Locations", "HistoricalLocations", "Datastreams", "MultiDatastreams"),
    ),
    EntityType(
        name=LOCATION,
        collection="Locations",
        kind="location",
        properties=("name", "description", "encodingType", "location", "properties"),
        navigation=_many("Things", "HistoricalLocations"),
    ),
    EntityType(
        name=STAY,
        collection="HistoricalLocations",
        kind="",
        properties=("time",),
        navigation={**_one(THING), **_many("Locations")},
    ),
    EntityType(
        name=DATASTREAM,
        collection="Datastreams",
        kind="datastream",
        properties=(
            *("name", "description", "observationType", "unitOfMeasurement", "observedArea"),
            *("phenomenonTime", "resultTime", "properties"),
        ),
        navigation={**_one(THING), **_one(SENSOR), **_one(PROPERTY), **_many("Observations")},
    ),
    EntityType(
        name=MULTI,
        collection="MultiDatastreams",
        kind="multi-datastream",
        properties=(
            *("name", "description", "observationType", "multiObservationDataTypes", "unitOfMeasurements"),
            *("observedArea", "phenomenonTime", "resultTime", "properties"),
        ),
        navigation={**_one(THING), **_one(SENSOR), **_many("ObservedProperties", "Observations")},
    ),
    EntityType(
        name=SENSOR,
        collection="Sensors",
        kind="sensor",
        properties=("name", "description", "encodingType", "metadata", "properties"),
        navigation=_many("Datastreams", "MultiDatastreams"),
    ),
    EntityType(
        name=PROPERTY,
        collection="ObservedProperties",
        kind="observed-property",
        properties=("name", "definition", "description", "properties"),
        navigation=_many("Datastreams", "MultiDatastreams"),
    ),
    EntityType(
        name=OBSERVATION,
        collection="Observations",
        kind="",
        properties=(*("phenomenonTime", "result", "resultTime", "resultQuality", "validTime", "parameters"),),
        navigation={**_one(DATASTREAM), **_one(MULTI), **_one(FEATURE)},
    ),
    EntityType(
        name=FEATURE,
        collection="FeaturesOfInterest",
        kind="feature-of-interest",
        properties=("name", "description", "encodingType", "feature", "properties"),
        navigation=_many("Observations"),
    ),
)
TYPES: Final[dict[str, EntityType]] = {one.name: one for one in _TYPES}


def of_collection(name: str) -> EntityType | None:
    """The type a collection holds."""
    return TYPES.get(SINGULAR.get(name, ""))


BODIES: Final[Mapping[str, type[Entity]]] = {
    THING: Thing,
    LOCATION: Location,
    DATASTREAM: Datastream,
    MULTI: MultiDatastream,
    SENSOR: Sensor,
    PROPERTY: ObservedProperty,
    FEATURE: FeatureOfInterest,
}
"""What is declared of each type that declarations are made of."""
