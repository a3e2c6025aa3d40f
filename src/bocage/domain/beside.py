"""What a sender says of an observation beside its time and its result, as the one short text the log keeps of it.

Nothing is kept of an observation of which nothing is said: no text, no byte. Times are differences, which are small:
the result came so long after the end of what was observed; it holds from so long after its start, to so long.
"""

from collections.abc import Mapping
from typing import Any, Final

import msgspec

from bocage.domain.instant import iso
from bocage.domain.times import read_time

LONGEST: Final = 4_000  # characters of what is said beside one observation
OURS: Final = ("origin", "originalTime")
"""Parameters that Bocage tells itself: what a sender says by these names is not looked at."""


class Beside(
    msgspec.Struct,
    frozen=True,
    kw_only=True,
    omit_defaults=True,
    rename={"result": "r", "valid": "v", "feature": "f", "parameters": "p", "quality": "q"},
):
    """`result`: milliseconds from the end of what was observed to its result, None where nobody said; `valid`: how long
    after its start it holds, from and to; `feature`: the number of what it is about, where that is not what its series
    is about; `parameters` and `quality`: as they were said."""

    result: int | None = None
    valid: tuple[int, int] | None = None
    feature: int = 0
    parameters: dict[str, Any] = {}
    quality: Any = None


NOTHING: Final = Beside()
_ENCODER: Final = msgspec.json.Encoder(order="deterministic")
_DECODER: Final = msgspec.json.Decoder(Beside)
PROMPT: Final = '{"r":0}'
"""What is kept where nothing is said but that the result came when what was observed was over: of many observations,
one text for all of them."""


def written(said: Beside) -> str | None:
    """The text the log keeps; None when nothing is said."""
    if said == NOTHING:
        return None
    text = _ENCODER.encode(said).decode()
    return PROMPT if text == PROMPT else text


def read(text: str | None) -> Beside:
    """What a text of the log says."""
    return _DECODER.decode(text) if text else NOTHING


def plain(parameters: Mapping[str, Any]) -> dict[str, Any]:
    """Parameters without those that Bocage tells itself."""
    return {name: value for name, value in parameters.items() if name not in OURS}


class Spelled(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, rename="camel"):
    """The same as files tell it, times as ISO 8601 in UTC; `feature`: the number, in SensorThings, of what it is
    about."""

    result_time: str = ""
    valid_time: str = ""
    feature: int = 0
    parameters: dict[str, Any] = {}
    result_quality: Any = None


def spelled(text: str | None, start: int, end: int) -> str | None:
    """What a text of the log says of an observation of [start, end), for files; None when it says nothing."""
    if not text:
        return None
    said = read(text)
    valid = "/".join(iso(start + one) for one in dict.fromkeys(said.valid)) if said.valid else ""
    told = Spelled(
        result_time=iso(end + said.result) if said.result is not None else "",
        valid_time=valid,
        feature=said.feature,
        parameters=said.parameters,
        result_quality=said.quality,
    )
    return _ENCODER.encode(told).decode()


def unspelled(text: str | None, start: int, end: int) -> str | None:
    """The text of the log for what a file tells."""
    if not text:
        return None
    told = msgspec.json.decode(text, type=Spelled)
    edges = [read_time(one, "UTC") - start for one in told.valid_time.split("/")] if told.valid_time else []
    said = Beside(
        result=read_time(told.result_time, "UTC") - end if told.result_time else None,
        valid=(edges[0], edges[-1]) if edges else None,
        feature=told.feature,
        parameters=told.parameters,
        quality=told.result_quality,
    )
    return written(said)
