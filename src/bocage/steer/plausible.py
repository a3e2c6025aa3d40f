"""Which values are plausible, of every series of this instance: looked up again once something was declared."""

import threading
from collections.abc import Mapping

from bocage import registers, sensing


class Plausible:
    """The ranges as they are declared now, by number of the datastream."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._kept: dict[str, tuple[int, dict[int, tuple[float, float]]]] = {}
        self._together: dict[int, tuple[float, float]] = {}

    def ranges(self) -> Mapping[int, tuple[float, float]]:
        """Of all territories together."""
        with self._lock:
            for territory in registers.territories():
                revision = sensing.revision(territory)
                if territory not in self._kept or self._kept[territory][0] != revision:
                    self._kept[territory] = (revision, sensing.ranges(territory))
                    self._together = {}
            if not self._together:
                every = (held for _revision, held in self._kept.values())
                self._together = {number: pair for held in every for number, pair in held.items()}
            return self._together
