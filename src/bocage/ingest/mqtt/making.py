"""What a message of SensorThings creates as by POST: entities, and observations of several series told as one.

Whoever knows how to make them does it.
"""

import re
from collections.abc import Callable
from typing import Final

import msgspec

from bocage.domain.decision import Refusal, WayOut
from bocage.domain.errors import BocageError, Refused

_KINDS: Final = "Things|Locations|Sensors|ObservedProperties|Datastreams|MultiDatastreams|FeaturesOfInterest"
_TOPIC: Final = re.compile(rf"(?:^|.*/)v1\.[01]/((?:[A-Z][A-Za-z]+\(\d{{1,18}}\)/)?(?:{_KINDS}))")
_TOGETHER: Final = re.compile(r"(?:^|/)(MultiDatastreams\(\d{1,18}\)/Observations)$")
_ALONE: Final = re.compile(r"(?:^|/)Datastreams\(\d{1,18}\)/Observations$")


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


Make = Callable[[Wanted], None]
"""Makes it, with the rights of the source; BocageError when it cannot be, and then nothing is made."""


def path_of(topic: str) -> str:
    """The collection a topic creates in; empty when it is not about entities."""
    found = _TOPIC.fullmatch(topic)
    return found[1] if found else ""


def observed(topic: str, body: bytes) -> str:
    """The collection in which a message puts an observation of several series told as one; empty when it puts none."""
    found = _TOGETHER.search(topic)
    if found:
        return found[1]
    return "Observations" if b'"MultiDatastream"' in body and not _ALONE.search(topic) else ""


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
