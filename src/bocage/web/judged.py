"""Figures as a rule judges them: bars or a line, with threshold and usual value drawn, those out of it marked."""

import math
from collections.abc import Sequence

import msgspec
from markupsafe import Markup

from bocage.web.lines import spread
from bocage.web.svg import Frame, Labels, Point, Scale, axes, bars, bounds, known, marks

FRAME = Frame(width=720, height=280, left=56, right=104)


class Level(msgspec.Struct, frozen=True, kw_only=True):
    """A line that says one value for each period, from where it begins (UTC ms); `role`: threshold or usual."""

    points: Sequence[Point]
    name: str
    role: str


class Chart(msgspec.Struct, frozen=True, kw_only=True):
    """`points`: (UTC ms, value) of each period; `width`: its length in ms, 0 for single values. `out`: the times of
    those out of the threshold. `bars`: whether values are amounts that stand on zero. `title`: what is heard."""

    points: Sequence[Point]
    levels: Sequence[Level]
    out: frozenset[float]
    x_labels: Labels
    y_labels: Labels
    start: float
    end: float
    title: str
    unit: str = ""
    width: float = 0
    bars: bool = False

    @property
    def values(self) -> list[Point]:
        """All that must be in sight."""
        return [*self.points, *(point for level in self.levels for point in level.points)]


def drawn(chart: Chart, frame: Frame = FRAME) -> Markup:
    """The whole chart as SVG."""
    low, high = bounds(chart.values, chart.bars)
    x = Scale(low=chart.start, high=chart.end, start=frame.left, end=frame.width - frame.right)
    y = Scale(low=low, high=high, start=frame.height - frame.bottom, end=frame.top + 18)
    inner = axes(chart.unit, chart.x_labels, chart.y_labels, frame, (x, y))
    if chart.bars:
        inner += bars(chart.points, chart.width, x, y)
    else:
        inner += marks(chart.points, x, y, gap=1.6 * chart.width, stepped=False)
    inner += _levels(chart, frame, x, y) + _outside(chart, x, y)
    return Markup('<svg class="judged" viewBox="0 0 {:.0f} {:.0f}" role="img" aria-label="{}">{}</svg>').format(
        frame.width, frame.height, chart.title, inner
    )


def _levels(chart: Chart, frame: Frame, x: Scale, y: Scale) -> Markup:
    """Each level as one path, named beside its end."""
    told = [(level, known(level.points)) for level in chart.levels]
    told = [(level, points) for level, points in told if points]
    places = spread([y(points[-1][1]) for _level, points in told], frame.top + 10, frame.height - frame.bottom)
    out = Markup("")
    for (level, points), place in zip(told, places, strict=True):
        out += Markup(
            '<path class="level {}" d="{}"/><text class="level-name {}" x="{:.0f}" y="{:.1f}">{}</text>'
        ).format(
            level.role, _path(points, chart, x, y), level.role, frame.width - frame.right + 6, place + 4, level.name
        )
    return out


def _path(points: Sequence[tuple[float, float]], chart: Chart, x: Scale, y: Scale) -> str:
    """A step for each period, one line as long as one follows the other; single values hold until the next one."""
    ends = [at for at, _value in points[1:]] + [chart.end]
    parts, reached = [], -math.inf
    for (at, value), following in zip(points, ends, strict=True):
        end = min(following, at + chart.width * 1.2) if chart.width else following
        joined = at <= reached
        parts.append(f"V{y(value):.1f}H{x(end):.1f}" if joined else f"M{x(at):.1f} {y(value):.1f}H{x(end):.1f}")
        reached = end
    return "".join(parts)


def _outside(chart: Chart, x: Scale, y: Scale) -> Markup:
    """A sign above each figure out of bounds: colour never speaks alone. It is smaller where many stand close."""
    out = Markup("")
    wide = (x(chart.start + chart.width) - x(chart.start)) if chart.width else 5.0
    half = min(5.0, max(2.5, wide / 2))
    for at, value in known(chart.points):
        if at in chart.out:
            here = x(at + chart.width / 2 if chart.bars else at)
            out += Markup('<path class="out" d="M{0:.1f} {1:.1f}l{2:.1f} -{3:.1f}h-{4:.1f}z"/>').format(
                here, y(value) - 4, half, half * 1.8, half * 2
            )
    return out
