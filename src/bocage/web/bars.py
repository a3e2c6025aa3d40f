"""Horizontal bars with the span each value may lie in: no script, no style attribute."""

from collections.abc import Sequence

import msgspec
from markupsafe import Markup

WIDTH, LEFT, RIGHT, ROW, FOOT = 460.0, 4.0, 4.0, 46.0, 4.0


class Bar(msgspec.Struct, frozen=True, kw_only=True):
    """One bar: its name, the value in words, and where it lies at least and at most."""

    name: str
    said: str
    low: float
    value: float
    high: float


def bars(rows: Sequence[Bar], title: str) -> Markup:
    """A name and its value above each bar; a line across the bar from its least to its most."""
    most = max((row.high for row in rows), default=0.0) or 1.0
    inner = Markup("")
    for place, row in enumerate(rows):
        top = place * ROW
        inner += _bar(row, top, (WIDTH - LEFT - RIGHT) / most)
    return Markup('<svg class="spans" viewBox="0 0 {:.0f} {:.0f}" role="img" aria-label="{}">{}</svg>').format(
        WIDTH, len(rows) * ROW + FOOT, title, inner
    )


def _bar(row: Bar, top: float, scale: float) -> Markup:
    words = Markup(
        '<text class="name" x="{:.0f}" y="{:.1f}">{}</text><text class="last" x="{:.0f}" y="{:.1f}" {}>{}</text>'
    )
    marks = Markup(
        '<rect class="bar-mark" x="{:.0f}" y="{:.1f}" width="{:.1f}" height="12"/>'
        '<path class="whisker" d="M{:.1f} {:.1f}H{:.1f}M{:.1f} {:.1f}V{:.1f}M{:.1f} {:.1f}V{:.1f}"/>'
    )
    low, high, middle = LEFT + row.low * scale, LEFT + row.high * scale, top + 28.0
    return words.format(
        LEFT, top + 16, row.name, WIDTH - RIGHT, top + 16, Markup('text-anchor="end"'), row.said
    ) + marks.format(
        LEFT, top + 22, max(row.value * scale, 1.0), low, middle, high,
        low, middle - 4, middle + 4, high, middle - 4, middle + 4,
    )  # fmt: skip
