"""What a sender says of an observation beside its time and its result: read, and told again."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from bocage.api.problem import Stopped
from bocage.domain import beside, saying
from bocage.domain.beside import PROMPT
from bocage.domain.instant import iso
from bocage.domain.observation import Ints, Objects
from bocage.domain.saying import Unsaid
from bocage.domain.text import message as _

FEATURE_ID: Final = "FeatureOfInterest/id"
Starts = Sequence[tuple[int, int]]
"""From which time on (UTC ms) observations of a series are about which feature, unless they name another."""
Cells = Mapping[str, Callable[[Any], Any]]
"""How each component of an array is got out of its rows."""
Flags = npt.NDArray[np.bool_]
FEWER: Final = "{}"  # said by who takes back what stood beside an observation


def said(document: Mapping[str, Any], start: int, end: int, feature: int = 0) -> str | None:
    """The text the log keeps; None when nothing is said: a null says nothing. 400 for what cannot be read.

    `feature`: the number of what it is about, 0 where that is what its series is about.
    """
    try:
        return saying.said(document, start, end, feature)
    except Unsaid as unsaid:
        raise wrong(unsaid.name) from unsaid


def usual(starts: Starts, start: int) -> int:
    """What an observation that starts then is about unless it names another; 0 when nothing says so."""
    found = 0
    for since, feature in starts:
        if not found or since <= start:
            found = feature
    return found


def besides(
    parts: Iterable[tuple[Cells, Sequence[Any], Starts]],
    spans: tuple[Ints, Ints],
    good: Flags,
    times: Sequence[Any] | None = None,
) -> Objects | None:
    """What is said beside each row of some arrays; `good` loses those that cannot be read. None when nothing is.

    `times`: what each says of when it was observed: most give their result the same time, in the same words.
    """
    found = np.full(len(good), None, dtype=np.object_)
    first, last = (one.tolist() for one in spans)
    at = 0
    for cells, rows, starts in parts:
        for place, row in enumerate(rows if cells else (), at):
            document = {name: value for name, cell in cells.items() if (value := cell(row)) is not None}
            if times and document == {"resultTime": times[place]}:
                found[place] = PROMPT
            elif document and good[place]:
                feature = document.pop(FEATURE_ID, 0)
                named = 0 if feature == usual(starts, first[place]) else feature
                try:
                    found[place] = said(document, first[place], last[place], named)
                except Stopped:
                    good[place] = False
        at += len(rows)
    return found if bool((found != np.array(None)).any()) else None


def wrong(name: str) -> Stopped:
    """What is said of a property that holds something else than it should."""
    return Stopped(400, _("The property {name} does not hold what it should."), name=name)


def told(text: str | None, start: int, end: int) -> dict[str, Any]:
    """The same as SensorThings names it; null is what nobody said."""
    held = beside.read(text)
    valid = "/".join(iso(start + one) for one in dict.fromkeys(held.valid)) if held.valid else None
    return {
        "resultTime": None if held.result is None else iso(end + held.result),
        "validTime": valid,
        "parameters": held.parameters,
        "resultQuality": held.quality,
    }


def changed(former: str | None, document: Mapping[str, Any], span: tuple[int, int], feature: int) -> str | None:
    """What is said once a change was made: what its document does not name stays. None when nothing changes."""
    start, end = span
    after = said({**told(former, start, end), **document}, start, end, feature)
    if after == former:
        return None
    return FEWER if after is None else after
