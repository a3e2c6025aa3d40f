"""Each kind of table of Enedis, from cells to readings: power in W, energy in kWh."""

import re
from collections.abc import Callable
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import msgspec
import numpy as np
import numpy.typing as npt

from bocage.domain.errors import PayloadError
from bocage.domain.instant import day_bounds
from bocage.domain.row_errors import RowErrors
from bocage.domain.text import message as _
from bocage.domain.times import read_day
from bocage.sources.enedis_csv import columns
from bocage.sources.enedis_csv.blocks import METER, Block, folded
from bocage.sources.enedis_csv.columns import MINUTE, Ints, Numbers, Reading

# What a unit is brought to: the series it makes, and what the number is multiplied by.
_UNITS = {"w": ("puissance", 1.0), "kw": ("puissance", 1_000.0), "wh": ("energie", 1e-3), "kwh": ("energie", 1.0)}
_QUANTITIES = {"pa": "puissance", "ea": "energie", "energie active": "", "puissance active": "puissance"}


class Part(msgspec.Struct, frozen=True, kw_only=True, eq=False):
    """Readings of one table; `key[i]` points into `keys`."""

    keys: tuple[str, ...]
    key: npt.NDArray[np.int32]
    start: Ints
    end: Ints
    number: Numbers
    row: Ints


Read = Callable[[Block, Reading, RowErrors], list[Part]]


def checked(zone: str) -> str:
    """The zone, when it is one."""
    try:
        ZoneInfo(zone)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise PayloadError(_("a time zone such as Europe/Paris"), found=zone) from error
    return zone


def curve(block: Block, reading: Reading, errors: RowErrors) -> list[Part]:
    """Horodate;Valeur below the lines that name the delivery point: power, or energy, of each step; daily maxima."""
    meter = _meter(block, reading)
    at = block.at("valeur", "puissance moyenne w", *(name for name in block.heading if name.startswith("valeur")))
    time = block.at("horodate", "horodate iso fin de pas")
    if "puissance maximale" in folded(block.told("type de donnees")):
        return _instants(block, (time, at, f"{meter}/{_turned(block)}puissance-maximale"), reading, errors)
    unit = folded(block.told("unite")) or columns.unit_of(block.heading[at] if at >= 0 else "") or "w"
    known = _UNITS.get(unit)
    if known is None or at < 0:
        errors.one(block.rows[0][0] if block.rows else 0, column="Unite", found=block.told("unite"), code="unit")
        return []
    ms, number, row = columns.read(block, (time, at), reading, errors)
    told = block.told("pas en minutes")
    step = np.full(len(ms), int(told) * MINUTE, np.int64) if told.isdigit() and len(told) < 5 else columns.steps(ms)
    good = ~np.isnan(number)
    start, end = columns.spans(ms, step, reading)
    key = f"{meter}/{_turned(block)}{known[0]}"
    return [_part(key, start[good], end[good], columns.scaled(number[good], known[1]), row[good])]


def many(block: Block, reading: Reading, errors: RowErrors) -> list[Part]:
    """One row for each value, with its delivery point, quantity, unit and step in columns (flow R63)."""
    time, at = block.at("horodate"), block.at("valeur")
    ms, number, row = columns.read(block, (time, at), reading, errors)
    cells = {
        name: [columns.cell(line, block.at(*names)) for _number, line in block.rows]
        for name, names in {
            "meter": ("identifiant prm", "prm"),
            "unit": ("unite",),
            "quantity": ("grandeur physique",),
            "turned": ("grandeur metier",),
            "step": ("pas", "pas en minutes"),
        }.items()
    }
    names, step, factor = [""] * len(row), np.zeros(len(row), np.int64), np.zeros(len(row))
    for place in range(len(row)):
        said = {name: words[place] for name, words in cells.items()}
        known = _UNITS.get(folded(said["unit"]))
        wanted = _QUANTITIES.get(folded(said["quantity"]))
        minutes = columns.minutes(said["step"])
        code = _fault(said["meter"], known, wanted, minutes)
        if code:
            errors.one(int(row[place]), column=code[0], found=said[code[1]], code=code[2])
        elif known is not None:
            production = folded(said["turned"]).startswith("prod")
            names[place] = f"{said['meter']}/{'production-' if production else ''}{known[0]}"
            step[place], factor[place] = minutes * MINUTE, known[1]
    good = np.flatnonzero(np.array([bool(name) for name in names], np.bool_) & ~np.isnan(number))
    keys = tuple(dict.fromkeys(names[place] for place in good.tolist()))
    place_of = {key: place for place, key in enumerate(keys)}
    start, end = columns.spans(ms, step, reading)
    return [
        Part(
            keys=keys,
            key=np.array([place_of[names[place]] for place in good.tolist()], np.int32),
            start=start[good],
            end=end[good],
            number=columns.rounded(number[good] * factor[good]),
            row=row[good],
        )
    ]


def _fault(meter: str, known: object, wanted: str | None, minutes: int) -> tuple[str, str, str] | None:
    """Column, cell and code of what keeps a row of the flow from being read."""
    if not METER.match(meter):
        return ("Identifiant PRM", "meter", "meter")
    if wanted is None:
        return ("Grandeur physique", "quantity", "quantity")
    if known is None:
        return ("Unite", "unit", "unit")
    return None if minutes else ("Pas", "step", "number")


def index(block: Block, reading: Reading, errors: RowErrors) -> list[Part]:
    """The total index of each day, in kWh; registers of tariffs where the mapping names them (EAS F1, EAS D1...)."""
    meter = _meter(block, reading)
    wanted = {"eas t": "index"}
    for series in reading.mapping.series:
        name = folded(series.column)
        if re.fullmatch(r"eas [fd]\d{1,2}", name):
            wanted[name] = f"index-{name.removeprefix('eas ')}"
    parts = []
    for name, what in wanted.items():
        at = block.at(name)
        if at >= 0:
            parts += _instants(
                block, (block.at("horodate"), at, f"{meter}/{_turned(block)}{what}"), reading, errors, 1e-3
            )
    return parts


def daily(block: Block, reading: Reading, errors: RowErrors) -> list[Part]:
    """Date;Valeur (en kWh): what was used on a civil day."""
    meter = _meter(block, reading)
    at = next((place for place, name in enumerate(block.heading) if columns.unit_of(name)), -1)
    known = _UNITS.get(columns.unit_of(block.heading[at])) if at >= 0 else None
    if known is None or known[0] != "energie":
        errors.one(block.rows[0][0] if block.rows else 0, column=block.written[-1], found="", code="unit")
        return []
    row = np.array([number for number, _line in block.rows], np.int64)
    words = [columns.cell(line, at) for _number, line in block.rows]
    number, bad = columns.numbers_of(words)
    days = [read_day(columns.cell(line, block.at("date"))) for _number, line in block.rows]
    undated = np.array([day is None for day in days], np.bool_)
    errors.add(
        row, undated, column="Date", cells=[columns.cell(line, block.at("date")) for _n, line in block.rows], code="day"
    )
    errors.add(row, bad & ~undated, column=block.written[at], cells=words, code="number")
    good = np.flatnonzero(~(undated | np.isnan(number)))
    bounds = [day_bounds(day, reading.zone) for day in (days[place] for place in good.tolist()) if day is not None]
    edges = np.array(bounds, np.int64).reshape(len(bounds), 2)
    return [
        _part(
            f"{meter}/{_turned(block)}energie-jour",
            edges[:, 0],
            edges[:, 1],
            columns.scaled(number[good], known[1]),
            row[good],
        )
    ]


def _instants(
    block: Block, where: tuple[int, int, str], reading: Reading, errors: RowErrors, factor: float = 1.0
) -> list[Part]:
    time, at, key = where
    ms, number, row = columns.read(block, (time, at), reading, errors)
    good = ~np.isnan(number)
    return [_part(key, ms[good], ms[good], columns.scaled(number[good], factor), row[good])]


def _turned(block: Block) -> str:
    """What begins the name of a series that goes into the grid."""
    said = folded(
        " ".join((block.told("grandeur metier"), block.told("type de donnees", "type de comptage"), *block.heading))
    )
    return "production-" if re.search(r"\b(production|injection|prod)\b", said) else ""


def _meter(block: Block, reading: Reading) -> str:
    meter = "".join(block.meter.split()) or reading.file_meter or reading.mapping.key
    if not meter:
        raise PayloadError(_("the number of the delivery point (PRM, 14 digits), in the file or in its name"))
    return meter


def _part(key: str, start: Ints, end: Ints, number: Numbers, row: Ints) -> Part:
    return Part(keys=(key,), key=np.zeros(len(row), np.int32), start=start, end=end, number=number, row=row)
