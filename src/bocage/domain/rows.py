"""Makes readings of columns of text by a declared mapping, with an error for each row that cannot be read."""

import re
from collections.abc import Iterator, Mapping, Sequence

import msgspec
import numpy as np
import numpy.typing as npt

from bocage.domain import cells
from bocage.domain.errors import PayloadError
from bocage.domain.nature import ResultKind
from bocage.domain.plugin import Arrival
from bocage.domain.reading import Decoded, Ints, ReadingBatch, numbers
from bocage.domain.row_errors import RowErrors
from bocage.domain.source import Mapping as Declared
from bocage.domain.source import Series
from bocage.domain.spans import read_spans
from bocage.domain.text import message as _

Flags = npt.NDArray[np.bool_]

_HOLE = re.compile(r"\{([^{}]*)\}")
_STAR = ".*"
_NATIVE_KEY = "datastream"
_NATIVE_END = "end"
_NATIVE_RESULTS = ("result", "value")


class Table(msgspec.Struct, frozen=True, kw_only=True, eq=False):
    """Columns of text by name, all of one length; `row`: int64[n], the place of each row in what was sent.

    `constants`: values that stand once for the whole document (the name of the file, fields beside a list).
    `arrived`: when each row came, where the mapping names no time and rows came one by one.
    """

    columns: Mapping[str, Sequence[str]]
    row: Ints
    constants: Mapping[str, str] = {}
    arrived: Sequence[str] = ()

    def column(self, name: str) -> Sequence[str]:
        """The cells of a column; PayloadError names those that are there."""
        if name in self.columns:
            return self.columns[name]
        raise PayloadError(
            _("every column that the mapping names"), found=f"{name} ∉ {{{', '.join(self.columns)[:200]}}}"
        )


def read_rows(table: Table, mapping: Declared, arrival: Arrival, errors: RowErrors) -> Decoded:
    """The readings of a table; a cell that says "no value" gives none. Bad rows are added to `errors`.

    PayloadError when a column that the mapping names is not there.
    """
    table = _outside(table, arrival)
    constants = {"file": arrival.file, **table.constants}
    names, name_of, nameless = _names(table, mapping.key or _native_key(table), constants)
    arrived = () if mapping.time else _come(table, arrival)
    times = arrived or _times(table, mapping.time)
    written = msgspec.structs.replace(mapping, time_format="") if arrived else mapping
    spans = read_spans(times, _ends(table, mapping), written, mapping.zone or arrival.zone)
    for flags, column, code, found in (
        (spans.bad_start, mapping.time, "time", times),
        (spans.skipped, mapping.time, "skipped-time", times),
        (spans.bad_end, mapping.end, "end", table.columns.get(mapping.end)),
        (nameless, mapping.key, "key", table.columns.get(mapping.key)),
    ):
        errors.add(table.row, flags, column=column, cells=found, code=code)
    lost = spans.bad_start | spans.skipped | spans.bad_end | nameless
    parts = [_part(table, mapping, series, lost, errors) for series in _series(table, mapping)]
    readings = _assembled(table, mapping, (spans.start, spans.end), (names, name_of), parts)
    return Decoded(readings=readings, errors=errors.told())


def _outside(table: Table, arrival: Arrival) -> Table:
    """The table with what stands outside the bytes, which no column of theirs may say otherwise."""
    if not arrival.parts:
        return table
    columns = {name: cells for name, cells in table.columns.items() if name not in arrival.parts}
    return msgspec.structs.replace(table, columns=columns, constants={**table.constants, **arrival.parts})


def _come(table: Table, arrival: Arrival) -> Sequence[str]:
    """When each row came; empty when that is not known, as for files."""
    return table.arrived or ([arrival.at] * len(table.row) if arrival.at else ())


def _native_key(table: Table) -> str:
    return "{" + _NATIVE_KEY + "}" if _NATIVE_KEY in table.columns else ""


def _times(table: Table, named: str) -> Sequence[str]:
    """The cells of the time: of one column, or of several joined as `{date} {hour}` says."""
    holes = _HOLE.findall(named)
    if not holes or named in table.columns:
        return table.column(named)
    parts = zip(*(table.column(hole) for hole in holes), strict=True)
    return [_filled(named, dict(zip(holes, cells, strict=True))) for cells in parts]


def _ends(table: Table, mapping: Declared) -> Sequence[str] | None:
    """The cells that tell where intervals end; a native table may have them without saying so."""
    if mapping.end:
        return _times(table, mapping.end)
    if mapping.series or _NATIVE_END not in table.columns:
        return None
    starts = _times(table, mapping.time)
    return [end or start for start, end in zip(starts, table.columns[_NATIVE_END], strict=True)]


def _names(table: Table, template: str, constants: Mapping[str, str]) -> tuple[list[str], npt.NDArray[np.int32], Flags]:
    """The first part of each key: distinct ones, which one each row has, and the rows that lack it."""
    count = len(table.row)
    holes = _HOLE.findall(template)
    columns = [hole for hole in dict.fromkeys(holes) if hole in table.columns]
    for hole in holes:
        if hole not in table.columns and hole not in constants:
            table.column(hole)
    rows = list(zip(*(table.columns[name] for name in columns), strict=True)) if columns else [()] * count
    places = {row: place for place, row in enumerate(dict.fromkeys(rows))}
    name_of = np.fromiter(map(places.__getitem__, rows), dtype=np.int32, count=count)
    empty = np.array([not all(cell.strip() for cell in row) for row in places], dtype=np.bool_)
    names = [_filled(template, {**constants, **dict(zip(columns, row, strict=True))}) for row in places]
    return names, name_of, empty[name_of] if count else np.zeros(0, dtype=np.bool_)


def _filled(template: str, values: Mapping[str, str]) -> str:
    return _HOLE.sub(lambda hole: values[hole[1]].strip(), template)


def _series(table: Table, mapping: Declared) -> tuple[Series, ...]:
    if mapping.series:
        return tuple(one for series in mapping.series for one in _starred(table, mapping, series))
    for name in _NATIVE_RESULTS:
        if name in table.columns:
            return (Series(column=name),)
    table.column(_NATIVE_RESULTS[0])
    return ()


def _starred(table: Table, mapping: Declared, series: Series) -> Iterator[Series]:
    """A series of `payload.*` stands for every column below that holds numbers and nothing else; none may be there."""
    if not series.column.endswith(_STAR) or series.column in table.columns:
        yield series
        return
    before = series.column.removesuffix("*")
    for name, words in table.columns.items():
        if name.startswith(before) and not cells.read_numbers(words, mapping.decimal, mapping.missing).bad.any():
            yield msgspec.structs.replace(series, column=name, key=series.key + name.removeprefix(before))


def _part(
    table: Table, mapping: Declared, series: Series, lost: Flags, errors: RowErrors
) -> tuple[Series, npt.NDArray[np.intp], cells.Cells]:
    """The rows of one measured column that hold a value, and all its cells."""
    words = table.column(series.column)
    if series.text:
        found = cells.read_words(words, mapping.missing)
    else:
        found = cells.converted(cells.read_numbers(words, mapping.decimal, mapping.missing), series)
    errors.add(table.row, found.bad & ~lost, column=series.column, cells=words, code="number")
    return series, np.flatnonzero(~(lost | found.bad | (found.kind == ResultKind.NULL))), found


def _assembled(
    table: Table,
    mapping: Declared,
    span: tuple[Ints, Ints],
    named: tuple[list[str], npt.NDArray[np.int32]],
    parts: list[tuple[Series, npt.NDArray[np.intp], cells.Cells]],
) -> ReadingBatch:
    names, name_of = named
    if not parts:
        return msgspec.structs.replace(numbers((), (), (), ()), row=table.row[:0])
    rows = np.concatenate([at for _, at, _ in parts])
    several = len(parts) > 1
    keys = tuple(
        name + (one.key or ("" if name and not several else one.column)) for one, _, _ in parts for name in names
    )
    text = None
    if any(found.text is not None for _, _, found in parts):
        text = np.concatenate([_texts(found)[at] for _, at, found in parts])
    return ReadingBatch(
        keys=keys,
        key=np.concatenate([name_of[at] + place * len(names) for place, (_, at, _) in enumerate(parts)]).astype(
            np.int32
        ),
        start=span[0][rows],
        end=span[1][rows],
        kind=np.concatenate([found.kind[at] for _, at, found in parts]),
        number=np.concatenate([found.number[at] for _, at, found in parts]),
        text=text,
        row=table.row[rows],
    )


def _texts(found: cells.Cells) -> npt.NDArray[np.object_]:
    return found.text if found.text is not None else np.full(len(found.number), None, dtype=np.object_)
