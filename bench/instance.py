"""Instances that benches serve: made by a process of its own, served by the real command, spoken to over HTTP.

python -m bench.instance FOLDER PORT [--streams 1000] [--demonstration]    prints what a client needs, as JSON
"""

import argparse
import json
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from http.client import HTTPConnection
from os import sysconf
from pathlib import Path
from time import perf_counter, sleep
from typing import Any

import msgspec
from bench.given import PLACE, SOURCE, facts

from bocage.domain.declaration import Key
from bocage.domain.sensing import Datastream, ObservedProperty, Thing

QUIET = 0.1  # seconds of the processor in two, of an instance nobody asks anything


class Access(msgspec.Struct, frozen=True, kw_only=True):
    """How to speak to an instance: its settings, a token that pushes to the bench's source, a one-time link."""

    settings: str
    port: int
    token: str = ""
    link: str = ""


def made(folder: Path, *, streams: int = 0, demonstration: bool = False, database: str = "") -> Access:
    """Make an instance in `folder` by another process: this one is to measure, and holds nothing of Django.

    `database`: the address of an empty PostgreSQL database that keeps it.
    """
    command = [sys.executable, "-m", "bench.instance", str(folder), str(free_port()), f"--streams={streams}"]
    command += ["--database", database] if database else []
    command += ["--demonstration"] if demonstration else []
    told = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    return msgspec.json.decode(told.splitlines()[-1], type=Access)


def free_port() -> int:
    """A port of loopback that nobody listens on now."""
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


@contextmanager
def served(access: Access, path: str = "/healthz") -> Iterator[tuple[int, float]]:
    """Serve it; its process number, and the seconds from the start of the process to the first answer of `path`."""
    with (Path(access.settings).parent / "served.log").open("ab") as log:
        command = [str(Path(sys.executable).parent / "bocage"), "--settings", access.settings, "serve"]
        begin = perf_counter()
        process = subprocess.Popen(command, stdout=log, stderr=log)
        try:
            yield process.pid, answering(access.port, path, begin)
        finally:
            process.terminate()
            process.wait(30)


def answering(port: int, path: str, begin: float, within: float = 60) -> float:
    """Seconds until `path` answers 200."""
    while perf_counter() - begin < within:
        try:
            if got(port, path)[0] == 200:
                return perf_counter() - begin
        except OSError:
            pass
        sleep(0.02)
    raise TimeoutError(path)


def got(port: int, path: str, cookie: str = "") -> tuple[int, bytes]:
    """Status and body of a page."""
    connection = HTTPConnection("127.0.0.1", port, timeout=30)
    try:
        connection.request("GET", path, headers={"Cookie": cookie} if cookie else {})
        answer = connection.getresponse()
        return answer.status, answer.read()
    finally:
        connection.close()


def resident(process: int) -> tuple[float, float]:
    """Memory a process holds now, and the most it held, in MiB."""
    lines = Path(f"/proc/{process}/status").read_text().splitlines()
    found = {line.split(":")[0]: line.split()[1] for line in lines if line.startswith(("VmRSS", "VmHWM"))}
    return int(found["VmRSS"]) / 1024, int(found["VmHWM"]) / 1024


def computed(process: int) -> float:
    """Seconds a process has computed until now, in all its threads; what others do on the machine counts little."""
    fields = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / sysconf("SC_CLK_TCK")


def settled(process: int, within: float = 300) -> None:
    """Wait until an instance does nothing by itself: what it begins with is read, summed and looked at."""
    begin = perf_counter()
    while perf_counter() - begin < within:
        before = computed(process)
        sleep(2)
        if computed(process) - before < QUIET:
            return


def _make(folder: Path, port: int, given: argparse.Namespace) -> dict[str, Any]:
    from bocage.assembly.instance import opened
    from bocage.assembly.settings import load

    settings, link, token = folder / "bocage.toml", "", ""
    if given.demonstration:
        from bocage.cli.demonstration import prepare

        link = prepare(folder, port).link
    else:
        folder.mkdir(parents=True, exist_ok=True)
        database = f'[database]\nurl = "{given.database}"\n' if given.database else ""
        settings.write_text(f"port = {port}\n{database}", encoding="utf-8")
    with opened(load(settings), upgrading=True) as instance:
        if given.streams:
            _declare(given.streams)
            token = instance.tokens.issue(PLACE, "operator", datetime.now(UTC), source=SOURCE, title="bench")
    return {"settings": str(settings), "port": port, "link": link, "token": token}


def _declare(streams: int) -> None:
    from bocage import evidence
    from bocage.accounts.rights import OPERATOR

    declared = facts(streams).declared
    entities = (Thing.kind, ObservedProperty.kind, Datastream.kind)
    changes: list[Any] = [
        evidence.Put(key=Key(territory=PLACE, kind=kind, slug=slug), body=body, expected=None)
        for kind, bodies in declared.items()
        if kind not in entities
        for slug, body in bodies.items()
    ]
    for kind in entities:
        for slug, body in declared[kind].items():
            entity = msgspec.structs.replace(body, id=0) if kind == Datastream.kind else body
            changes.append(evidence.PutEntity(slug=slug, entity=entity))
    evidence.change(PLACE, OPERATOR, changes, datetime.now(UTC))


def main() -> None:
    """Make one, and say how to speak to it."""
    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    asked.add_argument("folder", type=Path)
    asked.add_argument("port", type=int)
    asked.add_argument("--streams", type=int, default=0)
    asked.add_argument("--database", default="")
    asked.add_argument("--demonstration", action="store_true")
    given = asked.parse_args()
    print(json.dumps(_make(given.folder, given.port, given)))


if __name__ == "__main__":
    main()
