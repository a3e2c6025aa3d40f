"""Whether a log that grows stays as quick: the same questions at 1, 10 and 100 million observations, and a billion.

python -m bench growth [--most 100000000] [--folder FOLDER] [--asked-only] [--rounds 60] [--plot growth.svg] [--raw]

Each size is a year of so many series, a value every quarter of an hour, sealed by month but for the last one. The
questions are about the same 28 series and the same days at every size, put to all sizes in turns, so that what else the
machine does reaches each alike; what is told is the median. A line is flat when no size is more than 20 % slower than
the smallest one. A million more is taken in by a copy of each log, whose sealed files are links.

With --folder the logs stay there: what stands is not made again, and a log whose making was interrupted is made on; a
billion takes 2 GB and half an hour of one core. --asked-only leaves out sizes that do not stand there whole. --raw puts
the question of 24 hours to one sorted table of DuckDB of each size too, another 5 GB for a billion.
"""

import argparse
import os
import shutil
import sys
import tempfile
from collections.abc import Callable, Sequence
from contextlib import ExitStack, closing
from math import log10
from pathlib import Path
from statistics import median
from time import perf_counter

import duckdb
import msgspec
import numpy as np
from bench.filling import YEAR, rows_of
from bench.given import DAY, QUARTER, T0, tell
from bench.loading import loaded, raw_table, whole

from bocage.store.embedded.home import EmbeddedStore
from bocage.web.svg import Scale

SIZES = (1_000_000, 10_000_000, 100_000_000, 1_000_000_000)
SERIES = range(1, 29)  # as many as the smallest size has
MORE, BATCH = 1_000_000, 400  # rows taken in on top; quarters of an hour in a batch
FLAT = 1.2
PLAIN = 'SELECT "start", number FROM raw WHERE datastream = ? AND "start" >= ? AND "start" < ? ORDER BY "start"'
COLOURS = ("#0b5d4e", "#b3541e", "#3b4cc0", "#7a1f6b", "#5c5c00", "#a00000", "#444444", "#006d9c")
SEALED = (T0 + 2 * DAY, T0 + 330 * DAY)
OPEN = (T0 + 335 * DAY, T0 + 363 * DAY)


class Line(msgspec.Struct, kw_only=True):
    """One figure at each size; `rate`: more is better."""

    what: str
    unit: str = "ms"
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


class Log(msgspec.Struct, kw_only=True, frozen=True):
    """One size, opened. `raw`: a plain table of the same rows."""

    store: EmbeddedStore
    raw: duckdb.DuckDBPyConnection | None


class Question(msgspec.Struct, kw_only=True, frozen=True):
    """What is asked of each log, with a number that says which series and which day."""

    what: str
    asked: Callable[[Log, int], object]


def questions(raw: bool) -> list[Question]:
    """What is asked in turns."""
    rng = np.random.default_rng(5)
    numbers = rng.integers(1, len(SERIES) + 1, 1_000)
    days = {span: rng.integers(span[0], span[1], 1_000) // QUARTER * QUARTER for span in (SEALED, OPEN)}

    def day(log: Log, turn: int, span: tuple[int, int]) -> object:
        start = int(days[span][turn])
        rows = log.store.window(int(numbers[turn]), start, start + DAY)
        assert len(rows) == DAY // QUARTER, f"{len(rows)} of {numbers[turn]} from {start}"
        return rows

    def plain(log: Log, turn: int) -> object:
        start = int(days[SEALED][turn])
        return log.raw and log.raw.execute(PLAIN, [int(numbers[turn]), start, start + DAY]).fetchnumpy()

    def daily(log: Log, series: Sequence[int], start: int, days_of: int) -> object:
        log.store._fresh.ready.forget()  # as if nobody had asked for them
        return log.store.rollup(series, start, start + days_of * DAY, "day")

    asked = [
        Question(what="24 hours of one series, sealed", asked=lambda log, turn: day(log, turn, SEALED)),
        Question(what="24 hours of one series, open month", asked=lambda log, turn: day(log, turn, OPEN)),
        Question(
            what="daily mean of 28 series, 30 days, first asked",
            asked=lambda log, turn: daily(log, SERIES, T0 + (1 + turn * 7 % 300) * DAY, 30),
        ),
        Question(
            what="daily mean of one series, a year, first asked",
            asked=lambda log, turn: daily(log, (int(numbers[turn]),), T0 + DAY, 362),
        ),
        Question(what="newest value of 28 series", asked=lambda log, _turn: log.store.latest(SERIES)),
    ]
    beside = [Question(what="24 hours of one series, raw DuckDB", asked=plain)]
    return asked + (beside if raw else [])


def milliseconds(logs: Sequence[Log], question: Question, rounds: int) -> list[float]:
    """The median for each log, asked in turns; the first rounds warm up."""
    spent: list[list[float]] = [[] for _log in logs]
    for turn in range(rounds):
        for place, log in enumerate(logs):
            begin = perf_counter()
            question.asked(log, turn)
            spent[place].append((perf_counter() - begin) * 1e3)
    return [median(one[rounds // 5 :]) for one in spent]


def opening(folders: Sequence[Path], rounds: int = 5) -> list[float]:
    """Milliseconds until each log is open, which scans nothing."""
    spent: list[list[float]] = [[] for _folder in folders]
    for _turn in range(rounds):
        for place, folder in enumerate(folders):
            begin = perf_counter()
            store = EmbeddedStore(folder)
            spent[place].append((perf_counter() - begin) * 1e3)
            store.close()
    return [median(one) for one in spent]


def taking_in(folders: Sequence[Path], rounds: int = 3) -> list[float]:
    """Rows a second of a million more, of the time after, until all are in columns; in copies, in turns."""
    rates: list[list[float]] = [[] for _folder in folders]
    ticks = MORE // len(SERIES)
    for turn in range(rounds):
        for place, folder in enumerate(folders):
            copy = folder.parent / f"{folder.name}-more"
            shutil.rmtree(copy, ignore_errors=True)
            shutil.copytree(folder, copy, copy_function=_linked)
            os.sync()  # what is written for the copy is not the taking in
            store = EmbeddedStore(copy)
            rates[place].append(_more(store, YEAR + turn * ticks, ticks))
            store.close()
            shutil.rmtree(copy)
    return [median(one) for one in rates]


def _linked(source: str, target: str) -> str:
    if source.endswith(".parquet"):  # never written to again
        os.link(source, target)
        return target
    return str(shutil.copy2(source, target))


def _more(store: EmbeddedStore, first: int, ticks: int) -> float:
    rng, numbers = np.random.default_rng(2), np.array(SERIES, np.int32)
    batches = [
        rows_of(rng, numbers, np.arange(tick, min(tick + BATCH, first + ticks)))
        for tick in range(first, first + ticks, BATCH)
    ]
    begin = perf_counter()
    for future in [store.append(one) for one in batches]:
        future.result()
    store.drain()
    return sum(map(len, batches)) / (perf_counter() - begin)


def drawn(told: list[Line], sizes: list[int]) -> str:
    """How many times slower each line becomes, as SVG: sizes to the right, each ten times the last."""
    top = max(2.0, *(max(one.slower) for one in told))
    x = Scale(low=log10(sizes[0]), high=log10(sizes[-1]), start=60, end=470)
    y = Scale(low=0, high=top, start=300, end=30)
    said = "; ".join(f"{one.what}: {', '.join(f'{value:.2f}' for value in one.slower)}" for one in told)
    parts = [
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 820 340" role="img" aria-labelledby="title desc" '
        'font-family="sans-serif" font-size="12">',
        '<title id="title">How many times slower each question is in a log of more observations</title>',
        f'<desc id="desc">At {", ".join(f"{size:,}" for size in sizes)} observations. {said}.</desc>',
        '<rect width="820" height="340" fill="white"/><text x="8" y="16">times slower than at the smallest size</text>',
        f'<rect x="60" y="{y(FLAT):.1f}" width="410" height="{y(0) - y(FLAT):.1f}" fill="#e8f1ee"/>',
    ]
    for value in (0.0, FLAT, round(top, 1)):
        parts.append(f'<text x="52" y="{y(value) + 4:.1f}" text-anchor="end">{value:g}</text>')
    for size in sizes:
        parts.append(f'<text x="{x(log10(size)):.1f}" y="322" text-anchor="middle">{size:,}</text>')
    for place, one in enumerate(told):
        points = " ".join(f"{x(log10(s)):.1f},{y(v):.1f}" for s, v in zip(sizes, one.slower, strict=True))
        colour, dash = COLOURS[place % len(COLOURS)], f'stroke-dasharray="{2 + 2 * place} {place}"' if place else ""
        parts.append(f'<polyline points="{points}" fill="none" stroke="{colour}" stroke-width="2" {dash}/>')
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


def series_of(size: int) -> int:
    """How many series hold so many values in a year."""
    return max(len(SERIES), size // YEAR)


def measured(places: dict[int, Path], rounds: int, raw: bool) -> list[Line]:
    """Every line, each size in its turn."""
    folders = list(places.values())
    told = [
        Line(what="a million more of 28 series", unit="/s", rate=True, found=taking_in(folders)),
        Line(what="the log opened", found=opening(folders)),
    ]
    with ExitStack() as opened:
        logs = []
        for size, folder in places.items():
            store = opened.enter_context(closing(EmbeddedStore(folder)))
            con = opened.enter_context(raw_table(folder.with_suffix(".duckdb"), series_of(size))) if raw else None
            logs.append(Log(store=store, raw=con))
        for question in questions(raw):
            told.append(Line(what=question.what, found=milliseconds(logs, question, rounds)))
    return told


def standing(folder: Path, sizes: list[int], asked_only: bool) -> dict[int, Path]:
    """The logs of these sizes, made where they do not stand yet, with the days that are over summed."""
    found = {}
    for size in sizes:
        place = folder / f"log-{size}"
        if asked_only and not whole(place):
            print(f"left out, for it does not stand in {folder}: {size:,}")
            continue
        begin = perf_counter()
        loaded(place, series_of(size))
        with closing(EmbeddedStore(place)) as store:
            store.tidy()
            per_row = store.size() / (series_of(size) * YEAR)
        tell(f"a log of {size:,}", f"{per_row:.2f} bytes a row", f"{perf_counter() - begin:.0f} s to make or find it")
        found[size] = place
    return found


def main() -> None:
    """Make what is not there, measure, tell, draw."""
    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    asked.add_argument("--most", type=int, default=100_000_000, help="the greatest size")
    asked.add_argument("--plot", type=Path, help="an SVG file to write")
    asked.add_argument("--folder", type=Path, help="where logs stay; without it they are made and removed")
    asked.add_argument("--asked-only", action="store_true", help="make nothing, ask what stands in the folder")
    asked.add_argument("--rounds", type=int, default=60, help="how often each question is put to each size")
    asked.add_argument("--raw", action="store_true", help="ask one sorted table of DuckDB of each size too")
    given = asked.parse_args()
    sizes = [size for size in SIZES if size <= given.most]
    if not sizes:
        sys.exit(f"--most is at least {SIZES[0]:,}")
    with tempfile.TemporaryDirectory() as name:
        places = standing(given.folder or Path(name), sizes, given.asked_only)
        told = measured(places, given.rounds, given.raw)
    for line in told:
        for size, value in zip(places, line.found, strict=True):
            tell(f"{line.what}, {size:,} in the log", line.said(value))
    table(told, list(places))
    if given.plot:
        given.plot.write_text(drawn(told, list(places)), encoding="utf-8")


if __name__ == "__main__":
    main()
