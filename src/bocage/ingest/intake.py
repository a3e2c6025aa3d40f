"""The one face of taking in: pushed messages, files, previews."""

from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Final
from zoneinfo import ZoneInfo

import msgspec

from bocage import registers, sensing
from bocage.domain.reading import Decoded
from bocage.domain.source import Source
from bocage.domain.text import message as _
from bocage.ingest import facts, seen
from bocage.ingest.answer import Answer
from bocage.ingest.compiled import Compiled
from bocage.ingest.crossing import Crossing
from bocage.ingest.drop import Dropped
from bocage.ingest.gate import Declarations, Gate
from bocage.ingest.gathering import Gathering
from bocage.ingest.joining import Joining
from bocage.ingest.loading import Load, handed, load
from bocage.ingest.mqtt import stamps
from bocage.ingest.mqtt.state import States
from bocage.ingest.polling import Hear, Polling
from bocage.ingest.preview import Preview, preview
from bocage.ingest.pseudonyms import FOLDER, Pseudonyms
from bocage.ingest.quarantine import Quarantine
from bocage.ingest.reception import Reception, Sent
from bocage.ingest.reporting import Report
from bocage.ingest.streaming import Sender, Stream
from bocage.ingest.waiting import Waiting
from bocage.jobs import Said, said
from bocage.relational import in_thread
from bocage.store.protocol import Store

LARGE: Final = 256 * 1024  # bytes from which a message is read in a thread, so that others do not wait
PACKED: Final = (b"PK", b"\xd0\xcf")  # workbooks: however small, they may take long


Restart = Callable[[str, str], None]
"""Connects a source to its broker again, after what opens it was given anew."""


def _nobody_listens(territory: str, source: str) -> None:
    """What `restart` is in a process that listens to no broker."""


def declarations() -> Declarations:
    """What the gate asks of the registers, of sensing and of what values showed."""

    def revision(territory: str) -> tuple[int, int]:
        return registers.revision(territory), sensing.revision(territory)

    return Declarations(revision=revision, gather=facts.present, note=seen.note)


class Intake:
    """Takes in readings of every transport, through the gate, into the log."""

    def __init__(
        self,
        store: Store,
        clock: Callable[[], datetime],
        data: Path,
        declared: Declarations | None = None,
        quarantine_days: int = 3,
    ) -> None:
        self.store = store
        self.clock = clock
        self.pseudonyms = Pseudonyms(data / FOLDER)
        self.gate = Gate(store, declared or declarations(), clock, self.pseudonyms.hide)
        self.quarantine = Quarantine(data / "quarantine", quarantine_days)
        self.reception = Reception(store, self.gate, self.quarantine, clock)
        self.refusals = self.reception.refusals
        self._joining = Joining(self.reception)
        self.crossing = Crossing(self.gate, store, self.reception.count)
        self._gathering = Gathering(self.crossing)
        self._days = quarantine_days
        self._dropped = Dropped(self.reception, data / "drop")
        self._polling = Polling(self.reception)
        self.waiting = Waiting(data / "waiting")
        self.brokers = States()
        self.restart: Restart = _nobody_listens

    async def receive(self, territory: str, source: str, sent: Sent) -> Answer:
        """Take in one message; the answer is given once everything permitted is durable.

        PayloadError when nothing can be read, Missing when the territory declares nothing, Unavailable when the log
        cannot keep it now.
        """
        by = await self.by(territory, source)
        if by.source is None:
            return self.reception.without_source(by, sent)
        if by.codecs or self.reception.hooked(by.source):
            decoded = await self._joining.read(by, sent)
        elif len(sent.body) > LARGE or sent.body.startswith(PACKED):
            decoded = await in_thread(self.reception.read, by, by.source, sent)
        else:
            decoded = self.reception.read(by, by.source, sent)
        if decoded.readings.text is not None:  # texts may show persons, which is written down: not in this thread
            answer = await in_thread(lambda: self.reception.hand(by, decoded).result())
        else:
            answer = await self._gathering.put(by, decoded)
        if answer.spotless or not self.reception.hooked(by.source):
            return answer
        return msgspec.structs.replace(answer, done=True)

    def stream(self, sender: Sender) -> Stream:
        """A message of any length, to be taken in as it comes."""
        return Stream(self.reception, sender)

    async def by(self, territory: str, source: str) -> Compiled:
        """The gate's decisions for a source; Missing when the territory declares nothing."""
        found = self.gate.ready(territory, source)
        return found if found is not None else await in_thread(self.gate.compiled, territory, source)

    async def take(self, by: Compiled, decoded: Decoded) -> Answer:
        """Take in readings that were read elsewhere; the answer tells what became of each, once it is durable."""
        if decoded.readings.text is not None:
            return await in_thread(lambda: self.reception.hand(by, decoded).result())
        return await self._gathering.put(by, decoded, placed=True)

    def load(
        self, territory: str, source: str, path: Path, *, progress: Callable[[int], None], resume: bool = True
    ) -> Report:
        """Load a file; `progress` hears the bytes read since it was last told."""
        asked = Load(territory=territory, source=source, path=path, again=not resume)
        return Report(answer=load(self.reception, asked, progress))

    def preview(self, territory: str, source: Source, name: str, content: bytes, n: int = 20) -> Preview:
        """What a file would give under this declaration, without keeping anything."""
        return preview(self.gate.zone(territory), source, Sent(body=content, file=name), n)

    def drop(self, at: datetime) -> str:
        """Take in the files that were dropped; how many."""
        return str(self._dropped.take(at))

    def poll(self, at: datetime) -> tuple[Said, ...]:
        """Read the addresses whose turn it is; which ones, and what came of it."""
        return self._polling.poll(at)

    def hear(self, told: Hear) -> None:
        """Let somebody hear what time the servers say that are read."""
        self._polling.hear = told

    def close(self) -> None:
        """Write down what was counted, and end what runs beside."""
        self.reception.flush(self.clock())
        self.reception.codecs.close()

    def turn_keys(self, at: datetime) -> tuple[Said, ...]:
        """The hourly job: destroy the keys of pseudonyms of days that are over; how many."""
        gone = sum(
            self.pseudonyms.turn(territory, at.astimezone(ZoneInfo(self.gate.zone(territory))).date())
            for territory in registers.territories()
        )
        return said(_("Keys of pseudonyms destroyed: %(count)s."), count=gone)

    def tidy(self, at: datetime) -> tuple[Said, ...]:
        """The daily job: read again what could not be read, erase what was kept long enough, look back at texts."""
        again = sum(self.again(territory) for territory in registers.territories())
        shown = sum(seen.look_back(self.store, territory, at) for territory in registers.territories())
        for territory in registers.territories() if shown else ():
            self.gate.forget(territory)
        erased = self._swept(at) + self._dropped.erase(at, self._days) + self.waiting.erase(at)
        return said(
            _("Read after all: %(again)s. Unreadable or old, erased: %(erased)s. Series that name persons: %(shown)s."),
            again=again,
            erased=erased,
            shown=shown,
        )

    def sweep(self, at: datetime) -> None:
        """Erase and destroy in time what lies in the folder of a process that never leads: no job looks there."""
        self.turn_keys(at)
        self._swept(at)

    def reread(self, at: datetime) -> None:
        """Read again what such a process could not read."""
        for territory in registers.territories():
            self.again(territory)

    def _swept(self, at: datetime) -> int:
        self.reception.repeats.erase(at)
        stamps.erase(self.quarantine.beside("stamps"), at.timestamp() - stamps.LONGEST / 1_000)
        return self.quarantine.erase(at)

    def again(self, territory: str, source: str = "") -> int:
        """Read again the messages that could not be read, of one source or of all, now that it may be declared
        otherwise; how many were taken in. Their readings have the time they were sent with, or that of their arrival.
        """
        taken = 0
        for one in [source] if source else self.quarantine.sources(territory):
            by = self.gate.compiled(territory, one)
            for path, frame in self.quarantine.frames(territory, one) if by.source else ():
                if by.hides:  # declared since: what it holds may name somebody
                    path.unlink(missing_ok=True)
                elif (decoded := self.reception.read_again(by, frame)) is not None:
                    handed(self.reception, by, decoded)
                    path.unlink(missing_ok=True)
                    taken += 1
            self.quarantine.look_anew(territory, one)
        return taken
