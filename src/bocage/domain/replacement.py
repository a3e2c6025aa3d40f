"""The replacement of a sensor: the series goes on, another instrument measures it; who measured from when to when."""

from collections.abc import Sequence
from datetime import datetime
from typing import Annotated

import msgspec

from bocage.domain.declaration import noted
from bocage.domain.text import message as _


class Replacement(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, forbid_unknown_fields=True):
    """At an instant, one sensor gave way to the next of the series: to the present one after the last replacement.

    `ended`, `began`: what the dials of the old and of the new meter showed then (index only). What is not known is
    not counted: without `ended` nothing from the last reading of the old meter to the change, without `began`
    nothing from the change to the first reading of the new one.
    """

    at: Annotated[datetime, noted(_("Replaced on"), tz=True)]
    former: Annotated[str, noted(_("Sensor until then"), reference="sensor")] = ""
    serial: Annotated[str, noted(_("Serial number of the new one"), max_length=100)] = ""
    ended: Annotated[float | None, noted(_("Last index of the old meter"))] = None
    began: Annotated[float | None, noted(_("First index of the new meter"))] = None


class MeterChange(msgspec.Struct, frozen=True, kw_only=True):
    """The same as the log needs it. at: UTC ms; readings from then on are of the new meter."""

    at: int
    ended: float | None = None
    began: float | None = None


class Turn(msgspec.Struct, frozen=True, kw_only=True):
    """A sensor that measured a series from one instant to another; None: from the first value, until now."""

    sensor: str
    since: datetime | None = None
    until: datetime | None = None
    serial: str = ""


def turns(present: str, replacements: Sequence[Replacement]) -> tuple[Turn, ...]:
    """Who measured from when to when, the present one first."""
    sensors = [*(one.former for one in replacements), present]
    begins = [None, *(one.at for one in replacements)]
    ends = [*(one.at for one in replacements), None]
    serials = ["", *(one.serial for one in replacements)]
    found = [
        Turn(sensor=sensor, since=since, until=until, serial=serial)
        for sensor, since, until, serial in zip(sensors, begins, ends, serials, strict=True)
    ]
    return tuple(reversed(found))
