"""Reads cells of text as numbers, truths or words, many at once."""

from collections.abc import Sequence

import msgspec
import numpy as np
import numpy.typing as npt

from bocage.domain.nature import ResultKind
from bocage.domain.reading import Bytes, Numbers
from bocage.domain.source import Series

_TRUTHS = {"true": 1.0, "false": 0.0}
_SPACES = str.maketrans("", "", "€    ")  # the euro sign; plain, no-break, narrow no-break, thin: French thousands
_EXACT = 9  # decimals kept after a change of unit by a factor of one or more


class Cells(msgspec.Struct, frozen=True, kw_only=True, eq=False):
    """number: float64[n]; kind: uint8[n], a ResultKind (NULL where the cell says: no value); bad: bool[n]."""

    number: Numbers
    kind: Bytes
    bad: npt.NDArray[np.bool_]
    text: npt.NDArray[np.object_] | None = None


def read_numbers(cells: Sequence[str], decimal: str, missing: Sequence[str]) -> Cells:
    """Numbers, true and false; the words of `missing` are NULL, anything else is bad."""
    plain = _dotted(cells) if decimal == "," else cells
    try:
        number = np.fromiter(map(float, plain), dtype=np.float64, count=len(plain))
    except ValueError:
        return _one_by_one(plain, frozenset(missing))
    if not np.isfinite(number).all() or "_" in "".join(plain):
        return _one_by_one(plain, frozenset(missing))
    absent = _absent(cells, [word for word in missing if _writes_number(word)])
    kind = np.where(absent, ResultKind.NULL, ResultKind.NUMBER).astype(np.uint8)
    return Cells(number=np.where(absent, np.nan, number), kind=kind, bad=np.zeros(len(number), dtype=np.bool_))


def read_words(cells: Sequence[str], missing: Sequence[str]) -> Cells:
    """Words as they are; those of `missing` are NULL."""
    absent = _absent(cells, missing)
    return Cells(
        number=np.full(len(cells), np.nan),
        kind=np.where(absent, ResultKind.NULL, ResultKind.TEXT).astype(np.uint8),
        bad=np.zeros(len(cells), dtype=np.bool_),
        text=np.array([None if gone else cell for cell, gone in zip(cells, absent, strict=True)], dtype=np.object_),
    )


def converted(cells: Cells, series: Series) -> Cells:
    """Numbers brought to the unit of the series: number * factor + offset; what becomes too large is bad.

    Without the dust that binary fractions leave: 272.75 - 273.15 is -0.4.
    """
    factor, offset = series.factor, series.offset
    if factor == 1.0 and offset == 0.0:
        return cells
    decimals = _EXACT - int(np.floor(np.log10(min(abs(factor), 1.0)))) if factor else _EXACT
    with np.errstate(over="ignore", invalid="ignore"):
        exact = cells.number * factor + offset
        rounded = np.round(exact, decimals)
    number = np.where(cells.kind == ResultKind.NUMBER, np.where(np.isfinite(rounded), rounded, exact), cells.number)
    bad = cells.bad | ((cells.kind == ResultKind.NUMBER) & ~np.isfinite(number))
    return msgspec.structs.replace(cells, number=number, bad=bad)


def _dotted(cells: Sequence[str]) -> list[str]:
    return [cell.translate(_SPACES).replace(",", ".") for cell in cells]


def _absent(cells: Sequence[str], missing: Sequence[str]) -> npt.NDArray[np.bool_]:
    words = frozenset(missing)
    if not words:
        return np.zeros(len(cells), dtype=np.bool_)
    return np.fromiter((cell in words for cell in cells), dtype=np.bool_, count=len(cells))


def _writes_number(word: str) -> bool:
    """Whether a word that means "no value" is written as a number is, with a point or a comma."""
    return not _number(word.translate(_SPACES).replace(",", "."))[1]


def _one_by_one(cells: Sequence[str], missing: frozenset[str]) -> Cells:
    number = [np.nan] * len(cells)
    kind, bad = [int(ResultKind.NUMBER)] * len(cells), [False] * len(cells)
    for place, cell in enumerate(cells):
        word = cell.strip()
        if word in missing:
            kind[place] = ResultKind.NULL
        elif word.lower() in _TRUTHS:
            number[place], kind[place] = _TRUTHS[word.lower()], ResultKind.BOOLEAN
        else:
            number[place], bad[place] = _number(word)
    return Cells(number=np.array(number), kind=np.array(kind, dtype=np.uint8), bad=np.array(bad, dtype=np.bool_))


def _number(word: str) -> tuple[float, bool]:
    try:
        found = float(word)
    except ValueError:
        return np.nan, True
    return (np.nan, True) if "_" in word or not np.isfinite(found) else (found, False)
