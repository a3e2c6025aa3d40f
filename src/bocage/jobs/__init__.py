"""Scheduled work: what is due, one thread that runs it, and the record of every run."""

from bocage.domain.said import NotDone, Said, said
from bocage.jobs.record import Outcome, Ran, last, runs
from bocage.jobs.runner import Planned, Runner
from bocage.jobs.schedule import Job, Nightly, due

__all__ = [
    "Job",
    "Nightly",
    "NotDone",
    "Outcome",
    "Planned",
    "Ran",
    "Runner",
    "Said",
    "due",
    "last",
    "runs",
    "said",
]
