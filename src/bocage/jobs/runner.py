"""One thread that runs what is due, records every run, and is stopped by nothing a job does."""

import threading
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import Final

import msgspec

from bocage.domain.errors import Conflict, Missing
from bocage.domain.said import NotDone
from bocage.domain.text import message as _
from bocage.jobs import record
from bocage.jobs.record import Outcome, Ran
from bocage.jobs.schedule import Job, due, idle, next_start
from bocage.jobs.tables import let_go

LONGEST_WAIT: Final = timedelta(seconds=30)  # a clock that is set right again is noticed within that time


class Planned(msgspec.Struct, frozen=True, kw_only=True):
    """A job as the desk shows it."""

    name: str
    label: str
    every: timedelta
    following: datetime
    last: Ran | None


class Runner:
    """Runs jobs one after the other; `trouble` is what keeps it from recording them, empty when nothing does.

    Where several processes share the work, one of them runs jobs; `elsewhere` is how the others ask it for one.
    """

    def __init__(
        self, jobs: Sequence[Job], clock: Callable[[], datetime], elsewhere: Callable[[str], object] | None = None
    ) -> None:
        self._jobs = {job.name: job for job in jobs}
        if len(self._jobs) != len(jobs):
            raise Conflict(_("a name of its own for each job"), ", ".join(job.name for job in jobs))
        self._clock, self._elsewhere = clock, elsewhere
        self._began: dict[str, datetime] | None = None
        self._since: datetime | None = None
        self._asked: list[str] = []
        self._wake = threading.Event()
        self._stopping = threading.Event()
        self._thread: threading.Thread | None = None
        self.trouble = ""

    def start(self) -> None:
        """Start the thread; runs left open by a crash are closed first, and what was missed runs once."""
        if self._thread is None:
            self._began = None  # whoever ran them meanwhile knows better
            self._stopping.clear()
            self._thread = threading.Thread(target=self._loop, name="bocage-jobs", daemon=True)
            self._thread.start()

    def stop(self, timeout: float = 30.0) -> bool:
        """Let the job that runs end, begin no other; whether it ended in time."""
        self._stopping.set()
        self._wake.set()
        if self._thread is None:
            return True
        self._thread.join(timeout)
        ended = not self._thread.is_alive()
        if ended:
            self._thread = None
        return ended

    def ask(self, name: str) -> None:
        """Run a job as soon as the thread is free, whenever it is due."""
        if name not in self._jobs:
            raise Missing(_("a job of this name"), name)
        if self._thread is None and self._elsewhere is not None:
            self._elsewhere(name)
            return
        self._asked.append(name)
        self._wake.set()

    def plan(self) -> list[Planned]:
        """The jobs, when each is due next, and how it ended last."""
        at, began, last = self._clock(), record.began(), record.last(list(self._jobs))
        return [
            Planned(
                name=job.name,
                label=job.label or job.name,
                every=job.every,
                following=next_start(job, began.get(job.name), at, self._since),
                last=last.get(job.name),
            )
            for job in self._jobs.values()
        ]

    def turn(self) -> list[str]:
        """Run once everything that is due or asked for; the names of what ran."""
        if self._began is None:
            record.interrupt()
            self._began = record.began()
        asked, self._asked = self._asked, []
        at = self._clock()
        self._since = self._since or at
        names = dict.fromkeys([*asked, *(job.name for job in due(self._jobs.values(), self._began, at, self._since))])
        ran = []
        for name in names:
            if self._stopping.is_set():
                break
            self._run(self._jobs[name], self._began)
            ran.append(name)
        return ran

    def _run(self, job: Job, began: dict[str, datetime]) -> None:
        at = self._clock()
        began[job.name] = at  # before anything can fail: a job that cannot be recorded is not run in a tight circle
        run = record.begin(job.name, at)
        try:
            outcome, told = Outcome.DONE, job.run(at)
            self._asked += [job.then] if job.then else []
        except NotDone as failure:
            outcome, told = Outcome.FAILED, failure.said
        except Exception as error:  # the edge of the worker: the error is recorded and shown, other jobs go on
            outcome, told = Outcome.FAILED, f"{type(error).__name__}: {error}"
        record.end(run, self._clock(), outcome, told)

    def _loop(self) -> None:
        while not self._stopping.is_set():
            self._wake.clear()
            try:
                self.turn()
                self.trouble = ""
            except Exception as error:  # the record itself failed (disk full, locked): shown by `trouble`, tried again
                self.trouble = f"{type(error).__name__}: {error}"
            rest = idle(self._jobs.values(), self._began or {}, self._clock(), self._since)
            if not self._asked and not self._stopping.is_set():
                self._wake.wait(min(rest or LONGEST_WAIT, LONGEST_WAIT).total_seconds() if not self.trouble else 1.0)
        let_go()
