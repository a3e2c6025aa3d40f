"""What it costs to take a month of millions of rows away: memory of the server while it streams, rows a second.

python -m bench downloads [--rows 3000000] [--streams 40]

A sealed month is served by the real command; it is taken as CSV, JSON and Parquet by one reader at a time, then as CSV
packed by gzip, and asked for again with its ETag. Memory of the server is read twenty times a second meanwhile.
"""

import argparse
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.client import HTTPConnection
from pathlib import Path
from time import perf_counter, sleep

import msgspec
import numpy as np
from bench.given import DAY, PLACE, T0, milliseconds, tell
from bench.instance import Access, made, resident, served

from bocage.domain.nature import Nature
from bocage.domain.observation import ObservationBatch
from bocage.store.embedded.home import EmbeddedStore
from bocage.store.protocol import Series

MONTH, MORE = "2025-01", 200
"""The month that is taken, and MiB that streaming may add to the server."""
AT_ONCE = 200_000


class Taken(msgspec.Struct, frozen=True, kw_only=True):
    """One answer: its status, bytes, seconds until the first of them and until the last, and its ETag."""

    status: int
    octets: int
    first: float
    whole: float
    tag: str


def filled(log: Path, rows: int, streams: int) -> None:
    """A month of regular series, sealed; values with two decimals."""
    store = EmbeddedStore(log)
    numbers = np.arange(1, streams + 1, dtype=np.int32)
    store.mirror([Series(number=int(n), territory=PLACE, nature=Nature.GAUGE, zone="Europe/Paris") for n in numbers])
    each, rng = rows // streams, np.random.default_rng(1)
    begin, step = T0 + DAY, 29 * DAY // each
    for first in range(0, each, AT_ONCE // streams):
        ticks = np.arange(first, min(first + AT_ONCE // streams, each))
        start = begin + np.repeat(ticks, streams) * step
        store.append(
            ObservationBatch(
                datastream=np.tile(numbers, len(ticks)),
                start=start,
                end=start,
                kind=np.zeros(len(start), np.uint8),
                number=np.round(rng.normal(20, 3, len(start)), 2),
                origin=np.zeros(len(start), np.uint8),
            )
        ).result()
    store.seal(T0 + 60 * DAY)
    store.close()


def taken(port: int, path: str, **headers: str) -> Taken:
    """Read an answer to its end, keeping none of it."""
    connection = HTTPConnection("127.0.0.1", port, timeout=300)
    begin = perf_counter()
    try:
        connection.request("GET", path, headers={name.replace("_", "-"): value for name, value in headers.items()})
        answer = connection.getresponse()
        octets, first = 0, 0.0
        while part := answer.read(1 << 16):
            first = first or perf_counter() - begin
            octets += len(part)
        tag = answer.headers.get("ETag", "")
        return Taken(status=answer.status, octets=octets, first=first, whole=perf_counter() - begin, tag=tag)
    finally:
        connection.close()


@contextmanager
def watched(process: int) -> Iterator[list[float]]:
    """The memory of a process, read again and again until the end."""
    found, stopping = [resident(process)[0]], threading.Event()

    def watch() -> None:
        while not stopping.wait(0.05):
            found.append(resident(process)[0])

    thread = threading.Thread(target=watch)
    thread.start()
    try:
        yield found
    finally:
        stopping.set()
        thread.join()


def settled(port: int, path: str) -> None:
    """Wait until the followers of the log have read what was put there."""
    before, since = "", perf_counter()
    while perf_counter() - since < 4:
        connection = HTTPConnection("127.0.0.1", port, timeout=30)
        connection.request("HEAD", path)
        now = connection.getresponse().headers.get("Last-Modified", "")
        connection.close()
        if now != before or not now:
            before, since = now, perf_counter()
        sleep(0.2)


def measured(access: Access, process: int, rows: int) -> int:
    """Take it in each form; how many times memory grew more than promised."""
    place, over = f"/api/{PLACE}/datasets/air/{MONTH}", 0
    settled(access.port, f"{place}.csv")
    for form, packed in (("csv", ""), ("json", ""), ("parquet", ""), ("csv", "gzip")):
        said = f"{form}{' by gzip' if packed else ''}"
        sleep(1)
        with watched(process) as memory:
            found = taken(access.port, f"{place}.{form}", Accept_Encoding=packed or "identity")
        assert found.status == 200, found
        grown = max(memory) - memory[0]
        over += grown > MORE
        tell(
            f"{rows:,} rows as {said}: memory it adds",
            f"{grown:.0f} MiB",
            f"{rows / found.whole:,.0f} rows/s, {found.octets / 1e6:,.0f} MB, first byte {found.first:.2f} s",
            f"under {MORE} MiB",
        )
    again = taken(access.port, f"{place}.csv", If_None_Match=found.tag)
    assert again.status == 304, again
    same = milliseconds(lambda: taken(access.port, f"{place}.csv", If_None_Match=found.tag))
    tell(f"asked again with its ETag, {rows:,} rows", f"{same:.1f} ms", "304, nothing read")
    listed = milliseconds(lambda: taken(access.port, f"/api/{PLACE}/datasets/air/periods.json"))
    tell("the list of its periods", f"{listed:.1f} ms", "sealed months are counted once")
    return over


def main() -> None:
    """Measure, and print."""
    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    asked.add_argument("--rows", type=int, default=3_000_000)
    asked.add_argument("--streams", type=int, default=40)
    given = asked.parse_args()
    rows = given.rows // given.streams * given.streams
    with tempfile.TemporaryDirectory(prefix="bocage-downloads-") as name:
        access = made(Path(name) / "instance", streams=given.streams)
        filled(Path(name) / "instance" / "data" / "log", rows, given.streams)
        with served(access) as (process, _seconds):
            over = measured(access, process, rows)
    raise SystemExit(1 if over else 0)


if __name__ == "__main__":
    main()
