"""Messages of network servers of sensors: those that came while the last ones were read are read together.

A hand-over to a thread, one exchange with the process of codecs and one look at what was told lately are then paid by
all of them.
"""

import asyncio
from collections.abc import Sequence
from typing import Final

import msgspec

from bocage.domain.reading import Decoded
from bocage.ingest.compiled import Compiled
from bocage.ingest.reception import Reception, Sent
from bocage.relational import in_thread

AT_ONCE: Final = 200  # messages read together, so that no sender waits for long


class _Waiting(msgspec.Struct, frozen=True, kw_only=True, eq=False):
    sent: Sent
    decoded: "asyncio.Future[Decoded]"


class Joining:
    """One per event loop."""

    def __init__(self, reception: Reception) -> None:
        self._reception = reception
        self._waiting: dict[int, tuple[Compiled, list[_Waiting]]] = {}
        self._work: set[asyncio.Task[None]] = set()

    async def read(self, by: Compiled, sent: Sent) -> Decoded:
        """The readings of one message of a declared source; PayloadError when it cannot be read."""
        decoded: asyncio.Future[Decoded] = asyncio.get_running_loop().create_future()
        known = id(by) in self._waiting
        self._waiting.setdefault(id(by), (by, []))[1].append(_Waiting(sent=sent, decoded=decoded))
        if not known:
            task = asyncio.create_task(self._go_on(by))
            self._work.add(task)
            task.add_done_callback(self._work.discard)
        return await decoded

    async def _go_on(self, by: Compiled) -> None:
        waiting = self._waiting[id(by)][1]
        while waiting:
            some = waiting[:AT_ONCE]
            del waiting[:AT_ONCE]
            try:
                found = await in_thread(self._read, by, [one.sent for one in some])
            except Exception:  # one of them: each is read alone, and every sender is answered
                found = [await in_thread(self._alone, by, one.sent) for one in some]
            for one, told in zip(some, found, strict=True):
                if one.decoded.done():
                    continue
                if isinstance(told, Exception):
                    one.decoded.set_exception(told)
                else:
                    one.decoded.set_result(told)
        del self._waiting[id(by)]

    def _alone(self, by: Compiled, sent: Sent) -> "Decoded | Exception":
        try:
            return self._read(by, [sent])[0]
        except Exception as error:
            return error

    def _read(self, by: Compiled, sent: Sequence[Sent]) -> "list[Decoded | Exception]":
        assert by.source is not None
        found: list[Decoded | Exception] = []
        found += self._reception.read_many(by, by.source, sent)
        return found
