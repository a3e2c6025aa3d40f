"""The gate: readings that every promise permits become observations; for the others, the reasons.

Besides `store.restored`, this module alone makes an ObservationBatch: what is kept passed here.
"""

import threading
from collections.abc import Callable, Sequence
from datetime import date, datetime
from zoneinfo import ZoneInfo

import msgspec
import numpy as np

from bocage.commitments import behaviour
from bocage.commitments.facts import TerritoryFacts
from bocage.commitments.flow import Sign
from bocage.commitments.gdpr_05_minimisation import too_fine
from bocage.domain.beside import PROMPT
from bocage.domain.errors import Missing, Unavailable
from bocage.domain.instant import to_ms
from bocage.domain.nature import ResultKind
from bocage.domain.observation import Ints, Objects, ObservationBatch
from bocage.domain.reading import ReadingBatch
from bocage.domain.text import message as _
from bocage.ingest.compiled import Compiled, compiled
from bocage.ingest.screening import Declined, Flags, Rows, Screening
from bocage.ingest.windows import Kept, Windows


class Declarations(msgspec.Struct, frozen=True, kw_only=True):
    """Where the gate learns what is declared. `revision` is asked before each commit and must not wait."""

    revision: Callable[[str], tuple[int, int]]
    gather: Callable[[str, datetime], TerritoryFacts]
    note: Callable[[str, str, Sequence[Sign], datetime], None]


Hide = Callable[[Compiled, ReadingBatch], ReadingBatch]
"""Replaces the words of a source that identify somebody."""


def _unable(by: Compiled, readings: ReadingBatch) -> ReadingBatch:
    """What a gate without keys does with identifiers: nothing passes."""
    raise Unavailable(_("a key of the day for pseudonyms"), found=by.slug)


class Admitted(msgspec.Struct, frozen=True, kw_only=True, eq=False):
    """What became of some readings: those at `rows` are in `batch`; `ticket` is to be settled once it is durable."""

    batch: ObservationBatch | None
    rows: Rows
    declined: tuple[Declined, ...]
    ticket: int = 0


class Gate:
    """Decides over readings of every source of the instance; may be asked from any thread."""

    def __init__(
        self, kept: Kept, declarations: Declarations, clock: Callable[[], datetime], hide: Hide = _unable
    ) -> None:
        self._hide = hide
        self._declarations = declarations
        self._clock = clock
        self._lock = threading.RLock()
        self._windows = Windows(kept)
        self._sources: dict[tuple[str, str], Compiled] = {}
        self._facts: dict[str, tuple[tuple[int, int], TerritoryFacts]] = {}

    def ready(self, territory: str, source: str) -> Compiled | None:
        """The decisions of a source if they still stand: nothing was declared since, and it is the same day."""
        found = self._sources.get((territory, source))
        if found is None or found.revision != self._declarations.revision(territory):
            return None
        return found if found.since <= self._clock() < found.until else None

    def compiled(self, territory: str, source: str) -> Compiled:
        """The decisions of a source, worked out again when something was declared. Reads the registers.

        Missing when the territory declares nothing of itself.
        """
        found = self.ready(territory, source)
        if found is None:
            with self._lock:
                revision, facts = self._gathered(territory)
                found = compiled(facts, source, revision)
                self._sources[territory, source] = found
        return found

    def zone(self, territory: str) -> str:
        """The time zone a territory declares."""
        with self._lock:
            declared = self._gathered(territory)[1].territory
        return declared.time_zone if declared else "UTC"

    def forget(self, territory: str) -> None:
        """Work out the decisions of a territory again at its next reading."""
        with self._lock:
            self._facts.pop(territory, None)
            for place in [place for place in self._sources if place[0] == territory]:
                del self._sources[place]

    def admit(self, by: Compiled, readings: ReadingBatch, original: Ints | None = None) -> Admitted:
        """Let through what is permitted. `original`: int64[n], times before the shift, for what is replayed."""
        now = self._clock()
        screening = Screening(by, self._hide(by, readings) if by.hides else readings)
        readings = screening.readings
        screening.permitted()
        screening.timely(to_ms(now))
        screening.of_kind()
        if readings.text is not None:
            self._without_persons(screening, now, readings.text, readings.kind == ResultKind.TEXT)
        if readings.beside is not None:
            worded = (readings.beside != np.array(None)) & (readings.beside != PROMPT)
            self._without_persons(screening, now, readings.beside, worded)
        with self._lock:
            ticket = self._not_too_fine(screening)
        screening.plausible()
        screening.marked()
        rows = screening.rows()
        batch = _batch(screening, rows, original) if len(rows) else None
        return Admitted(batch=batch, rows=rows, declined=tuple(screening.declined), ticket=ticket)

    def settle(self, ticket: int) -> None:
        """What was admitted under this ticket is durable, or was given up."""
        with self._lock:
            self._windows.settle(ticket)

    def _gathered(self, territory: str) -> tuple[tuple[int, int], TerritoryFacts]:
        revision = self._declarations.revision(territory)
        known = self._facts.get(territory)
        facts = known[1] if known and known[0] == revision else None
        if facts is None or facts.territory is None or facts.today != self._today(facts.territory.time_zone):
            facts = self._declarations.gather(territory, self._clock())
            if facts.territory is None:
                raise Missing(_("a declared territory"), found=territory)
            today = self._today(facts.territory.time_zone)
            facts = facts if facts.today == today else msgspec.structs.replace(facts, today=today)
            self._facts[territory] = (revision, facts)
        return revision, facts

    def _today(self, zone: str) -> date:
        return self._clock().astimezone(ZoneInfo(zone)).date()

    def _not_too_fine(self, screening: Screening) -> int:
        by, rows = screening.by, screening.rows()
        if not len(rows) or not by.traits.limited:
            return 0
        series, start = screening.series, screening.readings.start
        if len(rows) < len(start):
            series, start = series[rows], start[rows]
        number, least = by.number[series], by.least[series]
        free = self._windows.open(number, start, least, all_limited=by.traits.all_limited)
        every = bool(free.all())
        if every and (by.traits.all_limited or least.all()):
            return self._windows.promise(number, start)
        if not every:
            flags = np.zeros(len(screening.standing), dtype=np.bool_)
            flags[rows[~free]] = True
            for place, at in screening.by_series(flags):
                screening.decline(place, at, (too_fine(by.flows[place]),))
        kept = free & (least > 0)
        return self._windows.promise(number[kept], start[kept]) if kept.any() else 0

    def _without_persons(self, screening: Screening, now: datetime, texts: Objects, worded: Flags) -> None:
        """Refuse, from this very reading on, series whose texts show persons when they are not declared for it."""
        for place, rows in screening.by_series(screening.standing & worded):
            by = screening.by
            shown = behaviour.personal_patterns(texts[rows])
            flow = by.flows[place]
            if {sign.pattern for sign in shown} <= {sign.pattern for sign in flow.strand.signs}:
                continue
            self._declarations.note(by.territory, flow.strand.slug, shown, now)
            self.forget(by.territory)
            anew = self.compiled(by.territory, by.slug)
            known = anew.keys.get(flow.strand.key)
            if known is not None and not anew.permitted[known]:
                screening.decline(place, rows, anew.reasons(known))


def _batch(screening: Screening, rows: Rows, original: Ints | None) -> ObservationBatch:
    by, readings = screening.by, screening.readings
    whole = len(rows) == len(readings)
    place = screening.series if whole else screening.series[rows]
    replayed = original if original is not None else (readings.start if by.replayed else None)
    return ObservationBatch(
        datastream=by.number[place],
        start=readings.start if whole else readings.start[rows],
        end=readings.end if whole else readings.end[rows],
        kind=readings.kind if whole else readings.kind[rows],
        number=readings.number if whole else readings.number[rows],
        origin=np.full(len(rows), by.origin, dtype=np.uint8),
        text=None if readings.text is None else readings.text[rows],
        original=None if replayed is None else replayed[rows],
        beside=None if readings.beside is None else readings.beside[rows],
        correcting=by.correcting,
        reason="source" if by.correcting else "",
    )
