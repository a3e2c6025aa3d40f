"""Every source that listens to a broker, as the registers declare them now; a change takes effect within a second."""

import asyncio
import contextlib
import logging
from collections.abc import Mapping
from typing import Final

from bocage import registers
from bocage.domain.broker import Broker
from bocage.domain.source import Source, Transport
from bocage.ingest.mqtt.listener import Around, Listener
from bocage.ingest.mqtt.state import Place
from bocage.ingest.mqtt.taking import Taking
from bocage.ingest.reception import Reception
from bocage.relational import in_thread

LOOK: Final = 1.0  # seconds between two looks at what is declared
_LEAVING: Final = 10.0  # seconds to take leave of a broker

Running = tuple[Listener, "asyncio.Task[None]"]


class Listening:
    """The listeners of this process; all in one event loop.

    `shared`: only sources whose messages several processes share, or only the others; None: all of them.
    """

    def __init__(self, reception: Reception, around: Around, shared: bool | None = None) -> None:
        self._reception, self._around, self._shared = reception, around, shared
        self._running: dict[Place, Running] = {}
        self._revisions: dict[str, int] = {}
        self._again: set[Place] = set()

    async def run(self) -> None:
        """Keep to what is declared, until cancelled."""
        try:
            while True:
                try:
                    await self._look()
                except Exception:  # the outermost loop of a worker: a database that is busy must not end it
                    logging.getLogger(__name__).exception("brokers will be looked at again")
                await self._around.sleep(LOOK)
        finally:
            await asyncio.gather(*(_stopped(task) for _listener, task in self._running.values()))

    def restart(self, territory: str, source: str) -> None:
        """Connect again at the next look: what opens the broker was given anew. May be called from any thread."""
        self._again.add((territory, source))

    async def _look(self) -> None:
        again, self._again = self._again, set()
        changed = await in_thread(self._changed)
        if not (changed or again):
            return
        wanted = await in_thread(declared, self._shared)
        places = {place for place in {*wanted, *self._running} if place in again or self._differs(place, wanted)}
        await asyncio.gather(*(self._change(place, wanted.get(place)) for place in places))

    def _changed(self) -> bool:
        found = {territory: registers.revision(territory) for territory in registers.territories()}
        changed, self._revisions = found != self._revisions, found
        return changed

    def _differs(self, place: Place, wanted: Mapping[Place, Broker]) -> bool:
        running = self._running.get(place)
        return (running[0].broker if running else None) != wanted.get(place)

    async def _change(self, place: Place, broker: Broker | None) -> None:
        running = self._running.pop(place, None)
        if running is not None:
            await _stopped(running[1])
            if broker is None or broker.place != running[0].broker.place:
                await _forgotten(running[0])
        if broker is None:
            self._around.states.forget(place)
            return
        listener = Listener(place, broker, Taking(self._reception, *place, self._around.make), self._around)
        self._running[place] = (listener, asyncio.create_task(listener.run()))


def declared(shared: bool | None = None) -> dict[Place, Broker]:
    """The brokers of every source that listens to one; of those that share, or of the others, when said."""
    found = {}
    for territory in registers.territories():
        for entry in registers.current(territory, Source.kind):
            body = entry.body
            listens = isinstance(body, Source) and body.transport is Transport.MQTT
            broker = body.broker if isinstance(body, Source) and listens else None
            if broker is not None and shared in (None, bool(broker.group)):
                found[territory, entry.key.slug] = broker
    return found


async def _stopped(task: "asyncio.Task[None]") -> None:
    task.cancel()
    with contextlib.suppress(asyncio.CancelledError):
        await task


async def _forgotten(listener: Listener) -> None:
    """Have a broker forget us; one that does not answer keeps us as long as it keeps anybody."""
    with contextlib.suppress(Exception):
        async with asyncio.timeout(_LEAVING):
            await listener.forget()
