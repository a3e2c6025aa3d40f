"""Gathers what is known of the machine, for the pages, /healthz and /metrics."""

import shutil
import threading
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final

import msgspec

from bocage import jobs, outbox, relational
from bocage.accounts.chosen import Chosen
from bocage.ingest import refusals
from bocage.jobs import Outcome, Planned, Runner
from bocage.upkeep import kernel, version
from bocage.upkeep.clock import Clock, Hearing, Jump
from bocage.upkeep.copies import copies
from bocage.upkeep.disks import same_disk
from bocage.upkeep.nights import Nights
from bocage.upkeep.report import Report, Work
from bocage.upkeep.room import Room, Sample, pace
from bocage.upkeep.samples import sampled, samples
from bocage.upkeep.version import Files, Version

FRESH: Final = timedelta(minutes=1)
"""For how long what is slow to ask is not asked again."""
AHEAD: Final = timedelta(minutes=1)
LATELY: Final = timedelta(days=7)
OF_BACKUPS: Final = frozenset({"backup", "restore-test"})


class _Slow(msgspec.Struct, frozen=True, kw_only=True):
    at: datetime
    kept: bool | None
    installed: Files
    data: int


class Watching:
    """Looks at the machine when somebody asks; what runs are the files as they were when it was made."""

    def __init__(self, data: Path, backups: Path, chosen: Chosen, hearing: Hearing) -> None:
        self._data, self._backups, self._chosen, self._hearing = data, backups, chosen, hearing
        self._begun, self._published, self._since = version.files(), version.published(), version.installed_on()
        self._slow: _Slow | None = None
        self._lock = threading.Lock()

    def sample(self, at: datetime) -> str:
        """Keep how large the data are today, as the run of a job."""
        disk = shutil.disk_usage(self._data)
        sampled(Sample(day=at.date(), data=_bytes(self._data), free=disk.free, total=disk.total))
        return ""

    def report(self, runner: Runner | None, at: datetime) -> Report:
        """All that is known now."""
        slow = self._asked(at)
        plan = runner.plan() if runner else []
        servers, jumps = self._hearing.heard(at)
        ahead = max((one.last.started for one in plan if one.last), default=at) - at
        if ahead > AHEAD:  # work of the future: the clock was set back while nobody looked
            jumps = (*jumps, Jump(at=at, seconds=ahead.total_seconds()))
        return Report(
            at=at,
            nights=self._nights(plan),
            room=self._room(slow, at),
            clock=Clock(kept=slow.kept, servers=servers, jumps=jumps, early=refusals.early(at - LATELY)),
            version=Version(
                running=self._begun,
                installed=slow.installed,
                waiting=tuple(sorted(slow.installed.migrations - relational.applied())),
                day=self._published,
                since=self._since,
            ),
            work=_work(plan, runner),
            mail=self._chosen.now.mail is not None,
        )

    def _asked(self, at: datetime) -> _Slow:
        with self._lock:
            if self._slow is None or not timedelta(0) <= at - self._slow.at < FRESH:
                self._slow = _Slow(
                    at=at, kept=kernel.synchronised(), installed=version.files(), data=_bytes(self._data)
                )
            return self._slow

    def _nights(self, plan: list[Planned]) -> Nights:
        found = copies(self._backups)
        newest = found[0].at if found else None
        ran = jobs.last(sorted(OF_BACKUPS))
        failed = {
            name: run.said
            for name, run in ran.items()
            if run.outcome is Outcome.FAILED and (newest is None or run.started > newest)
        }
        return Nights(
            copies=found,
            failure=failed.get("backup", ()),
            untried=failed.get("restore-test", ()),
            following=next((one.following for one in plan if one.name == "backup"), None),
            beside=same_disk(self._data, self._backups),
            elsewhere=self._chosen.now.backups.elsewhere,
        )

    def _room(self, slow: _Slow, at: datetime) -> Room:
        disk = shutil.disk_usage(self._data)
        kept = self._chosen.now.backups.keep if same_disk(self._data, self._backups) else 0
        known = pace(samples(at.date()))
        return Room(free=disk.free, total=disk.total, data=slow.data, copies=kept, pace=known)


def _work(plan: list[Planned], runner: Runner | None) -> Work:
    counted = outbox.counted()
    return Work(
        failed=tuple(
            one.label for one in plan if one.name not in OF_BACKUPS and one.last and one.last.outcome is Outcome.FAILED
        ),
        trouble=runner.trouble if runner else "",
        running=runner is not None,
        given_up=counted[outbox.State.GIVEN_UP],
        waiting=counted[outbox.State.WAITING] + counted[outbox.State.FAILED],
    )


def _bytes(folder: Path) -> int:
    return sum(map(_size, folder.rglob("*")))


def _size(path: Path) -> int:
    """Its bytes; none when it went while one looked, as files of the log do."""
    try:
        return path.lstat().st_size
    except FileNotFoundError:
        return 0
