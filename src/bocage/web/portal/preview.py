"""Small charts drawn by the server: the last days of a series by hour, day or month, gaps as gaps."""

import math
from datetime import datetime

import msgspec
from markupsafe import Markup

from bocage import words
from bocage.domain.instant import DAY, HOUR, to_datetime
from bocage.domain.nature import Nature
from bocage.domain.sensing import Datastream
from bocage.domain.text import message as _
from bocage.store.protocol import Extent
from bocage.web import svg
from bocage.web.portal.values import unit_of
from bocage.web.request import Request

MONTH = 31 * DAY
FRAME = svg.Frame(width=500, height=210, left=50, right=58)
Periods = tuple[tuple[int, float, int], ...]
"""(start, value, count) of each period, in UTC milliseconds and in the unit shown."""


class Step(msgspec.Struct, frozen=True, kw_only=True):
    """How a preview sums up: the period, its length in milliseconds, and how far back it looks."""

    name: str
    length: int
    back: int
    caption: str


STEPS = (
    Step(name="hour", length=HOUR, back=3 * DAY, caption=_("The last three days, hour by hour")),
    Step(name="day", length=DAY, back=MONTH, caption=_("The last month, day by day")),
    Step(name="month", length=MONTH, back=730 * DAY, caption=_("The last two years, month by month")),
)


class Preview(msgspec.Struct, frozen=True, kw_only=True):
    """A chart, its caption (an English message), its unit, and the same figures for the table."""

    chart: Markup
    caption: str
    unit: str
    periods: Periods


def last_days(request: Request, stream: Datastream, least: Step | None = None) -> Preview | None:
    """The end of what is stored, in its own steps or in `least` if those are longer; None when nothing can be drawn."""
    extents = request.parts.store.extent([stream.id])
    if not extents:
        return None
    step = longer(step_of(stream, extents[0]), least)
    end = extents[0].last + 1
    rolled = request.parts.store.rollup([stream.id], end - step.back, end, step.name)
    shared = stream.nature is Nature.STATE
    values = [value * 100 if shared else value for value in rolled.value.tolist()]
    periods = tuple(zip(rolled.start.tolist(), values, rolled.count.tolist(), strict=True))
    if all(math.isnan(value) for value in values):
        return None
    unit = "%" if shared else unit_of(stream)
    chart = _drawn(request, stream, periods, step, unit)
    return Preview(chart=chart, caption=step.caption, unit=unit, periods=periods)


def longer(step: Step, other: Step | None) -> Step:
    """The one of two that sums up more."""
    return step if other is None or other.length < step.length else other


def step_of(stream: Datastream, extent: Extent) -> Step:
    """By hour when values come every hour or oftener, by day up to a day, by month beyond."""
    seconds = stream.cadence_seconds
    gap = seconds * 1000 if seconds else (extent.last - extent.first) / max(extent.count - 1, 1)
    return next((step for step in STEPS if gap <= step.length * 1.01), STEPS[-1])


def _drawn(request: Request, stream: Datastream, periods: Periods, step: Step, unit: str) -> Markup:
    lang, zone = request.lang, request.territory.time_zone if request.territory else "UTC"
    bars = stream.nature in (Nature.AMOUNT, Nature.INDEX)
    points = [(float(at), value) for at, value, _count in periods]
    low, high = svg.bounds(points, zero=bars)
    start, end = points[0][0], points[-1][0] + step.length
    last = next(value for _, value in reversed(points) if not math.isnan(value))
    return svg.plot(
        svg.Plot(
            points=points,
            x_labels=moments(start, end, zone, lang, step),
            y_labels=[(value, words.number(value, lang)) for value in svg.steps(low, high)],
            start=start,
            end=end,
            title=f"{stream.title.read(lang)[0]}, {words.translate(step.caption, lang)}",
            last=words.number(last, lang),
            unit=unit,
            shape="bars" if bars else "line",
            gap=step.length * 1.5,
            zero=bars,
            bar=step.length,
        ),
        FRAME,
    )


def moments(start: float, end: float, zone: str, lang: str, step: Step) -> list[tuple[float, str]]:
    """Four moments along the axis."""
    places = [start + (end - start) * (i + 0.5) / 4 for i in range(4)]
    return [(at, _short(to_datetime(int(at), zone), lang, step)) for at in places]


def _short(at: datetime, lang: str, step: Step) -> str:
    from babel.dates import format_date

    day = str(format_date(at.date(), format="MMM y" if step.name == "month" else "d MMM", locale=lang))
    hour = f"{at.hour}\u00a0h" if lang == "fr" else f"{at:%H:00}"
    return f"{day}, {hour}" if step.name == "hour" else day
