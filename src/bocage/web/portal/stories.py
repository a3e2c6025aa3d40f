"""An indicator as a page shows it: its story, its chart with target and usual, its figures in a table."""

import math
from collections.abc import Collection

import msgspec
from markupsafe import Markup

from bocage import words
from bocage.commitments.facts import TerritoryFacts
from bocage.domain.instant import DAY, HOUR, to_datetime, to_ms
from bocage.domain.measure import Aggregate, Period
from bocage.domain.nature import Nature
from bocage.domain.text import message as _
from bocage.publish.indicators import Followed
from bocage.publish.story import Line, Reader, Subject, story, subject
from bocage.publish.story.saying import rounded
from bocage.publish.usual import Usual, usual
from bocage.steer.measuring import Figure
from bocage.web import svg
from bocage.web.request import Request
from bocage.words import periods

SHOWN = {Period.VALUE: 300, Period.HOUR: 168, Period.DAY: 92, Period.WEEK: 53, Period.MONTH: 25}
"""How many figures a chart shows at first."""
YEAR = 371
LENGTH = {Period.VALUE: 0, Period.HOUR: HOUR, Period.DAY: DAY, Period.WEEK: 7 * DAY, Period.MONTH: 31 * DAY}
LABELS = 5
FORMS = {Period.HOUR: "d MMM", Period.DAY: "d MMM", Period.WEEK: "d MMM", Period.MONTH: "MMM y", Period.VALUE: "d MMM"}
FRAME = svg.Frame(width=680, height=280, left=52, right=58)


class Row(msgspec.Struct, frozen=True, kw_only=True):
    """One figure of the table: when, in words; whether it is over; what was usual; whether the target is met."""

    when: str
    figure: Figure
    over: bool
    usual: Usual | None
    met: bool | None


class Told(msgspec.Struct, frozen=True, kw_only=True):
    """One figure of an indicator, told. `line`: the series it is of, "" for all together. `rows`: newest first.

    `chart` and `spark` are empty, and `rows` none, where the reader may not see the figures or there are none.
    """

    one: Followed
    line: str
    open: bool
    story: tuple[Line, ...]
    unit: str
    rows: tuple[Row, ...] = ()
    chart: Markup = Markup("")
    spark: Markup = Markup("")

    @property
    def lead(self) -> str:
        """The sentence that answers before any chart: the last value."""
        return next((line.text for line in self.story if line.code == "value"), "")

    @property
    def rest(self) -> tuple[Line, ...]:
        """The other sentences."""
        return tuple(line for line in self.story if line.code != "value")


def told(
    request: Request, facts: TerritoryFacts, one: Followed, seen: tuple[bool, Collection[str]], line: str = ""
) -> Told:
    """`seen`: whether this reader may see the figures, and the things they are told of. `line`: which figure, where
    the indicator has one for each series; the first when there is no such."""
    may_see, things = seen
    line = line if line in one.lines else next(iter(one.lines), "")
    now, zone = to_ms(request.parts.clock()), facts.zone
    found = request.parts.figures.of(request.parts.store, one, zone, now) if may_see else {}
    about = subject(facts, one, line, found.get(line, ()), Reader(now=now, told=things))
    whole = story(about, request.lang)
    if not about.figures:
        return Told(one=one, line=line, open=may_see, story=whole, unit=about.unit)
    rows = _rows(about, request.GET.get("span", "") == "year", request.lang)
    points = [(float(row.figure.start), row.figure.value) for row in rows if row.over]
    return Told(
        one=one,
        line=line,
        open=may_see,
        story=whole,
        unit=about.unit,
        rows=tuple(reversed(rows)),
        chart=_drawn(about, rows, one.indicator.title.read(request.lang)[0], request.lang),
        spark=svg.spark(points[-60:], gap=1.6 * LENGTH[about.period]),
    )


def _rows(about: Subject, whole_year: bool, lang: str) -> list[Row]:
    shown = YEAR if whole_year and about.period is Period.DAY else SHOWN[about.period]
    ordinary = usual(about.figures, about.period, about.zone)
    if about.nature is Nature.DIRECTION:
        ordinary = [None] * len(ordinary)
    pairs = list(zip(about.figures, ordinary, strict=True))[-shown:]
    return [
        Row(
            when=periods.dated(figure.start, figure.end, about.kind, about.zone, lang).removeprefix("le "),
            figure=figure,
            over=figure.end <= about.now,
            usual=middle,
            met=about.target.met(figure.value) if about.target and figure.complete else None,
        )
        for figure, middle in pairs
    ]


def _drawn(about: Subject, rows: list[Row], title: str, lang: str) -> Markup:
    length = LENGTH[about.period]
    bars = about.nature in (Nature.AMOUNT, Nature.INDEX) and about.measure.aggregate is Aggregate.SUM and length > 0
    # Figures stand at the beginning of their civil day, whatever part of it counted.
    at = {id(row): float(_begin(about, row.figure)) for row in rows}
    points = [(at[id(row)], row.figure.value if row.over else None) for row in rows]
    ordinary = [(at[id(row)], row.usual.low, row.usual.high) for row in rows if row.usual and row.over]
    last = next((row.figure.value for row in reversed(rows) if row.over), math.nan)
    plot = svg.Plot(
        points=points,
        x_labels=_labels(about, rows, lang),
        y_labels=(),
        start=points[0][0],
        end=points[-1][0] + (length or 1),
        title=f"{title}, {words.translate(_CAPTIONS[about.kind], lang)}",
        last=words.number(rounded(last), lang),
        unit=about.unit,
        shape="bars" if bars else "line",
        gap=1.6 * length,
        bar=length,
        target=_aim(about, lang),
        usual=ordinary,
    )
    low, high = svg.bounds(plot.points, bars, plot.also)
    labels = [(value, words.number(value, lang)) for value in svg.steps(low, high)]
    return svg.plot(msgspec.structs.replace(plot, y_labels=labels), FRAME)


_CAPTIONS = {
    Period.VALUE: _("value by value"),
    Period.HOUR: _("hour by hour"),
    Period.DAY: _("day by day"),
    periods.NIGHT: _("night by night"),
    Period.WEEK: _("week by week"),
    Period.MONTH: _("month by month"),
}


def _begin(about: Subject, figure: Figure) -> int:
    if about.measure.window is None:
        return figure.start
    return to_ms(to_datetime(figure.start, about.zone).replace(hour=0, minute=0))


def _aim(about: Subject, lang: str) -> tuple[float, str] | None:
    if about.target is None:
        return None
    value = words.number(about.target.value, lang)
    return about.target.value, words.translate(_("target: %(value)s"), lang) % {"value": value}


def _labels(about: Subject, rows: list[Row], lang: str) -> list[tuple[float, str]]:
    """A few moments along the axis, in the middle of their figures."""
    from babel.dates import format_date

    step = max(1, -(-len(rows) // LABELS))
    return [
        (
            float(_begin(about, row.figure)) + LENGTH[about.period] / 2,
            str(format_date(to_datetime(row.figure.start, about.zone).date(), FORMS[about.period], locale=lang)),
        )
        for row in rows[step // 2 :: step]
    ]
