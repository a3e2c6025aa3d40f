"""When what several senders sent is taken together: what one turn costs is then paid by all of them."""

import asyncio
from collections.abc import Callable
from typing import Final

PATIENCE: Final = 0.001  # seconds that whoever waits gives to those who were answered a moment ago


class Turns:
    """One turn at a time, each with whatever waits when it begins.

    Senders that send again as soon as they are answered come back one after the other; a turn for the first of them
    would let the others wait for the next one. So a turn begins once as many wait as did lately, or after a moment. A
    sender who is alone waits for nobody.
    """

    def __init__(self, take: Callable[[], None]) -> None:
        """`take`: takes all that waits; `over` is to be called when it has been answered."""
        self._take = take
        self._awaited = 1
        self._under_way = False
        self._set: asyncio.Handle | None = None
        self._soon = False

    def came(self, waiting: int) -> None:
        """Another one waits; so many do."""
        if self._under_way or self._soon:
            return
        loop = asyncio.get_running_loop()
        if waiting >= self._awaited:
            if self._set is not None:
                self._set.cancel()
            self._set, self._soon = loop.call_soon(self._begin), True
        elif self._set is None:
            self._set = loop.call_later(PATIENCE, self._begin)

    def _begin(self) -> None:
        self._set, self._soon, self._under_way = None, False, True
        try:
            self._take()
        except BaseException:  # what could not be begun holds up no other turn
            self._under_way = False
            raise

    def over(self, answered: int, waiting: int) -> None:
        """A turn is over: so many were answered, so many wait already."""
        self._under_way = False
        self._awaited = max(1, answered + waiting)
        if waiting:
            self.came(waiting)
