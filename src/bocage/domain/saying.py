"""What SensorThings says of an observation beside its time and its result, read alike by whatever way it came."""

import re
from collections.abc import Mapping
from typing import Any, Final

from bocage.domain import beside
from bocage.domain.beside import Beside
from bocage.domain.times import read_time

SAID: Final = ("resultTime", "validTime", "parameters", "resultQuality")
"""Properties of an observation that are kept where they say something."""
NUL: Final = "\\u0000"


class Unsaid(ValueError):
    """A property that holds something else than it should. `name`: which one."""

    def __init__(self, name: str) -> None:
        super().__init__(name)
        self.name = name


def said(document: Mapping[str, Any], start: int, end: int, feature: int = 0, zone: str = "UTC") -> str | None:
    """The text the log keeps; None when nothing is said: a null says nothing. Unsaid for what cannot be read.

    `feature`: the number of what it is about, 0 where that is what its series is about; `zone`: of times without one.
    """
    result, valid = document.get("resultTime"), document.get("validTime")
    told = Beside(
        result=None if result is None else _span("resultTime", result, zone)[1] - end,
        valid=None if valid is None else _since(_span("validTime", valid, zone), start),
        feature=feature,
        parameters=_parameters(document.get("parameters")),
        quality=document.get("resultQuality"),
    )
    text = beside.written(told)
    if text is not None and NUL in text:
        raise Unsaid("parameters")
    return text


def _since(span: tuple[int, int], start: int) -> tuple[int, int]:
    return span[0] - start, span[1] - start


def _span(name: str, value: Any, zone: str) -> tuple[int, int]:
    if not isinstance(value, str):
        raise Unsaid(name)
    try:
        return span(value, zone)
    except (ValueError, OverflowError) as error:
        raise Unsaid(name) from error


def _parameters(value: Any) -> dict[str, Any]:
    """As an object; earlier versions of the standard gave a list of objects with one name each."""
    if value is None:
        return {}
    parts = value if isinstance(value, list) else [value]
    if not all(isinstance(one, dict) for one in parts):
        raise Unsaid("parameters")
    return beside.plain({name: held for one in parts for name, held in one.items()})


def instant(text: str, zone: str = "UTC") -> int:
    """UTC milliseconds of a time; without an offset it is of `zone`. A plus sign may have become a blank on the way."""
    return read_time(re.sub(r" (?=\d\d:?\d\d$)", "+", text.strip()), zone)


def span(text: str, zone: str = "UTC") -> tuple[int, int]:
    """(start, end) of an instant or of an interval whose edges a slash parts; ValueError when it is neither."""
    first, slash, last = text.partition("/")
    start = instant(first, zone)
    end = instant(last, zone) if slash else start
    if end < start:
        raise ValueError("an interval that ends after it starts")
    return start, end
