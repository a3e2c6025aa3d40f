"""A small territory with a source that listens to a broker."""

import asyncio
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any, TypeVar

import msgspec
from tests.ingest.given import PLACE, Clock, Declared, intake

from bocage.domain.broker import Broker
from bocage.domain.source import Source, Transport
from bocage.ingest.intake import Intake
from bocage.ingest.mqtt.listener import Around, Listener
from bocage.ingest.mqtt.state import State
from bocage.ingest.mqtt.taking import Taking
from bocage.store.memory import MemoryStore

SOURCE = "capteurs"
S = TypeVar("S", bound=msgspec.Struct)


class Town:
    """A territory whose source listens to a broker; `listen` runs the listener while something happens."""

    def __init__(self, folder: Path, broker: Broker, store: MemoryStore | None = None, **source: Any) -> None:
        self.declared = Declared()
        self.declared.change("source", SOURCE, transport=Transport.MQTT, broker=broker, **source)
        self.clock = Clock()
        self.taking: Intake = intake(folder, store, self.declared, self.clock)
        self.secrets: dict[str, str] = {}
        self.name = f"bocage-tests-{folder.name}-{id(self)}"
        self.around = Around(
            states=self.taking.brokers,
            clock=self.clock,
            secret=lambda name: self.secrets.get(name, ""),
            name=lambda territory, source: self.name,
            sleep=lambda seconds: asyncio.sleep(min(seconds, 0.05)),
        )

    @property
    def source(self) -> Source:
        found = self.declared.bodies["source", SOURCE]
        assert isinstance(found, Source)
        return found

    @property
    def state(self) -> State:
        return self.taking.brokers.of(PLACE, SOURCE) or State()

    def listener(self) -> Listener:
        assert self.source.broker is not None
        taking = Taking(self.taking.reception, PLACE, SOURCE)
        return Listener((PLACE, SOURCE), self.source.broker, taking, self.around)

    def held(self, number: int = 1) -> list[float]:
        """The values kept of a series, in order of time."""
        return self.taking.store.window(number, -(2**60), 2**60).number.tolist()

    async def until(self, wanted: Callable[[], bool], seconds: float = 15) -> None:
        """Wait for something."""
        async with asyncio.timeout(seconds):
            while not wanted():  # noqa: ASYNC110 - threads make it true
                await asyncio.sleep(0.005)

    async def listen(self, during: Callable[[], Awaitable[None]]) -> None:
        """Listen while `during` runs."""
        task = asyncio.create_task(self.listener().run())
        try:
            await during()
        finally:
            task.cancel()
            await asyncio.wait({task})


def changed(body: S, **fields: Any) -> S:
    """The same broker or source, declared otherwise."""
    return msgspec.structs.replace(body, **fields)
