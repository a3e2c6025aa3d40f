"""Listens to brokers in a thread and an event loop of its own, so that whoever answers requests is not kept waiting."""

import asyncio
import hashlib
import secrets
import threading
from collections.abc import Callable, Coroutine
from typing import Any

import uvloop

from bocage.api.parts import Parts
from bocage.assembly.instance import Instance
from bocage.assembly.publishing import Publishing
from bocage.ingest.mqtt.listener import Around
from bocage.ingest.mqtt.listening import Listening

_SEED = "mqtt"
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


def works(instance: Instance) -> tuple[Work, Work]:
    """What this instance does with brokers: it listens, and it publishes."""
    around = _around(instance)
    parts = Parts(
        store=instance.store,
        intake=instance.intake,
        clock=instance.clock,
        data=instance.places.data,
        tokens=instance.tokens,
        chosen=instance.chosen,
    )
    found = Listening(instance.intake.reception, around)
    instance.intake.restart = found.restart
    return found.run, Publishing(parts, around).run


def _around(instance: Instance) -> Around:
    return Around(
        states=instance.intake.brokers,
        clock=instance.clock,
        secret=instance.chosen.secret,
        name=_naming(instance),
        keys=instance.places.keys,
    )


def _naming(instance: Instance) -> Callable[[str, str], str]:
    """A name of each source at its broker that no other instance has, and that stays the same over restarts."""
    if not instance.chosen.secret(_SEED):
        instance.chosen.keep_secret(_SEED, secrets.token_hex(16))
    seed = instance.chosen.secret(_SEED)

    def name(territory: str, source: str) -> str:
        return "bocage-" + hashlib.sha256(f"{seed}/{territory}/{source}".encode()).hexdigest()[:16]

    return name
