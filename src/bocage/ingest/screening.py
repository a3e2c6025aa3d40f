"""The checks of the gate that need nothing but the decisions and the readings themselves, over columns."""

from collections.abc import Iterator
from typing import Any, Final

import msgspec
import numpy as np
import numpy.typing as npt

from bocage.domain.beside import LONGEST
from bocage.domain.instant import DAY, EARLIEST, LATEST
from bocage.domain.nature import ResultKind
from bocage.domain.observation import Ints
from bocage.domain.reading import ReadingBatch
from bocage.ingest.compiled import Compiled, Reasons, technical

Rows = npt.NDArray[np.intp]
Flags = npt.NDArray[np.bool_]

MOST_UNKNOWN: Final = 2_000  # series nobody declared, told by name in one answer; further ones are told together
OTHERS: Final = "…"
LONGEST_TEXT: Final = 1_000  # characters of a state: a word or a sentence, never a document
AHEAD: Final = DAY  # how far a clock may run ahead of ours before its times are refused


class Declined(msgspec.Struct, frozen=True, kw_only=True, eq=False):
    """Readings of one series and why they were refused; `kept`: they were kept, and are only flagged."""

    key: str
    rows: Rows
    reasons: Reasons
    kept: bool = False


class Screening:
    """One batch on its way through the checks: which readings still stand, and which were declined.

    series: int64[n], the place of each reading's series in the decisions, -1 when nobody declared it.
    """

    def __init__(self, by: Compiled, readings: ReadingBatch) -> None:
        self.by = by
        self.readings = readings
        self.series: Ints = _places(by, readings)
        self.declined: list[Declined] = []
        self.standing: Flags = self.series >= 0
        self.whole = bool(self.standing.all())  # nothing was declined so far
        if not self.whole:
            self._undeclared()

    def rows(self) -> Rows:
        """The readings that still stand."""
        return np.arange(len(self.standing)) if self.whole else np.flatnonzero(self.standing)

    def permitted(self) -> None:
        """Only series that every promise permits."""
        if not self.by.traits.plain:
            allowed = self.by.permitted[np.maximum(self.series, 0)]
            for place, rows in self.by_series(self.standing & ~allowed):
                self.decline(place, rows, self.by.reasons(place))

    def timely(self, now: int) -> None:
        """Only times between 1900 and 2100, and not after tomorrow."""
        start, end = self.readings.start, self.readings.end
        if end is start and len(start) and start.min() >= EARLIEST and start.max() <= min(LATEST, now + AHEAD):
            return  # as nearly always
        strange = (start < EARLIEST) | (end > LATEST) | (end < start)
        future = ~strange & (end > now + AHEAD)
        self._technical(strange, "time-out-of-range")
        self._technical(future, "future")

    def of_kind(self) -> None:
        """Only results of the kinds the nature of the series holds; words of a length a page can show."""
        if len(self.by.kinds) and not (self.by.traits.numbers and not self.readings.kind.any()):
            fits = (self.by.kinds[np.maximum(self.series, 0)] >> self.readings.kind) & 1
            if self.by.hides:
                self._technical((fits == 0) & (self.readings.kind == ResultKind.NUMBER), "identifier-number")
            self._technical(fits == 0, "kind")
        if self.readings.text is not None:
            lengths = (len(text) if isinstance(text, str) else 0 for text in self.readings.text)
            long = np.fromiter(lengths, np.int64, len(self.readings)) > LONGEST_TEXT
            self._technical(long, "long-text")
        if self.readings.beside is not None:
            lengths = (len(text) if text else 0 for text in self.readings.beside)
            self._technical(np.fromiter(lengths, np.int64, len(self.readings)) > LONGEST, "long-text")

    def plausible(self) -> None:
        """Flag values that the series calls implausible; they are kept."""
        if not self.by.traits.bounded:
            return
        place = self.series if self.whole else np.maximum(self.series, 0)
        number = self.readings.number
        odd = (number < self.by.low[place]) | (number > self.by.high[place])
        if not odd.any():
            return
        odd &= self.standing
        for at, rows in self.by_series(odd):
            reasons = (technical("implausible", self.by.slug, self.by.flows[at].strand.slug),)
            self.declined.append(Declined(key=self.key(at), rows=rows, reasons=reasons, kept=True))

    def marked(self) -> None:
        """Flag what is taken because the law owes it, whatever lacks."""
        if self.by.traits.marked:
            for at, rows in self.by_series(self.standing):
                reasons = self.by.marks(at)
                if reasons:
                    self.declined.append(Declined(key=self.key(at), rows=rows, reasons=reasons, kept=True))

    def decline(self, place: int, rows: Rows, reasons: Reasons) -> None:
        """These readings of one series do not stand."""
        self.standing[rows], self.whole = False, False
        self.declined.append(Declined(key=self.key(place), rows=rows, reasons=reasons))

    def key(self, place: int) -> str:
        """What the source calls the series."""
        return self.by.flows[place].strand.key

    def by_series(self, flags: Flags) -> Iterator[tuple[int, Rows]]:
        """The flagged readings, series by series."""
        rows = np.flatnonzero(flags)
        return grouped(self.series[rows], rows)

    def _technical(self, flags: Flags, code: str) -> None:
        if not flags.any():
            return
        for place, rows in self.by_series(flags & self.standing):
            self.decline(place, rows, (technical(code, self.by.slug, self.by.flows[place].strand.slug),))

    def _undeclared(self) -> None:
        rows = np.flatnonzero(~self.standing)
        names = self.readings.key[rows]
        distinct = np.unique(names)
        others = rows[:0]
        if self.by.hides:  # names that nobody declared may be identifiers themselves
            others, rows, names = rows, rows[:0], names[:0]
        elif len(distinct) > MOST_UNKNOWN:  # what sends ever new names must not cost a decision for each
            named = names < distinct[MOST_UNKNOWN]
            others, rows, names = rows[~named], rows[named], names[named]
        for key, at in grouped(names, rows):
            name = self.readings.keys[key]
            self.declined.append(Declined(key=name, rows=at, reasons=self.by.reasons_of_unknown(name)))
        if len(others):
            reasons = self.by.reasons_of_unknown(OTHERS)
            self.declined.append(Declined(key=OTHERS, rows=others, reasons=reasons))


def _places(by: Compiled, readings: ReadingBatch) -> Ints:
    if readings.keys is by.names:
        return readings.key.astype(np.int64)
    place = np.fromiter((by.keys.get(key, -1) for key in readings.keys), np.int64, len(readings.keys))
    return place[readings.key]


def grouped(places: npt.NDArray[np.integer[Any]], rows: Rows) -> Iterator[tuple[int, Rows]]:
    """Rows by the place of each, in the order of places; one sort, however many there are."""
    if not len(rows):
        return
    order = np.argsort(places, kind="stable")
    cuts = np.flatnonzero(np.diff(places[order])) + 1
    first = places[order][np.concatenate([[0], cuts])].tolist()
    yield from zip(first, np.split(rows[order], cuts), strict=True)
