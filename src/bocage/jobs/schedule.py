"""What is due: pure arithmetic of jobs, when they last began, and the present instant."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime, timedelta

import msgspec

from bocage.jobs.said import Said


class Job(msgspec.Struct, frozen=True, kw_only=True):
    """Work done again and again: `run(at)` says what it did, nothing when there was nothing to do.

    Whatever it raises is recorded. `label` is an English message of the catalogues, shown instead of the name.
    """

    name: str
    every: timedelta
    run: Callable[[datetime], str | Sequence[Said]]
    label: str = ""


def next_start(job: Job, began: datetime | None, at: datetime) -> datetime:
    """When a job is due. One that never ran is due now; one missed many times is due once."""
    if began is None or began - at > job.every:  # the clock was set back: waiting for the old one could take years
        return at
    return began + job.every


def due(jobs: Iterable[Job], began: Mapping[str, datetime], at: datetime) -> list[Job]:
    """The jobs to run now, the longest overdue first."""
    starts = [(next_start(job, began.get(job.name), at), job) for job in jobs]
    return [job for start, job in sorted(starts, key=lambda pair: pair[0]) if start <= at]


def idle(jobs: Iterable[Job], began: Mapping[str, datetime], at: datetime) -> timedelta | None:
    """How long nothing is due; None when there is no job at all."""
    starts = [next_start(job, began.get(job.name), at) for job in jobs]
    return max(timedelta(0), min(starts) - at) if starts else None
