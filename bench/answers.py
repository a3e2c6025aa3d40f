"""What readers wait for over HTTP, beside the raw engine in the same run: 24 hours of a series, latest values of all.

python -m bench answers [--series 1000] [--latest 10000] [--months 2] [--rounds 200] [--most-of 10]

An instance served by the real command, with a log of so many series over the last so many months of a year (all sealed
but the last, 12 for a whole year: 2,853 series of a year are 100 million), asked by one reader over a connection that
stays open, with requests built before the clock starts: another series and another day each time. Raw DuckDB holds the
same rows in one table sorted by (series, start) and is asked in turns, in this process. The bare application answers as
many bytes on the same server.
"""

import argparse
import socket
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from statistics import median
from time import perf_counter
from urllib.parse import quote

import duckdb
import msgspec
import numpy as np
from bench.filling import END, months, rows_of
from bench.given import DAY, QUARTER, T0, tell
from bench.instance import Access, computed, made, resident, served, settled
from bench.loading import loaded, raw_table
from bench.push import bare_served
from bench.senders import request, send
from bench.sensorthings import ROOT, arrays, written

from bocage.store.embedded.home import EmbeddedStore

BARE = "bench.sensorthings:bare"
HELLO = b"GET /sta/v1.1 HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n"
LIVE = 100  # series of which a day comes in while the instance runs
NEWEST = "Observations($orderby=phenomenonTime desc;$top=1{})"
SHORT = "Datastreams?$top={}&$select=id&$expand=" + quote(NEWEST.format(";$select=result,phenomenonTime"))
WHOLE = "Datastreams?$top={}&$expand=" + quote(NEWEST.format(""))


class Reader:
    """One connection that stays open; each question waits for the answer to the last one."""

    def __init__(self, port: int) -> None:
        self._socket = socket.create_connection(("127.0.0.1", port))
        self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._room = bytearray(1 << 20)

    def ask(self, question: bytes) -> bytes:
        """The body of the answer, which is a 200."""
        self._socket.sendall(question)
        held, size, length = bytearray(), 0, -1
        while length < 0 or size < length:
            got = self._socket.recv_into(self._room)
            assert got, "closed before its answer"
            size += got
            held += memoryview(self._room)[:got]
            if length < 0 and (end := held.find(b"\r\n\r\n")) >= 0:
                head = bytes(held[:end]).lower()
                assert head.startswith(b"http/1.1 200"), bytes(held[:2000])
                length = end + 4 + int(head.partition(b"content-length:")[2].partition(b"\r\n")[0])
        return bytes(held[held.find(b"\r\n\r\n") + 4 :])

    def close(self) -> None:
        """Hang up."""
        self._socket.close()


@contextmanager
def reading(port: int) -> Iterator[Reader]:
    """A connection, closed in the end."""
    reader = Reader(port)
    try:
        yield reader
    finally:
        reader.close()


def get(path: str) -> bytes:
    """A whole GET."""
    return f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n".encode()


def day_of(series: int, start: int) -> bytes:
    """24 hours of one series."""
    window = quote(f"phenomenonTime ge {written(start)} and phenomenonTime lt {written(start + DAY)}")
    return get(f"{ROOT}/Datastreams({series})/Observations?$filter={window}")


class Asked(msgspec.Struct, frozen=True, kw_only=True):
    """A question as Bocage and as raw DuckDB understand it; `holds`: observations of the answer."""

    over_http: bytes
    raw: Callable[[], object]
    holds: int


class Served(msgspec.Struct, frozen=True, kw_only=True):
    """The instance and the bare application beside it."""

    process: int
    port: int
    bare: int


def told(what: str, served: Served, every: Sequence[Asked], promised: str) -> None:
    """Ask Bocage, raw DuckDB and the bare application in turns, and tell the medians."""
    spent: dict[str, list[float]] = {"bocage": [], "raw DuckDB": [], "bare ASGI": []}
    size, computing = 0, computed(served.process)
    for one in every:
        with reading(served.port) as ours, reading(served.bare) as bare:  # open before the clock starts
            ours.ask(HELLO)
            begin = perf_counter()
            body = ours.ask(one.over_http)
            spent["bocage"].append(perf_counter() - begin)
            assert body.count(b'"result":') == one.holds, body[:500]
            size = len(body)
            begin = perf_counter()
            one.raw()
            spent["raw DuckDB"].append(perf_counter() - begin)
            begin = perf_counter()
            bare.ask(get(f"/{size}"))
            spent["bare ASGI"].append(perf_counter() - begin)
    took = {name: median(held[len(held) // 10 :]) * 1e3 for name, held in spent.items()}  # the first ones warm up
    beside = ", ".join(f"{name} {took[name]:.2f} ms" for name in ("raw DuckDB", "bare ASGI"))
    tell(what, f"{took['bocage']:.2f} ms", beside, promised)
    every_ms = sorted(one * 1e3 for one in spent["bocage"])
    each = (computed(served.process) - computing) * 1e3 / len(every)
    least = f"{every_ms[0]:.2f}, {every_ms[len(every_ms) * 95 // 100]:.2f} ms"
    tell("   least, p95", least, f"{size:,} bytes, {each:.1f} ms of the processor")


def days(con: duckdb.DuckDBPyConnection, access: Access, series: int, since: int) -> Iterator[tuple[str, list[Asked]]]:
    """24 hours of one series: in memory, in the open month, in sealed ones; another series and day each time."""
    ticks = list(months())
    query = 'SELECT "start", number FROM raw WHERE datastream = ? AND "start" >= ? AND "start" < ? ORDER BY "start"'
    rng = np.random.default_rng(5)
    live = rows_of(rng, np.arange(1, LIVE + 1), np.arange(96) + END // QUARTER - T0 // QUARTER)
    blocks = sorted(zip(live.datastream.tolist(), live.start.tolist(), live.number.tolist(), strict=True))
    send(access.port, [request(f"{ROOT}/CreateObservations", arrays(blocks), access.token)], 1)
    columns = {"d": live.datastream, "s": live.start, "n": live.number}
    con.execute("INSERT INTO raw SELECT d, s, n FROM columns ORDER BY d, s")
    assert columns
    spans = {
        "in memory": (END, END + 1, LIVE),
        "open month": (T0 + ticks[11][0] * QUARTER, END - DAY, series),
        "sealed months": (T0 + ticks[since - 1][0] * QUARTER, T0 + ticks[11][0] * QUARTER - DAY, series),
    }
    for label, (low, high, most) in spans.items():
        found = []
        for _ in range(1_000):
            number = int(rng.integers(1, most + 1))
            start = int(rng.integers(low, high)) // QUARTER * QUARTER
            cursor = con.cursor()
            found.append(
                Asked(
                    over_http=day_of(number, start),
                    raw=lambda at=(number, start, start + DAY), cursor=cursor: cursor.execute(query, at).fetchnumpy(),
                    holds=96,
                )
            )
        yield label, found


def latest(con: duckdb.DuckDBPyConnection, most: int) -> Iterator[tuple[str, Asked, str]]:
    """The newest value of so many series, with its time; and the whole entities with it."""
    con.execute(
        f"CREATE OR REPLACE TABLE latest AS SELECT s::INTEGER AS d, {END} AS s, s / 7 AS n FROM range({most}) r(s)"
    )
    for count in (1_000, most):
        raw = lambda count=count: con.execute(f"SELECT * FROM latest LIMIT {count}").fetchnumpy()  # noqa: E731
        for label, path, promised in (
            ("id, result, time", SHORT, "5 ms" if count == 1_000 else "15 ms"),
            ("whole entities", WHOLE, ""),
        ):
            asked = Asked(over_http=get(f"{ROOT}/{path.format(count)}"), raw=raw, holds=count)
            yield f"latest of {count:,} over HTTP, {label}", asked, promised


def main() -> None:
    """Measure, and print."""
    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    asked.add_argument("--series", type=int, default=1_000)
    asked.add_argument("--latest", type=int, default=10_000)
    asked.add_argument("--months", type=int, default=2, help="12 for a whole year")
    asked.add_argument("--rounds", type=int, default=200)
    asked.add_argument("--keep", type=Path, help="a folder to leave it all in, or to find it in")
    given = asked.parse_args()
    since = 13 - given.months
    with tempfile.TemporaryDirectory() as name:
        folder = given.keep or Path(name)
        access = _instance(folder, given, since)
        con = raw_table(folder / "raw.duckdb", given.series, since)
        rows = given.series * (END - T0 - list(months())[since - 1][0] * QUARTER) // QUARTER
        with served(access) as (process, _spent), bare_served(BARE) as bare:
            asked_of = Served(process=process, port=access.port, bare=bare)
            settled(process)
            for label, every in days(con, access, given.series, since):
                told(f"24 h of one of {rows:,}, {label}, over HTTP", asked_of, every[: given.rounds], "1.5 ms")
            for label, one, promised in latest(con, given.latest):
                told(label, asked_of, [one] * max(given.rounds // 10, 5), promised)
            tell("   memory after that", f"{resident(process)[0]:.0f} MiB", f"most {resident(process)[1]:.0f} MiB", "")
        con.close()


def _instance(folder: Path, given: argparse.Namespace, since: int) -> Access:
    """An instance with its log; the one that stands in the folder when there is one."""
    told = folder / "access.json"
    if told.exists():
        return msgspec.json.decode(told.read_bytes(), type=Access)
    access = made(folder / "instance", streams=max(given.series, given.latest))
    log = folder / "instance" / "data" / "log"
    loaded(log, given.series, since)
    store = EmbeddedStore(log, lists=folder / "instance" / "data" / "erasures")
    rest = np.arange(given.series + 1, given.latest + 1)
    if len(rest):
        store.append(rows_of(np.random.default_rng(7), rest, np.arange(2))).result()
    store.close()
    told.write_bytes(msgspec.json.encode(access))
    return access


if __name__ == "__main__":
    main()
