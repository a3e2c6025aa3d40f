"""Listens to brokers in a thread and an event loop of its own, so that whoever answers requests is not kept waiting."""

import asyncio
import hashlib
import secrets
import socket
import threading
from collections.abc import Callable, Coroutine, Iterator
from contextlib import ExitStack, contextmanager
from itertools import count
from pathlib import Path
from typing import Any

import uvloop

from bocage.api.parts import Parts
from bocage.api.sensorthings.receiving import Making
from bocage.assembly.instance import Instance
from bocage.assembly.lock import held
from bocage.assembly.publishing import Publishing
from bocage.domain.errors import Unavailable
from bocage.ingest.mqtt.listener import Around
from bocage.ingest.mqtt.listening import Listening

_SEED = "mqtt"
Name = Callable[[str, str], str]
Work = Callable[[], Coroutine[Any, Any, None]]


class Brokers:
    """The thread; started at once."""

    def __init__(self, *works: Work) -> None:
        self._works = works
        self._loop: asyncio.AbstractEventLoop | None = None
        self._task: asyncio.Task[None] | None = None
        self._ready = threading.Event()
        self._thread = threading.Thread(target=self._run, name="brokers", daemon=True)
        self._thread.start()
        self._ready.wait()

    def stop(self) -> None:
        """Take leave of every broker, once what is on its way is durable and acknowledged."""
        if self._loop is not None and self._task is not None:
            self._loop.call_soon_threadsafe(self._task.cancel)
        self._thread.join()

    def _run(self) -> None:
        with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
            runner.run(self._listen())

    async def _listen(self) -> None:
        self._loop = asyncio.get_running_loop()
        self._task = asyncio.create_task(self._both())
        self._ready.set()
        await asyncio.wait({self._task})

    async def _both(self) -> None:
        async with asyncio.TaskGroup() as group:
            for work in self._works:
                group.create_task(work())


def works(instance: Instance, *, several: bool) -> tuple[Work, ...]:
    """What this instance does once with brokers: it listens, and it publishes.

    `several`: other processes of the instance run beside this one; what they share is then left to `sharing`.
    """
    parts = _parts(instance)
    around = _around(instance, parts, _naming(instance, ""))
    return _listening(instance, around, False if several else None), Publishing(parts, around).run


def sharing(instance: Instance, place: str) -> Work:
    """What each of several processes does: it listens to what they share. `place`: which of them, over restarts."""
    return _listening(instance, _around(instance, _parts(instance), _naming(instance, place)), True)


def _listening(instance: Instance, around: Around, shared: bool | None) -> Work:
    found = Listening(instance.intake.reception, around, shared)
    before = instance.intake.restart

    def restart(territory: str, source: str) -> None:
        before(territory, source)
        found.restart(territory, source)

    instance.intake.restart = restart
    return found.run


def _parts(instance: Instance) -> Parts:
    return Parts(
        store=instance.store,
        intake=instance.intake,
        clock=instance.clock,
        data=instance.places.data,
        tokens=instance.tokens,
        chosen=instance.chosen,
    )


def _around(instance: Instance, parts: Parts, name: Name) -> Around:
    return Around(
        states=instance.intake.brokers,
        clock=instance.clock,
        secret=instance.chosen.secret,
        name=name,
        keys=instance.places.keys,
        make=Making(parts),
    )


def _naming(instance: Instance, place: str) -> Name:
    """A name of each source at its broker that no other instance or process has, and that outlives restarts."""
    if not instance.chosen.secret(_SEED):
        instance.chosen.keep_secret(_SEED, secrets.token_hex(16))

    def name(territory: str, source: str) -> str:
        told = f"{instance.chosen.secret(_SEED)}/{territory}/{source}{place}"
        return "bocage-" + hashlib.sha256(told.encode()).hexdigest()[:16]

    return name


@contextmanager
def seat(folder: Path) -> Iterator[str]:
    """A number of this process among those of this machine: the first that is free, held until the process ends."""
    for number in count():
        with ExitStack() as holding:
            try:
                holding.enter_context(held(folder / f"broker-{number}.lock"))
            except Unavailable:
                continue
            yield f"/{socket.gethostname()}/{number}"
            return
