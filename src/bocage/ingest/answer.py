"""What became of what was sent: counts, the reasons of refusals, the rows that could not be read."""

from collections.abc import Sequence
from typing import Final

import msgspec
import numpy as np
import numpy.typing as npt

from bocage.domain import row_errors
from bocage.domain.decision import Refusal
from bocage.domain.observation import Outcome
from bocage.domain.reading import ReadingBatch, RowError
from bocage.ingest.screening import Declined

SHOWN: Final = 10  # rows named of each reason; the count tells how many there were

Outcomes = npt.NDArray[np.uint8]


class Reason(msgspec.Struct, frozen=True, kw_only=True):
    """Readings of one series that one refusal stopped; `rows` are the first ones, as the sender counts.

    `kept`: they were kept, and are only flagged.
    """

    key: str
    refusal: Refusal
    count: int
    rows: tuple[int, ...] = ()
    kept: bool = False


class Places(msgspec.Struct, frozen=True, kw_only=True, eq=False):
    """Reading by reading, what became of it, and under which id the log keeps it. outcome: uint8[n]; id: int64[n], -1
    of what is not kept."""

    outcome: Outcomes
    id: npt.NDArray[np.int64]


class Answer(msgspec.Struct, frozen=True, kw_only=True):
    """What became of some readings. `accepted`, `known`, `corrected`, `conflicts`, `refused` add up to all that could
    be read; `unreadable` are rows that could not. `position`: of the log, once durable. `places`: one by one, for
    whoever asked for it. `done`: its sender is to be told that there is nothing more to do, whatever was refused.
    """

    accepted: int = 0
    known: int = 0
    corrected: int = 0
    conflicts: int = 0
    refused: int = 0
    unreadable: int = 0
    position: int = 0
    reasons: tuple[Reason, ...] = ()
    errors: tuple[RowError, ...] = ()
    conflicting: tuple[int, ...] = ()
    places: Places | None = None
    done: bool = False

    @property
    def all_refused(self) -> bool:
        """Whether something was sent and nothing of it is kept."""
        return self.kept == 0 and bool(self.conflicts or self.refused or self.unreadable)

    @property
    def kept(self) -> int:
        """How many are in the log now, new or known already."""
        return self.accepted + self.known + self.corrected

    @property
    def spotless(self) -> bool:
        """Whether there is nothing to tell but counts."""
        return not (self.reasons or self.errors or self.conflicting)


class Share(msgspec.Struct, frozen=True, kw_only=True, eq=False):
    """What one sender sent within a batch: the readings at [first, last), and the rows that could not be read."""

    readings: ReadingBatch
    first: int
    last: int
    errors: tuple[RowError, ...] = ()


class Declines:
    """What was declined of a whole batch, looked up by the rows of each sender: sorted once, however many they are."""

    def __init__(self, declined: Sequence[Declined]) -> None:
        self._declined = declined
        if not declined:
            return
        rows = np.concatenate([one.rows for one in declined])
        which = np.repeat(np.arange(len(declined)), [len(one.rows) for one in declined])
        order = np.lexsort((which, rows))
        self._rows, self._which = rows[order], which[order]

    def of(self, share: Share) -> tuple[Reason, ...]:
        """The reasons that concern one sender, in the order in which they were found."""
        if not self._declined:
            return ()
        first, last = np.searchsorted(self._rows, (share.first, share.last)).tolist()
        rows, which = self._rows[first:last] - share.first, self._which[first:last]
        found = []
        for place in np.unique(which).tolist():
            one, mine = self._declined[place], rows[which == place]
            named = _named(share, mine)
            found += [
                Reason(key=one.key, refusal=refusal, count=len(mine), rows=named, kept=one.kept)
                for refusal in one.reasons
            ]
        return tuple(found)


def answered(share: Share, outcomes: Outcomes, declines: Declines, position: int) -> Answer:
    """The answer to one sender. `outcomes`: uint8 of the whole batch, an Outcome each."""
    mine = outcomes[share.first : share.last]
    counts = np.bincount(mine, minlength=len(Outcome)).tolist()
    conflicting: tuple[int, ...] = ()
    if counts[Outcome.CONFLICT]:
        conflicting = _named(share, np.flatnonzero(mine == Outcome.CONFLICT))
    return Answer(
        accepted=counts[Outcome.STORED],
        known=counts[Outcome.KNOWN],
        corrected=counts[Outcome.CORRECTED],
        conflicts=counts[Outcome.CONFLICT],
        refused=counts[Outcome.REFUSED],
        unreadable=row_errors.count(share.errors) if share.errors else 0,
        position=position,
        reasons=declines.of(share),
        errors=share.errors,
        conflicting=conflicting,
    )


def _named(share: Share, rows: npt.NDArray[np.intp]) -> tuple[int, ...]:
    """Rows as the sender counts them."""
    places = share.readings.row
    first = rows[:SHOWN] if places is None else places[rows[:SHOWN]]
    return tuple(first.tolist())


class Sum:
    """Adds answers up over many batches of one load; memory stays bounded by the number of series and reasons."""

    def __init__(self) -> None:
        self._counts = dict.fromkeys(("accepted", "known", "corrected", "conflicts", "refused", "unreadable"), 0)
        self._reasons: dict[tuple[str, str, str], Reason] = {}
        self._errors: list[RowError] = []
        self._position = 0

    def add(self, answer: Answer, row: int = 0) -> None:
        """Add one answer; `row` is the number of rows that stood before it."""
        for name in self._counts:
            self._counts[name] += getattr(answer, name)
        for new in answer.reasons:
            place = (new.key, new.refusal.promise, new.refusal.code)
            old = self._reasons.get(place)
            rows = old.rows if old else tuple(at + row for at in new.rows)
            count = new.count + (old.count if old else 0)
            self._reasons[place] = msgspec.structs.replace(new, rows=rows, count=count)
        room = row_errors.KEPT - len(self._errors)
        self._errors += [
            msgspec.structs.replace(error, row=error.row + row)
            for error in answer.errors[:room]
            if error.code != "more"
        ]
        self._position = max(self._position, answer.position)

    def total(self) -> Answer:
        """All of them as one."""
        told = Answer(position=self._position, reasons=tuple(self._reasons.values()), errors=tuple(self._errors))
        return msgspec.structs.replace(told, **self._counts)
