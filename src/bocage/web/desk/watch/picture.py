"""Judged periods as a chart and as the rows of its table: value, usual value, threshold, and what they say."""

from collections.abc import Sequence

import msgspec
from markupsafe import Markup

from bocage import words
from bocage.domain.instant import DAY, HOUR, to_datetime, to_ms
from bocage.domain.measure import Aggregate, Period
from bocage.domain.nature import Nature
from bocage.domain.text import message as _
from bocage.steer.judging import Judged, Outcome
from bocage.steer.spoken import About
from bocage.web import judged as chart
from bocage.web import svg
from bocage.web.desk.chart import ticks
from bocage.words import periods
from bocage.words.rules import is_share

MOST = 120
"""Periods on one chart."""
LENGTH = {Period.VALUE: 0, Period.HOUR: HOUR, Period.DAY: DAY, Period.WEEK: 7 * DAY, Period.MONTH: 30 * DAY}


class Row(msgspec.Struct, frozen=True, kw_only=True):
    """One period in words."""

    when: str
    value: str
    usual: str
    bound: str
    outcome: Outcome
    count: int
    expected: int | None

    @property
    def out(self) -> bool:
        """Whether it is out of bounds."""
        return self.outcome is Outcome.OUT


def rows(judged: Sequence[Judged], about: About, name: str, lang: str) -> list[Row]:
    """The periods in their order; `name`: slug of the series, empty for all together."""
    kind = periods.kind_of(about.rule.condition.measure)
    return [
        Row(
            when=periods.dated(one.start, one.end, kind, about.zone, lang).removeprefix("le "),
            value=about.figure(one.value, name, lang),
            usual=about.figure(one.usual, name, lang),
            bound=about.figure(one.bound, name, lang),
            outcome=one.outcome,
            count=one.count,
            expected=one.expected,
        )
        for one in judged
    ]


def picture(judged: Sequence[Judged], about: About, name: str, title: str, lang: str) -> Markup:
    """The chart of some periods; nothing when there is none to draw."""
    told = [one for one in judged if one.value is not None]
    if not told:
        return Markup("")
    measure = about.rule.condition.measure
    scale = 100.0 if is_share(measure, about.names) else 1.0
    units = [one.unit for one in about.called(name)] or [""]
    at = {one.start: float(_begin(one.start, about)) for one in judged}
    width = LENGTH[measure.period]
    start, end = at[judged[0].start], at[judged[-1].start] + max(width, judged[-1].end - judged[-1].start, 1)
    drawn = chart.Chart(
        points=[(at[one.start], None if one.value is None else one.value * scale) for one in judged],
        levels=_levels(judged, at, scale, lang),
        out=frozenset(at[one.start] for one in judged if one.outcome is Outcome.OUT),
        x_labels=ticks(int(start), int(end), about.zone, lang, wanted=5),
        y_labels=(),
        start=start,
        end=end,
        title=title,
        unit="%" if scale > 1 else units[0],
        width=width,
        bars=_amounts(about, name) and width > 0,
    )
    low, high = svg.bounds(drawn.values, drawn.bars)
    labels = [(value, words.number(value, lang)) for value in svg.steps(low, high)]
    return chart.drawn(msgspec.structs.replace(drawn, y_labels=labels))


def around(judged: Sequence[Judged], moment: int) -> Sequence[Judged]:
    """As many periods as one chart shows, with the one of this moment among them, as late as can be."""
    if len(judged) <= MOST:
        return judged
    place = next((n for n, one in enumerate(judged) if one.start >= moment), len(judged))
    last = min(len(judged), max(place + MOST // 4, MOST))
    return judged[last - MOST : last]


def _begin(start: int, about: About) -> int:
    """Figures stand at the beginning of their civil day, whatever part of it counts."""
    if about.rule.condition.measure.window is None:
        return start
    return to_ms(to_datetime(start, about.zone).replace(hour=0, minute=0))


def _amounts(about: About, name: str) -> bool:
    natures = {one.nature for one in about.called(name)}
    summed = about.rule.condition.measure.aggregate is Aggregate.SUM
    return summed and natures <= {Nature.AMOUNT, Nature.INDEX}


def _levels(judged: Sequence[Judged], at: dict[int, float], scale: float, lang: str) -> list[chart.Level]:
    """The threshold, and the usual value where the threshold comes from it."""

    def of(values: Sequence[tuple[int, float | None]]) -> list[svg.Point]:
        return [(at[start], None if value is None else value * scale) for start, value in values]

    bound, usual = of([(one.start, one.bound) for one in judged]), of([(one.start, one.usual) for one in judged])
    return [
        chart.Level(points=bound, name=words.translate(_("threshold"), lang), role="threshold"),
        chart.Level(points=usual, name=words.translate(_("usual"), lang), role="usual"),
    ]
