"""Which values are plausible, of every series of this instance: looked up again once something was declared."""

import threading
from collections.abc import Mapping

from bocage import registers, sensing


class Plausible:
    """The ranges as they are declared now, by number of the datastream."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._kept: dict[str, tuple[int, dict[int, tuple[float, float]]]] = {}

    def ranges(self) -> Mapping[int, tuple[float, float]]:
        """Of all territories together."""
        with self._lock:
            for territory in registers.territories():
                revision = sensing.revision(territory)
                if territory not in self._kept or self._kept[territory][0] != revision:
                    self._kept[territory] = (revision, sensing.ranges(territory))
            return {number: pair for _revision, held in self._kept.values() for number, pair in held.items()}
