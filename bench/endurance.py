"""A soak: an instance that is written to, read, watched by a rule, and whose broker is restarted, for some minutes.

python -m bench endurance [--minutes 10] [--every 30] [--home postgres]    `make endurance` runs it, then the kills

The instance is served by the real command in a process of its own. Writers send over HTTP push, CreateObservations of
SensorThings and MQTT at QoS 1; readers ask for the latest values, 24 hours and two pages of the portal. In the middle
Mosquitto is ended and started again. At the end: what is stored, series by series, is what was acknowledged; what the
followers counted and the alerts of the rule too; nobody met an error; the least memory of the last quarter is no more
than 3 % above that of the third (in a soak of ten minutes or more). The exit code says whether all of it holds.
"""

import argparse
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from os import getloadavg
from pathlib import Path
from time import monotonic, sleep
from urllib.parse import quote

import msgspec
from bench.given import PLACE, QUARTER, stream, tell
from bench.instance import Access, made, served
from bench.sensorthings import LATEST, ROOT
from bench.soaking import HIGH, PEAK, HttpWriter, MqttWriter, Reader, Writer
from bench.watching import Watch
from tests import kept
from tests.broker import PATH, Mosquitto
from tests.postgres import DURABLE, Server, programs

from bocage.domain.broker import Broker
from bocage.domain.declaration import Declaration, Key
from bocage.domain.measure import Aggregate, Measure, Period
from bocage.domain.public_service import Competence, PublicService
from bocage.domain.rule import Comparison, Constant, Rule
from bocage.domain.source import Source, Transport
from bocage.domain.text import Text

PUSHED, CREATED, HEARD = range(1, 101), range(101, 201), range(201, 251)  # series of each writer
PAUSE = 0.2  # seconds between two ticks of a writer, unless others are asked for
COURIER = "courtier"
NEWEST = quote("Observations($orderby=phenomenonTime desc;$top=1;$select=result,phenomenonTime)")
READ = {
    "latest": f"{ROOT}/{LATEST.format(200)}{NEWEST}",
    "24 hours": f"{ROOT}/Datastreams(7)/Observations?$orderby=phenomenonTime%20desc&$top=96",
    "portal": f"/{PLACE}/",
    "dataset": f"/{PLACE}/data/air",
}


def declare(settings: Path, start: int, port: int) -> None:
    """The rule, and where there is a broker (`port` above 0) a source that listens to it, with its series."""
    from bocage.assembly.instance import opened as instance
    from bocage.assembly.settings import load

    with instance(load(settings)):
        from bocage import evidence
        from bocage.accounts.rights import OPERATOR

        puts = [
            evidence.Put(key=Key(territory=PLACE, kind=body.kind, slug=slug), body=body, expected=None)
            for slug, body in {**ruled(start), **(listening(port) if port else {})}.items()
        ]
        heard = [msgspec.structs.replace(stream(number), id=0, source=COURIER) for number in HEARD if port]
        series = [evidence.PutEntity(slug=one.key, entity=one) for one in heard]
        evidence.change(PLACE, OPERATOR, [*puts, *series], datetime.now(UTC))


def ruled(start: int) -> dict[str, Declaration]:
    """A rule that every peak of the first series makes true, and the service it tells."""
    measure = Measure(datastreams=("s1",), aggregate=Aggregate.MEAN, period=Period.VALUE)
    condition = Comparison(measure=measure, than=Constant(value=HIGH - 1))
    since = datetime.fromtimestamp(start / 1000, UTC).date()
    return {
        "batiments": PublicService(title=Text(fr="Bâtiments"), competence=Competence.BUILDINGS),
        "pointes": Rule(title=Text(fr="Pointes"), service="batiments", condition=condition, since=since),
    }


def listening(port: int) -> dict[str, Declaration]:
    """A source that listens to the broker."""
    broker = Broker(host="127.0.0.1", port=port, tls=False, topics=("soak/+",))
    title = Text(fr="Courtier")
    return {COURIER: Source(title=title, purpose="mesure", hosting="mairie", transport=Transport.MQTT, broker=broker)}


def telling(writers: Sequence[Writer], readers: Sequence[Reader]) -> Callable[[float, float], None]:
    """One line now and then: memory beside what was written and read."""

    def tell(seconds: float, memory: float) -> None:
        written = ", ".join(f"{one.name} {one.acknowledged:,}" for one in writers)
        read, errors = sum(one.read for one in readers), sum(len(one.errors) for one in (*writers, *readers))
        told = f"{seconds:5.0f} s: {memory:.0f} MiB; acknowledged: {written}; read {read:,}; errors {errors}"
        print(f"{told}; load {getloadavg()[0]:.1f}", flush=True)

    return tell


def counted(settings: Path) -> int:
    """What the followers have counted."""
    return int(kept.asked(settings, "SELECT SUM(count) FROM steer_dayactivity")[0][0] or 0)


def settled(settings: Path, sent: int, patience: float = 120) -> None:
    """Wait until the followers saw all that was sent, as long as there is hope."""
    until = monotonic() + patience
    while counted(settings) < sent and monotonic() < until:
        sleep(0.5)
    sleep(2)  # what is counted twice would come now


def stored(settings: Path) -> dict[int, int]:
    """How many observations each series holds."""
    with kept.log(settings) as store:
        return {one.datastream: one.count for one in store.extent()}


def wrong(settings: Path, writers: Sequence[Writer]) -> list[str]:
    """What is not as it was acknowledged."""
    held, found = stored(settings), []
    for one in writers:
        each = [held.pop(number, 0) for number in one.numbers]
        print(f"{one.name}: {one.acknowledged:,} acknowledged, {sum(each):,} stored")
        if sum(each) != one.acknowledged or set(each) != {one.turns} or not one.turns:
            found.append(f"{one.name}: {one.acknowledged - sum(each):+,} missing, {min(each)} to {max(each)} a series")
    if any(held.values()):
        found.append(f"{sum(held.values())} that nobody sent")
    sent = sum(one.acknowledged for one in writers)
    if (total := counted(settings)) != sent:
        found.append(f"followers counted {total:,} of {sent:,}")
    peaks, alerts = writers[0].turns // PEAK, int(kept.asked(settings, "SELECT COUNT(*) FROM steer_alertrow")[0][0])
    print(f"rule: {alerts} alerts of {peaks} peaks; followers counted {total:,}")
    if alerts != peaks:
        found.append(f"{alerts} alerts of {peaks} peaks")
    return found


def soak(access: Access, broker: Mosquitto | None, given: argparse.Namespace, start: int) -> list[str]:
    """Run it; what is wrong at the end."""
    writers: list[Writer] = [
        HttpWriter("push", access, PUSHED, start, given.pause),
        HttpWriter("sensorthings", access, CREATED, start, given.pause),
    ]
    with served(access) as (process, _spent):
        if broker:
            writers.append(MqttWriter(broker.declared(), HEARD, start, given.pause))
            subscribed(broker)
        readers = [Reader(access.port, name, path) for name, path in READ.items()]
        watch = Watch(process, telling(writers, readers), given.every)
        for one in (*writers, *readers, watch):
            one.start()
        sleep(given.minutes * 30)
        if broker:
            broker.stop()
            sleep(2)
            broker.start()
            print("the broker was restarted", flush=True)
        sleep(given.minutes * 30)
        ended = [f"{one.name} ended early" for one in (*writers, *readers, watch) if not one.is_alive()]
        for one in (*writers, *readers, watch):
            one.stop()
        settled(Path(access.settings), sum(one.acknowledged for one in writers))
    print("\n".join(watch.table()))
    found = ended + [error for one in (*writers, *readers) for error in one.errors]
    found += wrong(Path(access.settings), writers) + watch.grown(given.minutes)
    return found + failed(Path(access.settings).parent / "served.log")


def failed(log: Path) -> list[str]:
    """What failed in the server, as its log tells it."""
    lines = [line for line in log.read_text(errors="replace").splitlines() if "Traceback" in line]
    told = [line.replace("\\n", "\n").rstrip('"}') for line in lines[:3]]
    return [f"{len(lines)} failures in the log of the server", *told] if lines else []


def subscribed(broker: Mosquitto, patience: float = 30) -> None:
    """Wait until the instance listens to the broker."""
    until = monotonic() + patience
    while "soak/+" not in (broker.folder / "log").read_text(errors="replace"):
        if monotonic() > until:
            raise TimeoutError("nobody subscribed")
        sleep(0.1)


def main() -> None:
    """Soak, and say whether all held."""
    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    asked.add_argument("--minutes", type=float, default=10)
    asked.add_argument("--every", type=float, default=30, help="seconds between two lines")
    asked.add_argument("--pause", type=float, default=PAUSE, help="seconds between two ticks of a writer")
    asked.add_argument("--home", choices=("folder", "postgres"), default="folder")
    asked.add_argument("--declare", nargs=3, metavar=("SETTINGS", "START", "PORT"), help=argparse.SUPPRESS)
    given = asked.parse_args()
    if given.declare:
        settings, begin, door = given.declare
        declare(Path(settings), int(begin), int(door))
        return
    ticks = int(given.minutes * 60 / given.pause) + 200  # so that the last one lies in the past
    start = (int(datetime.now(UTC).timestamp() * 1000) // QUARTER - ticks) * QUARTER
    with tempfile.TemporaryDirectory() as name:
        folder, broker = Path(name) / "instance", None
        if shutil.which("mosquitto", path=PATH):
            broker = Mosquitto(Path(name) / "broker", "log_type subscribe").start()
        else:
            print("mosquitto is not installed: the part of the broker does not run")
        server = Server(programs("18"), options=DURABLE) if given.home == "postgres" else None
        try:
            access = made(folder, streams=CREATED[-1], database=server.database("soak") if server else "")
            command = [sys.executable, "-m", "bench.endurance", "--declare", access.settings, str(start)]
            subprocess.run([*command, str(broker.port if broker else 0)], check=True)
            found = soak(access, broker, given, start)
        finally:
            if broker:
                broker.stop()
            if server:
                server.remove()
    verdict = "nothing lost, nothing twice, no error" if not found else f"{len(found)} faults"
    tell(
        f"soak of {given.minutes:g} minutes, {given.home}",
        verdict,
        f"load {getloadavg()[0]:.1f}",
        "nothing lost, nothing twice",
    )
    print("\n".join(found[:20]) or "all held: nothing lost, nothing twice, no error")
    sys.exit(1 if found else 0)


if __name__ == "__main__":
    main()
