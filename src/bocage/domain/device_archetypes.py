"""Archetypes of devices, ours: each made of blocks that have a source; what has none is left out, and said."""

from collections.abc import Mapping
from typing import Final

import msgspec

from bocage.domain.footprint_factors import BLOCKS, GREEN_CLOUD, NOTHING, PIECES, TIDE, Origin, Span
from bocage.domain.label import Labelled
from bocage.domain.text import message as _

LEFT_OUT: Final = 2.0
"""By how much what is made may exceed the sum of blocks, say the authors of the method (truncation)."""

Levels = tuple[int, int, int]
"""The level of a block at least, most likely, and at most."""


class DeviceModel(Labelled):
    """What sort of device it is."""

    BATTERY_SENSOR = "battery-sensor", _("Sensor on a battery, by radio")
    MAINS_SENSOR = "mains-sensor", _("Sensor on the mains")
    METER = "meter", _("Meter that reports its index")
    COUNTER = "counter", _("Counter in the road or on a path")
    WEATHER_STATION = "weather-station", _("Weather or air station")
    GATEWAY = "gateway", _("Radio gateway")
    SERVER = "server", _("Server")
    OTHER = "other", _("Another device: its maker's sheet is needed")


class Archetype(msgspec.Struct, frozen=True, kw_only=True):
    """The blocks of one device: how many, and at which levels; `missing`: English messages for what has no source."""

    blocks: tuple[tuple[str, int, Levels], ...] = ()
    pieces: tuple[tuple[str, int], ...] = ()
    origin: Origin = TIDE
    missing: tuple[str, ...] = ()

    @property
    def made(self) -> Span:
        """kg CO2e to make one."""
        made = sum((_levels(name, levels, 0).times(count) for name, count, levels in self.blocks), NOTHING)
        pieces = sum(PIECES[name] * count for name, count in self.pieces)
        return Span(made.low, made.value, made.high * LEFT_OUT) + Span(pieces / 2, pieces, pieces * 2)

    @property
    def ended(self) -> Span:
        """kg CO2e at its end."""
        return sum((_levels(name, levels, 1).times(count) for name, count, levels in self.blocks), NOTHING)

    @property
    def powered(self) -> Span:
        """kg CO2e of another power block, made and ended: what a repair replaces most often."""
        found = [one for one in self.blocks if one[0] == "power_supply"]
        made = sum((_levels(name, levels, 0) for name, _count, levels in found), NOTHING)
        ended = sum((_levels(name, levels, 1) for name, _count, levels in found), NOTHING)
        return Span(made.low, made.value, made.high * LEFT_OUT) + ended


def _levels(name: str, levels: Levels, phase: int) -> Span:
    """kg CO2e of a block at its three levels; a level the method does not have is an error of ours."""
    values = []
    for level in levels:
        pair = BLOCKS[name][level]
        if pair is None:
            raise ValueError(f"no factor for {name} at level {level}")
        values.append(pair[phase])
    return Span(min(values), values[1], max(values))


_SHIPPING = _("transport to here and installation")
_RADIO = _("antennas, poles and cabinets")

ARCHETYPES: Final[Mapping[DeviceModel, Archetype]] = {
    DeviceModel.BATTERY_SENSOR: Archetype(
        blocks=(
            ("casing", 1, (1, 1, 2)),
            ("connectivity", 1, (1, 1, 2)),
            ("others", 1, (0, 0, 1)),
            ("pcb", 1, (0, 0, 1)),
            ("power_supply", 1, (1, 1, 2)),
            ("processing", 1, (0, 0, 1)),
            ("sensing", 1, (1, 2, 3)),
        ),
        missing=(_SHIPPING,),
    ),
    DeviceModel.MAINS_SENSOR: Archetype(
        blocks=(
            ("casing", 1, (1, 1, 2)),
            ("connectivity", 1, (1, 2, 3)),
            ("others", 1, (0, 1, 2)),
            ("pcb", 1, (0, 1, 2)),
            ("power_supply", 1, (0, 0, 3)),
            ("processing", 1, (0, 1, 2)),
            ("sensing", 1, (1, 2, 3)),
        ),
        missing=(_SHIPPING, _("wiring")),
    ),
    DeviceModel.METER: Archetype(
        blocks=(
            ("casing", 1, (1, 2, 2)),
            ("connectivity", 1, (1, 1, 2)),
            ("others", 1, (0, 1, 2)),
            ("pcb", 1, (0, 1, 2)),
            ("power_supply", 1, (1, 2, 3)),
            ("processing", 1, (0, 0, 1)),
            ("sensing", 1, (1, 2, 3)),
            ("user_interface", 1, (1, 1, 2)),
        ),
        missing=(_SHIPPING, _("metal parts of the meter")),
    ),
    DeviceModel.COUNTER: Archetype(
        blocks=(
            ("casing", 1, (1, 2, 3)),
            ("connectivity", 1, (1, 2, 3)),
            ("memory", 1, (1, 1, 2)),
            ("others", 1, (1, 2, 3)),
            ("pcb", 1, (1, 2, 3)),
            ("power_supply", 1, (2, 2, 3)),
            ("processing", 1, (0, 1, 2)),
            ("sensing", 2, (1, 2, 3)),
        ),
        missing=(_SHIPPING, _("loops, ducts and road works")),
    ),
    DeviceModel.WEATHER_STATION: Archetype(
        blocks=(
            ("casing", 1, (2, 3, 3)),
            ("connectivity", 1, (1, 2, 3)),
            ("memory", 1, (1, 1, 2)),
            ("others", 1, (1, 2, 3)),
            ("pcb", 1, (1, 2, 3)),
            ("power_supply", 1, (0, 2, 3)),
            ("processing", 1, (0, 1, 2)),
            ("sensing", 4, (1, 3, 3)),
        ),
        missing=(_SHIPPING, _("mast and solar panel")),
    ),
    DeviceModel.GATEWAY: Archetype(
        blocks=(
            ("casing", 1, (1, 2, 3)),
            ("connectivity", 2, (2, 3, 3)),
            ("memory", 1, (1, 2, 3)),
            ("others", 1, (1, 2, 3)),
            ("pcb", 1, (1, 2, 3)),
            ("power_supply", 1, (0, 0, 3)),
            ("processing", 1, (1, 2, 3)),
            ("security", 1, (1, 1, 1)),
        ),
        missing=(_SHIPPING, _RADIO),
    ),
    DeviceModel.SERVER: Archetype(
        pieces=(("assembly", 1), ("case", 1), ("motherboard", 1), ("hdd", 2)),
        origin=GREEN_CLOUD,
        missing=(_SHIPPING, _("processors, memory and power supplies"), _("end of life")),
    ),
    DeviceModel.OTHER: Archetype(missing=(_("everything but its use, until a sheet is given"),)),
}
