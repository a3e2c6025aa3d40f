"""The short way of single numbers: what many connections sent to one source within one turn, as lists."""

import re
from collections.abc import Sequence
from datetime import datetime
from functools import cached_property
from typing import Final

import msgspec

from bocage.api.asked import Asked, Bases, refuse, reply
from bocage.api.gathered import Gathered
from bocage.api.parts import Parts
from bocage.api.push import JSON, language, said
from bocage.api.sensorthings.pushing import kept_id
from bocage.api.sensorthings.sent import Reference
from bocage.api.sensorthings.targets import Target
from bocage.domain.errors import BocageError
from bocage.domain.instant import to_ms
from bocage.domain.observation import Ints
from bocage.domain.plugin import DecodeLone
from bocage.domain.reading import ReadingBatch
from bocage.domain.times import read_time
from bocage.ingest import plugins
from bocage.ingest.answer import Answer
from bocage.ingest.compiled import Compiled
from bocage.ingest.singles import Singles, batch

ADDRESS: Final = re.compile(
    rb"(?P<root>(?:/api/(?P<territory>[a-z0-9-]+))?/sta/v1\.1)/(?:Datastreams\((?P<stream>\d{1,18})\)/)?Observations/?"
    rb"|/api/(?P<pushed>[a-z0-9-]+)/push"
)
_JSON: Final = JSON.encode()
_LINE: Final = b"content-type: application/json\r\ncontent-length: %d\r\n"


class Lone(msgspec.Struct, frozen=True, gc=False, forbid_unknown_fields=True):
    """An observation of SensorThings that says nothing but a number, its instant and its series."""

    result: float
    stream: Reference | None = msgspec.field(name="Datastream", default=None)
    time: str = msgspec.field(name="phenomenonTime", default="")


_LONE: Final = msgspec.json.Decoder(Lone)


class Heap(Gathered):
    """The single numbers of one source. `target`: where its observations may go, when that was worked out already."""

    def __init__(self, parts: Parts, by: Compiled, target: Target | None, now: datetime) -> None:
        super().__init__(by)
        self._singles = Singles(places=[], starts=[], numbers=[])
        self._parts, self._target, self._now = parts, target, to_ms(now)
        self._territory = by.territory.encode()
        self._bases = Bases(parts)

    def add(self, one: Asked) -> bool:
        """Add what one request holds; False when it must be looked at more closely."""
        match = ADDRESS.fullmatch(one.url)
        if match is None:
            return False
        try:
            return self._pushed(one, match) if match["pushed"] else self._posted(one, match)
        except (ValueError, OverflowError, RecursionError, msgspec.MsgspecError):
            return False

    def _pushed(self, one: Asked, match: re.Match[bytes]) -> bool:
        here = match["pushed"] == self._territory and one.headers.get(b"content-type", b"").startswith(_JSON)
        found = self._lone(one.body) if here and self._lone is not None else None
        place = self.by.keys.get(found[0]) if found is not None else None
        if found is None or place is None:
            return False
        self._put(one, b"", place, (found[1], self._zone, found[2]))
        return True

    def _posted(self, one: Asked, match: re.Match[bytes]) -> bool:
        if match["territory"] and match["territory"] != self._territory:
            return False
        sent = _LONE.decode(one.body)
        number = sent.stream.id if sent.stream is not None else int(match["stream"] or -1)
        place = self._target.places.get(number) if self._target is not None else None
        base = self._bases.of(one, match["root"])
        if place is None or not base:
            return False
        self._put(one, base, place, (sent.time, "UTC", sent.result))
        return True

    def _put(self, one: Asked, base: bytes, place: int, said: tuple[str, str, float]) -> None:
        time, zone, number = said
        start = read_time(time, zone) if time else self._now
        self._singles.places.append(place)
        self._singles.starts.append(start)
        self._singles.numbers.append(number)
        self.asked.append((one, base))

    @cached_property
    def _lone(self) -> DecodeLone | None:
        """How a pushed number is read by the declaration of the source."""
        if self.by.source is None or self.by.codecs:
            return None
        plugin = plugins.choose(self._parts.intake.reception.plugins, self.by.source.plugin, JSON)
        return None if plugin.hook or plugin.numbered or plugin.beside else plugin.lone

    @cached_property
    def _zone(self) -> str:
        """The zone of times that say none."""
        return (self.by.source.mapping.zone if self.by.source else "") or self.by.zone

    @property
    def sizes(self) -> Sequence[int]:
        """One reading of each."""
        return [1] * len(self.asked)

    def readings(self) -> ReadingBatch:
        """All of them in columns."""
        return batch(self.by, self._singles)

    def kept(self, ids: Ints, position: int) -> None:
        """All are new, and nothing is to be said of any."""
        body = b'{"accepted":1,"known":0,"corrected":0,"position":%d}' % position
        pushed, posted = _LINE % len(body), _LINE % 0 + b"location: "
        for (one, base), number in zip(self.asked, ids.tolist(), strict=True):
            if b"accept-language" in one.headers:  # who says a language is told one
                reply(one, (201, b"", JSON) if base else (200, body, JSON), *_location(base, number))
            elif base:
                one.answer(201, b"%b%b%d)\r\n" % (posted, base, number), b"")
            else:
                one.answer(200, pushed, body)

    def told(self, answers: Sequence[Answer]) -> None:
        """What became of each."""
        for (one, base), answer in zip(self.asked, answers, strict=True):
            try:
                if base:
                    reply(one, (201, b"", JSON), *_location(base, kept_id(answer)))
                else:
                    reply(one, said(answer, language(one.headers), self.by.territory, self.by.slug))
            except BocageError as error:
                refuse(one, error)


def _location(base: bytes, number: int) -> list[tuple[bytes, bytes]]:
    return [(b"location", b"%b%d)" % (base, number))] if base else []
