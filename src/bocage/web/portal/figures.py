"""A few values of now for the first page: one of each dataset in turn, in words a resident reads."""

import math
from itertools import islice, zip_longest

import msgspec

from bocage.commitments.facts import TerritoryFacts
from bocage.domain.instant import DAY
from bocage.domain.nature import Nature, Origin, ResultKind
from bocage.domain.sensing import Datastream, ObservedProperty
from bocage.domain.text import Text
from bocage.publish.sight import Seen, Sight
from bocage.web.portal.comparison import Chart, single
from bocage.web.portal.preview import last_days
from bocage.web.portal.values import Value, latest, unit_of
from bocage.web.request import Request

MOST = 3
TOLD = (Nature.GAUGE, Nature.AMOUNT)
"""Natures whose last value says something by itself; of a meter, what it counted on its last whole day does."""


class Figure(msgspec.Struct, frozen=True, kw_only=True):
    """One value, what it measures and where. `number`: of its series where the value follows live, else 0."""

    value: Value
    unit: str
    title: Text
    place: Text
    thing: str
    stream: Datastream
    number: int


def figures(request: Request, facts: TerritoryFacts, seen: Sight) -> list[Figure]:
    """The first of them: of each dataset in turn, the series declared first, never a mere direction or state."""
    streams = {s.id: (item, s) for item in seen.seen.values() for _, s in item.streams if s.id in item.shown}
    values = latest(request.parts.store, streams)
    turns: dict[str, list[int]] = {}
    told: set[tuple[str, str]] = set()
    for number, value in sorted(values.items()):
        stream = streams[number][1]
        one = (stream.dataset, stream.observed_property)
        if value.number is not None and stream.nature in (*TOLD, Nature.INDEX) and one not in told:
            told.add(one)
            turns.setdefault(stream.dataset, []).append(number)
    chosen = [number for turn in zip_longest(*turns.values()) for number in turn if number is not None]
    made = (_figure(request, facts, streams[number], values[number]) for number in chosen)
    return list(islice((one for one in made if one is not None), MOST))


def _figure(request: Request, facts: TerritoryFacts, held: tuple[Seen, Datastream], last: Value) -> Figure | None:
    item, stream = held
    metered = stream.nature is Nature.INDEX
    value = _counted(request, stream, last) if metered else last
    if value is None:
        return None
    observed = facts.one(ObservedProperty, stream.observed_property)
    return Figure(
        value=value,
        unit=unit_of(stream),
        title=observed.title if observed else stream.title,
        place=item.thing.title,
        thing=item.slug,
        stream=stream,
        number=0 if metered else stream.id,
    )


def _counted(request: Request, stream: Datastream, last: Value) -> Value | None:
    """What a meter counted on the last day that is over; None when it did not run through one yet."""
    rolled = request.parts.store.rollup([stream.id], last.start - 4 * DAY, last.start + 1, "day")
    whole = [at for at in range(len(rolled)) if rolled.end[at] <= last.start and not math.isnan(rolled.value[at])]
    if not whole:
        return None
    at = whole[-1]
    return Value(
        start=int(rolled.start[at]),
        end=int(rolled.end[at]),
        kind=ResultKind.NUMBER,
        number=float(rolled.value[at]),
        text="",
        origin=Origin.MEASURED if not last.replayed else last.origin,
        original=last.original + int(rolled.start[at]) - last.start if last.replayed else 0,
    )


def charted(request: Request, figure: Figure) -> Chart | None:
    """The chart beside the only figure there is."""
    preview = last_days(request, figure.stream)
    return single(figure.stream, preview) if preview else None
