"""The observations of a dataset as one JSON object, made as they are read: memory stays bounded."""

import json
from collections.abc import Iterator, Mapping
from typing import Any

import msgspec
import numpy as np

from bocage.domain.instant import EARLIEST, LATEST
from bocage.domain.nature import ResultKind
from bocage.domain.observation import Columns
from bocage.publish.rows import ORIGINS, besides, lasting, originals, pieces, times
from bocage.store.protocol import About, Named, Store

OPENING = b',\n"observations": ['
CLOSING = b"\n]}\n"


def objects(store: Store, about: About, start: int = EARLIEST, end: int = LATEST) -> Iterator[bytes]:
    """`{..., "series": [...], "observations": [...]}`: what the file says of itself, then one observation a line.

    Each has `series`, `time`, `end` when it lasts, `result` (number, true or false, words, or null), `origin`,
    `original_time` when it is replayed, `id` and `version`, `beside` where more was said of it; sorted by
    series and time. Times are ISO 8601 in UTC.
    """
    yield head(about).removesuffix(b"}") + OPENING
    named = {one.number: json.dumps(one.datastream) for one in about.series}
    first = True
    for columns in store.scan(sorted(named), start, end):
        for piece in pieces(columns):
            text = ",\n".join(lines(piece, named))
            yield (("\n" if first else ",\n") + text).encode()
            first = False
    yield CLOSING


def head(about: About) -> bytes:
    """What the file says of itself, as an object."""
    notes: dict[str, Any] = dict(about.notes)
    notes["replayed"] = notes.get("replayed") == "yes"
    return msgspec.json.encode({**notes, "series": [_series(one) for one in about.series]})


def _series(one: Named) -> dict[str, Any]:
    return {
        "series": one.datastream,
        "number": one.number,
        "thing": one.thing,
        "property": one.observed,
        "unit": one.unit,
    }


def lines(columns: Columns, named: Mapping[int, str]) -> Iterator[str]:
    """Each observation as an object. `named`: the names of the series by number, as JSON."""
    ends = lasting(columns)
    for place, (series, time, until, result, origin, original, said) in enumerate(
        zip(
            columns.datastream.tolist(), times(columns.start).tolist(), ends, results(columns), columns.origin.tolist(),
            originals(columns), besides(columns), strict=True,
        )
    ):  # fmt: skip
        spanned = f'"end":"{until}",' if until else ""
        moved = f'"original_time":"{original}",' if original else ""
        beside = f',"beside":{said}' if said else ""
        yield (
            f'{{"series":{named[series]},"time":"{time}",{spanned}"result":{result},"origin":"{ORIGINS[origin]}",'
            f'{moved}"id":{columns.id[place]},"version":{columns.version[place]}{beside}}}'
        )


def numbers(values: list[float]) -> list[str]:
    """The shortest decimal of each that reads back as the same number, whole ones without a point; null where JSON has
    none."""
    if not values:
        return []
    return (msgspec.json.encode(values)[1:-1] + b",").replace(b".0,", b",")[:-1].decode().split(",")


def results(columns: Columns) -> list[str]:
    """Each result as JSON; null where there is none, or none that JSON can write."""
    written = numbers(columns.number.tolist())
    for at in np.flatnonzero(columns.kind != ResultKind.NUMBER).tolist():
        kind = columns.kind[at]
        if kind == ResultKind.BOOLEAN:
            written[at] = "true" if columns.number[at] else "false"
        elif kind == ResultKind.TEXT and columns.text is not None:
            written[at] = json.dumps(str(columns.text[at]), ensure_ascii=False)
        else:
            written[at] = "null"
    return written
