"""Projects in time as small drawings: bars and signs placed in percent, so that words stay beside them at any width."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date, timedelta

import msgspec
from babel.dates import format_date
from markupsafe import Markup

STEPS = (1, 3, 6, 12, 24, 60, 120, 240)
"""Months between two labels of the axis."""
LABELS = 6
HEIGHT, MIDDLE = 34, 14
SIGNS = {
    "step": "M0-7 7 0 0 7-7 0Z",
    "decision": "M-5-5H5V5H-5Z",
    "other": "M0-5A5 5 0 1 1 0 5 5 5 0 1 1 0-5Z",
}
"""The sign of an event: a lozenge for a step, a square for a decision, a circle for what is told elsewhere."""


class Bar(msgspec.Struct, frozen=True, kw_only=True):
    """From one day to another; `name` is the class that gives its look: project, ahead, test, contract, over."""

    start: date
    end: date
    name: str


class Sign(msgspec.Struct, frozen=True, kw_only=True):
    """An event: its day, its form (a name of `SIGNS`), how it stands (done, ahead, late), and its words."""

    day: date
    form: str
    state: str
    said: str


class Axis(msgspec.Struct, frozen=True, kw_only=True):
    """From the first to the last day drawn, with some room on both sides."""

    first: date
    last: date
    today: date

    def at(self, day: date) -> float:
        """Where a day stands, in percent."""
        whole = (self.last - self.first).days
        return min(100.0, max(0.0, (day - self.first).days / whole * 100))

    @property
    def ticks(self) -> list[date]:
        """First days of months, evenly apart, a few of them."""
        for step in STEPS:
            found = list(self._months(step))
            if len(found) <= LABELS:
                return found
        return []

    def _months(self, step: int) -> Iterator[date]:
        month = self.first.year * 12 + self.first.month - 1
        month += -month % step
        while month < date.max.year * 12 + 12 and (day := date(month // 12, month % 12 + 1, 1)) <= self.last:
            if day >= self.first:
                yield day
            month += step


def axis(first: date, last: date, today: date) -> Axis:
    """Both days, today, and a little room, within the years there are: a year may be a slip of the hand."""
    first, last = min(first, today), max(last, today)
    room = max(14, (last - first).days // 30)
    before, after = min(room, (first - date.min).days), min(room, (date.max - last).days)
    return Axis(first=first - timedelta(days=before), last=last + timedelta(days=after), today=today)


def scale(drawn: Axis, lang: str, today_said: str) -> Markup:
    """The days along the top, for eyes only: each project says its own in words."""
    out = Markup("")
    for place, day in enumerate(drawn.ticks):
        at = drawn.at(day)
        anchor = "start" if at < 4 else "end" if at > 96 else "middle"
        kind = Markup(' class="between"') if place % 2 else ""
        words = format_date(day, "y" if day.month == 1 else "MMM y", locale=lang)
        out += Markup('<text{} x="{:.2f}%" y="14" text-anchor="{}">{}</text>').format(kind, at, anchor, words)
    now = drawn.at(drawn.today)
    anchor = "start" if now < 8 else "end" if now > 92 else "middle"
    out += Markup('<text class="now" x="{:.2f}%" y="32" text-anchor="{}">{}</text>').format(now, anchor, today_said)
    return Markup('<svg class="time-scale" width="100%" height="38" aria-hidden="true">{}</svg>').format(out)


def lane(drawn: Axis, bars: Iterable[Bar], signs: Sequence[Sign], said: str) -> Markup:
    """One project: lines at the days of the axis, today, its bars, its signs."""
    inner = Markup("")
    for day in drawn.ticks:
        inner += Markup('<line class="time-line" x1="{0:.2f}%" x2="{0:.2f}%" y1="0" y2="{1}"/>').format(
            drawn.at(day), HEIGHT
        )
    for bar in bars:
        inner += _bar(drawn, bar)
    inner += Markup('<line class="time-now" x1="{0:.2f}%" x2="{0:.2f}%" y1="0" y2="{1}"/>').format(
        drawn.at(drawn.today), HEIGHT
    )
    for sign in signs:
        inner += Markup(
            '<svg x="{:.2f}%" y="{}" overflow="visible"><path class="sign sign-{}" d="{}"/>{}</svg>'
        ).format(drawn.at(sign.day), MIDDLE, sign.state, SIGNS[sign.form], _title(sign.said))
    head = Markup('<svg class="time-lane" width="100%" height="{}" role="img" aria-label="{}">{}</svg>')
    return head.format(HEIGHT, said, inner)


def _bar(drawn: Axis, bar: Bar) -> Markup:
    left, right = drawn.at(bar.start), drawn.at(bar.end)
    thin = bar.name == "test"
    return Markup('<rect class="bar-{}" x="{:.2f}%" y="{}" width="{:.2f}%" height="{}" rx="2"/>').format(
        bar.name, left, MIDDLE + 9 if thin else MIDDLE - 6, max(right - left, 0.4), 6 if thin else 12
    )


def _title(said: str) -> Markup:
    return Markup("<title>{}</title>").format(said)
