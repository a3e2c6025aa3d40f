"""The facts of one dataset, gathered for the gate that is asked before it is given to everyone."""

from datetime import date

import msgspec

from bocage.commitments.flow import Course, Strands
from bocage.domain.dataset import Dataset
from bocage.domain.exception import ReasonedException
from bocage.domain.territory import Territory


class Release(msgspec.Struct, frozen=True, kw_only=True):
    """One dataset and the courses of all its datastreams; `dataset` is None when nothing of that name is declared."""

    territory: Territory
    dataset_slug: str
    today: date
    dataset: Dataset | None = None
    courses: tuple[tuple[Course, Strands], ...] = ()
    exceptions: tuple[tuple[str, ReasonedException], ...] = ()
