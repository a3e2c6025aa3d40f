"""What is due: pure arithmetic of jobs, when they last began, and the present instant."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import UTC, datetime, time, timedelta, tzinfo
from typing import Final

import msgspec

from bocage.domain.said import Said

FIRST: Final = timedelta(hours=1)


class Nightly(msgspec.Struct, frozen=True, kw_only=True):
    """Once a day when a clock shows this full hour; `hour` is asked each time, since people choose it.

    `zone` is that of the clock, None the machine's own.
    """

    hour: Callable[[], int]
    zone: tzinfo | None = None

    def following(self, after: datetime) -> datetime:
        """The first such instant after this one; an hour the clock leaves out in spring is the one that follows."""
        local = after.astimezone(self.zone)
        for days in (0, 1, 2):
            day = local.date() + timedelta(days=days)
            found = datetime.combine(day, time(self.hour()), self.zone).astimezone(UTC)
            if found > after:
                return found
        raise ValueError("an hour of the day")


class Job(msgspec.Struct, frozen=True, kw_only=True):
    """Work done again and again: `run(at)` says what it did, nothing when there was nothing to do.

    Whatever it raises is recorded. `label` is an English message of the catalogues, shown instead of the name.
    `nightly`: it waits for an hour of the clock. `then`: the job that runs once this one did its work.
    """

    name: str
    every: timedelta
    run: Callable[[datetime], str | Sequence[Said]]
    label: str = ""
    nightly: Nightly | None = None
    then: str = ""


def next_start(job: Job, began: datetime | None, at: datetime, since: datetime | None = None) -> datetime:
    """When a job is due. One that never ran is due now; one missed many times is due once.

    `since`: when this process began. A nightly job that never ran waits for its hour, an hour at most: a machine
    that is switched off every evening must do it too.
    """
    if began is None and job.nightly and since:
        return min(job.nightly.following(since), since + FIRST)
    if began is None or began - at > job.every:  # the clock was set back: waiting for the old one could take years
        return at
    return job.nightly.following(began) if job.nightly else began + job.every


def due(jobs: Iterable[Job], began: Mapping[str, datetime], at: datetime, since: datetime | None = None) -> list[Job]:
    """The jobs to run now, the longest overdue first."""
    starts = [(next_start(job, began.get(job.name), at, since), job) for job in jobs]
    return [job for start, job in sorted(starts, key=lambda pair: pair[0]) if start <= at]


def idle(
    jobs: Iterable[Job], began: Mapping[str, datetime], at: datetime, since: datetime | None = None
) -> timedelta | None:
    """How long nothing is due; None when there is no job at all."""
    starts = [next_start(job, began.get(job.name), at, since) for job in jobs]
    return max(timedelta(0), min(starts) - at) if starts else None
