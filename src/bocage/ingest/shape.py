"""The shape of what was refused: names, types and sizes, never values."""

import contextlib
from typing import Any

import msgspec
import numpy as np
import numpy.typing as npt

from bocage.domain.nature import ResultKind
from bocage.domain.reading import ReadingBatch

_NAMES = {
    ResultKind.NUMBER: "number",
    ResultKind.TEXT: "text",
    ResultKind.BOOLEAN: "boolean",
    ResultKind.NULL: "null",
}
_MOST_NAMES = 12
_SMALL = 65_536  # bytes of a message that is looked into for its names


def shape(readings: ReadingBatch, rows: npt.NDArray[np.intp]) -> str:
    """Which kinds of result some readings hold, and how long the longest text is."""
    if not len(rows):
        return ""
    kinds = np.unique(readings.kind[rows]).tolist()
    parts = [_NAMES[ResultKind(kind)] for kind in kinds]
    if readings.text is not None and ResultKind.TEXT in kinds:
        longest = max((len(text) for text in readings.text[rows] if isinstance(text, str)), default=0)
        parts[kinds.index(ResultKind.TEXT)] = f"text({longest})"
    if (readings.end[rows] > readings.start[rows]).any():
        parts.append("interval")
    return ", ".join(parts)


def message_shape(media_type: str, body: bytes) -> str:
    """What can be said of a message without keeping anything of it."""
    parts = [media_type or "bytes", f"{len(body)} B"]
    if len(body) <= _SMALL:
        with contextlib.suppress(msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
            parts.append(_names(msgspec.json.decode(body)))
    return "; ".join(part for part in parts if part)[:200]


def _names(document: Any) -> str:
    item = document[0] if isinstance(document, list) and document else document
    if not isinstance(item, dict):
        return type(item).__name__
    return ", ".join(f"{str(name)[:30]}: {type(value).__name__}" for name, value in list(item.items())[:_MOST_NAMES])
