"""Publishes what everyone may read to the broker the instance names, as long as one is named."""

import asyncio
import contextlib
import threading
from collections.abc import Sequence
from datetime import timedelta
from typing import Final

from bocage.api.parts import Parts
from bocage.api.sensorthings.publishing import Letter, News
from bocage.domain.instance_settings import Publication
from bocage.ingest.mqtt import access, trouble
from bocage.ingest.mqtt.connection import Connection
from bocage.ingest.mqtt.listener import FIRST_WAIT, LONGEST_WAIT, Around
from bocage.ingest.mqtt.packets import Opening
from bocage.ingest.mqtt.state import PUBLICATION, Phase
from bocage.relational import in_thread

LOOK: Final = 0.25  # seconds between two looks at the log
AT_ONCE: Final = 15  # messages on their way: brokers take twenty by default


class Publishing:
    """The one connection; `run` ends only when it is cancelled."""

    def __init__(self, parts: Parts, around: Around) -> None:
        self._parts, self._around = parts, around
        self._position = 0  # where it goes on; 0: with what stands now
        self._news: tuple[Publication, News] | None = None
        self._erased = threading.Event()
        parts.store.tell_erasures(self._erased.set)

    async def run(self) -> None:
        """Publish while a broker is named."""
        wait = FIRST_WAIT
        while True:
            wanted = self._wanted()
            if wanted is None:
                self._around.states.forget(PUBLICATION)
                self._position = 0
                await self._around.sleep(1.0)
                continue
            try:
                await self._publish(wanted)
                wait = FIRST_WAIT
            except Exception as error:  # the outermost loop: whatever failed is shown, and tried again
                broken = trouble.of(error)
                at = self._around.clock()
                self._around.states.troubled(PUBLICATION, broken.trouble, broken.said, at)
                self._around.states.phase(PUBLICATION, Phase.WAITING, at, again=at + timedelta(seconds=wait))
                await self._around.sleep(wait)
                wait = min(2 * wait, LONGEST_WAIT)

    def _wanted(self) -> Publication | None:
        """The broker, once links have an address to lead to."""
        chosen = self._parts.chosen.now
        return chosen.publication if chosen.public_url else None

    async def _publish(self, wanted: Publication) -> None:
        self._around.states.phase(PUBLICATION, Phase.CONNECTING, self._around.clock())
        given = access.kept(self._around.secret(access.PUBLISHING), wanted)
        opening = Opening(
            client=self._around.name("", "publication"),
            version=wanted.version,
            user=given.user,
            password=given.password,
            clean=True,
        )
        connection, _held = await Connection.opened(wanted, opening, access.context(wanted, given, self._around.keys))
        alive = asyncio.create_task(connection.alive())
        try:
            await self._pump(connection, wanted)
        finally:
            alive.cancel()
            with contextlib.suppress(BaseException):
                await alive
            await connection.close()

    async def _pump(self, connection: Connection, wanted: Publication) -> None:
        news = self._told(wanted)
        position = self._position or self._parts.store.position()
        await self._send(connection, await in_thread(news.all))
        self._around.states.listening(PUBLICATION, self._around.clock(), ())
        while self._wanted() == wanted:
            letters, position = await in_thread(news.since, position)
            if self._erased.is_set():
                self._erased.clear()
                letters += await in_thread(news.left)
            await self._send(connection, letters)
            self._position = position
            connection.still()
            if not letters:
                await asyncio.sleep(LOOK)

    def _told(self, wanted: Publication) -> News:
        """What is told to that broker, which remembers what stands there while the connection is broken."""
        if self._news is None or self._news[0] != wanted:
            self._news = (wanted, News(self._parts, wanted.prefix, wanted.select))
        return self._news[1]

    async def _send(self, connection: Connection, letters: Sequence[Letter]) -> None:
        for first in range(0, len(letters), AT_ONCE):
            some = letters[first : first + AT_ONCE]
            await asyncio.gather(*(connection.publish(one.topic, one.body, retained=one.retained) for one in some))
        if letters:
            self._around.states.sent(PUBLICATION, self._around.clock(), len(letters))
