"""Reads bytes by the declaration of their source, hands readings to the gate and the log, counts what is refused."""

from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Future
from datetime import datetime
from pathlib import Path

import msgspec
import numpy as np

from bocage.domain.broker import Payload
from bocage.domain.codec import Translate
from bocage.domain.decision import Refusal, WayOut
from bocage.domain.errors import CodecFailure, Missing, PayloadError
from bocage.domain.instant import to_datetime, to_ms
from bocage.domain.lone_value import read_values
from bocage.domain.observation import Ints, ObservationBatch, Outcome, Receipt
from bocage.domain.plugin import Arrival, Note, Plugin
from bocage.domain.reading import Decoded, ReadingBatch
from bocage.domain.row_errors import RowErrors, count
from bocage.domain.rows import Table, read_rows
from bocage.domain.source import Source
from bocage.domain.text import message as _
from bocage.domain.topic import Naming
from bocage.ingest import plugins as known_plugins
from bocage.ingest.answer import Answer, Declines, Places, Reason, Share, answered
from bocage.ingest.clashes import clashing, joined
from bocage.ingest.codecs.running import Codecs, Read
from bocage.ingest.compiled import Compiled, decide
from bocage.ingest.gate import Admitted, Gate
from bocage.ingest.gathering import placed
from bocage.ingest.quarantine import Frame, Quarantine
from bocage.ingest.refusals import Counted, Refusals
from bocage.ingest.repeats import Repeats
from bocage.ingest.series import wanted
from bocage.ingest.shape import message_shape, shape
from bocage.store.protocol import Store

Kept = Callable[[ObservationBatch, Receipt], None]


class Sent(msgspec.Struct, frozen=True, kw_only=True):
    """Some bytes as they came: unpacked, with what they say they are and the name of the file or the topic, if any.

    `table`: rows of that file that were read already. `at`: when they came (UTC ms), by a topic; None when nobody
    knows. What comes otherwise comes now.
    """

    body: bytes
    media_type: str = ""
    file: str = ""
    table: Table | None = None
    topic: str = ""
    at: int | None = None


class Reception:
    """What every transport hands its bytes to."""

    def __init__(self, store: Store, gate: Gate, quarantine: Quarantine, clock: Callable[[], datetime]) -> None:
        self.store = store
        self.gate = gate
        self.clock = clock
        self.quarantine = quarantine
        self.refusals = Refusals()
        self.codecs = Codecs(clock)
        self.repeats = Repeats(quarantine.beside("frames"), store.frames)
        self.plugins: Mapping[str, Plugin] = known_plugins.found()

    def hand(
        self, by: Compiled, decoded: Decoded, original: Ints | None = None, kept: Kept | None = None
    ) -> "Future[Answer]":
        """Hand readings to the gate and what it permits to the log; done when that is durable.

        `original`: int64[n], the times before they were shifted, for what is replayed. `kept` hears what the log
        answered, in the log's own thread, before this is done.
        """
        admitted = self.gate.admit(by, decoded.readings, original)
        self.count(by, decoded.readings, admitted)
        share = Share(readings=decoded.readings, first=0, last=len(decoded.readings), errors=decoded.errors)
        answer: Future[Answer] = Future()
        batch = admitted.batch
        if batch is None:
            answer.set_result(_answer(share, admitted, None))
            return answer

        def done(written: "Future[Receipt]") -> None:
            self.gate.settle(admitted.ticket)
            error = written.exception()
            if error is not None:
                answer.set_exception(error)
            else:
                receipt = written.result()
                if kept is not None:
                    kept(batch, receipt)
                clashes = clashing(by, decoded.readings, admitted, receipt)
                if clashes is not None:
                    self.count(by, decoded.readings, clashes)
                answer.set_result(_answer(share, joined(admitted, clashes), receipt))

        self.store.append(batch).add_done_callback(done)
        return answer

    def read(self, by: Compiled, source: Source, sent: Sent) -> Decoded:
        """The readings of some bytes; what cannot be read is counted; a message is kept for a few days if it may be."""
        found = self.read_many(by, source, [sent])[0]
        if isinstance(found, PayloadError):
            raise found
        return found

    def read_many(self, by: Compiled, source: Source, sent: Sequence[Sent]) -> list[Decoded | PayloadError]:
        """The same of several messages, whose sensors' bytes are read in one exchange with the process of codecs."""
        found = self._decoded(by, source, sent, self.clock)
        for one, message in zip(found, sent, strict=True):
            if isinstance(one, PayloadError):
                self._lay_aside(by, message, one)
            else:
                self.errors(by, one)
        return found

    def _lay_aside(self, by: Compiled, sent: Sent, error: PayloadError) -> None:
        if by.any_permitted and not sent.file and not by.hides:  # a file stays, an address can be read again
            at = to_ms(self.clock())
            frame = Frame(at=at, media_type=sent.media_type, name="", topic=sent.topic, body=sent.body)
            self.quarantine.keep(by.territory, by.slug, frame)
        size = f"{len(sent.body)} B"  # the names in a message of identifiers may be identifiers
        self._unread(by, error, size if by.hides else message_shape(sent.media_type, sent.body))

    def errors(self, by: Compiled, decoded: Decoded) -> None:
        """Count the rows that could not be read."""
        if decoded.errors:
            self._note(by, self._unreadable(by, "unreadable-row"), count(decoded.errors), "")

    def lost(self, by: Compiled, length: int) -> None:
        """Count a message that was too long to be looked at."""
        self._note(by, self._unreadable(by, "unreadable-message"), 1, f"{length} B")

    def declined(self, by: Compiled, refusals: Sequence[Refusal], what: str) -> None:
        """Count what was asked for and is not made. `what`: in which collection."""
        for refusal in refusals:
            self._note(by, refusal, 1, what, what)

    def hooked(self, source: Source) -> bool:
        """Whether its sender stops, or sends again, when it is told of refusals."""
        plugin = self.plugins.get(source.plugin)
        return plugin is not None and plugin.hook

    def read_again(self, by: Compiled, frame: Frame) -> Decoded | None:
        """The readings of a message that could not be read before; None when it still cannot."""
        if by.source is None:
            return None
        sent = Sent(body=frame.body, media_type=frame.media_type, file=frame.name, topic=frame.topic, at=frame.at)
        found = self._decoded(by, by.source, [sent], lambda: to_datetime(frame.at))[0]
        return None if isinstance(found, PayloadError) else found

    def _decoded(
        self, by: Compiled, source: Source, sent: Sequence[Sent], arrived: Callable[[], datetime]
    ) -> list[Decoded | PayloadError]:
        def reading(one: Sent) -> Read:
            return lambda translate: self._plain(by, source, one, (arrived, translate))

        found = self.codecs.read(by.codecs, [reading(one) for one in sent])
        told = [place for place, one in enumerate(found) if isinstance(one, Decoded) and one.frame]
        for place, one in zip(told, self._first_told(by, [found[place] for place in told]), strict=True):  # type: ignore[misc]
            found[place] = one
        return found

    def _plain(
        self, by: Compiled, source: Source, sent: Sent, how: tuple[Callable[[], datetime], Translate | None]
    ) -> Decoded:
        """The readings of some bytes, at the times they say; nothing is remembered of them."""
        arrived, translate = how
        arrival, suffix = Arrival(zone=by.zone, translate=translate), ""
        if sent.topic:
            note = Note(body=sent.body, at=sent.at, parts=_parts(source, sent.topic))
            if source.broker and source.broker.payload is Payload.VALUE:
                return read_values([note], source.mapping, arrival)
            arrival = msgspec.structs.replace(arrival, at=note.came, parts=note.parts)
        elif sent.file:
            path = Path(sent.file)
            suffix, arrival = (
                path.suffix if not sent.media_type else "",
                msgspec.structs.replace(arrival, file=path.stem),
            )
        else:
            arrival = msgspec.structs.replace(arrival, at=arrived().isoformat())
        if sent.table is not None:
            return read_rows(sent.table, source.mapping, arrival, RowErrors())
        plugin = known_plugins.choose(self.plugins, source.plugin, sent.media_type, suffix)
        return wanted(by, plugin, plugin.decode(sent.body, source.mapping, arrival))

    def fresh(self, by: Compiled, plugin: Plugin, decoded: Decoded) -> Decoded:
        """What was read, at the time it was first told, without what is kept only where it is declared."""
        return self._first_told(by, [wanted(by, plugin, decoded)])[0]

    def _first_told(self, by: Compiled, found: Sequence[Decoded]) -> list[Decoded]:
        """The same, each frame at the time it was first told."""
        frames = [one for one in found if one.frame and len(one.readings)] if by.any_permitted else []
        if not frames:
            return list(found)
        named = [one.frame.rpartition(":")[0] if by.hides else one.frame for one in frames]  # a digest can be tried
        readings = [one.readings for one in frames]
        told = self.repeats.told(by.territory, by.slug, list(zip(named, readings, strict=True)))
        known = {id(one): moved for one, moved in zip(frames, told, strict=True)}
        return [msgspec.structs.replace(one, readings=known.get(id(one), one.readings)) for one in found]

    def count(self, by: Compiled, readings: ReadingBatch, admitted: Admitted) -> None:
        """Count what the gate declined or flagged."""
        now = self.clock()
        for one in admitted.declined:
            for refusal in one.reasons:
                counted = Counted(
                    territory=by.territory,
                    source=by.slug,
                    key=one.key,
                    count=len(one.rows),
                    first=now,
                    last=now,
                    refusal=refusal,
                    shape=shape(readings, one.rows),
                    kept=one.kept,
                )
                self.refusals.add(counted)

    def flush(self, at: datetime) -> str:
        """Write the counters of refusals, every second or so; how many lines were touched."""
        return str(self.refusals.flush(at))

    def without_source(self, by: Compiled, sent: Sent) -> Answer:
        """What a sender that nobody declared leaves: its shape and a count, never a value."""
        reasons = decide(by.facts.flow(by.slug, ""))
        if not reasons:
            raise Missing(_("a declared source"), found=by.slug)
        for refusal in reasons:
            self._note(by, refusal, 1, message_shape(sent.media_type, sent.body))
        return Answer(refused=1, reasons=tuple(Reason(key="", refusal=refusal, count=1) for refusal in reasons))

    def _unread(self, by: Compiled, error: PayloadError, found: str) -> None:
        """Count a message that could not be read; with what its codec says, when it is the codec that fails."""
        if not isinstance(error, CodecFailure):
            self._note(by, self._unreadable(by, "unreadable-message"), 1, found)
            return
        values = {name: str(value) for name, value in error.values.items()}
        values |= {"said": ""} if by.hides else {}  # a decoder may quote what it read
        codec = values.get("codec", "")
        refusal = Refusal(
            promise="ingest",
            code="codec-fails" if codec else "codec-lacks",
            way_out=WayOut(kind="codec", slug=codec, field="script"),
            values={"source": by.slug, **values},
            overridable=False,
        )
        self._note(by, refusal, 1, found, values.get("device", ""))

    def _unreadable(self, by: Compiled, code: str) -> Refusal:
        way_out = WayOut(kind="source", slug=by.slug, field="mapping")
        return Refusal(promise="ingest", code=code, way_out=way_out, values={"source": by.slug}, overridable=False)

    def _note(self, by: Compiled, refusal: Refusal, times: int, found: str, key: str = "") -> None:
        now = self.clock()
        counted = Counted(
            territory=by.territory,
            source=by.slug,
            key=key,
            count=times,
            first=now,
            last=now,
            refusal=refusal,
            shape=found,
        )
        self.refusals.add(counted)


def _parts(source: Source, topic: str) -> Mapping[str, str]:
    """What the levels of a topic say; PayloadError when it is not of the declared form."""
    if not topic:
        return {}
    parts = Naming(source.broker.parts if source.broker else "").parts(topic)
    if parts is None:
        raise PayloadError(_("a topic of the declared form"), found=topic[:80])
    return {"topic": topic, **parts}


def _answer(share: Share, admitted: Admitted, receipt: Receipt | None) -> Answer:
    total = len(share.readings)
    outcomes = np.full(total, Outcome.REFUSED, dtype=np.uint8)
    if receipt is not None:
        outcomes[admitted.rows] = receipt.outcome
    answer = answered(share, outcomes, Declines(admitted.declined), receipt.position if receipt else 0)
    places = Places(outcome=outcomes, id=placed(admitted, receipt, total))
    return msgspec.structs.replace(answer, places=places)
