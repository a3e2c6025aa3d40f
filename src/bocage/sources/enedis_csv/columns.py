"""Cells of the tables of Enedis as times, numbers, steps and units."""

import re
from collections.abc import Sequence

import msgspec
import numpy as np
import numpy.typing as npt

from bocage.domain.cells import read_numbers
from bocage.domain.nature import ResultKind
from bocage.domain.row_errors import RowErrors
from bocage.domain.source import Mapping
from bocage.domain.times import read_times
from bocage.sources.enedis_csv.blocks import Block, folded

Ints = npt.NDArray[np.int64]
Numbers = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]

MINUTE = 60_000
MOST = 1e290  # beyond, no number is left once it is brought to another unit
STEPS = (5, 10, 15, 20, 30, 60)  # minutes between two values of a load curve
_NOTHING = ("", "na", "n/a", "nan")
_STEP = re.compile(r"PT(\d{1,4})M\Z")
_UNIT = re.compile(r"\b(kwh|wh|kw|w)\b")


class Reading(msgspec.Struct, frozen=True, kw_only=True):
    """What holds for a whole file: the zone of times without an offset, the meter its name holds, the mapping."""

    zone: str
    file_meter: str
    mapping: Mapping


def read(block: Block, at: tuple[int, int], reading: Reading, errors: RowErrors) -> tuple[Ints, Numbers, Ints]:
    """Times, numbers (NaN where none is to be kept) and rows of two columns; what cannot be read is told."""
    row = np.array([number for number, _line in block.rows], np.int64)
    whens, words = ([cell(line, place) for _number, line in block.rows] for place in at)
    times = read_times(whens, reading.zone)
    number, bad = numbers_of(words)
    empty = np.array([word.lower() in _NOTHING for word in words], np.bool_)
    errors.add(row, times.bad & ~empty, column=block.written[at[0]], cells=whens, code="time")
    errors.add(row, times.gap & ~empty, column=block.written[at[0]], cells=whens, code="skipped-time")
    lost = times.bad | times.gap
    errors.add(row, bad & ~lost, column=block.written[at[1]], cells=words, code="number")
    return times.ms, np.where(lost, np.nan, number), row


def numbers_of(words: Sequence[str]) -> tuple[Numbers, Flags]:
    """Numbers, NaN where the cell says nothing or something else; and which say something else."""
    said = ["" if word.lower() in _NOTHING else word for word in words]
    cells = read_numbers(said, ",", ("",))
    bad = cells.bad | (cells.kind == ResultKind.BOOLEAN) | (np.abs(cells.number) > MOST)
    return np.where(bad | (cells.kind == ResultKind.NULL), np.nan, cells.number), bad


def spans(ms: Ints, step: Ints, reading: Reading) -> tuple[Ints, Ints]:
    """Start and end of each step, by which of the two the times say."""
    if folded(reading.mapping.time) == "horodate":
        return ms, ms + step
    return ms - step, ms


def steps(ms: Ints) -> Ints:
    """The length of each step: what separates it from the one before; the usual one where that is no step."""
    gaps = np.diff(ms, prepend=ms[:1])
    fits = np.isin(gaps, np.array(STEPS, np.int64) * MINUTE)
    lengths, counts = np.unique(gaps[fits], return_counts=True)
    usual = int(lengths[np.argmax(counts)]) if len(lengths) else 30 * MINUTE
    step = np.where(fits, gaps, usual)
    if len(step) > 1:
        step[0] = step[1]
    return step.astype(np.int64)


def minutes(text: str) -> int:
    """Minutes of a step written PT30M or 30; 0 when it is none."""
    found = _STEP.match(text.strip().upper())
    minutes = int(found[1]) if found else int(text) if text.isascii() and text.isdigit() and len(text) < 5 else 0
    return minutes if minutes in STEPS else 0


def unit_of(heading: str) -> str:
    """The unit at the end of a heading such as "valeur en kwh"."""
    found = _UNIT.findall(heading)
    return found[-1] if found else ""


def cell(line: Sequence[str], at: int) -> str:
    """The cell at a place; empty where the line is shorter."""
    return line[at] if 0 <= at < len(line) else ""


def scaled(number: Numbers, factor: float) -> Numbers:
    """Numbers brought to another unit."""
    return rounded(number * factor) if factor != 1.0 else number


def rounded(number: Numbers) -> Numbers:
    """Without the dust of binary fractions: watt-hours are whole."""
    return np.round(number, 6)
