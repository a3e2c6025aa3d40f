"""What the requests of one turn sent to one source, and the way to tell each of them what became of it."""

import logging
from abc import ABC, abstractmethod
from collections.abc import Sequence

from bocage.api.asked import Asked, refuse
from bocage.api.problem import Stopped
from bocage.domain.errors import BocageError
from bocage.domain.observation import Ints
from bocage.domain.reading import ReadingBatch
from bocage.ingest import singles
from bocage.ingest.answer import Answer
from bocage.ingest.compiled import Compiled
from bocage.ingest.crossing import Crossed


class Gathered(ABC):
    """Requests of one source that are judged, kept and answered together."""

    def __init__(self, by: Compiled) -> None:
        self.by = by
        self.asked: list[tuple[Asked, bytes]] = []
        """Each request, with how the addresses of its observations begin; empty where no address is told."""

    @property
    @abstractmethod
    def sizes(self) -> Sequence[int]:
        """How many readings each request holds."""

    @abstractmethod
    def add(self, one: Asked) -> bool:
        """Add what one request holds; False when it must be looked at more closely."""

    @abstractmethod
    def readings(self) -> ReadingBatch:
        """All of them in columns."""

    @abstractmethod
    def kept(self, ids: Ints, position: int) -> None:
        """All are new, and nothing is to be said of any."""

    @abstractmethod
    def told(self, answers: Sequence[Answer]) -> None:
        """What became of each."""

    def tell(self, readings: ReadingBatch, crossed: Crossed) -> None:
        """Answer every request."""
        ids = singles.kept(crossed)
        if crossed.fault is not None:
            self.failed(crossed.fault)
        elif ids is not None and crossed.receipt is not None:
            self.kept(ids, crossed.receipt.position)
        else:
            self.told(singles.answers(readings, crossed, self.sizes))

    def failed(self, error: BaseException) -> None:
        """Nothing was kept."""
        if not isinstance(error, BocageError):
            logging.getLogger(__name__).error("what was sent could not be kept", exc_info=error)
        for one, _base in self.asked:
            refuse(one, error if isinstance(error, BocageError) else Stopped(500))
