"""Charts drawn by the server: lines, steps and bars with gaps as gaps; no script, no style attribute."""

import math
from collections.abc import Iterable, Sequence

import msgspec
from markupsafe import Markup

Point = tuple[float, float | None]


class Frame(msgspec.Struct, frozen=True, kw_only=True):
    """The drawing area: outer size and margins, in pixels of the view box."""

    width: float = 760
    height: float = 260
    left: float = 56
    right: float = 64
    top: float = 14
    bottom: float = 28


class Scale(msgspec.Struct, frozen=True, kw_only=True):
    """From values to pixels."""

    low: float
    high: float
    start: float
    end: float

    def __call__(self, value: float) -> float:
        """The pixel of a value."""
        span = (self.high - self.low) or 1.0
        return self.start + (value - self.low) * (self.end - self.start) / span


def runs(points: Iterable[Point], gap: float) -> list[list[tuple[float, float]]]:
    """Points cut where a value lacks or where more than `gap` separates two neighbours (0: never)."""
    out: list[list[tuple[float, float]]] = [[]]
    for x, y in points:
        if y is None or math.isnan(y):
            out.append([])
            continue
        if out[-1] and gap and x - out[-1][-1][0] > gap:
            out.append([])
        out[-1].append((x, y))
    return [run for run in out if run]


def steps(low: float, high: float, wanted: int = 4) -> list[float]:
    """Round values between low and high, about `wanted` of them."""
    span = high - low
    if span <= 0:
        return [low]
    rough = span / wanted
    power = 10.0 ** int(f"{rough:e}".split("e")[1])
    step = next(power * m for m in (1, 2, 2.5, 5, 10) if power * m >= rough)
    first = int(low // step) * step
    found = [round(first + i * step, 12) for i in range(int(span / step) + 3)]
    return [value for value in found if low <= value <= high + step * 1e-9]


def _path(run: Sequence[tuple[float, float]], x: Scale, y: Scale, stepped: bool) -> str:
    parts = [f"M{x(run[0][0]):.1f} {y(run[0][1]):.1f}"]
    for here, value in run[1:]:
        parts.append(f"H{x(here):.1f}V{y(value):.1f}" if stepped else f"L{x(here):.1f} {y(value):.1f}")
    return "".join(parts)


def marks(points: Sequence[Point], x: Scale, y: Scale, *, gap: float, stepped: bool) -> Markup:
    """Lines, and dots for values that stand alone between two gaps."""
    out = Markup("")
    for run in runs(points, gap):
        if len(run) == 1:
            out += Markup('<circle class="point" cx="{:.1f}" cy="{:.1f}" r="2"/>').format(x(run[0][0]), y(run[0][1]))
        else:
            out += Markup('<path class="series" d="{}"/>').format(_path(run, x, y, stepped))
    return out


def bounds(points: Sequence[Point], zero: bool, also: Iterable[float] = ()) -> tuple[float, float]:
    """Least and greatest value, from zero when the nature asks for it, never a flat range; `also`: to be in sight."""
    values = [*(y for _, y in points if y is not None and not math.isnan(y)), *also]
    if not values:
        return 0.0, 1.0
    low, high = min(values), max(values)
    low = min(low, 0.0) if zero else low
    if low == high:
        pad = abs(low) * 0.05 or 1.0
        return low - pad, high + pad
    return low, high


def known(points: Sequence[Point]) -> list[tuple[float, float]]:
    """The points that have a value."""
    return [(at, value) for at, value in points if value is not None and not math.isnan(value)]


def spark(points: Sequence[Point], *, gap: float = 0, width: int = 120, height: int = 28) -> Markup:
    """A small line without axes, for tables; the words beside it say the value."""
    told = known(points)
    if len(told) < 2:
        return Markup("")
    low, high = bounds(points, zero=False)
    x = Scale(low=points[0][0], high=points[-1][0], start=2, end=width - 4)
    y = Scale(low=low, high=high, start=height - 3, end=3)
    last = Markup('<circle class="point" cx="{:.1f}" cy="{:.1f}" r="2.5"/>').format(x(told[-1][0]), y(told[-1][1]))
    return Markup(
        '<svg class="spark" viewBox="0 0 {0} {1}" width="{0}" height="{1}" aria-hidden="true">{2}{3}</svg>'
    ).format(width, height, marks(points, x, y, gap=gap, stepped=False), last)


class Plot(msgspec.Struct, frozen=True, kw_only=True):
    """What a chart needs: points (UTC ms, value), labels of both axes, and how marks are drawn.

    `shape`: line, step or bars. `gap`: milliseconds after which a line breaks. `y_labels` and `x_labels` are
    (value, words). `title` is what a screen reader hears; `last` the last value in words. `target`: a value to reach,
    in words; `usual`: (UTC ms, low, high) between which figures usually lie.
    """

    points: Sequence[Point]
    x_labels: Sequence[tuple[float, str]]
    y_labels: Sequence[tuple[float, str]]
    start: float
    end: float
    title: str
    last: str = ""
    unit: str = ""
    shape: str = "line"
    gap: float = 0
    zero: bool = False
    bar: float = 0
    target: tuple[float, str] | None = None
    usual: Sequence[tuple[float, float, float]] = ()

    @property
    def also(self) -> list[float]:
        """What must be in sight besides the points."""
        sides = [side for _, low, high in self.usual for side in (low, high)]
        return [*sides, *([self.target[0]] if self.target else [])]


def plot(drawn: Plot, frame: Frame | None = None) -> Markup:
    """The whole chart as SVG."""
    frame = frame or Frame()
    low, high = bounds(drawn.points, drawn.zero or drawn.shape == "bars", drawn.also)
    x = Scale(low=drawn.start, high=drawn.end, start=frame.left, end=frame.width - frame.right)
    y = Scale(low=low, high=high, start=frame.height - frame.bottom, end=frame.top + 14)
    inner = axes(drawn.unit, drawn.x_labels, drawn.y_labels, frame, (x, y)) + _usual(drawn, x, y)
    if drawn.shape == "bars":
        inner += bars(drawn.points, drawn.bar, x, y)
    else:
        inner += marks(drawn.points, x, y, gap=drawn.gap, stepped=drawn.shape == "step")
    inner += _target(drawn, frame, y) + _last(drawn, x, y)
    return Markup('<svg viewBox="0 0 {:.0f} {:.0f}" role="img" aria-label="{}">{}</svg>').format(
        frame.width, frame.height, drawn.title, inner
    )


Labels = Sequence[tuple[float, str]]


def axes(unit: str, x_labels: Labels, y_labels: Labels, frame: Frame, scales: tuple[Scale, Scale]) -> Markup:
    """The unit, lines across at round values, and moments along the foot."""
    x, y = scales
    out = Markup('<g class="axis"><text x="{:.0f}" y="{:.0f}">{}</text>').format(4, frame.top, unit)
    for value, said in y_labels:
        at = y(value)
        out += Markup('<path class="grid" d="M{:.0f} {:.1f}H{:.0f}"/>').format(
            frame.left, at, frame.width - frame.right
        )
        out += Markup('<text x="{:.0f}" y="{:.1f}" text-anchor="end">{}</text>').format(frame.left - 8, at + 4, said)
    for place, (value, said) in enumerate(x_labels):
        kind = Markup(' class="between"') if place % 2 else ""  # a telephone has room for every other one
        out += Markup('<text{} x="{:.1f}" y="{:.0f}" text-anchor="middle">{}</text>').format(
            kind, x(value), frame.height - 8, said
        )
    return out + Markup("</g>")


def _usual(drawn: Plot, x: Scale, y: Scale) -> Markup:
    """Between which figures usually lie: one block for each, so that gaps stay gaps."""
    out = Markup("")
    width = (x(drawn.start + drawn.bar) - x(drawn.start)) if drawn.bar else 2.0
    for at, low, high in drawn.usual:
        out += Markup('<rect class="band" x="{:.1f}" y="{:.1f}" width="{:.1f}" height="{:.1f}"/>').format(
            x(at), y(high), width, max(y(low) - y(high), 1.0)
        )
    return out


def _target(drawn: Plot, frame: Frame, y: Scale) -> Markup:
    if drawn.target is None:
        return Markup("")
    value, said = drawn.target
    return Markup(
        '<path class="target" d="M{:.0f} {:.1f}H{:.0f}"/><text class="aim" x="{:.0f}" y="{:.1f}">{}</text>'
    ).format(frame.left, y(value), frame.width - frame.right, frame.left + 4, y(value) - 5, said)


def bars(points: Sequence[Point], width: float, x: Scale, y: Scale) -> Markup:
    """A bar from zero to each value; `width` in milliseconds, 0 when it is not known."""
    out = Markup("")
    wide = max(1.0, (x(x.low + width) - x(x.low)) * 0.86) if width else 2.0
    for at, value in known(points):
        top, foot = sorted((y(value), y(0.0)))
        out += Markup('<rect class="bar-mark" x="{:.1f}" y="{:.1f}" width="{:.1f}" height="{:.1f}"/>').format(
            x(at), top, wide, max(foot - top, 0.5)
        )
    return out


def _last(drawn: Plot, x: Scale, y: Scale) -> Markup:
    told = known(drawn.points)
    if not told or not drawn.last:
        return Markup("")
    at, value = told[-1]
    if drawn.shape == "bars":  # above the bar, which would hide it
        above = Markup('<text class="last" text-anchor="middle" x="{:.1f}" y="{:.1f}">{}</text>')
        return above.format(x(at + drawn.bar / 2), y(value) - 5, drawn.last)
    here = x(at)
    return Markup(
        '<circle class="point" cx="{:.1f}" cy="{:.1f}" r="3.5"/><text class="last" x="{:.1f}" y="{:.1f}">{}</text>'
    ).format(here, y(value), here + 7, y(value) + 4, drawn.last)
