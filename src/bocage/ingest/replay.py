"""Replays real open series in territories declared a demonstration: history at once, the last days drop by drop.

Values that ended more than two days ago are loaded; those of the last two days follow one by one, faster than they
once came, until the present is reached; then each comes when its shifted time has come. No time is ever ahead.
"""

import gzip
import hashlib
import tomllib
from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path
from typing import Any, Final

import msgspec
import numpy as np

from bocage import registers
from bocage.domain.errors import SettingError
from bocage.domain.instant import DAY, to_ms
from bocage.domain.observation import Ints
from bocage.domain.reading import Decoded, ReadingBatch
from bocage.domain.text import message as _
from bocage.ingest.answer import Answer, Sum
from bocage.ingest.loading import AT_ONCE
from bocage.ingest.reception import Reception, Sent
from bocage.ingest.shifting import Step, first_count, next_count, shifted
from bocage.ingest.tables import Loaded

MANIFEST: Final = "manifest.toml"
SHIPPED: Final = Path(__file__).with_name("series")  # files that any instance may replay
RECENT: Final = 2 * DAY
CAUGHT_UP: Final = 600  # ticks in which a long pause is caught up


class Played(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One line of a manifest: a file of a source, and by what it is moved in time."""

    source: str
    file: str
    shift: Step = Step.WEEKS


class Manifest(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What a demonstration territory replays."""

    series: tuple[Played, ...]


def manifests(folder: Path) -> dict[str, Manifest]:
    """The manifest of each territory of the folder; SettingError when one is wrong."""
    found = {}
    for path in sorted(folder.glob(f"*/{MANIFEST}")):
        try:
            found[path.parent.name] = msgspec.convert(tomllib.loads(path.read_text(encoding="utf-8")), Manifest)
        except (tomllib.TOMLDecodeError, msgspec.ValidationError) as error:
            raise SettingError(_("a manifest of series to replay"), found=f"{path}: {error}") from error
    return found


class Playing:
    """One file on its way: its readings in the order of their shifted ends, and how many were released.

    The count of weeks or months and the number released are kept in the database: after a restart the same times
    are given again, and what was on its way is known to the log.
    """

    def __init__(self, reception: Reception, territory: str, played: Played, path: Path) -> None:
        self.territory, self.source, self.step = territory, played.source, played.shift
        self._reception = reception
        by = reception.gate.compiled(territory, played.source)
        self._zone = by.zone
        packed = path.read_bytes()
        body = gzip.decompress(packed) if path.suffix == ".gz" else packed
        if by.source is None:
            raise SettingError(_("a declared source"), found=f"{played.source} in {MANIFEST} of {territory}")
        decoded = reception.read(by, by.source, Sent(body=body, file=path.name.removesuffix(".gz")))
        self._readings = decoded.readings
        self._mark = _mark(territory, played.source, hashlib.sha256(packed).hexdigest())
        self._placed(self._mark.position)

    def begin(self, now: int) -> None:
        """Choose where in time the series stands, the first time ever."""
        if self._mark.pk is None:
            last = int(self._readings.end.max()) if len(self._readings) else now
            self._mark.at = self._reception.clock()
            self._placed(first_count(self.step, last, now, self._zone))
            self._mark.save()

    def due(self, until: int) -> Ints:
        """Shifted ends of what is not released yet and ended at or before this instant, in order."""
        last = int(np.searchsorted(self._sorted, until, side="right"))
        due: Ints = self._sorted[self._mark.rows : last]
        return due

    def release(self, count: int) -> Answer:
        """Give the next readings to the gate; what became of them, once durable."""
        total = Sum()
        first, last = self._mark.rows, self._mark.rows + count
        for at in range(first, last, AT_ONCE):
            rows = self._order[at : min(at + AT_ONCE, last)]
            by = self._reception.gate.compiled(self.territory, self.source)
            decoded = Decoded(readings=self._moved(rows))
            total.add(self._reception.hand(by, decoded, self._readings.start[rows]).result())
        self._mark.rows, self._mark.at = last, self._reception.clock()
        self._mark.save()
        return total.total()

    def again(self, now: int) -> None:
        """Begin the series anew behind its end, once all of it is released and past."""
        readings = self._readings
        if len(readings) and self._mark.rows >= len(readings) and int(self._end.max()) < now:
            more = next_count(self.step, int(readings.start.min()), int(readings.end.max()), self._zone)
            self._mark.rows = 0
            self._placed(self._mark.position + more)
            self._mark.save()

    def _placed(self, count: int) -> None:
        self._mark.position = count
        readings = self._readings
        self._start, self._end = shifted(readings.start, readings.end, self.step, count, self._zone)
        self._order = np.lexsort((readings.key, self._end))
        self._sorted = self._end[self._order]

    def _moved(self, rows: Ints) -> ReadingBatch:
        picked = self._readings.at(rows)
        return msgspec.structs.replace(picked, start=self._start[rows], end=self._end[rows], row=None)


class Replay:
    """All series of the folder; `tick` is called every second or so."""

    def __init__(
        self, reception: Reception, folder: Path, territories: Callable[[], list[str]] = registers.territories
    ) -> None:
        self._reception = reception
        self._territories = territories
        self._folder = folder
        self._manifests = manifests(self._folder)
        self._playing: dict[tuple[str, str, str], Playing] = {}

    def history(self, at: datetime, progress: Callable[[int, int], None] = lambda done, total: None) -> int:
        """Load what ended more than two days ago; `progress` hears readings loaded and readings in all."""
        now = to_ms(at)
        playing = list(self._present(now))
        counts = [len(one.due(now - RECENT)) for one in playing]
        done = 0
        for one, count in zip(playing, counts, strict=True):
            if count:
                one.release(count)
            done += count
            progress(done, sum(counts))
        return done

    def tick(self, at: datetime) -> int:
        """Release the next value whose time has come; more of them after a pause. How many."""
        now = to_ms(at)
        playing = list(self._present(now))
        waiting = [(one, one.due(now)) for one in playing]
        backlog = sum(len(ends) for _, ends in waiting)
        if not backlog:
            for one in playing:
                one.again(now)
            return 0
        count = max(1, backlog // CAUGHT_UP)
        ends = np.concatenate([ends for _, ends in waiting])
        owner = np.repeat(np.arange(len(waiting)), [len(ends) for _, ends in waiting])
        next_ones = owner[np.argsort(ends, kind="stable")[:count]]
        for place, times in zip(*np.unique(next_ones, return_counts=True), strict=True):
            waiting[int(place)][0].release(int(times))
        return count

    def _present(self, now: int) -> Iterator[Playing]:
        """The series of territories that stand; those of others wait until they do."""
        standing = self._territories()
        for territory, manifest in self._manifests.items():
            for played in manifest.series if territory in standing else ():
                place = (territory, played.source, played.file)
                if place not in self._playing:
                    own = self._folder / played.file
                    one = Playing(self._reception, territory, played, own if own.exists() else SHIPPED / played.file)
                    one.begin(now)
                    self._playing[place] = one
                yield self._playing[place]


def _mark(territory: str, source: str, digest: str) -> Any:
    """What is remembered of a replayed file: `position` is the count of weeks or months, `rows` how many are out."""
    names = {"territory": territory, "source": source, "digest": f"replay-{digest}"[:64]}
    return Loaded.objects.filter(**names).first() or Loaded(**names, name="replay")
