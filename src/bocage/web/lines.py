"""Several series in one chart drawn by the server, each named where its line ends; no script, no style attribute."""

from collections.abc import Sequence

import msgspec
from markupsafe import Markup

from bocage.web.svg import Frame, Point, Scale, axes, bounds, known, marks

MOST = 6
"""Lines that one can still tell apart."""
LETTERS = "ABCDEF"
APART = 22.0
"""Pixels between two names, so that they stay apart on a telephone, where letters are larger."""
FRAME = Frame(width=740, height=320, left=62, right=190, top=18, bottom=30)


class Line(msgspec.Struct, frozen=True, kw_only=True):
    """One series: its points (UTC ms, value), its short name, its last value in words."""

    points: Sequence[Point]
    name: str
    last: str


class Lines(msgspec.Struct, frozen=True, kw_only=True):
    """Up to six series on one pair of axes; fields as in `svg.Plot`. `dots`: each value is marked, too."""

    lines: Sequence[Line]
    x_labels: Sequence[tuple[float, str]]
    y_labels: Sequence[tuple[float, str]]
    start: float
    end: float
    title: str
    unit: str = ""
    gap: float = 0
    zero: bool = False
    dots: bool = False

    @property
    def points(self) -> list[Point]:
        """All values together."""
        return [point for line in self.lines for point in line.points]


def drawn(chart: Lines, frame: Frame = FRAME) -> Markup:
    """The whole chart as SVG."""
    low, high = bounds(chart.points, chart.zero)
    x = Scale(low=chart.start, high=chart.end, start=frame.left, end=frame.width - frame.right)
    y = Scale(low=low, high=high, start=frame.height - frame.bottom, end=frame.top + 14)
    inner = axes(chart.unit, chart.x_labels, chart.y_labels, frame, (x, y))
    for place, line in enumerate(chart.lines[:MOST], 1):
        held = marks(line.points, x, y, gap=chart.gap, stepped=False)
        if chart.dots:
            held += _dots(line.points, x, y)
        inner += Markup('<g class="line line-{}">{}</g>').format(place, held)
    inner += _names(chart, frame, x, y)
    return Markup('<svg class="several" viewBox="0 0 {:.0f} {:.0f}" role="img" aria-label="{}">{}</svg>').format(
        frame.width, frame.height, chart.title, inner
    )


def _dots(points: Sequence[Point], x: Scale, y: Scale) -> Markup:
    return Markup("").join(
        Markup('<circle class="point" cx="{:.1f}" cy="{:.1f}" r="2"/>').format(x(at), y(value))
        for at, value in known(points)
    )


def _names(chart: Lines, frame: Frame, x: Scale, y: Scale) -> Markup:
    """Each name beside the end of its line; those that would cover one another are moved apart."""
    ends = [(place, line, known(line.points)) for place, line in enumerate(chart.lines[:MOST])]
    ends = [(place, line, found) for place, line, found in ends if found]
    wanted = [y(found[-1][1]) for _, _, found in ends]
    out, left = Markup(""), frame.width - frame.right + 16
    for (place, line, found), at in zip(ends, spread(wanted, frame.top + 10, frame.height - 6), strict=True):
        here = (x(found[-1][0]), y(found[-1][1]))
        out += Markup(
            '<g class="line line-{0}"><circle class="point" cx="{1:.1f}" cy="{2:.1f}" r="3.5"/>'
            '<path class="leader" d="M{1:.1f} {2:.1f}L{3:.1f} {4:.1f}"/>'
            '<text class="name" x="{5:.1f}" y="{6:.1f}"><tspan class="letter">{7} </tspan>'
            '<tspan class="words">{8} </tspan><tspan class="last">{9}</tspan></text></g>'
        ).format(place + 1, *here, left - 3, at, left, at + 4, LETTERS[place], line.name, line.last)
    return out


def spread(wanted: Sequence[float], low: float, high: float) -> list[float]:
    """The same places, in their order, at least `APART` from one another and within [low, high] as far as they fit."""
    order = sorted(range(len(wanted)), key=lambda place: wanted[place])
    found = [0.0] * len(wanted)
    below = low
    for rank, place in enumerate(order):
        room = high - APART * (len(order) - 1 - rank)
        found[place] = min(max(wanted[place], below), room)
        below = found[place] + APART
    return found


def short(names: Sequence[str], longest: int = 24) -> list[str]:
    """The names without the words that all of them begin and end with, cut where they are still too long."""
    split = [name.split() for name in names]
    if len(split) > 1:
        head = _shared(split)
        tail = _shared([words[head:][::-1] for words in split])
        split = [words[head : len(words) - tail] or words for words in split]
    told = [" ".join(words).strip(" ,;:·") for words in split]
    return [name if len(name) <= longest else name[: longest - 1].rstrip() + "…" for name in told]


def _shared(split: Sequence[Sequence[str]]) -> int:
    """How many words all of them begin with, one word of each left over."""
    most = min(len(words) for words in split) - 1
    return next((at for at in range(max(most, 0)) if len({words[at] for words in split}) > 1), max(most, 0))
