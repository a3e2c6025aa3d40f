"""One process of several does what must be done once: it leads while it holds the place; when it dies, another does."""

import logging
import threading
from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Protocol

EVERY = 1.0  # seconds between two looks at the place
BEGIN = 30.0  # seconds the work may take to begin before the rest goes on without it


class Place(Protocol):
    """The place of the leader: `bocage.store.postgres.leading.Lead`."""

    def taken(self) -> bool:
        """Whether this process holds it, or has just taken it."""

    def let_go(self) -> None:
        """Leave it to another process."""


class Leading:
    """A thread that does `work` for as long as this process leads, and begins again whenever it leads again."""

    def __init__(self, place: Place, work: Callable[[], AbstractContextManager[None]], every: float = EVERY) -> None:
        self._place, self._work, self._every = place, work, every
        self._stopping, self._looked = threading.Event(), threading.Event()
        self._thread = threading.Thread(target=self._run, name="leading", daemon=True)
        self._thread.start()
        self._looked.wait(BEGIN)  # whoever leads from the start has begun the work before anybody asks anything

    def stop(self) -> None:
        """End the work and leave the place."""
        self._stopping.set()
        self._thread.join()

    def _run(self) -> None:
        while not self._stopping.is_set():
            try:
                if self._place.taken():
                    self._lead()
            except Exception:  # the outermost loop of a worker: what could not begin is tried again
                logging.getLogger(__name__).exception("scheduled work could not begin here; it is tried again")
            self._looked.set()
            self._stopping.wait(self._every)
        self._place.let_go()

    def _lead(self) -> None:
        logging.getLogger(__name__).info("this process leads: it does the scheduled work")
        try:
            with self._work():
                self._looked.set()
                while self._place.taken() and not self._stopping.wait(self._every):
                    pass
        finally:
            self._place.let_go()
