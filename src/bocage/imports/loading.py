"""Hands the measurements of an import to the gate, and notes which rows of the log are its own."""

from collections.abc import Iterator, Sequence

import msgspec
import numpy as np

from bocage.domain.errors import Missing, PayloadError
from bocage.domain.observation import ObservationBatch, Outcome, Receipt
from bocage.domain.reading import Decoded, ReadingBatch
from bocage.domain.text import message as _
from bocage.imports import deliveries, record
from bocage.imports.bundle import Files
from bocage.imports.record import Import, State
from bocage.ingest.answer import Answer, Sum
from bocage.ingest.loading import handed, no_names
from bocage.ingest.reception import Reception
from bocage.store import runs
from bocage.store.columns import among
from bocage.store.protocol import Run, Store
from bocage.store.withholding import whole

AT_ONCE = 100_000  # readings between two notes: what a stop of the machine leaves un-noted is looked for afterwards
MOST_REASONS = 200


class Noting:
    """Collects what the log answers; called in the log's own thread."""

    def __init__(self) -> None:
        self.runs: list[Run] = []
        self.known: list[np.ndarray[tuple[int], np.dtype[np.int64]]] = []

    def __call__(self, batch: ObservationBatch, receipt: Receipt) -> None:
        self.runs += runs.kept_by(batch, receipt)
        self.known.append(receipt.id[receipt.outcome == Outcome.KNOWN])

    def taken(self) -> list[Run]:
        """What was collected since it was last asked."""
        found, self.runs = self.runs, []
        return found


def load(reception: Reception, one: Import, files: Files) -> Import:
    """Hand everything over; the import is done then. Unavailable leaves it stopped half way, to be gone on with."""
    again = one.told.began > 0
    told = one.told if again else msgspec.structs.replace(one.told, began=reception.store.position() + 1)
    one = record.move(one, State.DOING, told)
    noting, total, done = Noting(), Sum(), False
    try:
        for decoded in _decoded(reception, one, files):
            total.add(_handed(reception, one, decoded, noting))
        if again:
            record.keep(one, _found_again(reception.store, one, noting))
        done = True
    finally:
        one = record.move(one, State.DONE if done else State.STOPPED, _told(reception, one, total.total(), done))
    return one


def _handed(reception: Reception, one: Import, decoded: Decoded, noting: Noting) -> Answer:
    total = Sum()
    for part in _parts(decoded.readings):
        by = reception.gate.compiled(one.territory, one.source)
        no_names(by)
        try:
            total.add(handed(reception, by, Decoded(readings=part), noting))
        finally:
            record.keep(one, noting.taken())
    return total.total()


def _decoded(reception: Reception, one: Import, files: Files) -> Iterator[Decoded]:
    by = reception.gate.compiled(one.territory, one.source)
    if by.source is None:
        raise Missing(_("a declared source"), found=one.source)
    for name, content in files:
        try:
            yield from deliveries.decoded_of(name, content, by.source, reception.plugins, by.zone)
        except PayloadError:
            continue  # told in the preview, and counted there


def _parts(readings: ReadingBatch) -> Iterator[ReadingBatch]:
    for first in range(0, len(readings), AT_ONCE):
        yield readings.at(slice(first, first + AT_ONCE))


def _told(reception: Reception, one: Import, answer: Answer, done: bool) -> record.Told:
    counts = dict(one.told.counts)
    for name in ("accepted", "corrected"):
        counts[name] = counts.get(name, 0) + getattr(answer, name)
    for name in ("known", "conflicts", "refused"):
        counts[name] = getattr(answer, name)
    return msgspec.structs.replace(
        one.told,
        counts=counts,
        reasons=answer.reasons[:MOST_REASONS],
        done_at=reception.clock() if done else one.told.done_at,
    )


def _found_again(store: Store, one: Import, noting: Noting) -> Sequence[Run]:
    """Rows that an earlier run kept and could not note: they are of this file, and came after the import began."""
    known = np.unique(np.concatenate([np.empty(0, np.int64), *noting.known]))
    if not len(known):
        return ()
    noted = set(record.kept(one))
    found: list[Run] = []
    position = one.told.began - 1
    while len(rows := whole(store).after(position)):
        mine = np.flatnonzero(among(rows.id, known) & ~runs.within(rows, tuple(noted)))
        found += runs.runs_of(rows.id[mine], rows.version[mine].astype(np.int64), rows.position[mine])
        position = int(rows.position[-1])
    return found
