"""What a chart of one series shows over a span: the server picks the step, gaps stay gaps."""

import math
from collections.abc import Sequence
from datetime import datetime, timedelta

import msgspec
import numpy as np

from bocage import words
from bocage.domain.instant import DAY, EARLIEST, HOUR, LATEST, to_datetime, to_ms
from bocage.domain.nature import Nature, Origin, ResultKind
from bocage.domain.observation import Columns, Rollup
from bocage.domain.sensing import Datastream
from bocage.domain.text import message as _
from bocage.domain.whole import whole
from bocage.store.protocol import Extent, Store
from bocage.web import svg
from bocage.web.forms.read import Sent
from bocage.web.portal.values import unit_of

MOST = 1500
STEPS = (("hour", HOUR), ("day", DAY), ("month", 31 * DAY))
SPANS: dict[str, tuple[int, str]] = {
    "hour": (HOUR, _("An hour")),
    "day": (DAY, _("A day")),
    "week": (7 * DAY, _("A week")),
    "month": (31 * DAY, _("A month")),
    "year": (366 * DAY, _("A year")),
    "all": (0, _("All")),
}
EDGE = timedelta(days=1)


class Span(msgspec.Struct, frozen=True, kw_only=True):
    """A stretch of time [start, end) in UTC ms, and the name it was chosen by."""

    start: int
    end: int
    name: str = ""


class Shown(msgspec.Struct, frozen=True, kw_only=True):
    """The points of a span. `step` is "raw" or a rollup's; `low` and `high` are the extremes of each rollup.

    `gap`: ms between two points above which nothing is drawn between them. `width`: ms a bar covers, 0 for none.
    `origin`, `original`: of single values, the code of Origin and when it was measured elsewhere (None: here).
    """

    span: Span
    step: str
    unit: str
    shape: str
    start: Sequence[int]
    value: Sequence[float | None]
    low: Sequence[float | None] = ()
    high: Sequence[float | None] = ()
    count: Sequence[int] = ()
    origin: Sequence[int] = ()
    original: Sequence[int | None] = ()
    gap: int = 0
    width: int = 0


def spans(extent: Extent | None, now: int) -> list[str]:
    """The spans that say something: not finer than the series, not longer than its life."""
    if extent is None or extent.count < 2:
        return ["all"]
    pace = (extent.last - extent.first) / (extent.count - 1)
    life = extent.last - extent.first
    kept = [name for name, (length, _said) in SPANS.items() if length and pace * 3 <= length and life > length * 0.5]
    return [*kept, "all"]


def _asked(text: str) -> int:
    """UTC milliseconds of an address, within what the log can hold."""
    read = -whole(text[1:], 0) if text.startswith("-") else whole(text, 0)
    return min(max(read, EARLIEST), LATEST)


def span(asked: Sent, extent: Extent | None, now: int) -> Span:
    """The span the address asks for: `start` and `end` (UTC ms), or a name; by default one that fits the series."""
    start, end = str(asked.get("start", "")), str(asked.get("end", ""))
    first, after = _asked(start), _asked(end)
    if start and end and first < after:
        return Span(start=first, end=after)
    fitting = spans(extent, now)
    name = str(asked.get("span", ""))
    name = name if name in SPANS else _usual(fitting, extent)
    if extent is None:
        return Span(start=now - DAY, end=now, name="day")
    last = max(extent.last + 1, 1)
    length = SPANS[name][0]
    if not length:  # a series that has just begun is shown over an hour, the present included
        close = now if 0 <= now - last < HOUR else last
        return Span(start=min(extent.first, close - HOUR), end=close, name="all")
    close = now if 0 <= now - last < length / 2 else last
    return Span(start=close - length, end=close, name=name)


def _usual(fitting: list[str], extent: Extent | None) -> str:
    if extent is None or extent.count < 2:
        return "all"
    pace = (extent.last - extent.first) / (extent.count - 1)
    return next((name for name in fitting if name != "all" and SPANS[name][0] >= pace * 48), "all")


def shown(store: Store, stream: Datastream, asked: Span, extent: Extent | None) -> Shown:
    """Read the span at a step that gives at most some 1,500 points."""
    if extent is None or stream.nature is None:
        return _raw(stream, asked, store.window(stream.id, asked.start, asked.end, limit=1))
    overlap = max(0, min(asked.end, extent.last + 1) - max(asked.start, extent.first))
    pace = (extent.last - extent.first) / max(extent.count - 1, 1)
    if overlap <= MOST * max(pace, 1):
        rows = store.window(stream.id, asked.start, asked.end, limit=MOST * 2 + 1)
        if len(rows) <= MOST * 2:
            return _raw(stream, asked, rows)
    step = next((name for name, length in STEPS if overlap / length <= MOST), "month")
    return _rolled(stream, asked, store.rollup([stream.id], asked.start, asked.end, step), step)


def _raw(stream: Datastream, asked: Span, rows: Columns) -> Shown:
    start = rows.start.tolist()
    numeric = (rows.kind == ResultKind.NUMBER) | (rows.kind == ResultKind.BOOLEAN)
    value = [
        float(v) if ok and not math.isnan(v) else None
        for v, ok in zip(rows.number.tolist(), numeric.tolist(), strict=True)
    ]
    lengths = (rows.end - rows.start).tolist()
    width = int(np.median(lengths)) if lengths else 0
    spacing = int(np.median(np.diff(rows.start))) if len(start) > 2 else 0
    bars = stream.nature is Nature.AMOUNT and width > 0
    gap = max(spacing * 3, (stream.cadence_seconds or 0) * 3000)
    stepped = stream.nature is Nature.STATE
    shape = "bars" if bars else ("step" if stepped else "line")
    end = max(asked.end, start[-1] + width) if bars and start and asked.end > start[-1] else asked.end
    covered = msgspec.structs.replace(asked, end=end)
    return Shown(
        span=covered, step="raw", unit=unit_of(stream), shape=shape, start=start, value=value,
        origin=rows.origin.tolist(), original=_originals(rows),
        gap=0 if stepped else gap, width=width if bars else 0,
    )  # fmt: skip


def _originals(rows: Columns) -> list[int | None]:
    times = rows.original.tolist() if rows.original is not None else [0] * len(rows)
    return [
        time if origin == Origin.REPLAYED else None for time, origin in zip(times, rows.origin.tolist(), strict=True)
    ]


def _rolled(stream: Datastream, asked: Span, rows: Rollup, step: str) -> Shown:
    length = dict(STEPS)[step]
    share = stream.nature is Nature.STATE
    factor = 100.0 if share else 1.0
    bars = stream.nature in (Nature.AMOUNT, Nature.INDEX, Nature.STATE)
    flat = stream.nature in (Nature.GAUGE,)
    return Shown(
        span=asked,
        step=step,
        unit="%" if share else unit_of(stream),
        shape="bars" if bars else "line",
        start=rows.start.tolist(),
        value=[None if math.isnan(v) else v * factor for v in rows.value.tolist()],
        low=_known(rows.minimum.tolist()) if flat else (),
        high=_known(rows.maximum.tolist()) if flat else (),
        count=rows.count.tolist(),
        gap=int(length * 1.6),
        width=length if bars else 0,
    )


def _known(values: list[float]) -> list[float | None]:
    return [None if math.isnan(v) else v for v in values]


def picture(drawn: Shown, zone: str, lang: str, title: str) -> svg.Plot:
    """The chart the server draws of it, readable without a script."""
    points = list(zip(drawn.start, drawn.value, strict=True))
    low, high = svg.bounds(points, drawn.shape == "bars")
    known = [value for value in drawn.value if value is not None]
    return svg.Plot(
        points=points,
        x_labels=ticks(drawn.span.start, drawn.span.end, zone, lang),
        y_labels=[(value, words.number(value, lang)) for value in svg.steps(low, high)],
        start=drawn.span.start,
        end=drawn.span.end,
        title=title,
        last=words.number(known[-1], lang) if known else "",
        unit=drawn.unit,
        shape=drawn.shape,
        gap=drawn.gap,
        bar=drawn.width,
    )


def ticks(start: int, end: int, zone: str, lang: str, wanted: int = 6) -> list[tuple[float, str]]:
    """Round moments of the civil clock inside a span, with short words."""
    length = max(end - start, 1) / wanted
    first = to_datetime(start, zone).replace(minute=0, second=0, microsecond=0)
    if length < 20 * HOUR:
        hours = next(h for h in (1, 2, 3, 6, 12, 24) if h * HOUR >= length or h == 24)
        moments = _walk(first.replace(hour=0), start, end, timedelta(hours=hours))
        form = "{0.hour} h" if lang == "fr" else "{0:%H:%M}"
        return [(to_ms(m), form.format(m) if m.hour else _date(m, lang)) for m in moments]
    if length < 25 * DAY:
        days = next((d for d in (1, 2, 3, 5, 7, 10, 14) if d * DAY >= length), 28)
        return [(to_ms(m), _date(m, lang)) for m in _walk(first.replace(hour=0), start, end, timedelta(days=days))]
    return _months(first, start, end, length)


def _walk(first: datetime, start: int, end: int, step: timedelta) -> list[datetime]:
    out, moment = [], first
    while to_ms(moment) < end:
        if to_ms(moment) >= start:
            out.append(moment)
        moment += step
    return out


def _date(moment: datetime, lang: str) -> str:
    return f"{moment.day}/{moment.month:02d}" if lang == "fr" else f"{moment:%-d %b}"


def _months(first: datetime, start: int, end: int, length: float) -> list[tuple[float, str]]:
    months = next((m for m in (1, 2, 3, 6, 12, 24, 60, 120) if m * 30 * DAY >= length), 240)
    out, year, month = [], first.year, 1
    while year < 2101:
        moment = first.replace(year=year, month=month, day=1, hour=0)
        at = to_ms(moment)
        if at >= end:
            break
        if at >= start:
            out.append((float(at), f"{month}/{year}" if months < 12 else str(year)))
        month += months
        year, month = year + (month - 1) // 12, (month - 1) % 12 + 1
    return out
