"""One connection to a broker: opened, subscribed, read in heaps, acknowledged by whoever kept them."""

import asyncio
import contextlib
import ssl
from collections.abc import Sequence
from time import monotonic
from typing import Final, Self, cast

from bocage.domain.broker import Door, Version
from bocage.ingest.mqtt import packets, trouble, wire
from bocage.ingest.mqtt.packets import Opening
from bocage.ingest.mqtt.state import Waiting
from bocage.ingest.mqtt.trouble import Broken, Trouble
from bocage.ingest.mqtt.wire import Packet, Publish

PATIENCE: Final = 15.0  # seconds for each answer of the broker
MOST_WAITING: Final = 20_000  # messages not taken yet from which no more are read: the broker keeps them
FEWEST_WAITING: Final = 5_000  # read on below
HEAP: Final = 2_000  # messages handed over together
_MOST_BYTES: Final = 32 * 1024 * 1024  # likewise, of their bodies
_REFUSED: Final = 0x80
_LEAVING: Final = 2.0  # seconds for the last bytes to leave
_NOBODY: Final = 0x10  # the broker took a message that nobody subscribed to (MQTT 5)


class Connection(asyncio.Protocol):
    """The bytes of one connection. Messages wait here until they are taken; nothing is acknowledged by itself."""

    def __init__(self, version: Version, largest: int = wire.LARGEST) -> None:
        self.version = version
        self.keep_alive = 30
        self._reader = wire.Reader(version, largest)
        self._loop = asyncio.get_running_loop()
        self._waiting: list[Publish] = []
        self._taken = 0  # messages that are taken in now
        self._bytes = 0
        self._since = 0.0  # when the oldest message that waits came, or those that are taken in now
        self._paused = False
        self._come = asyncio.Event()
        self._answers: dict[tuple[int, int], asyncio.Future[Packet]] = {}
        self._broken: Broken | None = None
        self._transport: asyncio.Transport | None = None
        self._mid = 0
        self._heard = monotonic()
        self._gone = asyncio.Event()
        self._writable = asyncio.Event()
        self._writable.set()

    @classmethod
    async def opened(cls, broker: Door, opening: Opening, context: ssl.SSLContext | None) -> tuple[Self, bool]:
        """A connection the broker accepted, and whether it kept our session; Broken or OSError when it did not."""
        loop = asyncio.get_running_loop()
        async with asyncio.timeout(PATIENCE):
            _transport, made = await loop.create_connection(
                lambda: cls(broker.version), broker.host, broker.door, ssl=context
            )
        try:
            answer = await made._asked(wire.CONNACK, 0, packets.connect(opening))
            made.keep_alive = answer.properties.get(wire.KEEP_ALIVE, opening.keep_alive) or opening.keep_alive
            if answer.codes[0]:
                said = bytes(answer.properties.get(wire.REASON, b"")).decode("utf-8", "replace")
                raise trouble.of_connack(answer.codes[0], said)
        except BaseException:
            made.abort()
            await made.gone()
            raise
        return made, answer.present

    async def subscribe(self, filters: Sequence[str]) -> tuple[str, ...]:
        """Subscribe; those among the filters that the broker does not grant."""
        mid = self._next()
        answer = await self._asked(wire.SUBACK, mid, packets.subscribe(self.version, mid, filters))
        return tuple(one for one, code in zip(filters, answer.codes, strict=False) if code >= _REFUSED)

    async def unsubscribe(self, filters: Sequence[str]) -> None:
        """Subscribe no longer."""
        mid = self._next()
        await self._asked(wire.UNSUBACK, mid, packets.unsubscribe(self.version, mid, filters))

    async def publish(self, topic: str, body: bytes, *, retained: bool = False) -> bool:
        """Publish, and wait until the broker has it (QoS 1); whether anybody listens, as far as it says."""
        mid = self._next()
        sent = packets.publish(self.version, topic, body, mid=mid, retained=retained)
        answer = await self._asked(wire.PUBACK, mid, sent)
        if answer.codes and answer.codes[0] >= _REFUSED:
            raise Broken(Trouble.TOPICS, f"{topic} ({answer.codes[0]:#04x})")
        return not answer.codes or answer.codes[0] != _NOBODY

    async def heap(self) -> list[Publish]:
        """The messages that came since they were last taken, one at least; Broken when none can come any more."""
        while not self._waiting:
            if self._broken:
                raise self._broken
            self._come.clear()
            await self._come.wait()
        taken, self._waiting = self._waiting[:HEAP], self._waiting[HEAP:]
        self._taken = len(taken)
        self._bytes -= sum(one.length for one in taken)
        if self._paused and len(self._waiting) < FEWEST_WAITING and self._transport and not self._broken:
            self._paused = False
            self._transport.resume_reading()
        return taken

    def waiting(self) -> Waiting:
        """What came and is not acknowledged yet. May be called from any thread."""
        count, since = len(self._waiting) + self._taken, self._since
        return Waiting(messages=count, seconds=max(0.0, monotonic() - since) if count else 0.0)

    def still(self) -> None:
        """Broken when it is of no use any more."""
        if self._broken:
            raise self._broken

    def acknowledge(self, messages: Sequence[Publish]) -> None:
        """The broker may forget these messages."""
        self._taken, self._since = 0, monotonic()
        self._write(packets.acknowledged(one.mid for one in messages))

    async def alive(self) -> None:
        """Show the broker, and have it show, that the connection lives; Broken once it does not."""
        while True:
            await asyncio.sleep(self.keep_alive / 2)
            if self._broken:
                raise self._broken
            if monotonic() - self._heard > self.keep_alive + PATIENCE and not self._paused:
                self._end(Broken(Trouble.SILENT))
                self.abort()
            self._write(packets.PING)

    async def close(self) -> None:
        """Take leave: the broker keeps for us what it promised to keep."""
        if self._transport and not self._broken:
            self._write(packets.disconnect(self.version))
            self._transport.close()
        self._end(Broken(Trouble.LEFT))
        await self.gone()

    async def gone(self) -> None:
        """Wait until the network has let go of it; a broker that does not read is left at once."""
        try:
            async with asyncio.timeout(_LEAVING):
                await self._gone.wait()
        except TimeoutError:
            self.abort()

    def abort(self) -> None:
        """Leave at once."""
        if self._transport:
            self._transport.abort()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """The connection is there."""
        self._transport = cast(asyncio.Transport, transport)

    def data_received(self, data: bytes) -> None:
        """Bytes came."""
        self._heard = monotonic()
        try:
            for one in self._reader.feed(data):
                if isinstance(one, Publish):
                    self._waiting.append(one)
                    self._bytes += one.length
                else:
                    self._other(one)
        except wire.Malformed as error:
            self._end(trouble.of(error))
            self.abort()
        if self._waiting:
            if not self._come.is_set() and not self._taken:
                self._since = self._heard
            self._come.set()
        if not self._paused and (len(self._waiting) > MOST_WAITING or self._bytes > _MOST_BYTES) and self._transport:
            self._paused = True
            self._transport.pause_reading()

    def connection_lost(self, exc: Exception | None) -> None:
        """The connection is gone."""
        self._gone.set()
        self._end(trouble.of(exc) if exc else Broken(Trouble.LEFT))

    def pause_writing(self) -> None:
        """The broker does not read."""
        self._writable.clear()

    def resume_writing(self) -> None:
        """It does again."""
        self._writable.set()

    async def _asked(self, kind: int, mid: int, sent: bytes) -> Packet:
        if self._broken:
            raise self._broken
        answer: asyncio.Future[Packet] = self._loop.create_future()
        self._answers[kind, mid] = answer
        try:
            await self._writable.wait()
            self._write(sent)
            async with asyncio.timeout(PATIENCE):
                return await answer
        finally:
            self._answers.pop((kind, mid), None)

    def _write(self, sent: bytes) -> None:
        if sent and self._transport and not self._transport.is_closing():
            self._transport.write(sent)

    def _other(self, packet: Packet) -> None:
        if packet.kind == wire.DISCONNECT:
            self._end(trouble.of_disconnect(packet.codes[0] if packet.codes else 0))
            return
        answer = self._answers.get((packet.kind, packet.mid))
        if answer and not answer.done():
            answer.set_result(packet)

    def _end(self, broken: Broken) -> None:
        self._broken = self._broken or broken
        self._come.set()
        for answer in self._answers.values():
            if not answer.done():
                answer.set_exception(self._broken)
        with contextlib.suppress(RuntimeError):
            self._writable.set()

    def _next(self) -> int:
        self._mid = self._mid % 65_535 + 1
        return self._mid
