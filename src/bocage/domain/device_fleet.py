"""A fleet of devices of one sort that serve a service: how many, for how long, what they draw, what is mended."""

from typing import Annotated, ClassVar

import msgspec

from bocage.domain.declaration import Declaration, Worked, noted, worked
from bocage.domain.device_archetypes import ARCHETYPES, DeviceModel
from bocage.domain.footprint_factors import Span
from bocage.domain.text import Text
from bocage.domain.text import message as _

MOST_KILOGRAMS = 1_000_000.0
"""Of one device; what is more is a slip of the hand."""
LEAST_YEARS = 0.1


class DeviceSheet(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, forbid_unknown_fields=True):
    """What somebody published of this very device: made and ended, together."""

    kilograms: Annotated[float, noted(_("Made and ended, for one device"), unit="kg CO2e", ge=0, le=MOST_KILOGRAMS)]
    least: Annotated[Annotated[float, msgspec.Meta(ge=0)] | None, noted(_("At least"), unit="kg CO2e")] = None
    most: Annotated[Annotated[float, msgspec.Meta(le=MOST_KILOGRAMS)] | None, noted(_("At most"), unit="kg CO2e")] = (
        None
    )
    source: Annotated[
        str, noted(_("Where it is published"), _("Who published it, and where: a page, an address."), min_length=3)
    ]
    year: Annotated[int, noted(_("Year"), control="year", ge=1990, le=2100)]

    def __post_init__(self) -> None:
        if not self.span.low <= self.kilograms <= self.span.high:
            raise ValueError(_("The value lies between what it is at least and at most."))

    @property
    def span(self) -> Span:
        """The three figures; where a bound is not said, the value itself."""
        least = self.kilograms if self.least is None else self.least
        return Span(least, self.kilograms, self.kilograms if self.most is None else self.most)


class DeviceFleet(Declaration, frozen=True, kw_only=True):
    """Devices of one sort; what they weigh comes from an archetype made of blocks, or from a sheet."""

    kind: ClassVar[str] = "device-fleet"
    label: ClassVar[str] = _("Fleet of devices")
    plural: ClassVar[str] = _("Fleets of devices")
    about: ClassVar[str] = _("Sensors, gateways and servers by sort: how many, for how long, what they draw.")

    title: Annotated[Text, noted(_("Name"), listed=True)]
    model: Annotated[DeviceModel, noted(_("Sort of device"), listed=True)]
    count: Annotated[int, noted(_("How many"), listed=True, ge=1, le=1_000_000)]
    service: Annotated[str, noted(_("Public service"), reference="public-service", listed=True)] = ""
    datasets: Annotated[
        tuple[str, ...],
        noted(_("Datasets they feed"), _("Shared among them by their measurements."), reference="dataset"),
    ] = ()
    life_years: Annotated[
        Annotated[float, msgspec.Meta(ge=LEAST_YEARS, le=50)],
        noted(_("Years of service here"), _("What was seen, or what its maker says."), unit=_("years")),
    ] = 5.0
    other_life_years: Annotated[
        Annotated[float, msgspec.Meta(ge=0, le=50)],
        noted(
            _("Years of another life"),
            _("Before here (reconditioned) or after (given on): what is made is shared with it."),
            unit=_("years"),
        ),
    ] = 0.0
    watts: Annotated[
        Annotated[float, msgspec.Meta(ge=0, le=100_000)] | None,
        noted(_("Mean power of one device"), _("0 on a battery; empty when nobody knows."), unit="W"),
    ] = None
    repairs: Annotated[
        Annotated[float, msgspec.Meta(ge=0, le=100)],
        noted(_("Power blocks replaced"), _("Batteries or supplies, for one device over its whole life.")),
    ] = 0.0
    sheet: Annotated[
        DeviceSheet | None,
        noted(_("Published sheet of this device"), _("Takes the place of the archetype. Empty when there is none.")),
    ] = None

    def worked_out(self) -> tuple[Worked, ...]:
        """What one device weighs by its archetype, in between."""
        if self.sheet is not None:
            return ()
        whole = ARCHETYPES[self.model].made + ARCHETYPES[self.model].ended
        return (
            worked(_("One device by its archetype, at least"), round(whole.low, 1), "kg CO2e"),
            worked(_("At most"), round(whole.high, 1), "kg CO2e"),
        )
