"""What codecs cost: frames through the process apart, beside the bare engine; uplinks from bytes to durable.

python -m bench codecs [--frames 4000]
"""

import argparse
import asyncio
import hashlib
import json
import tempfile
from collections.abc import Callable
from pathlib import Path
from time import perf_counter, process_time

import msgspec
import psutil
import quickjs
from bench.given import AFTER, PLACE, SOURCE, declarations, facts, tell

from bocage import relational, sources, store
from bocage.commitments.facts import TerritoryFacts
from bocage.domain.codec import Codec, Raw
from bocage.domain.sensing import Datastream
from bocage.domain.source import Source
from bocage.domain.text import Text
from bocage.ingest.codecs.apart import AFTER as CLOSING
from bocage.ingest.codecs.apart import BEFORE
from bocage.ingest.codecs.sandbox import Asked, Sandbox
from bocage.ingest.gate import Declarations

SHORT = "function decodeUplink(i) { return { data: { temperature: (i.bytes[1] << 8 | i.bytes[2]) / 10 } }; }"
# As long as those of makers with many models: a hundred functions, of which a frame meets a few.
LONG = (
    "\n".join(
        f"function part{n}(b) {{ var x = 0; for (var i = 0; i < b.length; i++) {{ x += b[i] * {n}; }} return x; }}"
        for n in range(150)
    )
    + "\nfunction decodeUplink(i) { return { data: { temperature: part1(i.bytes) / 10, n: part149(i.bytes) } }; }"
)
LOOP = "function decodeUplink(i) { for (;;); }"
TOGETHER = 100  # frames of one exchange
RAW = Raw(device="a81758fffe0512aa", port=5, body=bytes.fromhex("0100d7021e0401f4"), at=1_795_160_530_512)


def digest(script: str) -> str:
    """What a codec is known by."""
    return hashlib.sha256(script.encode()).hexdigest()


def rate(call: Callable[[], object], times: int) -> float:
    """Calls a second, after one that warms up."""
    call()
    begin = perf_counter()
    for _time in range(times):
        call()
    return times / (perf_counter() - begin)


def bare(script: str) -> Callable[[], object]:
    """The engine within this process, the script compiled once: what is left without a process apart."""
    context = quickjs.Context()
    run = context.eval(BEFORE + script + CLOSING)
    asked = json.dumps({"bytes": list(RAW.body), "port": RAW.port, "at": RAW.at, "variables": {}})
    return lambda: run(asked)


def anew(script: str) -> Callable[[], object]:
    """A fresh engine for each frame, as the network servers do."""

    def run() -> None:
        context = quickjs.Context()
        context.eval(script)
        context.eval(f"JSON.stringify(decodeUplink({{bytes:{list(RAW.body)},fPort:5,recvTime:new Date({RAW.at})}}))")

    return run


def declared(codec: bool) -> Declarations:
    """A source of ChirpStack with one series, with a codec or without."""
    found = facts(1, cadence_seconds=0)
    stream = msgspec.structs.replace(found.declared[Datastream.kind]["s1"], key=f"{RAW.device}/temperature")  # type: ignore[type-var]
    source = Source(title=Text(fr="LoRaWAN"), plugin="chirpstack", purpose="mesure", hosting="mairie")
    held = {**found.declared, Datastream.kind: {"s1": stream}, Source.kind: {SOURCE: source}}
    if codec:
        held[Codec.kind] = {"vendeur": Codec(title=Text(fr="Vendeur"), source=SOURCE, script=SHORT)}
    whole: TerritoryFacts = msgspec.structs.replace(found, declared=held)
    return msgspec.structs.replace(declarations(1), gather=lambda territory, at: whole)


def uplinks(frames: int, codec: bool) -> tuple[float, float]:
    """Uplinks a second from bytes to durable, 32 at a time, and microseconds of this process's processor for each."""
    example = json.loads((Path(sources.__file__).parent / "chirpstack" / "examples" / "up.json").read_bytes())
    example["object"] = {"temperature": 21.5}
    bodies = [
        json.dumps(
            {**example, "fCnt": n, "time": f"2026-11-20T{n // 3600:02d}:{n // 60 % 60:02d}:{n % 60:02d}Z"}
        ).encode()
        for n in range(frames)
    ]
    with tempfile.TemporaryDirectory() as folder:
        from bocage.ingest.intake import Intake  # tables: only after `configure`
        from bocage.ingest.reception import Sent

        log = store.opened(Path(folder) / "log")
        taking = Intake(log, lambda: AFTER, Path(folder), declared(codec))

        async def send(first: int) -> None:
            for body in bodies[first::32]:
                await taking.receive(PLACE, SOURCE, Sent(body=body, media_type="application/json"))

        async def run() -> tuple[float, float]:
            await send(frames - 1)
            begin, before = perf_counter(), process_time()
            await asyncio.gather(*(send(first) for first in range(32)))
            return (frames - 1) / (perf_counter() - begin), (process_time() - before) / (frames - 1) * 1e6

        found = asyncio.run(run())
        taking.reception.codecs.close()
        log.close()
    return found


def main() -> None:
    """Measure and tell."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--frames", type=int, default=4_000)
    frames = parser.parse_args().frames
    with tempfile.TemporaryDirectory() as folder:
        relational.configure(Path(folder), secret=b"bench")
    sandbox = Sandbox()
    for name, script in (("a short codec", SHORT), (f"one of {len(LONG) // 1000} kB", LONG)):
        asked = Asked(script=script, digest=digest(script), raw=RAW)
        apart = rate(lambda asked=asked: sandbox.made([asked]), frames)
        together = rate(lambda asked=asked: sandbox.made([asked] * TOGETHER), frames // 100) * TOGETHER
        beside = f"the engine alone {rate(bare(script), frames):,.0f} /s"
        tell(f"frames through {name}, one at a time", f"{apart:,.0f} /s", beside)
        tell(f"the same, {TOGETHER} in one exchange", f"{together:,.0f} /s", beside)
        tell("the same, an engine anew for each frame", f"{rate(anew(script), max(50, frames // 20)):,.0f} /s")
    process = psutil.Process(sandbox._process.pid if sandbox._process else None)
    tell("memory of the process of codecs", f"{process.memory_info().rss / 2**20:.0f} MiB")
    begin = perf_counter()
    sandbox.made([Asked(script=LOOP, digest=digest(LOOP), raw=RAW)])
    tell(
        "a codec that loops is stopped after",
        f"{(perf_counter() - begin) * 1e3:.0f} ms",
        promised="100 ms of computing",
    )
    sandbox.close()
    begin = perf_counter()
    sandbox.made([Asked(script=SHORT, digest=digest(SHORT), raw=RAW)])
    tell("begun again, and the first frame read, after", f"{(perf_counter() - begin) * 1e3:.0f} ms")
    sandbox.close()
    (beside, least), (found, spent) = uplinks(frames, codec=False), uplinks(frames, codec=True)
    plain = f"decoded by the server {beside:,.0f} /s"
    tell("uplinks of ChirpStack, bytes to durable, codec here", f"{found:,.0f} /s", plain)
    tell("   processor for each, without that of the codec", f"{spent:.0f} us", f"{least:.0f} us")


if __name__ == "__main__":
    main()
