"""Reads what GRDF measured each gas day, from six in the morning to six the next one: energy in kWh, volume in m³."""

import re
import unicodedata
from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import msgspec
import numpy as np

from bocage.domain.cells import read_numbers
from bocage.domain.errors import PayloadError
from bocage.domain.nature import Nature, ResultKind
from bocage.domain.plugin import Arrival, Described
from bocage.domain.reading import Decoded, ReadingBatch, numbers
from bocage.domain.row_errors import RowErrors
from bocage.domain.rows import Table, read_rows
from bocage.domain.sensing import Unit
from bocage.domain.source import Mapping
from bocage.domain.text import Text
from bocage.domain.text import message as _
from bocage.domain.text_table import text_lines
from bocage.domain.times import read_day, read_times

DAY = 86_400
METER = re.compile(r"([0-9]{14}|GI[0-9]{6})\Z")
_NUMBER = re.compile(r"(?<![0-9A-Za-z])([0-9]{14}|GI[0-9]{6})(?![0-9])")
_METERS = ("n pce", "numero pce", "numero de pce", "identifiant pce", "id pce", "pce")
_DAYS = ("date de releve", "journee gaziere")
_NOTHING = ("", "na", "n/a", "-")
_MEASURED = {"energie consommee kwh": "energie-jour", "volume consomme m3": "volume-jour"}
_WHAT = {
    "energie-jour": (
        "gaz-energie-jour",
        Text(fr="Gaz consommé par jour", en="Gas used each day"),
        Unit(name="kilowattheure", symbol="kWh", ucum="kW.h"),
    ),
    "volume-jour": (
        "gaz-volume-jour",
        Text(fr="Volume de gaz consommé par jour", en="Volume of gas used each day"),
        Unit(name="mètre cube", symbol="m³", ucum="m3"),
    ),
}


def describe(key: str) -> Described | None:
    """Of `<delivery point>/<what>`; None for a name this format does not give."""
    meter, _sign, what = key.partition("/")
    if not METER.match(meter) or what not in _WHAT:
        return None
    slug, title, unit = _WHAT[what]
    return Described(meter=meter, property=slug, title=title, unit=unit, nature=Nature.AMOUNT, cadence_seconds=DAY)


class Found(msgspec.Struct, frozen=True, kw_only=True):
    """The table of a file: its columns by folded name, its rows with their numbers, and the meter said above it."""

    columns: dict[str, int]
    written: list[str]
    rows: list[tuple[int, list[str]]]
    meter: str

    def cells(self, *names: str) -> list[str]:
        """The cells of the first column of these names; empty ones when there is none."""
        at = next((self.columns[name] for name in names if name in self.columns), -1)
        return [line[at].strip() if 0 <= at < len(line) else "" for _number, line in self.rows]


def decode(sent: bytes, mapping: Mapping, arrival: Arrival) -> Decoded:
    """The readings of a file. PayloadError when it holds no table this form knows and the mapping names none."""
    lines = text_lines(sent, mapping.encoding, mapping.delimiter)
    found = _found(lines)
    errors = RowErrors()
    if found is None:
        return _as_declared(lines, mapping, arrival, errors)
    zone = _checked(mapping.zone or arrival.zone)
    row = np.array([number for number, _line in found.rows], np.int64)
    said = found.cells(*_DAYS)
    days = [read_day(text) for text in said]
    undated = np.array([day is None for day in days], np.bool_)
    errors.add(row, undated, column=_written(found, _DAYS), cells=said, code="day")
    meters = _meters(found, arrival, mapping)
    nameless = np.array([not METER.match(meter) for meter in meters], np.bool_)
    errors.add(row, nameless & ~undated, column=_written(found, _METERS), cells=meters, code="meter")
    start, end = (_at_six([day + timedelta(days=more) if day else None for day in days], zone) for more in (0, 1))
    parts = [
        _part(found, (column, what), meters, (row, undated | nameless), errors) for column, what in _MEASURED.items()
    ]
    return Decoded(readings=_batch([part for part in parts if part], (start, end, row)), errors=errors.told())


Part = tuple[list[str], "np.ndarray[tuple[int], np.dtype[np.intp]]", "np.ndarray[tuple[int], np.dtype[np.float64]]"]


def _part(
    found: Found, measured: tuple[str, str], meters: list[str], given: tuple[np.ndarray, np.ndarray], errors: RowErrors
) -> Part | None:
    """The keys of all rows, the rows that hold a value of one measured column, and those values."""
    column, what = measured
    row, lost = given
    if column not in found.columns:
        return None
    words = found.cells(column)
    cells = read_numbers(["" if word.lower() in _NOTHING else word for word in words], ",", ("",))
    bad = cells.bad | (cells.kind == ResultKind.BOOLEAN)
    errors.add(row, bad & ~lost, column=found.written[found.columns[column]], cells=words, code="number")
    good = np.flatnonzero(~(lost | bad | (cells.kind == ResultKind.NULL)))
    return [f"{meter}/{what}" for meter in meters], good, cells.number[good]


def _batch(parts: Sequence[Part], spans: tuple[np.ndarray, np.ndarray, np.ndarray]) -> ReadingBatch:
    start, end, row = spans
    names = [keys[place] for keys, good, _number in parts for place in good.tolist()]
    keys = tuple(dict.fromkeys(names))
    place = {key: at for at, key in enumerate(keys)}
    at = np.concatenate([np.empty(0, np.intp), *(good for _keys, good, _number in parts)])
    number = np.concatenate([np.empty(0), *(found for _keys, _good, found in parts)])
    batch = numbers(keys, np.array([place[name] for name in names], np.int32), start[at], number, end[at])
    return msgspec.structs.replace(batch, row=row[at])


def _found(lines: list[list[str]]) -> Found | None:
    """The first table with a day and something measured, and the meter named in the lines above it."""
    meter = ""
    for number, line in enumerate(lines):
        words = [_folded(cell) for cell in line]
        if set(words) & set(_DAYS) and set(words) & set(_MEASURED):
            columns: dict[str, int] = {}
            for at, word in enumerate(words):
                columns.setdefault(word, at)
            rows = [(place, cells) for place, cells in enumerate(lines[number + 1 :], start=number + 2) if any(cells)]
            return Found(columns=columns, written=[cell.strip() for cell in line], rows=rows, meter=meter)
        meter = meter or next(_named(line, words), "")
    return None


def _named(line: list[str], words: list[str]) -> Iterator[str]:
    """The number of a meter in a line that speaks of one."""
    if any("pce" in word.split() for word in words):
        for cell in line:
            found = _NUMBER.search(cell)
            if found:
                yield found[1]


def _meters(found: Found, arrival: Arrival, mapping: Mapping) -> list[str]:
    """The meter of each row: in its column, above the table, in the name of the file, or as declared."""
    if set(found.columns) & set(_METERS):
        return ["".join(cell.split()).upper() for cell in found.cells(*_METERS)]
    named = _NUMBER.search(arrival.file)
    meter = found.meter or (named[1] if named else "") or mapping.key
    if not meter:
        raise PayloadError(_("the number of the delivery point (PCE), in the file or in its name"))
    return [meter] * len(found.rows)


def _written(found: Found, names: Sequence[str]) -> str:
    return next((found.written[found.columns[name]] for name in names if name in found.columns), "")


def _at_six(days: Sequence[date | None], zone: str) -> "np.ndarray[tuple[int], np.dtype[np.int64]]":
    """When gas days begin: six o'clock, local time."""
    return read_times([f"{day.isoformat()}T06:00:00" if day else "" for day in days], zone).ms


def _folded(text: str) -> str:
    plain = unicodedata.normalize("NFKD", text.replace("³", "3").replace("°", " "))
    return re.sub(r"[^a-z0-9]+", " ", plain.encode("ascii", "ignore").decode().lower()).strip()


def _checked(zone: str) -> str:
    try:
        ZoneInfo(zone)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise PayloadError(_("a time zone such as Europe/Paris"), found=zone) from error
    return zone


def _as_declared(lines: list[list[str]], mapping: Mapping, arrival: Arrival, errors: RowErrors) -> Decoded:
    """A table of another shape, read by what the mapping of the source says."""
    first = next((at for at, cells in enumerate(lines) if any(cells)), None)
    if first is None or not mapping.series:
        raise PayloadError(_("a file of GRDF: what was used each day, in kWh or m³"))
    rows = [at for at in range(first + 1, len(lines)) if any(lines[at])]
    columns: dict[str, list[str]] = {}
    for at, name in enumerate(lines[first]):
        cells = [lines[row][at].strip() if at < len(lines[row]) else "" for row in rows]
        columns.setdefault(name.strip(), cells)
    return read_rows(Table(columns=columns, row=np.array(rows, dtype=np.int64) + 1), mapping, arrival, errors)
