"""Readings pushed over HTTP to a serving instance, beside a bare ASGI application in the same run.

python -m bench push [--singles 20000] [--batches 200] [--rounds 3]

Bodies are built before the clock starts; the sender runs on the same machine and takes its share of it. The bare
application reads each body and answers as many bytes as Bocage does, on the same server with the same settings:
it is what HTTP alone costs. Every reading is new, goes through the gate, and is answered once it is durable.
"""

import argparse
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from itertools import islice
from os import getloadavg
from pathlib import Path
from statistics import median
from time import perf_counter

import msgspec
import numpy as np
from bench.given import PLACE, QUARTER, T0, tell
from bench.instance import Access, answering, computed, free_port, made, resident, served, settled
from bench.senders import Sent, request, send

STREAMS = 1_000
PATH = f"/api/{PLACE}/push"
ANSWER = b'{"accepted":1,"known":0,"corrected":0,"position":12345}'


async def bare(scope: dict, receive: object, send: object) -> None:  # type: ignore[type-arg]
    """Read a body, answer as many bytes as Bocage does."""
    if scope["type"] == "http":
        event = await receive()  # type: ignore[operator]
        while event.get("more_body"):
            event = await receive()  # type: ignore[operator]
        headers = [(b"content-type", b"application/json"), (b"content-length", str(len(ANSWER)).encode())]
        await send({"type": "http.response.start", "status": 200, "headers": headers})  # type: ignore[operator]
        await send({"type": "http.response.body", "body": ANSWER})  # type: ignore[operator]


@contextmanager
def bare_served(app: str = "bench.push:bare") -> Iterator[int]:
    """A bare application on the server Bocage uses; its port."""
    port = free_port()
    options = ["--port", str(port), "--loop", "uvloop", "--http", "httptools", "--no-access-log", "--lifespan", "off"]
    process = subprocess.Popen([sys.executable, "-m", "uvicorn", app, "--log-level", "warning", *options])
    try:
        answering(port, "/", perf_counter())
        yield port
    finally:
        process.terminate()
        process.wait(10)


class Bodies:
    """New readings for ever: every series in turn, a quarter of an hour later at each turn."""

    def __init__(self) -> None:
        self._rng = np.random.default_rng(3)
        self._rows = self._all()

    def _all(self) -> Iterator[dict[str, object]]:
        tick = 0
        while True:
            time = datetime.fromtimestamp((T0 + tick * QUARTER) / 1000, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
            values = np.round(self._rng.normal(20, 3, STREAMS), 2).tolist()
            for number, value in enumerate(values, 1):
                yield {"datastream": f"s{number}", "time": time, "result": value}
            tick += 1

    def single(self) -> bytes:
        """One reading."""
        return msgspec.json.encode(next(self._rows))

    def rows(self) -> bytes:
        """A list of a thousand."""
        return msgspec.json.encode(list(islice(self._rows, STREAMS)))

    def columns(self) -> bytes:
        """A thousand, field by field."""
        rows = list(islice(self._rows, STREAMS))
        return msgspec.json.encode({name: [row[name] for row in rows] for name in rows[0]})


def told(what: str, rows: int, rounds: list[tuple[Sent, Sent]], promised: str = "") -> None:
    """Tell the medians of some rounds."""
    ours, other = (median(rows / each[place].seconds for each in rounds) for place in (0, 1))
    share = median(bare.seconds / one.seconds for one, bare in rounds)
    spent = sorted(spent for one, _bare in rounds for spent in one.milliseconds)
    failed = sum(one.failed for one, _bare in rounds)
    assert not failed, f"{failed} were not answered 200: {rounds[0][0].last!r}"
    tell(what, f"{ours:,.0f} /s", f"{share:.0%} of bare ASGI {other:,.0f} /s", promised)
    p50, p95 = (spent[int(len(spent) * part)] for part in (0.5, 0.95))
    tell("   answered within, p50 / p95", f"{p50:.2f} / {p95:.2f} ms")


def measured(access: Access, process: int, port: int, asked: argparse.Namespace) -> None:
    """Alternate Bocage and the bare application."""
    bodies = Bodies()
    cases = [
        ("push, one observation per POST, 32 connections", asked.singles, 1, 32, bodies.single, "15,000 /s"),
        ("push, lists of 1,000, 4 connections", asked.batches, STREAMS, 4, bodies.rows, ""),
        ("push, 1,000 field by field, 4 connections", asked.batches, STREAMS, 4, bodies.columns, ""),
    ]
    for what, count, each, connections, body, promised in cases:
        found, spent = [], 0.0
        for _ in range(asked.rounds):
            requests = [request(PATH, body(), access.token) for _ in range(count)]
            begin = computed(process)
            ours = send(access.port, requests, connections)
            spent += computed(process) - begin
            found.append((ours, send(port, requests, connections)))
        told(what, count * each, found, promised)
        each_of = spent * 1e6 / count / asked.rounds
        tell("   computed for each request", f"{each_of:,.0f} us", f"load {getloadavg()[0]:.1f}")


def main() -> None:
    """Measure, and print."""
    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    asked.add_argument("--singles", type=int, default=20_000)
    asked.add_argument("--batches", type=int, default=200)
    asked.add_argument("--rounds", type=int, default=3)
    given = asked.parse_args()
    with tempfile.TemporaryDirectory() as name:
        access = made(Path(name), streams=STREAMS)
        with served(access) as (process, _spent), bare_served() as port:
            settled(process)
            measured(access, process, port, given)
            tell("   memory after that", f"{resident(process)[0]:.0f} MiB", f"most {resident(process)[1]:.0f} MiB")


if __name__ == "__main__":
    main()
