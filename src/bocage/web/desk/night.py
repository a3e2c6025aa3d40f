"""What a building uses at night beside the day: one figure for each night and each day, and what they say."""

from datetime import date
from typing import Any, Final

import msgspec
from django.http import HttpResponse
from markupsafe import Markup

from bocage import words
from bocage.domain.errors import Missing
from bocage.domain.instant import DAY, HOUR, to_datetime
from bocage.domain.measure import Aggregate, Measure, Period, Window
from bocage.domain.nature import Nature
from bocage.domain.sensing import Datastream
from bocage.domain.text import message as _
from bocage.ingest.guessing import pace as usual_pace
from bocage.steer.measuring import Figure, measured
from bocage.store.protocol import Extent, Store
from bocage.web import lines, svg
from bocage.web.desk import chart, reach
from bocage.web.page import page
from bocage.web.portal.values import unit_of
from bocage.web.request import Request

NIGHT: Final = Window(start="22:00", end="06:00")
DAYTIME: Final = Window(start="06:00", end="22:00")
POWERS: Final = {"W": 0.001, "kW": 1.0}  # by UCUM: what brings a mean power over an hour to kilowatt-hours
SHARE: Final = 8 / 24  # of the day, in time
FINEST: Final = HOUR  # a night shows in what is measured each hour, or more often
LOOKED_AT: Final = 500  # values from which the pace is told
SPANS: Final = {"month": (31, _("A month")), "quarter": (92, _("Three months")), "year": (366, _("A year"))}


class Row(msgspec.Struct, frozen=True, kw_only=True):
    """One civil day: its night (which begins that evening) and its day, None where nothing is known of them."""

    day: date
    at: int
    night: Figure | None
    daytime: Figure | None

    @property
    def whole(self) -> bool:
        """Whether both are known to their end."""
        return all(figure is not None and figure.complete for figure in (self.night, self.daytime))


class Said(msgspec.Struct, frozen=True, kw_only=True):
    """What the whole days of a span say: how many, mean use of a night and of a day, share of the nights (0 to 1), the
    night that used most."""

    count: int
    night: float
    daytime: float
    share: float
    highest: Row


def fits(store: Store, stream: Datastream, extent: Extent | None) -> bool:
    """Whether nights can be told from days in this series: what is used, or a mean power, known each hour at least."""
    used = stream.nature in (Nature.AMOUNT, Nature.INDEX) or _power(stream)
    if not used or extent is None or extent.count < 24:
        return False
    return 0 < pace(store, extent) <= FINEST


def rows(store: Store, slug: str, stream: Datastream, zone: str, span: tuple[int, int]) -> tuple[Row, ...]:
    """Each civil day that begins in [start, end), UTC ms, and holds something."""
    extent = next(iter(store.extent([stream.id])), None)
    usual = pace(store, extent) // 1000 if extent else 0
    power = _power(stream)
    cadence = (usual if power else stream.cadence_seconds) or stream.cadence_seconds or usual
    paced = msgspec.structs.replace(stream, cadence_seconds=cadence or None)
    aggregate = Aggregate.MEAN if power else Aggregate.SUM
    found: list[dict[date, Figure]] = []
    for window in (NIGHT, DAYTIME):
        measure = Measure(datastreams=(slug,), aggregate=aggregate, period=Period.DAY, window=window)
        figures = measured(store, {slug: paced}, measure, zone, *span).get(slug, ())
        found.append({to_datetime(one.start, zone).date(): _energy(one, power) for one in figures})
    nights, days = found
    return tuple(
        Row(day=day, at=(days.get(day) or nights[day]).start, night=nights.get(day), daytime=days.get(day))
        for day in sorted({*nights, *days})
    )


def _power(stream: Datastream) -> float:
    """What brings one hour of a mean power to kilowatt-hours; 0 for what is no power."""
    return POWERS.get(stream.unit.ucum, 0.0) if stream.nature is Nature.GAUGE else 0.0


def _energy(figure: Figure, power: float) -> Figure:
    """The energy of a mean power over its time; other figures as they are."""
    if not power:
        return figure
    return msgspec.structs.replace(figure, value=figure.value * power * (figure.end - figure.start) / HOUR)


def said(found: tuple[Row, ...]) -> Said | None:
    """What the whole days say; None without any, or where nothing is used."""
    pairs = [(row, row.night.value, row.daytime.value) for row in found if row.whole and row.night and row.daytime]
    total = sum(night + daytime for _row, night, daytime in pairs)
    if not pairs or total <= 0:
        return None
    nights = sum(night for _row, night, _daytime in pairs)
    return Said(
        count=len(pairs),
        night=nights / len(pairs),
        daytime=(total - nights) / len(pairs),
        share=nights / total,
        highest=max(pairs, key=lambda pair: pair[1])[0],
    )


def night(request: Request, territory: str, datastream: str) -> HttpResponse:
    """The page."""
    work = reach.bench(request)
    stream = work.streams.get(datastream)
    if stream is None:
        raise Missing("a series you may read", datastream)
    extent = next(iter(request.parts.store.extent([stream.id])), None)
    zone = request.territory.time_zone if request.territory else "UTC"
    span = request.GET.get("span", "")
    span = span if span in SPANS else "quarter"
    found: tuple[Row, ...] = ()
    fit = fits(request.parts.store, stream, extent)
    if extent is not None and fit:
        end = extent.last + DAY
        found = rows(request.parts.store, datastream, stream, zone, (end - SPANS[span][0] * DAY, end))
    flow = work.facts.flow(stream.source, stream.key or datastream)
    unit = "kWh" if _power(stream) else unit_of(stream)
    values: dict[str, Any] = {
        "name": datastream,
        "stream": stream,
        "thing": flow.strand.thing,
        "service": flow.course.dataset.service if flow.course.dataset else "",
        "fits": fit,
        "pace": pace(request.parts.store, extent) / 1000 if extent else 0,
        "span": span,
        "spans": [(name, label) for name, (_days, label) in SPANS.items()],
        "rows": found[::-1],
        "said": said(found),
        "unit": unit,
        "svg": _drawn(request, found, unit, zone),
        "sleeping": SHARE,
    }
    return page(request, "desk/night.html", values)


def _drawn(request: Request, found: tuple[Row, ...], unit: str, zone: str) -> Markup:
    """Two lines: the nights and the days; a day that is not whole breaks its line."""
    if not found:
        return Markup("")
    lang, start, end = request.lang, found[0].at, found[-1].at
    drawn = []
    for name, one in ((_("At night"), "night"), (_("By day"), "daytime")):
        points = [(float(row.at), getattr(row, one).value if row.whole else None) for row in found]
        known = [value for _at, value in points if value is not None]
        last = words.number(known[-1], lang, unit) if known else ""
        drawn.append(lines.Line(points=points, name=words.translate(name, lang), last=last))
    low, high = svg.bounds([point for line in drawn for point in line.points], True)
    return lines.drawn(
        lines.Lines(
            lines=drawn,
            x_labels=chart.ticks(start, end + 1, zone, lang),
            y_labels=[(value, words.number(value, lang)) for value in svg.steps(low, high)],
            start=start,
            end=max(end, start + DAY),
            title=words.translate(_("Use of each night and of each day"), lang),
            unit=unit,
            gap=2 * DAY,
            zero=True,
        )
    )


def pace(store: Store, extent: Extent) -> int:
    """Usual milliseconds between two values, by the last ones: gaps of before count for nothing."""
    rows = store.window(extent.datastream, extent.first, extent.last + 1, limit=LOOKED_AT, newest_first=True)
    return usual_pace(rows.start.tolist())
