"""Reads many datastreams in order, in chunks of bounded memory."""

from collections.abc import Iterator

import msgspec
import numpy as np

from bocage.domain.instant import DAY
from bocage.domain.observation import Columns, Ints, Numbers
from bocage.store import columns
from bocage.store.embedded.reader import Ask, Reader
from bocage.store.rollups import Reach

GROUPED = 512  # datastreams asked for at once


def scanned(
    reader: Reader, datastreams: Ints, within: tuple[int, int], chunk: int, *, narrow: bool = False
) -> Iterator[Columns]:
    """Newest versions sorted by (datastream, start, end); each read is whole by itself."""
    kept: list[Columns] = []
    held = 0
    for ask in _asks(reader, datastreams, within, chunk):
        rows = reader.rows(msgspec.structs.replace(ask, narrow=narrow))
        kept.append(rows)
        held += len(rows)
        if held >= chunk:
            together = columns.joined(kept)
            whole = held - held % chunk
            for offset in range(0, whole, chunk):
                yield columns.trimmed(columns.picked(together, slice(offset, offset + chunk)))
            kept, held = [columns.picked(together, slice(whole, None))], held - whole
    if held:
        yield columns.trimmed(columns.joined(kept))


def expected(reader: Reader, datastreams: Ints, within: tuple[int, int]) -> Numbers:
    """About how many observations each of these datastreams (sorted) holds in a range, as if evenly spread."""
    with reader.fresh.lock:
        numbers, counts, firsts, lasts = reader.fresh.latest.extents(datastreams)
    shared = np.clip(np.minimum(lasts + 1, within[1]) - np.maximum(firsts, within[0]), 0, None)
    found = np.zeros(len(datastreams))
    found[np.searchsorted(datastreams, numbers)] = counts * (shared / (lasts + 1 - firsts))
    return found


def reaching(reader: Reader) -> Reach:
    """How rollups read this log."""

    def rows(wanted: Ints, low: int, high: int) -> Columns:
        return columns.joined(list(scanned(reader, wanted, (low, high), 1 << 20, narrow=True)))

    return Reach(
        rows=rows,
        expected=lambda wanted, low, high: expected(reader, wanted, (low, high)),
        before=lambda wanted, at: reader.nearest(wanted, at, before=True),
        after=lambda wanted, at: reader.nearest(wanted, at, before=False),
    )


def _asks(reader: Reader, datastreams: Ints, within: tuple[int, int], chunk: int) -> Iterator[Ask]:
    """Questions of about `chunk` rows each: several small datastreams together, a large one in slices of time."""
    start, end = within
    with reader.fresh.lock:
        numbers, counts, firsts, lasts = reader.fresh.latest.extents(datastreams)
    group: list[int] = []
    expected = 0.0
    for number, count, first, last in zip(
        numbers.tolist(), counts.tolist(), firsts.tolist(), lasts.tolist(), strict=True
    ):
        low, high = max(start, first), min(end, last + 1)
        if low >= high:
            continue
        rows = count * (high - low) / (last + 1 - first)
        if group and (expected + rows > chunk or len(group) == GROUPED):
            yield Ask(datastreams=tuple(group), start=start, end=end)
            group, expected = [], 0.0
        if rows > chunk:
            yield from _slices(Ask(datastreams=(number,), start=low, end=high), rows / chunk)
        else:
            group.append(number)
            expected += rows
    if group:
        yield Ask(datastreams=tuple(group), start=start, end=end)


def _slices(ask: Ask, parts: float) -> Iterator[Ask]:
    step = max(int((ask.end - ask.start) / parts), DAY // 24)
    for low in range(ask.start, ask.end, step):
        yield msgspec.structs.replace(ask, start=low, end=min(low + step, ask.end))
