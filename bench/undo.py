"""Taking an import of a month back, in a log that holds a month of others, before and after the month is sealed.

python -m bench undo [--streams 1000] [--days 30] [--meters 36]

The import is half-hourly power of so many meters. The log is closed to writers while it erases: what they hand over
waits. The time told is that of `Store.erase`; declarations go back in one change beside it.
"""

import argparse
import tempfile
from pathlib import Path
from time import perf_counter

import numpy as np
from bench.given import DAY, QUARTER, T0, tell

from bocage.domain.instant import EARLIEST, LATEST
from bocage.domain.observation import ObservationBatch
from bocage.store import runs
from bocage.store.embedded.home import EmbeddedStore
from bocage.store.protocol import Erasure, Run

HALF_HOUR = 1_800_000


def rows(datastream: np.ndarray, start: np.ndarray) -> ObservationBatch:
    """Numbers of these series at these times."""
    count = len(datastream)
    return ObservationBatch(
        datastream=datastream.astype(np.int32),
        start=start.astype(np.int64),
        end=start.astype(np.int64),
        kind=np.zeros(count, np.uint8),
        number=np.round(20 + 3 * np.sin(np.arange(count)), 2),
        origin=np.zeros(count, np.uint8),
    )


def fill(store: EmbeddedStore, streams: int, days: int) -> None:
    """What others sent: quarter-hourly values, a day of every series in each commit."""
    of_a_day = np.arange(DAY // QUARTER) * QUARTER
    for day in range(days):
        series = np.repeat(np.arange(1, streams + 1), len(of_a_day))
        store.append(rows(series, np.tile(T0 + day * DAY + of_a_day, streams))).result()
    store.drain()


def bring_in(store: EmbeddedStore, first: int, meters: int, days: int) -> tuple[Run, ...]:
    """The import: a file for each meter; the rows it kept."""
    kept: list[Run] = []
    times = T0 + np.arange(days * DAY // HALF_HOUR) * HALF_HOUR
    for meter in range(meters):
        batch = rows(np.full(len(times), first + meter), times)
        kept += runs.kept_by(batch, store.append(batch).result())
    store.drain()
    return tuple(kept)


def measured(folder: Path, streams: int, days: int, meters: int) -> None:
    """Erase the import from open months, bring it in again, seal, and erase it from sealed ones."""
    store = EmbeddedStore(folder)
    fill(store, streams, days)
    for state in ("open", "sealed"):
        kept = bring_in(store, streams + 1, meters, days)
        if state == "sealed":
            store.seal(T0 + 400 * DAY)
        numbers = tuple(sorted({run.datastream for run in kept}))
        begin = perf_counter()
        proof = store.erase(Erasure(datastreams=numbers, start=EARLIEST, end=LATEST, runs=kept))
        spent = perf_counter() - begin
        assert proof.erased == runs.count(kept)
        beside = f"{streams * days * DAY // QUARTER:,} others in the same month stay"
        tell(f"{proof.erased:,} rows of {meters} meters erased, month {state}", f"{spent:.1f} s", beside)
    store.close()


def main() -> None:
    """Measure."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    for name, default in (("streams", 1000), ("days", 30), ("meters", 36)):
        parser.add_argument(f"--{name}", type=int, default=default)
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        measured(Path(folder), asked.streams, asked.days, asked.meters)


if __name__ == "__main__":
    main()
