"""From messages to answers: many are read and judged together, and each that cannot be read is counted by itself."""

import logging
from collections.abc import Sequence
from typing import Final

import msgspec

from bocage.domain.broker import Payload
from bocage.domain.decision import Refusal
from bocage.domain.errors import BocageError, PayloadError, Refused, Unavailable
from bocage.domain.instant import to_ms
from bocage.domain.lone_value import read_values
from bocage.domain.plugin import Arrival, Note
from bocage.domain.reading import Decoded
from bocage.domain.source import Source
from bocage.domain.topic import Naming
from bocage.ingest.answer import Answer, Reason, Sum
from bocage.ingest.compiled import Compiled
from bocage.ingest.gathering import merged
from bocage.ingest.mqtt.making import Make, Wanted, about, observed, path_of, published, refusals, timed
from bocage.ingest.mqtt.stamps import Stamps
from bocage.ingest.mqtt.wire import Publish
from bocage.ingest.reception import Reception, Sent
from bocage.upkeep.meter import METER

_MOST_TOPICS: Final = 20_000  # whose last time of arrival is remembered
SENSORTHINGS: Final = "sensorthings"
NOTHING: Final = Answer()
_OWN_TIMES: Final = {"bocage-json", SENSORTHINGS}  # formats whose messages say their time without a mapping


class Took(msgspec.Struct, frozen=True, kw_only=True):
    """What became of some messages. `left`: how many were passed over, being old values without a time, or what a
    service tells of its own entities; `made`: entities that were created."""

    answer: Answer
    left: int = 0
    made: int = 0


class Taking:
    """Takes in the messages of one source, in any thread, one heap after the other."""

    def __init__(self, reception: Reception, territory: str, source: str, make: Make | None = None) -> None:
        self._reception = reception
        self._make = make
        self._territory, self._source = territory, source
        self._arrived: dict[str, int] = {}
        self._stamps = Stamps(reception.quarantine.beside("stamps") / territory / source)
        self._naming = ("", Naming(""))

    def take(self, messages: Sequence[Publish]) -> Took:
        """Take these in; returns once everything permitted is durable.

        Missing when the territory or the source is not declared any more, Unavailable when the log cannot keep it
        now: then nothing may be acknowledged.
        """
        by = self._reception.gate.compiled(self._territory, self._source)
        METER.came(self._territory, sum(len(one.body or b"") for one in messages))
        if by.source is None:
            found = [self._reception.without_source(by, Sent(body=one.body or b"")) for one in messages]
            return Took(answer=found[-1])
        fresh = [one for one in messages if not (one.retained and _says_no_time(by.source))]
        wanted = [one for one in fresh if path_of(one.topic)] if by.source.plugin == SENSORTHINGS else []
        if not wanted:
            return Took(answer=self._answer(by, by.source, fresh), left=len(messages) - len(fresh))
        total, left, made = Sum(), len(messages) - len(fresh), 0
        for one in wanted:
            answer = self._made(by, one)
            total.add(answer)
            made += answer.accepted
            left += answer == NOTHING
        rest = [one for one in fresh if not path_of(one.topic)]
        if rest:
            now = self._reception.gate.compiled(self._territory, self._source)
            total.add(self._answer(now, now.source or by.source, rest))
        answer = msgspec.structs.replace(total.total(), accepted=total.total().accepted - made)
        return Took(answer=answer, left=left, made=made)

    def _made(self, by: Compiled, message: Publish) -> Answer:
        """Make the entity a message asks for, once; Unavailable when it must come again."""
        body = message.body or b""
        if published(body) or self._make is None:
            return NOTHING
        if self._stamps.first(_remembered(by.source, message)):
            return Answer(known=1)
        answer = self._asked(by, self._make, (path_of(message.topic), body, 0))
        if answer.accepted:
            self._stamps.note([(_remembered(by.source, message), to_ms(self._reception.clock()))])
        return answer

    def _observed(self, by: Compiled, source: Source, message: Publish, path: str) -> Answer:
        """Keep one observation of several series told as one, whole or not at all; Unavailable when it must come
        again."""
        timeless = _timeless(source, message)
        if self._make is None or (timeless and message.retained):
            return NOTHING
        at = self._stamp(source, message, to_ms(self._reception.clock()))
        if timeless:
            self._stamps.note([(_remembered(source, message), at)])
        return self._asked(by, self._make, (path, message.body or b"", at))

    def _asked(self, by: Compiled, make: Make, said: tuple[str, bytes, int]) -> Answer:
        """Have something made as by POST. `said`: its path, its body, when it came if it is an observation."""
        path, body, at = said
        creates = by.source is not None and by.source.broker is not None and by.source.broker.creates
        wanted = Wanted(territory=self._territory, source=self._source, path=path, body=body, at=at, creates=creates)
        try:
            make(wanted)
        except Unavailable:
            raise
        except BocageError as error:
            found = refusals(self._source, error)
            if not (at and isinstance(error, Refused)):  # then the gate counted it
                self._reception.declined(by, found, path)
            return _refused(path, found)
        return Answer(accepted=1)

    def _answer(self, by: Compiled, source: Source, messages: Sequence[Publish]) -> Answer:
        total = Sum()
        if source.plugin == SENSORTHINGS and self._make is not None:
            paths = [self._path(one, self._make) for one in messages]
            for one, path in zip(messages, paths, strict=True):
                if path:
                    total.add(self._observed(by, source, one, path))
            messages = [one for one, path in zip(messages, paths, strict=True) if not path]
        lost = self._without_body(by, messages)
        notes = self._notes(source, messages)
        decoded, unreadable = self._read(by, source, notes) if notes else ([], 0)
        if decoded:
            readings = merged([one.readings for one in decoded])
            errors = tuple(error for one in decoded for error in one.errors)
            total.add(self._reception.hand(by, Decoded(readings=readings, errors=errors)).result())
        answer = total.total()
        return msgspec.structs.replace(answer, unreadable=answer.unreadable + unreadable + lost)

    def _path(self, message: Publish, make: Make) -> str:
        """Where an observation is put as by POST; empty where it says nothing that is not so anyway."""
        body = message.body or b""
        path = observed(message.topic, body)
        named = about(message.topic, body) if path else None
        return "" if named is not None and make.usual(self._territory, *named) else path

    def _without_body(self, by: Compiled, messages: Sequence[Publish]) -> int:
        long = [one for one in messages if one.body is None]
        for one in long:
            self._reception.lost(by, one.length)
        return len(long)

    def _notes(self, source: Source, messages: Sequence[Publish]) -> list[Note]:
        form = source.broker.parts if source.broker else ""
        if self._naming[0] != form:
            self._naming = (form, Naming(form))
        naming = self._naming[1]
        now = to_ms(self._reception.clock())
        at = [None if one.retained else self._stamp(source, one, now) for one in messages]
        timeless = [(one, came) for one, came in zip(messages, at, strict=True) if came and _timeless(source, one)]
        if timeless:
            self._stamps.note([(_remembered(source, one), came) for one, came in timeless])
        found = []
        for one, came in zip(messages, at, strict=True):
            if one.body is not None:
                named = naming.parts(one.topic)
                parts = {"topic": one.topic, **named} if named is not None else {"topic": one.topic, _STRANGE: "yes"}
                found.append(Note(body=one.body, at=came, parts=parts))
        return found

    def _stamp(self, source: Source, message: Publish, now: int) -> int:
        """When a message came first; two of one topic never at the same millisecond, since that would make them one."""
        if len(self._arrived) > _MOST_TOPICS:
            self._arrived.clear()
        before = self._arrived.get(message.topic, 0)
        first = self._stamps.first(_remembered(source, message))
        at = first or max(now, before + 1)
        self._arrived[message.topic] = max(at, before)
        return at

    def _read(self, by: Compiled, source: Source, notes: Sequence[Note]) -> tuple[list[Decoded], int]:
        """The readings, and how many messages could not be read. Where one spoils the others, by halves, so that it
        is alone in the end."""
        if len(notes) == 1 or self._each(source):
            return self._apart(by, source, notes)
        try:
            decoded = self._together(by, source, notes)
        except Exception:  # PayloadError; whatever else a format of others raises, it concerns one message in the end
            half = len(notes) // 2
            first, lost = self._read(by, source, notes[:half])
            rest, more = self._read(by, source, notes[half:])
            return first + rest, lost + more
        self._reception.errors(by, decoded)
        return [decoded], 0

    def _together(self, by: Compiled, source: Source, notes: Sequence[Note]) -> Decoded:
        if any(_STRANGE in one.parts for one in notes):
            raise PayloadError("topics of the declared form")
        if source.broker and source.broker.payload is Payload.VALUE:
            return read_values(notes, source.mapping, Arrival(zone=by.zone))
        plugin = self._reception.plugins.get(source.plugin)
        if plugin is None or plugin.notes is None:
            raise PayloadError("a format whose messages are read together")
        return self._reception.fresh(by, plugin, plugin.notes(notes, source.mapping, Arrival(zone=by.zone)))

    def _each(self, source: Source) -> bool:
        """Whether its messages are read one by one."""
        plugin = self._reception.plugins.get(source.plugin)
        value = source.broker is not None and source.broker.payload is Payload.VALUE
        return not value and (plugin is None or plugin.notes is None)

    def _apart(self, by: Compiled, source: Source, notes: Sequence[Note]) -> tuple[list[Decoded], int]:
        """Each by itself; what their sensors' bytes ask of codecs is asked together."""
        sent = [Sent(body=note.body, topic=note.parts["topic"], at=note.at) for note in notes]
        try:
            found = self._reception.read_many(by, source, sent)
        except Exception:  # a format of others that fails must not have the message come again for ever
            if len(notes) > 1:
                parts = [self._apart(by, source, [note]) for note in notes]
                return [one for found, _lost in parts for one in found], sum(lost for _found, lost in parts)
            told = not source.pseudonyms  # what an error quotes may name somebody
            logging.getLogger(__name__).error("%s cannot read a message", source.plugin, exc_info=told)
            self._reception.lost(by, len(notes[0].body))
            return [], 1
        decoded = [one for one in found if isinstance(one, Decoded)]
        return decoded, len(found) - len(decoded)


_STRANGE: Final = "?"  # no name of a level: the topic is not of the declared form


def _remembered(source: Source | None, message: Publish) -> Publish:
    """What is remembered of a message on the disk: of one that may name somebody its number alone, since a digest of
    a plate can be tried."""
    hides = source is not None and source.pseudonyms
    return msgspec.structs.replace(message, topic="", body=b"") if hides else message


def _refused(path: str, found: Sequence[Refusal]) -> Answer:
    return Answer(refused=1, reasons=tuple(Reason(key=path, refusal=one, count=1) for one in found))


def _says_no_time(source: Source) -> bool:
    """Whether its messages say nothing but what is now: a retained one says it of a time nobody knows."""
    value = source.broker is not None and source.broker.payload is Payload.VALUE
    return value or (source.plugin not in _OWN_TIMES and not source.mapping.time)


def _timeless(source: Source, message: Publish) -> bool:
    """Whether a message is of when it came."""
    return not timed(message.body or b"") if source.plugin == SENSORTHINGS else _says_no_time(source)
