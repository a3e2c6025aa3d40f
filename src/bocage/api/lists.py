"""The short way of arrays: those of nothing but times and numbers that came within one turn are one batch."""

import re
from collections.abc import Sequence
from itertools import accumulate
from typing import Final

from bocage.api.asked import Asked, Bases, reply
from bocage.api.gathered import Gathered
from bocage.api.parts import Parts
from bocage.api.push import JSON
from bocage.api.sensorthings.plain import Lines, batch, lines
from bocage.api.sensorthings.pushing import addresses
from bocage.api.sensorthings.targets import Target
from bocage.domain.observation import Ints
from bocage.domain.reading import ReadingBatch
from bocage.ingest.answer import Answer
from bocage.ingest.compiled import Compiled
from bocage.upkeep.meter import METER

ADDRESS: Final = re.compile(rb"(?P<root>(?:/api/(?P<territory>[a-z0-9-]+))?/sta/v1\.1)/CreateObservations/?")
_LINES: Final = b"content-type: application/json\r\ncontent-length: %d\r\n"


class Pile(Gathered):
    """The arrays of one source. `target`: where its observations may go, when that was worked out already."""

    def __init__(self, parts: Parts, by: Compiled, target: Target | None) -> None:
        super().__init__(by)
        self._target, self._bases = target, Bases(parts)
        self._held: list[Lines] = []

    def add(self, one: Asked) -> bool:
        """Add what one request holds; False when it must be looked at more closely."""
        match = ADDRESS.fullmatch(one.url)
        if match is None or self._target is None or match["territory"] not in (None, self.by.territory.encode()):
            return False
        base, held = self._bases.of(one, match["root"]), lines(one.body, self._target)
        if held is None or not len(held.starts) or not base:
            return False
        self._held.append(held)
        self.asked.append((one, base))
        return True

    @property
    def sizes(self) -> Sequence[int]:
        """How many readings each request holds."""
        return [len(one.starts) for one in self._held]

    def readings(self) -> ReadingBatch:
        """All of them in columns."""
        return batch(self.by.names, self._held)

    def kept(self, ids: Ints, position: int) -> None:
        """All are new, and nothing is to be said of any."""
        first = 0
        for (one, base), last in zip(self.asked, accumulate(self.sizes), strict=True):
            self._answer(one, addresses(ids[first:last], base))
            first = last

    def told(self, answers: Sequence[Answer]) -> None:
        """What became of each."""
        for (one, base), answer in zip(self.asked, answers, strict=True):
            assert answer.places is not None
            self._answer(one, addresses(answer.places.id, base))

    def _answer(self, one: Asked, body: bytes) -> None:
        METER.went(self.by.territory, len(body))
        if b"accept-language" in one.headers:  # who says a language is told one
            reply(one, (201, body, JSON))
        else:
            one.answer(201, _LINES % len(body), body)
