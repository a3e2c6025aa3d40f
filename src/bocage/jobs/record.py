"""The record of runs: what ran, when, how it ended; kept for the desk, shortened by itself."""

import enum
from collections.abc import Sequence
from datetime import datetime
from typing import Final

import msgspec

from bocage import relational
from bocage.domain.label import Labelled
from bocage.domain.said import Said
from bocage.domain.text import message as _
from bocage.jobs.sentences import read, written
from bocage.jobs.tables import Run, newest

KEPT: Final = 50  # of each job
LONGEST_TEXT: Final = 2000


@enum.unique
class Outcome(Labelled):
    """How a run ended."""

    RUNNING = "running", _("Under way")
    DONE = "done", _("Done")
    FAILED = "failed", _("Failed")
    INTERRUPTED = "interrupted", _("Interrupted by a stop of the machine")


class Ran(msgspec.Struct, frozen=True, kw_only=True):
    """One run of a job; `said` is what it said of itself, or its error."""

    name: str
    started: datetime
    ended: datetime | None
    outcome: Outcome
    said: tuple[Said, ...]


def begin(name: str, at: datetime) -> int:
    """Write that a job begins; the number of the run."""
    return int(Run.objects.create(name=name, started=at, outcome=Outcome.RUNNING).pk)


def end(run: int, at: datetime, outcome: Outcome, told: str | Sequence[Said]) -> None:
    """Write how it ended, and drop the oldest runs of that job."""
    with relational.transaction():
        row = Run.objects.get(pk=run)
        row.ended, row.outcome, row.text = at, str(outcome), written(told, LONGEST_TEXT)
        row.save()
        oldest = Run.objects.filter(name=row.name).order_by("-started", "-id").values_list("id", flat=True)
        Run.objects.filter(id__in=list(oldest[KEPT : 2 * KEPT])).delete()


def interrupt() -> int:
    """Close the runs a stop of the machine left open; how many."""
    return Run.objects.filter(outcome=Outcome.RUNNING).update(outcome=Outcome.INTERRUPTED)


def began() -> dict[str, datetime]:
    """When each job last began; a run that was interrupted does not count, so it is done again."""
    rows = Run.objects.exclude(outcome=Outcome.INTERRUPTED).order_by("started").values_list("name", "started")
    return dict(rows)


def runs(name: str = "", limit: int = 100) -> list[Ran]:
    """Runs of one job or of all, newest first."""
    rows = Run.objects.order_by("-started", "-id")
    return [_ran(row) for row in (rows.filter(name=name) if name else rows)[:limit]]


def last(names: list[str]) -> dict[str, Ran]:
    """The last run of each of these jobs."""
    return {row.name: _ran(row) for row in newest(names)}


def _ran(row: Run) -> Ran:
    outcomes = {str(outcome): outcome for outcome in Outcome}
    return Ran(name=row.name, started=row.started, ended=row.ended, outcome=outcomes[row.outcome], said=read(row.text))
