"""Batches for the tests of the log, written as rows."""

from collections.abc import Sequence
from typing import Any

import numpy as np

from bocage.domain.nature import Origin, ResultKind
from bocage.domain.observation import Columns, ObservationBatch

HOUR = 3_600_000
DAY = 24 * HOUR
T0 = 1_767_225_600_000  # 2026-01-01T00:00Z


def batch(
    datastream: Sequence[int] | Any,
    start: Sequence[int] | Any,
    result: Sequence[Any] | Any,
    end: Sequence[int] | Any | None = None,
    **more: Any,
) -> ObservationBatch:
    """Results may be numbers, texts, booleans or None."""
    at = np.asarray(start, np.int64)
    kinds, numbers, texts = [], [], np.full(len(at), None, object)
    for i, value in enumerate(result):
        if value is None:
            kinds.append(ResultKind.NULL)
            numbers.append(np.nan)
        elif isinstance(value, str):
            kinds.append(ResultKind.TEXT)
            numbers.append(np.nan)
            texts[i] = value
        elif isinstance(value, bool):
            kinds.append(ResultKind.BOOLEAN)
            numbers.append(float(value))
        else:
            kinds.append(ResultKind.NUMBER)
            numbers.append(float(value))
    original = more.pop("original", None)
    return ObservationBatch(
        datastream=np.asarray(datastream, np.int32),
        start=at,
        end=at if end is None else np.asarray(end, np.int64),
        kind=np.array(kinds, np.uint8),
        number=np.array(numbers, np.float64),
        text=texts if any(isinstance(value, str) for value in result) else None,
        origin=np.full(len(at), Origin.MEASURED if original is None else Origin.REPLAYED, np.uint8),
        original=None if original is None else np.asarray(original, np.int64),
        **more,
    )


def results(rows: Columns) -> list[Any]:
    """The results as Python values."""
    found: list[Any] = []
    for i in range(len(rows)):
        kind = int(rows.kind[i])
        if kind == ResultKind.TEXT:
            assert rows.text is not None
            found.append(rows.text[i])
        elif kind == ResultKind.NULL:
            found.append(None)
        else:
            found.append(bool(rows.number[i]) if kind == ResultKind.BOOLEAN else float(rows.number[i]))
    return found


def besides(rows: Columns) -> list[str | None]:
    """What was said beside each."""
    return [None] * len(rows) if rows.beside is None else rows.beside.tolist()


def same(left: Columns, right: Columns, *, ids: bool = True) -> bool:
    """Whether two answers are the same."""
    names = ["datastream", "start", "end", "kind", "origin", "version"] + (["id", "position"] if ids else [])
    return all(np.array_equal(getattr(left, name), getattr(right, name)) for name in names) and results(
        left
    ) == results(right)
