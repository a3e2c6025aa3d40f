"""Listens to the broker of one source: connects, takes in, acknowledges what is durable, and begins again."""

import asyncio
import random
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final

import msgspec

from bocage.domain.broker import Broker
from bocage.ingest.mqtt import access, trouble
from bocage.ingest.mqtt.connection import Connection
from bocage.ingest.mqtt.making import Make
from bocage.ingest.mqtt.packets import Opening
from bocage.ingest.mqtt.sessions import Subscribed
from bocage.ingest.mqtt.state import Came, Phase, Place, States
from bocage.ingest.mqtt.taking import Taking
from bocage.ingest.mqtt.trouble import Broken, Trouble
from bocage.relational import in_thread

FIRST_WAIT: Final = 1.0  # seconds until the first new try; each further one waits twice as long
LONGEST_WAIT: Final = 120.0
_STEADY: Final = 30.0  # seconds after which a connection was a good one, and waiting begins anew

Sleep = Callable[[float], Awaitable[None]]


class Around(msgspec.Struct, frozen=True, kw_only=True):
    """What all listeners share. `name` gives the name of this process at a broker; `make` creates entities."""

    states: States
    clock: Callable[[], datetime]
    secret: access.Secret
    name: Callable[[str, str], str]
    keys: Path | None = None
    make: Make | None = None
    draw: Callable[[], float] = random.random
    sleep: Sleep = asyncio.sleep


class Listener:
    """One source. `run` ends only when it is cancelled; what was taken in by then is acknowledged."""

    def __init__(self, place: Place, broker: Broker, taking: Taking, around: Around) -> None:
        self.place, self.broker = place, broker
        self._taking, self._around = taking, around
        self._name = broker.client or around.name(*place)

    async def run(self) -> None:
        """Listen, for ever."""
        wait = FIRST_WAIT
        while True:
            begin = asyncio.get_running_loop().time()
            try:
                await self._listen()
            except Exception as error:  # the outermost loop: whatever failed is shown, and tried again
                self._tell(trouble.of(_first(error)))
            if asyncio.get_running_loop().time() - begin > _STEADY:
                wait = FIRST_WAIT
            pause = wait * (0.8 + 0.4 * self._around.draw())  # so that many processes do not all come at once
            at = self._around.clock()
            self._around.states.phase(self.place, Phase.WAITING, at, again=at + timedelta(seconds=pause))
            await self._around.sleep(pause)
            wait = min(2 * wait, LONGEST_WAIT)

    async def forget(self) -> None:
        """Have the broker forget us, as far as it answers: nobody will fetch what it would keep."""
        connection, _kept = await self._opened(clean=True)
        await connection.close()

    async def _listen(self) -> None:
        self._around.states.phase(self.place, Phase.CONNECTING, self._around.clock())
        if not self.broker.topics:
            raise Broken(Trouble.UNSET)
        connection, kept = await self._opened(clean=False)
        try:
            denied = await self._subscribed(connection, kept=kept)
            self._around.states.queued(self.place, connection.waiting)
            self._around.states.listening(self.place, self._around.clock(), denied)
            if denied:
                self._tell(Broken(Trouble.TOPICS, ", ".join(denied)))
            async with asyncio.TaskGroup() as both:
                both.create_task(connection.alive())
                both.create_task(self._take(connection))
        finally:
            self._around.states.queued(self.place, None)
            await connection.close()

    async def _opened(self, *, clean: bool) -> tuple[Connection, bool]:
        given = access.access(self._around.secret, *self.place, self.broker)
        opening = Opening(
            client=self._name,
            version=self.broker.version,
            user=given.user,
            password=given.password,
            clean=clean,
        )
        encrypted = access.context(self.broker, given, self._around.keys)
        return await Connection.opened(self.broker, opening, encrypted)

    async def _subscribed(self, connection: Connection, *, kept: bool) -> tuple[str, ...]:
        """Have the session say what is declared: no more, and nothing twice, since that sends retained messages again.

        The topics the broker denies us.
        """
        wanted = self.broker.filters
        held = await in_thread(Subscribed(self.place, self._name).read, self.broker.place) if kept else ()
        gone = [one for one in held if one not in wanted]
        new = [one for one in wanted if one not in held]
        if gone:
            await connection.unsubscribe(gone)
        denied = await connection.subscribe(new) if new else ()
        granted = [one for one in wanted if one not in denied]
        if gone or new:
            await in_thread(Subscribed(self.place, self._name).write, self.broker.place, granted)
        if not granted:
            raise Broken(Trouble.TOPICS, ", ".join(denied))
        return denied

    async def _take(self, connection: Connection) -> None:
        while True:
            messages = await connection.heap()
            work = asyncio.ensure_future(in_thread(self._taking.take, messages))
            try:
                took = await asyncio.shield(work)
            except asyncio.CancelledError:  # stopping: what is on its way is still acknowledged
                await asyncio.wait({work})
                if not work.exception():
                    connection.acknowledge(messages)
                raise
            connection.acknowledge(messages)
            topic, now = messages[-1].topic, self._around.clock()
            came = Came(at=now, topic=topic, messages=len(messages), made=took.made, answer=took.answer)
            self._around.states.took(self.place, came, took.left)

    def _tell(self, broken: Broken) -> None:
        self._around.states.troubled(self.place, broken.trouble, broken.said, self._around.clock())


def _first(error: BaseException) -> BaseException:
    """The failure that ended the connection, out of those that came of it."""
    while isinstance(error, BaseExceptionGroup):
        error = error.exceptions[0]
    return error
