"""What must happen every second or so and leaves no record: counters written, parcels tried, folders looked at."""

import logging
import threading
from collections.abc import Callable, Mapping
from datetime import datetime

Tick = Callable[[datetime], object]


class Ticking:
    """A thread that makes these calls again and again; one that fails is logged and tried again, the others go on."""

    def __init__(self, calls: Mapping[str, Tick], clock: Callable[[], datetime], seconds: float = 1.0) -> None:
        self._calls, self._clock, self._seconds = dict(calls), clock, seconds
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, name="ticking", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """Make every call once more, so that nothing counted is lost, and stop."""
        self._stopping.set()
        self._thread.join()

    def _run(self) -> None:
        while not self._stopping.wait(self._seconds):
            self._round()
        self._round()

    def _round(self) -> None:
        for name, call in self._calls.items():
            try:
                call(self._clock())
            except Exception:  # the outermost loop of a worker: a full disk must not end it
                logging.getLogger(__name__).exception("%s failed and will be tried again", name)
