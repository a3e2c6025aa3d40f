"""The footprint of the digital tools of a territory, worked out of what is declared and what was measured.

A year of it: devices at their yearly rate (made, repaired, used, ended), then network and computing as they were over
the last year, and storage at today's size. Every figure is a span. What has no source is left out, and named.
"""

from collections.abc import Iterator, Mapping

import msgspec

from bocage.commitments.facts import TerritoryFacts
from bocage.commitments.measured import Usage
from bocage.domain.dataset import Dataset
from bocage.domain.device_archetypes import ARCHETYPES, DeviceModel
from bocage.domain.device_fleet import DeviceFleet
from bocage.domain.footprint_factors import FACTORS, HOURS, NOTHING, Span, Unit
from bocage.domain.label import Labelled
from bocage.domain.own_factor import OwnFactor
from bocage.domain.text import message as _

GIGABYTE, TERABYTE = 1e9, 1e12
MILLION = 1e6


class Part(Labelled):
    """What the footprint is made of: devices first."""

    MADE = "made", _("Making the devices")
    REPAIRED = "repaired", _("Repairing the devices")
    USED = "used", _("Electricity of the devices")
    ENDED = "ended", _("End of life of the devices")
    NETWORK = "network", _("Network")
    STORAGE = "storage", _("Storage")
    COMPUTING = "computing", _("Computing")


MEASURED = (Part.NETWORK, Part.STORAGE, Part.COMPUTING)


class Cost(msgspec.Struct, frozen=True):
    """What a part costs in a year: kg CO2e, and kWh here (what is made elsewhere counts none)."""

    kilograms: Span = NOTHING
    kilowatt_hours: Span = NOTHING

    def __add__(self, other: "Cost") -> "Cost":
        return Cost(self.kilograms + other.kilograms, self.kilowatt_hours + other.kilowatt_hours)

    def times(self, share: float) -> "Cost":
        """A share of it."""
        return Cost(self.kilograms.times(share), self.kilowatt_hours.times(share))


FREE = Cost()


class Portion(msgspec.Struct, frozen=True, kw_only=True):
    """The footprint of a service or a dataset ("" where none is named); `lately`: its measurements of the last year."""

    slug: str
    parts: Mapping[Part, Cost]
    lately: int = 0

    @property
    def total(self) -> Cost:
        """All parts together."""
        return sum(self.parts.values(), FREE)

    @property
    def dominant(self) -> Part | None:
        """What weighs most, in between; None where nothing weighs anything."""
        heaviest = max(self.parts, key=lambda part: self.parts[part].kilograms.value, default=None)
        return heaviest if heaviest and self.parts[heaviest].kilograms.value > 0 else None

    @property
    def per_million(self) -> Span | None:
        """kg CO2e for a million measurements; None without any."""
        return self.total.kilograms.times(MILLION / self.lately) if self.lately else None


class Footprint(msgspec.Struct, frozen=True, kw_only=True):
    """That of a territory. `without_power`, `without_sheet`: fleets of which something is not counted."""

    whole: Portion
    services: tuple[Portion, ...]
    datasets: tuple[Portion, ...]
    fleets: Mapping[str, Mapping[Part, Cost]]
    without_power: tuple[str, ...]
    without_sheet: tuple[str, ...]

    def service(self, slug: str) -> Portion:
        """That of a service; of the whole territory for an empty name."""
        if not slug:
            return self.whole
        return next((one for one in self.services if one.slug == slug), Portion(slug=slug, parts={}))


def factors(facts: TerritoryFacts) -> Mapping[Unit, Span]:
    """The published factors, and in their place those the territory states."""
    own = own_factors(facts)
    return {unit: own[unit].span if unit in own else factor.span for unit, factor in FACTORS.items()}


def own_factors(facts: TerritoryFacts) -> Mapping[Unit, OwnFactor]:
    """Those the territory states; of two for the same, the last by name."""
    return {one.unit: one for _slug, one in sorted(facts.all(OwnFactor).items())}


def footprint(facts: TerritoryFacts) -> Footprint:
    """That of the territory, by service and by dataset."""
    spans = factors(facts)
    fleets = {slug: dict(devices(one, spans)) for slug, one in sorted(facts.all(DeviceFleet).items())}
    machines = dict(measured(facts.usage, spans)) if facts.usage else {}
    services: dict[str, dict[Part, Cost]] = {}
    datasets: dict[str, dict[Part, Cost]] = {}
    for slug, parts in fleets.items():
        fleet = facts.all(DeviceFleet)[slug]
        _add(services, fleet.service, parts, 1.0)
        for dataset, share in _shares(fleet.datasets, facts.usage):
            _add(datasets, dataset, parts, share)
    for dataset, share in _by_measurements(facts.usage):
        body = facts.one(Dataset, dataset)
        _add(services, body.service if body else "", machines, share)
        _add(datasets, dataset, machines, share)
    return Footprint(
        whole=Portion(slug="", parts=_whole(fleets, machines), lately=_lately(facts.usage)),
        services=_ranked(services, _of_services(facts)),
        datasets=_ranked(datasets, facts.usage.lately if facts.usage else {}),
        fleets=fleets,
        without_power=tuple(slug for slug, one in sorted(facts.all(DeviceFleet).items()) if one.watts is None),
        without_sheet=tuple(
            slug
            for slug, one in sorted(facts.all(DeviceFleet).items())
            if one.model is DeviceModel.OTHER and one.sheet is None
        ),
    )


def devices(fleet: DeviceFleet, spans: Mapping[Unit, Span]) -> Iterator[tuple[Part, Cost]]:
    """A year of a fleet: what is made and ended is spread over all the years its devices serve, here and elsewhere."""
    archetype, years = ARCHETYPES[fleet.model], fleet.life_years + fleet.other_life_years
    a_year = fleet.count / years
    if fleet.sheet is not None:
        yield Part.MADE, Cost(fleet.sheet.span.times(a_year))
    else:
        yield Part.MADE, Cost(archetype.made.times(a_year))
        yield Part.ENDED, Cost(archetype.ended.times(a_year))
    if fleet.repairs:
        yield Part.REPAIRED, Cost(archetype.powered.times(fleet.repairs * a_year))
    if fleet.watts:
        drawn = fleet.count * fleet.watts * HOURS / 1000
        used = Span(drawn, drawn, drawn)
        yield Part.USED, Cost(used.over(spans[Unit.ELECTRICITY]), used)


def measured(usage: Usage, spans: Mapping[Unit, Span]) -> Iterator[tuple[Part, Cost]]:
    """What Bocage itself took: bytes that came and went, bytes kept, time of processor."""
    carried = (usage.received + usage.sent) / GIGABYTE
    kept, computed = usage.stored / TERABYTE, usage.cpu_seconds / 3600
    electricity = spans[Unit.ELECTRICITY]
    for part, use, made, amount in (
        (Part.NETWORK, Unit.NETWORK_USE, Unit.NETWORK_MADE, carried),
        (Part.STORAGE, Unit.STORAGE_USE, Unit.STORAGE_MADE, kept),
        (Part.COMPUTING, Unit.COMPUTING_USE, None, computed),
    ):
        used = spans[use].times(amount)
        equipment = spans[made].times(amount) if made else NOTHING
        yield part, Cost(used.over(electricity) + equipment, used)


def _shares(named: tuple[str, ...], usage: Usage | None) -> Iterator[tuple[str, float]]:
    """Datasets that share a fleet, by their measurements; evenly while none of them has any. None is named: ""."""
    if not named:
        yield "", 1.0
    counts = {slug: (usage.lately.get(slug, 0) if usage else 0) for slug in named}
    whole = sum(counts.values())
    for slug, count in counts.items():
        yield slug, count / whole if whole else 1 / len(counts)


def _by_measurements(usage: Usage | None) -> Iterator[tuple[str, float]]:
    """Each dataset's share of the machine, by what it holds; all of it is nobody's while none holds anything."""
    if usage is None:
        return
    whole = sum(usage.held.values())
    if not whole:
        yield "", 1.0
    for slug, count in sorted(usage.held.items()):
        yield slug, count / whole


def _add(found: dict[str, dict[Part, Cost]], slug: str, parts: Mapping[Part, Cost], share: float) -> None:
    held = found.setdefault(slug, {})
    for part, cost in parts.items():
        held[part] = held.get(part, FREE) + cost.times(share)


def _whole(fleets: Mapping[str, Mapping[Part, Cost]], machines: Mapping[Part, Cost]) -> dict[Part, Cost]:
    every = (*fleets.values(), machines)
    return {part: sum((parts.get(part, FREE) for parts in every), FREE) for part in Part}


def _ranked(found: Mapping[str, Mapping[Part, Cost]], lately: Mapping[str, int]) -> tuple[Portion, ...]:
    portions = [Portion(slug=slug, parts=parts, lately=lately.get(slug, 0)) for slug, parts in found.items()]
    return tuple(sorted(portions, key=lambda one: (-one.total.kilograms.value, one.slug)))


def _of_services(facts: TerritoryFacts) -> dict[str, int]:
    counts: dict[str, int] = {}
    for slug, count in (facts.usage.lately if facts.usage else {}).items():
        body = facts.one(Dataset, slug)
        service = body.service if body else ""
        counts[service] = counts.get(service, 0) + count
    return counts


def _lately(usage: Usage | None) -> int:
    return sum(usage.lately.values()) if usage else 0
