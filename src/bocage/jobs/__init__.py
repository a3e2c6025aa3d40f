"""Scheduled work: what is due, one thread that runs it, and the record of every run."""

from bocage.jobs.record import Outcome, Ran, runs
from bocage.jobs.runner import Planned, Runner
from bocage.jobs.said import Said, said
from bocage.jobs.schedule import Job, due

__all__ = ["Job", "Outcome", "Planned", "Ran", "Runner", "Said", "due", "runs", "said"]
