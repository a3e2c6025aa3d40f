"""Messages of a broker to durable at QoS 1, beside a subscriber that stores nothing, in the same run.

python -m bench mqtt [--messages 100000] [--rounds 3]

Mosquitto on a port of its own; a sender in a process of its own, whose bytes are built before the clock starts. Bocage
is an instance opened as `serve` opens it, its listener in its own thread: every message is read, passes the gate and is
acknowledged once it is durable. The bare subscriber speaks through the same connection, acknowledges at once and stores
nothing. `queued`: the broker holds all messages when the clock starts, and nobody sends; `live`: they are sent
meanwhile.
"""

import argparse
import os
import resource
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from statistics import median

import msgspec
from bench.given import PLACE, QUARTER, SOURCE, T0, tell
from bench.instance import Access, free_port, made

from bocage.domain.broker import Broker, Version
from bocage.domain.instant import iso
from bocage.domain.source import Source, Transport
from bocage.domain.text import Text
from bocage.ingest.mqtt import packets
from bocage.ingest.mqtt.connection import Connection
from bocage.ingest.mqtt.packets import Opening

STREAMS = 1_000
WINDOW = 2_000  # messages the sender has on their way
LINES = ("allow_anonymous true", "persistence false", "max_inflight_messages 1000", "max_queued_messages 0")
BARE, OURS = "bare", "ours"


class Round(msgspec.Struct, frozen=True, kw_only=True):
    """Messages a second from the first to the last, and microseconds of the processor for each."""

    rate: float
    spent: float


@contextmanager
def mosquitto(folder: Path) -> Iterator[int]:
    """A broker; its port."""
    program = shutil.which("mosquitto", path=f"{os.environ['PATH']}:/usr/sbin")
    if program is None:
        sys.exit("mosquitto is not installed: nothing to measure against")
    port, path = free_port(), folder / "mosquitto.conf"
    path.write_text("\n".join([f"listener {port} 127.0.0.1", *LINES]) + "\n", encoding="utf-8")
    process = subprocess.Popen([program, "-c", str(path)], stderr=subprocess.DEVNULL)
    try:
        while True:
            with socket.socket() as one:
                if one.connect_ex(("127.0.0.1", port)) == 0:
                    break
            time.sleep(0.02)
        yield port
    finally:
        process.terminate()
        process.wait(10)


def send(who: str, port: int, count: int, first: int) -> None:
    """Send so many readings to one of them, every series in turn, as fast as the broker acknowledges them."""
    stream = []
    for n in range(first, first + count):
        name, at = f"s{n % STREAMS + 1}", iso(T0 + n // STREAMS * QUARTER)
        body = f'{{"datastream": "{name}", "time": "{at}", "result": {n % 40}.5}}'.encode()
        stream.append(packets.publish(Version.THREE, f"banc/{who}/{name}", body, mid=n % 65_535 + 1))
    with socket.create_connection(("127.0.0.1", port)) as broker:
        broker.sendall(packets.connect(Opening(client="sender", version=Version.THREE, clean=True)))
        broker.recv(4)
        sent = acknowledged = 0
        while acknowledged < 4 * count:
            if sent < count and sent - acknowledged // 4 < WINDOW:
                broker.sendall(b"".join(stream[sent : sent + 200]))
                sent += 200
            else:
                acknowledged += len(broker.recv(65_536))


def measured(count: int, seen: Callable[[], int]) -> Round:
    """Wait for the first and the last message."""
    while not (first := seen()):
        time.sleep(0.001)
    begin, before = time.perf_counter(), resource.getrusage(resource.RUSAGE_SELF)
    while seen() < count:
        time.sleep(0.002)
    spent, after = time.perf_counter() - begin, resource.getrusage(resource.RUSAGE_SELF)
    worked = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return Round(rate=(count - first) / spent, spent=worked / (count - first) * 1e6)


def bare(port: int, count: int) -> None:
    """Listen, acknowledge at once, store nothing."""
    import threading

    taken = [0]

    async def listen() -> None:
        broker = Broker(host="127.0.0.1", port=port, tls=False)
        connection, kept = await Connection.opened(broker, Opening(client=BARE), None)
        if not kept:
            await connection.subscribe([f"banc/{BARE}/#"])
        print("ready", flush=True)
        while taken[0] < count:
            messages = await connection.heap()
            connection.acknowledge(messages)
            taken[0] += len(messages)
        await connection.close()

    import uvloop

    thread = threading.Thread(target=lambda: uvloop.run(listen()))
    thread.start()
    if count:
        print(msgspec.json.encode(measured(count, lambda: taken[0])).decode(), flush=True)
    thread.join()


def ours(settings: Path, port: int, count: int) -> None:
    """An instance whose source listens."""
    from bocage.assembly.instance import opened
    from bocage.assembly.settings import load

    with opened(load(settings)) as instance:
        from bocage.assembly.working import working
        from bocage.ingest.mqtt.state import Phase, State

        _declare(port)
        with working(instance):
            states = instance.intake.brokers

            def state() -> State:
                return states.of(PLACE, SOURCE) or State()

            while state().phase is not Phase.LISTENING:
                time.sleep(0.01)
            print("ready", flush=True)
            if count:
                print(msgspec.json.encode(measured(count, lambda: state().messages)).decode(), flush=True)
                assert state().kept == count, state()


def _declare(port: int) -> None:
    from bocage import evidence, registers
    from bocage.accounts.rights import OPERATOR
    from bocage.domain.declaration import Key

    broker = Broker(host="127.0.0.1", port=port, tls=False, topics=(f"banc/{OURS}/#",))
    body = Source(
        title=Text(fr="Capteurs"), purpose="mesure", hosting="mairie", transport=Transport.MQTT, broker=broker
    )
    key = Key(territory=PLACE, kind=Source.kind, slug=SOURCE)
    held = registers.find(key)
    if held is not None and held.body != body:
        put = evidence.Put(key=key, body=body, expected=held.version)
        evidence.change(PLACE, OPERATOR, [put], datetime.now(UTC))


def one(who: str, access: Access, port: int, count: int, first: int, *, live: bool) -> Round:
    """One round of one of them."""
    command = [sys.executable, "-m", "bench.mqtt", "--as", who, "--settings", access.settings, "--port", str(port)]
    listening = [*command, "--messages", str(count)]
    if not live:
        subprocess.run([*command, "--messages", "0"], check=True, stdout=subprocess.DEVNULL)
        send(who, port, count, first)
    with subprocess.Popen(listening, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"
        if live:
            send(who, port, count, first)
        return msgspec.json.decode(process.stdout.readline(), type=Round)


def main() -> None:
    """Measure, and print."""
    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    asked.add_argument("--messages", type=int, default=100_000)
    asked.add_argument("--rounds", type=int, default=3)
    asked.add_argument("--as", dest="who", help=argparse.SUPPRESS)
    asked.add_argument("--settings", type=Path, help=argparse.SUPPRESS)
    asked.add_argument("--port", type=int, help=argparse.SUPPRESS)
    given = asked.parse_args()
    if given.who == BARE:
        return bare(given.port, given.messages)
    if given.who == OURS:
        return ours(given.settings, given.port, given.messages)
    with tempfile.TemporaryDirectory() as name, mosquitto(Path(name)) as port:
        access, first = made(Path(name) / "instance", streams=STREAMS), 0
        for live in (False, True):
            found: dict[str, list[Round]] = {OURS: [], BARE: []}
            for _ in range(given.rounds):
                for who in (BARE, OURS):
                    found[who].append(one(who, access, port, given.messages, first, live=live))
                    first += given.messages
            rate, beside = (median(each.rate for each in found[who]) for who in (OURS, BARE))
            spent, least = (median(each.spent for each in found[who]) for who in (OURS, BARE))
            what = f"MQTT to durable, QoS 1, {'live' if live else 'queued at the broker'}"
            tell(what, f"{rate:,.0f} /s", f"{rate / beside:.0%} of storing nothing {beside:,.0f} /s", "20,000 /s")
            tell("   processor for each message", f"{spent:.1f} us", f"{least:.1f} us")
    return None


if __name__ == "__main__":
    main()
