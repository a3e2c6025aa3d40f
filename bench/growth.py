"""Whether a log that grows stays as quick: the same questions at 1, 10 and 100 million observations on disk.

python -m bench growth [--most 100000000] [--plot growth.svg] [--folder FOLDER]    (--most 1000000000 for a billion)

Each size is a year of so many series, a value every quarter of an hour, sealed by month, and opened anew before it
is asked. The questions are the same at every size: they are about the same 28 series. A line is flat when no size is
more than 20 % slower than the smallest one. A billion takes some 3 GB of disk.
"""

import argparse
import shutil
import sys
import tempfile
from collections.abc import Sequence
from math import log10
from pathlib import Path
from statistics import median
from time import perf_counter

import msgspec
import numpy as np
from bench.filling import END, YEAR, filled, rows_of
from bench.given import DAY, PLACE, QUARTER, T0, milliseconds, tell

from bocage.store.embedded.home import EmbeddedStore
from bocage.web.svg import Scale

SIZES = (1_000_000, 10_000_000, 100_000_000, 1_000_000_000)
SERIES = range(1, 29)  # as many as the smallest size has
MORE, BATCH = 1_000_000, 400  # rows taken in on top; quarters of an hour in a batch
FLAT = 1.2
COLOURS = ("#0b5d4e", "#b3541e", "#3b4cc0", "#7a1f6b", "#5c5c00", "#a00000", "#444444")


class Line(msgspec.Struct, kw_only=True):
    """One figure at each size; `rate`: more is better."""

    what: str
    unit: str
    rate: bool = False
    found: list[float] = msgspec.field(default_factory=list)

    @property
    def slower(self) -> list[float]:
        """How many times slower than at the smallest size."""
        first = self.found[0]
        return [first / one if self.rate else one / first for one in self.found]

    @property
    def flat(self) -> bool:
        """Whether no size is more than 20 % slower."""
        return max(self.slower) <= FLAT

    def said(self, value: float) -> str:
        """A figure with its unit."""
        return f"{value:,.0f} {self.unit}" if self.rate else f"{value:,.2f} {self.unit}"


def lines() -> list[Line]:
    """What is asked at each size."""
    return [
        Line(what="the log filled, without sealing", unit="/s", rate=True),
        Line(what="a million more of 28 series", unit="/s", rate=True),
        Line(what="24 hours of one series, sealed", unit="ms"),
        Line(what="24 hours of one series, open month", unit="ms"),
        Line(what="daily mean of 28 series, 30 days, first asked", unit="ms"),
        Line(what="daily mean of one series, a year, first asked", unit="ms"),
        Line(what="the same, asked again", unit="ms"),
    ]


def more(store: EmbeddedStore) -> float:
    """Rows a second of a million more, of the year after, until all are in columns."""
    rng, numbers = np.random.default_rng(2), np.array(SERIES, np.int32)
    first = 365 * DAY // QUARTER
    ticks = MORE // len(numbers)
    batches = [
        rows_of(rng, numbers, np.arange(tick, min(tick + BATCH, first + ticks)))
        for tick in range(first, first + ticks, BATCH)
    ]
    begin = perf_counter()
    for future in [store.append(one) for one in batches]:
        future.result()
    store.drain()
    return sum(map(len, batches)) / (perf_counter() - begin)


def days(store: EmbeddedStore, asked: Sequence[tuple[Sequence[int], int, int]]) -> float:
    """Milliseconds of daily means nobody asked for before: the median without the first, which warms up."""
    spent = []
    for series, first, last in asked:
        begin = perf_counter()
        store.rollup(series, first, last, "day")
        spent.append((perf_counter() - begin) * 1e3)
    return median(spent[1:])


def measured(folder: Path, size: int) -> list[float]:
    """The figures of one size, in the order of `lines`."""
    rate = filled(folder, max(len(SERIES), size // YEAR)).rate
    store = EmbeddedStore(folder)
    sealed, opened = T0 + 100 * DAY, END - 20 * DAY
    months = [(SERIES, T0 + turn * 30 * DAY, T0 + (turn + 1) * 30 * DAY) for turn in range(11)]
    found = [
        milliseconds(lambda: store.window(14, sealed, sealed + DAY), 41),
        milliseconds(lambda: store.window(14, opened, opened + DAY), 41),
        days(store, months),
    ]
    store.close()
    store = EmbeddedStore(folder)  # it keeps the days it was asked for: a new one has none
    found += [
        days(store, [((number,), T0, END) for number in SERIES[:11]]),
        milliseconds(lambda: store.rollup((1,), T0, END, "day")),
    ]
    rates = [rate, more(store)]
    store.close()
    return rates + found


def drawn(told: list[Line], sizes: list[int]) -> str:
    """How many times slower each line becomes, as SVG: sizes to the right, each ten times the last."""
    top = max(2.0, *(max(one.slower) for one in told))
    x = Scale(low=log10(sizes[0]), high=log10(sizes[-1]), start=60, end=470)
    y = Scale(low=0, high=top, start=300, end=30)
    parts = [
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 760 340" font-family="sans-serif" font-size="12">',
        '<rect width="760" height="340" fill="white"/><text x="8" y="16">times slower than at the smallest size</text>',
        f'<rect x="60" y="{y(FLAT):.1f}" width="410" height="{y(0) - y(FLAT):.1f}" fill="#e8f1ee"/>',
    ]
    for value in (0.0, FLAT, round(top, 1)):
        parts.append(f'<text x="52" y="{y(value) + 4:.1f}" text-anchor="end">{value:g}</text>')
    for size in sizes:
        parts.append(f'<text x="{x(log10(size)):.1f}" y="322" text-anchor="middle">{size:,}</text>')
    for place, one in enumerate(told):
        points = " ".join(f"{x(log10(s)):.1f},{y(v):.1f}" for s, v in zip(sizes, one.slower, strict=True))
        colour = COLOURS[place]
        parts.append(f'<polyline points="{points}" fill="none" stroke="{colour}" stroke-width="2"/>')
        parts.append(f'<text x="490" y="{60 + 24 * place}" fill="{colour}">{one.what}</text>')
    return "\n".join([*parts, "</svg>\n"])


def table(told: list[Line], sizes: list[int]) -> None:
    """Each line at each size, in Markdown, and whether it is flat."""
    heads = ["what", *(f"{size:,}" for size in sizes), "flat within 20 %"]
    rows = [[one.what, *map(one.said, one.found), _verdict(one)] for one in told]
    for cells in (heads, ["---"] * len(heads), *rows):
        print(f"| {' | '.join(cells)} |")


def _verdict(one: Line) -> str:
    return "yes" if one.flat else f"no: {max(one.slower):.2f} times slower"


def main() -> None:
    """Measure each size, tell, draw."""
    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    asked.add_argument("--most", type=int, default=100_000_000, help="the greatest size")
    asked.add_argument("--plot", type=Path, help="an SVG file to write")
    asked.add_argument("--folder", type=Path, help="where logs are made, and removed: a disk with room")
    given = asked.parse_args()
    sizes, told = [size for size in SIZES if size <= given.most], lines()
    if not sizes:
        sys.exit(f"--most is at least {SIZES[0]:,}")
    for size in sizes:
        folder = Path(tempfile.mkdtemp(prefix=f"{PLACE}-", dir=given.folder))
        try:
            for line, value in zip(told, measured(folder / "log", size), strict=True):
                line.found.append(value)
                tell(f"{line.what}, {size:,} in the log", line.said(value))
        finally:
            shutil.rmtree(folder)
    table(told, sizes)
    if given.plot:
        given.plot.write_text(drawn(told, sizes), encoding="utf-8")


if __name__ == "__main__":
    main()
