"""The charts of a dataset: the series a reader chose, at most six at once, those that measure the same in one chart."""

import math
from collections.abc import Mapping, Sequence

import msgspec
from markupsafe import Markup

from bocage import words
from bocage.commitments.facts import TerritoryFacts
from bocage.domain.nature import Nature
from bocage.domain.sensing import Datastream, ObservedProperty, Thing
from bocage.domain.text import Text
from bocage.publish.publication import Streams
from bocage.store.protocol import Extent
from bocage.web import lines, svg
from bocage.web.portal.preview import STEPS, Preview, Step, last_days, longer, moments, step_of
from bocage.web.portal.values import unit_of
from bocage.web.request import Request

CHARTS = 4
"""Charts drawn when nobody chose."""
Row = tuple[int, tuple[float, ...]]


class Choice(msgspec.Struct, frozen=True, kw_only=True):
    """What the address asks for: series by slug, in which steps; `more` when it named too many."""

    slugs: frozenset[str]
    step: Step | None
    more: bool = False


class Chart(msgspec.Struct, frozen=True, kw_only=True):
    """One chart with its table: a column for each series, a row for each period (NaN where there is no value).

    `counts` are observations of each period, where there is one series only.
    """

    title: Text
    caption: str
    unit: str
    drawing: Markup
    columns: tuple[Text, ...]
    rows: tuple[Row, ...]
    counts: tuple[int, ...] = ()

    @property
    def key(self) -> list[tuple[str, Text]]:
        """The letter of each line and what it stands for."""
        return list(zip(lines.LETTERS, self.columns, strict=False))


def choice(request: Request, streams: Streams) -> Choice:
    """The series asked for; without any, the first ones as far as they make a readable page."""
    asked = set(request.GET.getlist("series"))
    named = [slug for slug, _ in streams if slug in asked]
    step = next((step for step in STEPS if step.name == request.GET.get("step")), None)
    return Choice(slugs=frozenset(named[: lines.MOST] or _first(streams)), step=step, more=len(named) > lines.MOST)


def _first(streams: Streams) -> list[str]:
    """A direction says little without its map of winds: what reads as a line or as bars comes first."""
    found: list[str] = []
    kinds: set[tuple[str, str, Nature]] = set()
    for slug, stream in sorted(streams, key=lambda pair: pair[1].nature is Nature.DIRECTION):
        if len(kinds | {_alike(stream)}) <= CHARTS and len(found) < lines.MOST:
            kinds.add(_alike(stream))
            found.append(slug)
    return found


def _alike(stream: Datastream) -> tuple[str, str, Nature]:
    return stream.observed_property, unit_of(stream), stream.nature


def charts(request: Request, facts: TerritoryFacts, streams: Streams, asked: Choice) -> list[Chart]:
    """A chart for each property, in the order of the series; what holds nothing yet is left out."""
    wanted = [stream for slug, stream in streams if slug in asked.slugs]
    extents = {one.datastream: one for one in request.parts.store.extent([s.id for s in wanted]) if one.count}
    groups: dict[tuple[str, str, Nature], list[Datastream]] = {}
    for stream in wanted:
        if stream.id in extents:
            groups.setdefault(_alike(stream), []).append(stream)
    made = (_chart(request, facts, group, extents, asked.step) for group in groups.values())
    return [chart for chart in made if chart is not None]


def _chart(
    request: Request,
    facts: TerritoryFacts,
    group: Sequence[Datastream],
    extents: Mapping[int, Extent],
    asked: Step | None,
) -> Chart | None:
    if len(group) == 1:
        preview = last_days(request, group[0], asked)
        return single(group[0], preview) if preview else None
    step = asked
    for stream in group:
        step = longer(step_of(stream, extents[stream.id]), step)
    assert step is not None
    return _several(request, facts, group, step, max(extents[stream.id].last for stream in group) + 1)


def single(stream: Datastream, preview: Preview) -> Chart:
    """The chart of one series."""
    return Chart(
        title=stream.title,
        caption=preview.caption,
        unit=preview.unit,
        drawing=preview.chart,
        columns=(stream.title,),
        rows=tuple((at, (value,)) for at, value, _count in preview.periods),
        counts=tuple(count for _at, _value, count in preview.periods),
    )


Values = Mapping[int, Mapping[int, float]]
"""By number of the series, then by beginning of the period."""


class Group(msgspec.Struct, frozen=True, kw_only=True):
    """Series that measure the same, summed up in the same steps; `names` tell their lines apart."""

    streams: Sequence[Datastream]
    names: Sequence[str]
    title: Text
    unit: str
    step: Step
    values: Values


def _several(
    request: Request, facts: TerritoryFacts, streams: Sequence[Datastream], step: Step, end: int
) -> Chart | None:
    shared = streams[0].nature is Nature.STATE
    values = _values(request, streams, step, end, 100.0 if shared else 1.0)
    if all(math.isnan(value) for one in values.values() for value in one.values()):
        return None
    observed = facts.one(ObservedProperty, streams[0].observed_property)
    title, unit = observed.title if observed else streams[0].title, "%" if shared else unit_of(streams[0])
    names = _named(request, facts, streams)
    group = Group(streams=streams, names=names, title=title, unit=unit, step=step, values=values)
    starts = sorted({at for one in values.values() for at in one})
    return Chart(
        title=title,
        caption=step.caption,
        unit=unit,
        drawing=_drawn(request, group),
        columns=tuple(stream.title for stream in streams),
        rows=tuple((at, tuple(values[stream.id].get(at, math.nan) for stream in streams)) for at in starts),
    )


def _values(request: Request, streams: Sequence[Datastream], step: Step, end: int, scale: float) -> Values:
    rolled = request.parts.store.rollup([stream.id for stream in streams], end - step.back, end, step.name)
    found: dict[int, dict[int, float]] = {stream.id: {} for stream in streams}
    for number, at, value in zip(rolled.datastream.tolist(), rolled.start.tolist(), rolled.value.tolist(), strict=True):
        found[number][at] = value * scale
    return found


def _named(request: Request, facts: TerritoryFacts, streams: Sequence[Datastream]) -> list[str]:
    """What tells the lines apart: their places when these differ, else their own names."""
    things = [facts.one(Thing, stream.thing) for stream in streams]
    places = [thing.title.read(request.lang)[0] if thing else "" for thing in things]
    titles = [stream.title.read(request.lang)[0] for stream in streams]
    return lines.short(places if len(set(places)) == len(streams) else titles)


def _drawn(request: Request, group: Group) -> Markup:
    lang, zone = request.lang, request.territory.time_zone if request.territory else "UTC"
    made = [_line(group.values[s.id], name, lang) for s, name in zip(group.streams, group.names, strict=True)]
    summed = group.streams[0].nature in (Nature.AMOUNT, Nature.INDEX)
    points = [point for line in made for point in line.points]
    start, end = min(at for at, _ in points), max(at for at, _ in points)
    low, high = svg.bounds(points, zero=summed)
    return lines.drawn(
        lines.Lines(
            lines=made,
            x_labels=moments(start, end, zone, lang, group.step),
            y_labels=[(value, words.number(value, lang)) for value in svg.steps(low, high)],
            start=start,
            end=end,
            title=f"{group.title.read(lang)[0]}, {words.translate(group.step.caption, lang)}",
            unit=group.unit,
            gap=group.step.length * 1.5,
            zero=summed,
            dots=summed,
        )
    )


def _line(values: Mapping[int, float], name: str, lang: str) -> lines.Line:
    points = [(float(at), value) for at, value in sorted(values.items())]
    told = svg.known(points)
    return lines.Line(points=points, name=name, last=words.number(told[-1][1], lang) if told else "")
