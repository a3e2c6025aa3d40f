"""Lets many readers through at once, and one change of files alone."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager


class Passage:
    """Readers pass freely; whoever swaps files waits for those inside, briefly holding back those to come."""

    def __init__(self) -> None:
        self._turn = threading.Condition()
        self._inside = 0
        self._swapping = False

    @contextmanager
    def shared(self) -> Iterator[None]:
        """Pass as a reader."""
        with self._turn:
            while self._swapping:
                self._turn.wait()
            self._inside += 1
        try:
            yield
        finally:
            with self._turn:
                self._inside -= 1
                if not self._inside:
                    self._turn.notify_all()

    @contextmanager
    def alone(self) -> Iterator[None]:
        """Pass when nobody is inside, and let nobody in."""
        with self._turn:
            while self._swapping:
                self._turn.wait()
            self._swapping = True
            while self._inside:
                self._turn.wait()
        try:
            yield
        finally:
            with self._turn:
                self._swapping = False
                self._turn.notify_all()
