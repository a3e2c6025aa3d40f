"""What a message of SensorThings creates as by POST: entities, observations of several series told as one, and those
that say what they are about.

Whoever knows how to make them does it.
"""

import re
from typing import Any, Final, Protocol

import msgspec

from bocage.domain.decision import Refusal, WayOut
from bocage.domain.errors import BocageError, Refused

_KINDS: Final = "Things|Locations|Sensors|ObservedProperties|Datastreams|MultiDatastreams|FeaturesOfInterest"
_TOPIC: Final = re.compile(rf"(?:^|.*/)v1\.[01]/((?:[A-Z][A-Za-z]+\(\d{{1,18}}\)/)?(?:{_KINDS}))")
_SERIES: Final = re.compile(r"(?:^|/)Datastreams\((\d{1,18})\)/Observations$")
_BELOW: Final = re.compile(r"(?:^|/)((?:Multi)?Datastreams|FeaturesOfInterest)(\(\d{1,18}\)/Observations)$")


class Wanted(msgspec.Struct, frozen=True, kw_only=True):
    """An entity that somebody wants made: by which source, at which path (`Things`, `Things(3)/Datastreams`).

    `at`: when an observation came (UTC ms), 0 for other entities; `creates`: whether it may make entities too.
    """

    territory: str
    source: str
    path: str
    body: bytes
    at: int = 0
    creates: bool


class Make(Protocol):
    """Whoever makes them."""

    def __call__(self, wanted: Wanted) -> None:
        """Make it, with the rights of the source; BocageError when it cannot be, and then nothing is made."""

    def usual(self, territory: str, series: int, feature: int) -> bool:
        """Whether all observations of a series are about this feature, unless they name another."""


def path_of(topic: str) -> str:
    """The collection a topic creates in; empty when it is not about entities."""
    found = _TOPIC.fullmatch(topic)
    return found[1] if found else ""


def observed(topic: str, body: bytes) -> str:
    """The collection in which a message puts an observation of several series told as one, or one that says what it is
    about (18-088, 14.1: as by POST); empty when it puts none of these."""
    below = _BELOW.search(topic)
    if below is not None and (below[1] != "Datastreams" or b'"FeatureOfInterest"' in body):
        return below[1] + below[2]
    said = below is None and (b'"MultiDatastream"' in body or b'"FeatureOfInterest"' in body)
    return "Observations" if said else ""


class _Named(msgspec.Struct, frozen=True, gc=False):
    id: int = msgspec.field(name="@iot.id")


class _About(msgspec.Struct, frozen=True, gc=False):
    feature: _Named = msgspec.field(name="FeatureOfInterest")
    series: _Named | None = msgspec.field(name="Datastream", default=None)


_ABOUT: Final = msgspec.json.Decoder(_About)


def about(topic: str, body: bytes) -> tuple[int, int] | None:
    """The series and the feature that an observation names by their numbers alone; None when it says more or less."""
    series = _SERIES.search(topic)
    if series is None and (_BELOW.search(topic) or b'"MultiDatastream"' in body):
        return None
    try:
        found = _ABOUT.decode(body)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        return None
    number = int(series[1]) if series else found.series.id if found.series else 0
    return (number, found.feature.id) if number else None


class _Times(msgspec.Struct, frozen=True, gc=False):
    measured: Any = msgspec.field(name="phenomenonTime", default=None)
    came: Any = msgspec.field(name="resultTime", default=None)


_TIMES: Final = msgspec.json.Decoder(_Times)


def timed(body: bytes) -> bool:
    """Whether an observation says a time of its own, of what was observed or of its result; null is none."""
    try:
        found = _TIMES.decode(body)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        return True  # nothing is read of it anyway
    return bool(found.measured or found.came)


def published(body: bytes) -> bool:
    """Whether a service published this entity, as it stands there: it is told, not wanted."""
    return b'"@iot.selfLink"' in body


def refusals(source: str, error: BocageError) -> tuple[Refusal, ...]:
    """Why it is not made, as refusals that are counted and shown."""
    if isinstance(error, Refused) and error.refusals:
        return tuple(error.refusals)
    way_out = WayOut(kind="source", slug=source, field="broker")
    detail = str(getattr(error, "detail", "") or error.expected)
    plain = not error.values  # a message with values is said as it is, one without in the words of the reader
    values: dict[str, str | int | float] = {"source": source}
    values |= {"failure": detail if plain else "", "said": error.found if plain else _filled(error)}
    return (Refusal(promise="ingest", code="entity-refused", way_out=way_out, values=values, overridable=False),)


def _filled(error: BocageError) -> str:
    detail = str(getattr(error, "detail", "") or error.expected)
    try:
        return detail.format_map({name: str(value) for name, value in error.values.items()})[:300]
    except (KeyError, ValueError, IndexError):
        return detail[:300]
