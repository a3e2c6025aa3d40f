"""SensorThings over HTTP of a serving instance: observations posted alone and in arrays, windows, latest values.

python -m bench sensorthings [--singles 20000] [--batches 200] [--rounds 3] [--streams 1000]

Bodies are built before the clock starts; the sender runs on the same machine and takes its share of it. The bare ASGI
application reads each body and answers as many bytes as Bocage does. Every observation is new, goes through the
gate, and is answered once it is durable, with its address. Where InfluxDB 1.x is installed (`influxd`), the same values
are sent to it as lines, as many a request, in the same run.
"""

import argparse
import shutil
import subprocess
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, nullcontext
from datetime import UTC, datetime
from http.client import HTTPConnection
from os import getloadavg
from pathlib import Path
from statistics import median
from time import perf_counter
from urllib.parse import quote

import msgspec
import numpy as np
from bench.given import QUARTER, T0, tell
from bench.instance import Access, answering, computed, free_port, got, made, resident, served, settled
from bench.push import bare_served
from bench.senders import Sent, request, send

ROOT, BARE = "/sta/v1.1", "bench.sensorthings:bare"
LATEST = "Datastreams?$top={}&$select=id&$expand="
LINK = len('"http://127.0.0.1/sta/v1.1/Observations(123456789012)",')


async def bare(scope: dict, receive: object, send: object) -> None:  # type: ignore[type-arg]
    """Read a body, answer as many bytes as the path says."""
    if scope["type"] == "http":
        event = await receive()  # type: ignore[operator]
        while event.get("more_body"):
            event = await receive()  # type: ignore[operator]
        body = b"x" * int(scope["path"].strip("/") or 0)
        headers = [(b"content-type", b"application/json"), (b"content-length", str(len(body)).encode())]
        await send({"type": "http.response.start", "status": 200, "headers": headers})  # type: ignore[operator]
        await send({"type": "http.response.body", "body": body})  # type: ignore[operator]


@contextmanager
def influx_served(folder: Path) -> Iterator[int]:
    """InfluxDB 1.x with its defaults in a folder; its port."""
    port = free_port()
    settings = f"""reporting-disabled = true
bind-address = "127.0.0.1:{free_port()}"
[meta]
  dir = "{folder}/meta"
[data]
  dir = "{folder}/data"
  wal-dir = "{folder}/wal"
[http]
  bind-address = "127.0.0.1:{port}"
  log-enabled = false
"""
    folder.mkdir(parents=True)
    (folder / "influx.conf").write_text(settings)
    with (folder / "log").open("wb") as log:
        process = subprocess.Popen(["influxd", "-config", str(folder / "influx.conf")], stdout=log, stderr=log)
    try:
        answering(port, "/query?q=" + quote("SHOW DATABASES"), perf_counter())
        _asked_of_influx(port, "CREATE DATABASE bench")
        yield port
    finally:
        process.terminate()
        process.wait(20)


def _asked_of_influx(port: int, query: str) -> None:
    """Its answers to questions come in chunks, which the senders of the bench do not read."""
    connection = HTTPConnection("127.0.0.1", port, timeout=30)
    try:
        connection.request("POST", "/query?q=" + quote(query))
        answer = connection.getresponse()
        assert answer.status == 200, answer.read()
    finally:
        connection.close()


class Rows:
    """New values for ever: some series in turn, for each so many quarters of an hour."""

    def __init__(self, streams: int) -> None:
        self._streams, self._rng = streams, np.random.default_rng(3)
        self._next = np.zeros(streams, np.int64)
        self._turn = 0

    def some(self, streams: int, each: int) -> list[tuple[int, int, float]]:
        """(series, UTC ms, value), series by series."""
        found = []
        for place in range(self._turn, self._turn + streams):
            number = place % self._streams
            first = int(self._next[number])
            self._next[number] += each
            values = np.round(self._rng.normal(20, 3, each), 2).tolist()
            found += [(number + 1, T0 + (first + step) * QUARTER, value) for step, value in enumerate(values)]
        self._turn += streams
        return found


def written(ms: int) -> str:
    """A time as senders write it."""
    return datetime.fromtimestamp(ms / 1000, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def single(rows: Sequence[tuple[int, int, float]]) -> bytes:
    """One observation."""
    [(number, at, value)] = rows
    return msgspec.json.encode({"phenomenonTime": written(at), "result": value, "Datastream": {"@iot.id": number}})


def arrays(rows: Sequence[tuple[int, int, float]]) -> bytes:
    """CreateObservations."""
    blocks: dict[int, list[list[object]]] = {}
    for number, at, value in rows:
        blocks.setdefault(number, []).append([written(at), value])
    return msgspec.json.encode(
        [
            {
                "Datastream": {"@iot.id": number},
                "components": ["phenomenonTime", "result"],
                "dataArray@iot.count": len(held),
                "dataArray": held,
            }
            for number, held in blocks.items()
        ]
    )


def lines(rows: Sequence[tuple[int, int, float]]) -> bytes:
    """The same for InfluxDB."""
    return "\n".join(f"o,d={number} value={value} {at}" for number, at, value in rows).encode()


Body = Callable[[Sequence[tuple[int, int, float]]], bytes]


def told(what: str, rows: int, rounds: dict[str, list[Sent]], promised: str) -> None:
    """Tell the medians of some rounds."""
    failed = sum(one.failed for held in rounds.values() for one in held)
    assert not failed, f"{failed} were refused: {rounds['bocage'][-1].last[:300]!r}"
    speeds = {name: median(rows / one.seconds for one in held) for name, held in rounds.items()}
    beside = ", ".join(f"{name} {speed:,.0f} /s" for name, speed in speeds.items() if name != "bocage")
    tell(what, f"{speeds['bocage']:,.0f} /s", beside, promised)
    spent = sorted(spent for one in rounds["bocage"] for spent in one.milliseconds)
    p50, p95 = (spent[int(len(spent) * part)] for part in (0.5, 0.95))
    tell("   answered within, p50 / p95", f"{p50:.2f} / {p95:.2f} ms")


class Servers(msgspec.Struct, frozen=True, kw_only=True):
    """Where each is: ports, 0 where there is none; the process of Bocage."""

    access: Access
    process: int
    bare: int
    influx: int


def posted(servers: Servers, asked: argparse.Namespace) -> None:
    """Alternate Bocage, the bare application and InfluxDB."""
    token, port = servers.access.token, servers.access.port
    cases: list[tuple[str, str, int, int, int, int, Body, str]] = [
        ("POST Observations, 32 connections", "Observations", asked.singles, 1, 1, 32, single, "15,000 /s"),
        ("CreateObservations 10 x 100", "CreateObservations", asked.batches, 10, 100, 4, arrays, "700,000 /s"),
        ("CreateObservations 100 x 1", "CreateObservations", asked.batches, 100, 1, 4, arrays, "200,000 /s"),
    ]  # fmt: skip
    rows = Rows(asked.streams)
    for what, path, count, streams, each, connections, body, promised in cases:
        rounds: dict[str, list[Sent]] = {}
        size = 0 if body is single else LINK * streams * each
        spent = 0.0
        for _ in range(asked.rounds):
            held = [rows.some(streams, each) for _ in range(count)]
            ours = [request(f"{ROOT}/{path}", body(one), token) for one in held]
            begin = computed(servers.process)
            rounds.setdefault("bocage", []).append(send(port, ours, connections))
            spent += computed(servers.process) - begin
            other = [request(f"/{size}", body(one), token) for one in held]
            rounds.setdefault("bare ASGI", []).append(send(servers.bare, other, connections))
            if servers.influx:
                sent = [request("/write?db=bench&precision=ms", lines(one), "") for one in held]
                rounds.setdefault("InfluxDB", []).append(send(servers.influx, sent, connections))
        told(what, count * streams * each, rounds, promised)
        tell(
            "   computed for each request",
            f"{spent * 1e6 / count / asked.rounds:.0f} us",
            f"load {getloadavg()[0]:.1f}",
        )


def reading(access: Access, streams: int, rounds: int = 200) -> None:
    """24 hours of one series, the newest value of all."""
    first, last = T0 + 90 * QUARTER, T0 + (90 + 96) * QUARTER
    window = quote(f"phenomenonTime ge {written(first)} and phenomenonTime lt {written(last)}")
    newest = quote("Observations($orderby=phenomenonTime desc;$top=1;$select=result,phenomenonTime)")
    last_day = "$orderby=phenomenonTime desc&$top=96".replace(" ", "%20")
    cases = [
        ("last 96 values of one series", f"Datastreams(7)/Observations?{last_day}", rounds, "1.5 ms"),
        ("24 h of one series by $filter", f"Datastreams(7)/Observations?$filter={window}", rounds, "1.5 ms"),
        (f"latest of {streams}", f"{LATEST.format(streams)}{newest}", max(rounds // 20, 3), "15 ms of 10,000"),
    ]  # fmt: skip
    for what, path, times, promised in cases:
        spent = []
        for _ in range(times):
            begin = perf_counter()
            status, body = got(access.port, f"{ROOT}/{path}")
            spent.append((perf_counter() - begin) * 1e3)
            assert status == 200, body[:300]
        tell(what, f"{median(spent):.2f} ms", f"{len(body) / 1024:.0f} kB", promised)


def main() -> None:
    """Measure, and print."""
    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    asked.add_argument("--singles", type=int, default=20_000)
    asked.add_argument("--batches", type=int, default=200)
    asked.add_argument("--rounds", type=int, default=3)
    asked.add_argument("--streams", type=int, default=1_000)
    given = asked.parse_args()
    with tempfile.TemporaryDirectory() as name:
        access = made(Path(name) / "bocage", streams=given.streams)
        installed = shutil.which("influxd") is not None
        beside = influx_served(Path(name) / "influx") if installed else nullcontext(0)
        with served(access) as (process, _spent), bare_served(BARE) as port, beside as influx:
            if not installed:
                tell("InfluxDB 1.x beside it", "not installed")
            settled(process)
            posted(Servers(access=access, process=process, bare=port, influx=influx), given)
            reading(access, given.streams)
            tell("   memory after that", f"{resident(process)[0]:.0f} MiB", f"most {resident(process)[1]:.0f} MiB")


if __name__ == "__main__":
    main()
