"""Bytes an observation takes on the disk once its month is sealed: of generated series, and of the demonstration's.

python -m bench bytes [--datastreams 200] [--days 60]

Real series are read by the plug-in and the mapping their source declares, and sealed with the others of their source,
then with all others. The frame of a sealed file takes some two thousand bytes however little it holds: so what each
observation beyond the first one of its month adds is told too, which is what counts in a territory.
"""

import argparse
import gzip
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec
import numpy as np
from bench.given import DAY, QUARTER, T0, tell

from bocage import relational
from bocage.cli.demonstration import HERE
from bocage.domain.beside import PROMPT
from bocage.domain.observation import ObservationBatch
from bocage.domain.plugin import Arrival
from bocage.domain.reading import ReadingBatch
from bocage.store.embedded.home import EmbeddedStore

FOREVER = 4_102_444_800_000
REGULAR, JITTERED = "2.0", "3.5"
ENOUGH = 2_000  # observations from which the difference of two sizes says something
Rows = tuple[Any, Any, Any, Any]  # datastream, start, end, number


class Size(msgspec.Struct, frozen=True, kw_only=True):
    """What some rows take, in bytes."""

    rows: int
    files: int
    whole: int

    @property
    def told(self) -> str:
        """Bytes a row."""
        return f"{self.whole / self.rows:.2f} bytes"


def sealed(rows: Rows, commit: int = 1_000, beside: str | None = None) -> Size:
    """What sealed months take, the rows having come in this order in commits of so many rows, this beside each."""
    datastream, start, end, number = rows
    with tempfile.TemporaryDirectory() as folder:
        store = EmbeddedStore(Path(folder))
        futures = []
        for first in range(0, len(start), commit):
            part = slice(first, first + commit)
            n = len(start[part])
            batch = ObservationBatch(
                datastream=datastream[part].astype(np.int32),
                start=start[part],
                end=end[part],
                kind=np.zeros(n, np.uint8),
                number=number[part],
                origin=np.zeros(n, np.uint8),
                beside=np.full(n, beside, object) if beside else None,
            )
            futures.append(store.append(batch))
            if len(futures) > 64:  # each group commit holds a few at most, as when they come one by one
                futures.pop(0).result()
        for future in futures:
            future.result()
        store.seal(FOREVER)
        kept = sum(one.count for one in store.extent())
        paths = sorted(Path(folder).glob("month-*.parquet"))
        whole = sum(path.stat().st_size for path in paths)
        store.close()
    return Size(rows=kept, files=len(paths), whole=whole)


def generated(datastreams: int, days: int) -> None:
    """Values that wander with two decimals, every quarter of an hour: on the hour, then with a phase and a jitter."""
    rng = np.random.default_rng(2)
    ticks = np.arange(days * DAY // QUARTER)
    number = np.round(20 + np.cumsum(rng.normal(0, 0.2, (len(ticks), datastreams)), axis=0), 2).ravel()
    names = np.tile(np.arange(1, datastreams + 1), len(ticks))
    start = np.repeat(T0 + ticks * QUARTER, datastreams)
    tell("generated, regular", sealed((names, start, start, number), datastreams).told, "", REGULAR)
    came = sealed((names, start, start, number), datastreams, PROMPT)
    tell("generated, regular, each with its resultTime", came.told, "", REGULAR)
    noise = np.round(rng.normal(20, 3, len(start)), 2)
    tell("generated, regular, noise of 10 bits", sealed((names, start, start, noise), datastreams).told, "", REGULAR)
    phase, jitter = rng.integers(0, QUARTER, datastreams), rng.integers(-2_000, 2_000, len(start))
    moved = start + np.tile(phase, len(ticks)) + jitter
    order = np.argsort(moved, kind="stable")
    rows = (names[order], moved[order], moved[order], number[order])
    for commit in (1_000, 10):
        tell(f"generated, jitter of 2 s, commits of {commit:,}", sealed(rows, commit).told, "", JITTERED)


def real() -> None:
    """The series of each source in a log, then all of them in one."""
    every: dict[str, list[Rows]] = {}
    number = 0
    for label, batch in decoded():
        for place in range(len(batch.keys)):
            at = np.flatnonzero((batch.key == place) & (batch.kind == 0))
            number += 1
            name = np.full(len(at), number, np.int32)
            every.setdefault(label, []).append((name, batch.start[at], batch.end[at], batch.number[at]))
    for label, series in every.items():
        _told(f"{label}, {len(series)} real series", _mixed(series))
    _told(f"all {number} real series in one log", _mixed([rows for series in every.values() for rows in series]))


def _told(what: str, rows: Rows) -> None:
    """The size of all rows, and what each adds beyond the first one of each month."""
    month = rows[1].astype("datetime64[ms]").astype("datetime64[M]")
    firsts = np.unique(month, return_index=True)[1]
    whole, least = sealed(rows), sealed(tuple(column[firsts] for column in rows))
    beyond = whole.rows - least.rows
    each = (whole.whole - least.whole) / max(beyond, 1)
    added = f"{each:.2f} each beyond the first of a month; " if beyond > ENOUGH else ""
    tell(what, f"{whole.whole / whole.rows:.2f} bytes", f"{added}{whole.rows:,} rows, {whole.files} files", REGULAR)


def _mixed(every: list[Rows]) -> Rows:
    """All rows in order of time."""
    name, start, end, number = (np.concatenate([rows[column] for rows in every]) for column in range(4))
    order = np.lexsort((name, start))
    return name[order], start[order], end[order], number[order]


def decoded() -> Iterator[tuple[str, ReadingBatch]]:
    """The readings of each file the demonstration replays, by the declaration of its source."""
    from bocage.domain.source import Source
    from bocage.ingest import plugins
    from bocage.ingest.replay import SHIPPED, manifests
    from bocage.registers import files

    for territory, manifest in manifests(HERE).items():
        sources = {one.slug: one.body for one in files.read(HERE / territory).filed if isinstance(one.body, Source)}
        for played in manifest.series:
            own = HERE / played.file
            source, path = sources[played.source], own if own.exists() else SHIPPED / played.file
            packed = path.read_bytes()
            body = gzip.decompress(packed) if path.suffix == ".gz" else packed
            arrival = Arrival(zone="Europe/Paris", file=Path(path.name.removesuffix(".gz")).stem)
            yield played.source, plugins.found()[source.plugin].decode(body, source.mapping, arrival).readings


def main() -> None:
    """Measure, and print."""
    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    asked.add_argument("--datastreams", type=int, default=200)
    asked.add_argument("--days", type=int, default=60)
    given = asked.parse_args()
    generated(given.datastreams, given.days)
    with tempfile.TemporaryDirectory() as name:
        relational.configure(Path(name), secret=b"bench" * 8)
        real()


if __name__ == "__main__":
    main()
