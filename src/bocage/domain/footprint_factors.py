"""The published factors a footprint is worked out with: each with its source, year, page and how sure it is.

Nothing here is ours but the choice: values are those of the sources named beside them, as facts. Blocks of connected
objects are in kg CO2e apiece, made and ended; the rest is per kilowatt-hour, gigabyte, terabyte kept for a year, hour
of processor. docs/footprint.md says the same in tables.
"""

from collections.abc import Mapping
from typing import Final

import msgspec

from bocage.domain.label import Labelled
from bocage.domain.text import message as _

HOURS: Final = 8766.0
"""Hours of a year."""


class Span(msgspec.Struct, frozen=True):
    """A value between what it is at least and at most."""

    low: float
    value: float
    high: float

    def __add__(self, other: "Span") -> "Span":
        return Span(self.low + other.low, self.value + other.value, self.high + other.high)

    def times(self, count: float) -> "Span":
        """So many of them."""
        return Span(self.low * count, self.value * count, self.high * count)

    def over(self, other: "Span") -> "Span":
        """Each bound multiplied by that of the other: both are positive."""
        return Span(self.low * other.low, self.value * other.value, self.high * other.high)


NOTHING: Final = Span(0.0, 0.0, 0.0)


class Origin(msgspec.Struct, frozen=True, kw_only=True):
    """Where a factor comes from. `uncertainty`: an English message."""

    name: str
    year: int
    page: str
    uncertainty: str


class Factor(msgspec.Struct, frozen=True, kw_only=True):
    """One factor: its unit, and where from."""

    unit: str
    span: Span
    origin: Origin


class Unit(Labelled):
    """What a factor that is not of a device is about; a territory may state its own."""

    ELECTRICITY = "electricity", _("Electricity")
    NETWORK_USE = "network-use", _("Network: electricity for a gigabyte")
    NETWORK_MADE = "network-made", _("Network: its equipment, for a gigabyte")
    STORAGE_USE = "storage-use", _("Storage: electricity for a terabyte, a year")
    STORAGE_MADE = "storage-made", _("Storage: its disks, for a terabyte, a year")
    COMPUTING_USE = "computing-use", _("Computing: electricity for an hour of processor")


_CCF = "https://github.com/cloud-carbon-footprint/cloud-carbon-footprint/blob/trunk/microsite/docs/Methodology.md"
_SWD = "https://sustainablewebdesign.org/calculating-digital-emissions"

FACTORS: Final[Mapping[Unit, Factor]] = {
    Unit.ELECTRICITY: Factor(
        unit="kg CO2e / kWh",
        span=Span(0.0217, 0.0520, 0.098),
        origin=Origin(
            name="ADEME, Base Empreinte : Electricité/2022 - mix moyen/consommation",
            year=2022,
            page="https://github.com/incubateur-ademe/nosgestesclimat (data/commun.publicodes)",
            uncertainty=_(
                "At least: production alone in 2024, 21.7 g (RTE, Bilan électrique 2024). At most: consumption with "
                "imports in 2019, 98 g (Scarlat et al., Applied Energy, 2022, as BoaviztAPI has it)."
            ),
        ),
    ),
    Unit.NETWORK_USE: Factor(
        unit="kWh / GB",
        span=Span(0.001, 0.059, 0.059),
        origin=Origin(
            name="Sustainable Web Design Model 4",
            year=2024,
            page=_SWD,
            uncertainty=_("At least: 0.001 kWh, between data centres (Cloud Carbon Footprint, 2021)."),
        ),
    ),
    Unit.NETWORK_MADE: Factor(
        unit="kg CO2e / GB",
        span=Span(0.0032, 0.0064, 0.0128),
        origin=Origin(
            name="Sustainable Web Design Model 4",
            year=2024,
            page=_SWD,
            uncertainty=_(
                "0.013 kWh made into carbon at the mix of the world, 494 g, as the model does. The source gives no "
                "range: from half to double is our choice."
            ),
        ),
    ),
    Unit.STORAGE_USE: Factor(
        unit="kWh / TB · year",
        span=Span(0.65 * HOURS / 1000, 1.2 * HOURS / 1000, 1.2 * HOURS / 1000),
        origin=Origin(
            name="Cloud Carbon Footprint, Methodology (Storage)",
            year=2021,
            page=_CCF,
            uncertainty=_("At least: hard disk, 0.65 W for a terabyte. At most: solid-state disk, 1.2 W."),
        ),
    ),
    Unit.STORAGE_MADE: Factor(
        unit="kg CO2e / TB · year",
        span=Span(0.40, 11.0, 11.0),
        origin=Origin(
            name="DigitalPebble, Spruce: embodied emissions of storage",
            year=2026,
            page="https://github.com/DigitalPebble/spruce/pull/275",
            uncertainty=_(
                "At least: hard disk, from four sources within 8 per cent of each other. At most: solid-state disk. "
                "Over five years."
            ),
        ),
    ),
    Unit.COMPUTING_USE: Factor(
        unit="kWh / h",
        span=Span(0.00276, 0.0035, 0.00426),
        origin=Origin(
            name="Cloud Carbon Footprint, Methodology (Compute)",
            year=2021,
            page=_CCF,
            uncertainty=_(
                "One virtual processor at work: 3.5 W (mean), at most 4.26 W (another provider), at least 2.76 W "
                "(without what it draws at rest)."
            ),
        ),
    ),
}

TIDE: Final = Origin(
    name="Pirson and Bol, Journal of Cleaner Production 322 (2021), adapted by Tide for Boavizta",
    year=2021,
    page="https://doi.org/10.1016/j.jclepro.2021.128966 (Boavizta/boaviztapi: iot_factors_tide.csv)",
    uncertainty=_(
        "The level of each block is between two or three of the method's. The authors say that what is left out could "
        "double what is made: the most is doubled."
    ),
)
GREEN_CLOUD: Final = Origin(
    name="Umweltbundesamt, Green Cloud Computing (Texte 94/2021), as Boavizta has it",
    year=2021,
    page="https://github.com/Boavizta/boaviztapi (boaviztapi/data/factors.yml)",
    uncertainty=_("The source gives no range: from half to double is our choice."),
)

BLOCKS: Final[Mapping[str, tuple[tuple[float, float] | None, ...]]] = {
    "casing": (None, (0.431, 0.0912), (3.45, 0.729), (6.89, 1.46)),
    "connectivity": (None, (0.258, 0.000011), (0.903, 0.108), (1.58, 0.108)),
    "memory": (None, (0.279, 0.00000955), (3.22, 0.000095), (6.77, 0.000177)),
    "others": ((0.317, 0.00907), (0.589, 0.0188), (1.21, 0.0426), (2.00, 0.0693)),
    "pcb": ((0.0929, 0.00507), (0.328, 0.0178), (0.614, 0.0320), (1.46, 0.0766)),
    "power_supply": ((4.43, 0.0594), (0.104, 0.0181), (4.64, 0.0457), (4.99, 0.0457)),
    "processing": ((0.258, 0.000011), (1.73, 0.000044), (3.53, 0.0000768), (6.33, 0.0000893)),
    "security": (None, (0.0439, 0.0000022), None, None),
    "sensing": (None, (0.0, 0.0), (0.0460, 0.0000033), (0.796, 0.0000363)),
    "user_interface": (None, (0.145, 0.00554), (0.362, 0.0120), (0.823, 0.0194)),
}
"""kg CO2e of a block by its hardware specification level (0 to 3): made, ended; None where the method has none."""
PIECES: Final[Mapping[str, float]] = {"assembly": 6.68, "case": 150.0, "motherboard": 66.10, "hdd": 31.11}
"""kg CO2e made, of the parts of a server that have a published value apiece."""
