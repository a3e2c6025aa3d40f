"""Several processes that serve one instance on one port: started, started again when one dies, stopped together."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

import msgspec

from bocage.assembly import databases
from bocage.assembly.beginning import first_link
from bocage.assembly.instance import opened
from bocage.assembly.lock import held
from bocage.assembly.logs import logging_to_json
from bocage.assembly.places import Places
from bocage.assembly.serving import Share, listening_on, serve_share, tell_systemd
from bocage.assembly.settings import Loaded
from bocage.domain.errors import Conflict
from bocage.domain.text import message as _

FIRST: Final = "BOCAGE_FIRST"
LOOK: Final = 0.2  # seconds between two looks at the processes
REST: Final = 2.0  # seconds before one that died is started again
PATIENCE: Final = 60.0  # seconds they have to stop


class Wanted(msgspec.Struct, frozen=True, kw_only=True):
    """How many processes, and how long they serve: 0 is until a signal."""

    workers: int
    seconds: float = 0


def serve_with(loaded: Loaded, settings: Path, wanted: Wanted, tell: Callable[[str], None]) -> None:
    """Serve with several processes until SIGTERM or SIGINT. Conflict where there is no database to share.

    This process holds the folder for all and does nothing else; one of the others does the scheduled work.
    """
    _shared(loaded)
    logging_to_json(loaded.settings.log_level)
    with opened(loaded) as instance:  # the tables are brought up to date once, before anybody shares them
        link = first_link(instance)
        first = instance.first.told()
    with held(Places(data=loaded.data).lock), listening_on(loaded.settings) as listening:
        if link:
            tell(link)
        with _stopping(wanted.seconds) as stopped:
            _Workers(settings, listening, first).run(wanted.workers, stopped)


def work(loaded: Loaded, descriptor: int) -> None:
    """Be one of them, on the socket that was handed down."""
    with socket.socket(fileno=descriptor) as listening:
        serve_share(loaded, listening, Share(first=os.environ.get(FIRST, "")))


def ingest(loaded: Loaded, seconds: float) -> None:
    """Take readings in on a port of its own, beside whoever serves the same database: no pages, no scheduled work."""
    _shared(loaded)
    with held(Places(data=loaded.data).data / "ingest.lock"), listening_on(loaded.settings) as listening:
        serve_share(loaded, listening, Share(leads=False, pages=False, seconds=seconds))


def _shared(loaded: Loaded) -> None:
    if not databases.address(loaded):
        remedy = _("set [database] url in bocage.toml, or move the instance: bocage store move")
        raise Conflict(_("a PostgreSQL database, which several processes can share"), str(loaded.data), remedy)


@contextmanager
def _stopping(seconds: float) -> Iterator[Callable[[], bool]]:
    """Whether a signal asked to stop, or so many seconds have passed when they are not 0."""
    heard: list[int] = []
    until = time.monotonic() + seconds if seconds else float("inf")
    before = {one: signal.signal(one, lambda number, frame: heard.append(number)) for one in _SIGNALS}
    try:
        yield lambda: bool(heard) or time.monotonic() >= until
    finally:
        for one, former in before.items():
            signal.signal(one, former)


_SIGNALS: Final = (signal.SIGTERM, signal.SIGINT)


class _Workers:
    def __init__(self, settings: Path, listening: socket.socket, first: str) -> None:
        self._settings, self._listening, self._first = settings, listening, first
        self._running: list[subprocess.Popen[bytes]] = []

    def run(self, workers: int, stopped: Callable[[], bool]) -> None:
        """Keep so many alive until it is time to stop."""
        again = 0.0
        tell_systemd(b"READY=1")  # whoever asks waits at the socket, which is there
        try:
            while not stopped():
                self._running = [one for one in self._running if one.poll() is None]
                if len(self._running) < workers and time.monotonic() >= again:
                    self._running += [self._started() for _one in range(workers - len(self._running))]
                    again = time.monotonic() + REST
                time.sleep(LOOK)
        finally:
            self._end()

    def _started(self) -> "subprocess.Popen[bytes]":
        descriptor = self._listening.fileno()
        command = [sys.executable, "-m", "bocage", "--settings", str(self._settings), "serve-share", str(descriptor)]
        env = {name: value for name, value in os.environ.items() if name != "NOTIFY_SOCKET"}  # this one speaks for all
        return subprocess.Popen(  # noqa: S603 - our own interpreter, our own words
            command, pass_fds=(descriptor,), env={**env, FIRST: self._first}
        )

    def _end(self) -> None:
        tell_systemd(b"STOPPING=1")
        for one in self._running:
            one.send_signal(signal.SIGTERM)
        until = time.monotonic() + PATIENCE
        for one in self._running:
            try:
                one.wait(max(0.1, until - time.monotonic()))
            except subprocess.TimeoutExpired:
                one.kill()
