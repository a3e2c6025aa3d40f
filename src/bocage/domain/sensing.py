"""SensorThings entities (OGC 18-088, clause 8) as frozen values with a slug beside their integer id."""

from typing import Annotated, Any, ClassVar

import msgspec

from bocage.domain.declaration import Declaration, noted
from bocage.domain.instant import to_ms
from bocage.domain.nature import Nature
from bocage.domain.replacement import MeterChange, Replacement
from bocage.domain.text import Text
from bocage.domain.text import message as _


class Entity(Declaration, frozen=True, kw_only=True):
    """Shares the form, file and table mechanism of declarations; its key is (territory, kind, slug) and its id
    an integer stable for ever in the instance; it has no chain: `sensing` keeps it."""

    id: Annotated[int, noted(_("Number"), _("Given by Bocage."), ge=0)] = 0


class Thing(Entity, frozen=True, kw_only=True):
    """What carries sensors: a building, a pole, a counter."""

    kind: ClassVar[str] = "thing"
    label: ClassVar[str] = _("Thing")
    plural: ClassVar[str] = _("Things")
    about: ClassVar[str] = _("Buildings, poles and places that carry sensors.")

    title: Annotated[Text, noted(_("Name"), listed=True)]
    description: Annotated[Text | None, noted(_("Description"))] = None
    location: Annotated[tuple[float, float] | None, noted(_("Position (longitude, latitude)"), listed=True)] = None
    place: Annotated[str, noted(_("Place"), listed=True)] = ""
    public_space: Annotated[bool, noted(_("Does it stand in public space?"))] = False
    properties: Annotated[dict[str, Any], noted(_("Other properties"))] = {}
    merged: Annotated[tuple[str, ...], noted(_("Names it bore too"), _("Things that turned out to be this one."))] = ()


class Sensor(Entity, frozen=True, kw_only=True):
    """The instrument or method that measures."""

    kind: ClassVar[str] = "sensor"
    label: ClassVar[str] = _("Sensor")
    plural: ClassVar[str] = _("Sensors")
    about: ClassVar[str] = _("Instruments and methods.")

    title: Annotated[Text, noted(_("Model or method"), listed=True)]
    description: Annotated[Text | None, noted(_("Description"))] = None
    metadata: Annotated[str, noted(_("Documentation"), listed=True)] = ""
    encoding: Annotated[str, noted(_("Form of the documentation"), _("A media type, such as application/pdf."))] = ""
    origin: Annotated[str, noted(_("Made in"), _("Two letters, ISO 3166."), pattern=r"^([A-Z]{2})?$")] = ""
    properties: Annotated[dict[str, Any], noted(_("Other properties"))] = {}


class ObservedProperty(Entity, frozen=True, kw_only=True):
    """What is measured."""

    kind: ClassVar[str] = "observed-property"
    label: ClassVar[str] = _("Observed property")
    plural: ClassVar[str] = _("Observed properties")
    about: ClassVar[str] = _("What is measured.")

    title: Annotated[Text, noted(_("Name"), listed=True)]
    definition: Annotated[str, noted(_("Address of its definition"), listed=True)] = ""
    description: Annotated[Text | None, noted(_("Description"))] = None
    properties: Annotated[dict[str, Any], noted(_("Other properties"))] = {}


class Unit(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, forbid_unknown_fields=True):
    """Unit of measurement: name, symbol, and UCUM code."""

    name: Annotated[str, noted(_("Unit"))] = ""
    symbol: Annotated[str, noted(_("Symbol"))] = ""
    ucum: Annotated[str, noted(_("UCUM code"))] = ""


class Datastream(Entity, frozen=True, kw_only=True):
    """One series of one property, by one sensor, on one thing. `id` is its number in the log (below 2^24)."""

    kind: ClassVar[str] = "datastream"
    label: ClassVar[str] = _("Datastream")
    plural: ClassVar[str] = _("Datastreams")
    about: ClassVar[str] = _("Series of measurements.")

    title: Annotated[Text, noted(_("Name"), listed=True)]
    thing: Annotated[str, noted(_("Thing"), reference="thing", listed=True)]
    observed_property: Annotated[str, noted(_("What is measured"), reference="observed-property", listed=True)]
    sensor: Annotated[str, noted(_("Sensor"), reference="sensor")] = ""
    unit: Annotated[Unit, noted(_("Unit"))] = Unit()
    nature: Annotated[Nature, noted(_("Nature"), _("Decides how values are summed up."), listed=True)] = Nature.GAUGE
    source: Annotated[str, noted(_("Source"), reference="source", listed=True)] = ""
    key: Annotated[
        str,
        noted(
            _("Name of the series at its source"), _("What the sender calls it; the datastream's own name when empty.")
        ),
    ] = ""
    dataset: Annotated[str, noted(_("Dataset"), reference="dataset", listed=True)] = ""
    identifier: Annotated[
        bool,
        noted(
            _("Do its values identify a person, a vehicle or a device?"),
            _("A badge number, a plate, an address: kept only as a pseudonym of the day, in a series of states."),
        ),
    ] = False
    minimum: Annotated[float | None, noted(_("Least plausible value"))] = None
    maximum: Annotated[float | None, noted(_("Greatest plausible value"))] = None
    cadence_seconds: Annotated[Annotated[int, msgspec.Meta(ge=1)] | None, noted(_("Usual cadence"), unit="s")] = None
    replacements: Annotated[tuple[Replacement, ...], noted(_("Sensors replaced"))] = ()
    description: Annotated[Text | None, noted(_("Description"))] = None
    feature: Annotated[
        str,
        noted(
            _("What is observed"),
            _("When it is not the place of the thing: a river, a district."),
            reference="feature-of-interest",
        ),
    ] = ""
    features: Annotated[
        tuple[str, ...],
        noted(
            _("Also observed"),
            _("What some observations name instead, each by itself."),
            reference="feature-of-interest",
        ),
    ] = ()
    observation_type: Annotated[
        str, noted(_("Type of observation"), _("Its address in SensorThings; follows from the nature when empty."))
    ] = ""
    properties: Annotated[dict[str, Any], noted(_("Other properties"))] = {}

    def __post_init__(self) -> None:
        times = [one.at for one in self.replacements]
        if times != sorted(set(times)):
            raise ValueError("replacements of a sensor follow one another in time")

    @property
    def changes(self) -> tuple[MeterChange, ...]:
        """Where its meter was changed; none when its values are not those of a meter."""
        if self.nature is not Nature.INDEX:
            return ()
        return tuple(MeterChange(at=to_ms(one.at), ended=one.ended, began=one.began) for one in self.replacements)


class MultiDatastream(Entity, frozen=True, kw_only=True):
    """Series that are measured together, at the same moments: told as one, each result an array in their order."""

    kind: ClassVar[str] = "multi-datastream"
    label: ClassVar[str] = _("Datastreams measured together")
    plural: ClassVar[str] = _("Datastreams measured together")
    about: ClassVar[str] = _("Series that share each moment, such as speed and direction of the wind.")

    title: Annotated[Text, noted(_("Name"), listed=True)]
    datastreams: Annotated[
        tuple[str, ...],
        noted(
            _("Datastreams"),
            _("In their order: all of one thing and of one sensor."),
            reference="datastream",
            listed=True,
        ),
    ]
    description: Annotated[Text | None, noted(_("Description"))] = None
    properties: Annotated[dict[str, Any], noted(_("Other properties"))] = {}

    def __post_init__(self) -> None:
        if len(set(self.datastreams)) != len(self.datastreams) or not self.datastreams:
            raise ValueError("each datastream once, and one at least")


class Location(Entity, frozen=True, kw_only=True):
    """A place things stand or stood at (GeoJSON geometry, WGS84)."""

    kind: ClassVar[str] = "location"
    label: ClassVar[str] = _("Location")
    plural: ClassVar[str] = _("Locations")
    about: ClassVar[str] = _("Places where things stand.")

    title: Annotated[Text, noted(_("Name"), listed=True)]
    things: Annotated[tuple[str, ...], noted(_("Things"), reference="thing", listed=True)] = ()
    geometry: Annotated[dict[str, Any], noted(_("Geometry (GeoJSON)"))] = {}
    description: Annotated[Text | None, noted(_("Description"))] = None
    properties: Annotated[dict[str, Any], noted(_("Other properties"))] = {}


class FeatureOfInterest(Entity, frozen=True, kw_only=True):
    """What an observation is about, when it is not the place of its thing (river, district)."""

    kind: ClassVar[str] = "feature-of-interest"
    label: ClassVar[str] = _("Feature of interest")
    plural: ClassVar[str] = _("Features of interest")
    about: ClassVar[str] = _("What is observed.")

    title: Annotated[Text, noted(_("Name"), listed=True)]
    geometry: Annotated[dict[str, Any], noted(_("Geometry (GeoJSON)"))] = {}
    description: Annotated[Text | None, noted(_("Description"))] = None
    properties: Annotated[dict[str, Any], noted(_("Other properties"))] = {}


ENTITIES: tuple[type[Entity], ...] = (
    Location,
    Thing,
    Sensor,
    ObservedProperty,
    FeatureOfInterest,
    Datastream,
    MultiDatastream,
)
