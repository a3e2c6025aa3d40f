"""The observations of a dataset as CSV (RFC 4180, UTF-8), made as they are read: memory stays bounded."""

from collections.abc import Iterator, Mapping, Sequence

import numpy as np

from bocage.domain.beside import PROMPT, spelled
from bocage.domain.inert import inert
from bocage.domain.instant import EARLIEST, LATEST
from bocage.domain.nature import Origin, ResultKind
from bocage.domain.observation import Columns, Ints
from bocage.store.columns import picked
from bocage.store.protocol import PUBLIC, Named, Store

ORIGINS: Mapping[int, str] = {origin: origin.name.lower() for origin in Origin}
PIECE = 4_096
_EOL = "\r\n"


def rows(store: Store, series: Sequence[Named], start: int = EARLIEST, end: int = LATEST) -> Iterator[bytes]:
    """The header, then every observation that starts in [start, end), sorted by datastream and time.

    Times are ISO 8601 in UTC; `end` is empty for an instant, `original_time` for what was not replayed. `result` is a
    number (1 or 0 for yes or no), `text` the words of a result that is none (true or false for yes or no); `beside` is
    what else the sender said, as JSON.
    """
    yield (",".join(PUBLIC) + _EOL).encode()
    named = {item.number: _middle(item) for item in series}
    for columns in store.scan(sorted(named), start, end):
        for piece in pieces(columns):
            yield "".join(_lines(piece, named)).encode()


def pieces(columns: Columns) -> Iterator[Columns]:
    """The same rows, a few at a time, so that a slow reader holds little and others are served between two."""
    for first in range(0, len(columns), PIECE):
        yield picked(columns, slice(first, first + PIECE))


def _middle(item: Named) -> str:
    return ",".join(quoted(part) for part in (item.datastream, item.thing, item.observed, item.unit))


def _lines(columns: Columns, named: Mapping[int, str]) -> Iterator[str]:
    starts = times(columns.start)
    ends = lasting(columns)
    origins = [ORIGINS[code] for code in columns.origin.tolist()]
    middles = [named[number] for number in columns.datastream.tolist()]
    for time, until, middle, result, origin, original, place, said in zip(
        starts.tolist(), ends, middles, results(columns), origins, originals(columns), _places(columns),
        besides(columns), strict=True,
    ):  # fmt: skip
        beside = quoted(said) if said else ""
        yield f"{time},{until},{middle},{result},{origin},{original},{place},{beside}{_EOL}"


def _places(columns: Columns) -> Iterator[str]:
    parts = (columns.datastream.tolist(), columns.id.tolist(), columns.version.tolist())
    return (f"{number},{identity},{version}" for number, identity, version in zip(*parts, strict=True))


def lasting(columns: Columns) -> list[str]:
    """When each ends; empty for an instant."""
    lasts = columns.end != columns.start
    if not lasts.any():
        return [""] * len(columns)
    found: list[str] = np.where(lasts, times(columns.end), "").tolist()
    return found


def originals(columns: Columns) -> list[str]:
    """When each was measured, of those that are replayed; empty for the others."""
    if columns.original is None:
        return [""] * len(columns)
    replayed = columns.origin == Origin.REPLAYED
    found: list[str] = np.where(replayed, times(columns.original), "").tolist()
    return found


def besides(columns: Columns) -> list[str]:
    """What else was said of each, as JSON; empty where nothing was."""
    if columns.beside is None:
        return [""] * len(columns)
    said = columns.beside.tolist()
    found = [f'{{"resultTime":"{end}"}}' for end in times(columns.end).tolist()] if PROMPT in said else [""] * len(said)
    spans = zip(said, columns.start.tolist(), columns.end.tolist(), strict=True)
    return [one if text == PROMPT else spelled(text, *at) or "" for one, (text, *at) in zip(found, spans, strict=True)]


def times(instants: Ints) -> np.ndarray[tuple[int], np.dtype[np.str_]]:
    """Instants as ISO 8601 in UTC."""
    return np.datetime_as_string(instants.astype("datetime64[ms]"), unit="ms", timezone="UTC")


def results(columns: Columns) -> list[str]:
    """Each result as its two columns: shortest exact number, then words; nothing in either for null."""
    written = [f"{number(value)}," for value in columns.number.tolist()]
    for at in np.flatnonzero(columns.kind != ResultKind.NUMBER).tolist():
        kind = columns.kind[at]
        if kind == ResultKind.BOOLEAN:
            written[at] = "1,true" if columns.number[at] else "0,false"
        elif kind == ResultKind.TEXT and columns.text is not None:
            written[at] = f",{quoted(inert(str(columns.text[at])))}"
        else:
            written[at] = ","
    return written


def number(value: float) -> str:
    """The shortest decimal that reads back as the same number; whole numbers without a point."""
    text = repr(value)
    return text[:-2] if text.endswith(".0") else text


def line(*cells: object) -> str:
    """A whole line of texts, which no spreadsheet runs; nothing stands for None."""
    return ",".join(quoted(inert("" if cell is None else str(cell))) for cell in cells) + _EOL


def quoted(text: str) -> str:
    """A CSV field, quoted only where RFC 4180 asks for it."""
    if any(sign in text for sign in ',"\r\n'):
        return '"' + text.replace('"', '""') + '"'
    return text
