"""The memory of a process over time: read each second, told now and then, judged at the end.

An instance that takes in measurements rises and falls: DuckDB holds what came in memory until it writes its file anew,
every 16 MB of its journal. So it is the lowest memory of each time that is compared, over more than one such fall.
"""

import threading
from collections.abc import Callable
from statistics import median, quantiles
from time import monotonic

import msgspec
from bench.instance import resident

STRETCH = 150  # seconds
GROWTH = 1.03  # of the lowest memory, from the third quarter of a soak to its last
WARM = 10  # minutes of a soak from which memory is judged: a quarter must hold a stretch


class Stretch(msgspec.Struct, frozen=True, kw_only=True):
    """MiB of a stretch of time: lowest (one in twenty is lower), median, most."""

    low: float
    middle: float
    most: float


class Watch(threading.Thread):
    """Reads the memory of the process each second; `told(seconds, MiB)` every so often."""

    def __init__(self, process: int, told: Callable[[float, float], None], every: float) -> None:
        super().__init__(daemon=True)
        self._process, self._told, self._every = process, told, every
        self._stopping = threading.Event()
        self.memory: list[float] = []

    def run(self) -> None:
        begin, last = monotonic(), 0.0
        while not self._stopping.wait(1):
            self.memory.append(resident(self._process)[0])
            if monotonic() - begin - last >= self._every:
                last = monotonic() - begin
                self._told(last, self.memory[-1])

    def stop(self) -> None:
        """Stop."""
        self._stopping.set()
        self.join()

    def quarters(self) -> list[Stretch]:
        """The four quarters of the time."""
        size = max(2, len(self.memory) // 4)
        return [stretch(self.memory[at * size : (at + 1) * size]) for at in range(4) if self.memory[at * size + 1 :]]

    def table(self) -> list[str]:
        """The curve, a line for each stretch."""
        lines = ["minutes | lowest | median | most, MiB"]
        for at in range(0, len(self.memory) - STRETCH // 2, STRETCH):
            one = stretch(self.memory[at : at + STRETCH])
            until = min(at + STRETCH, len(self.memory)) / 60
            lines.append(f"{at / 60:.1f} to {until:.1f} | {one.low:.0f} | {one.middle:.0f} | {one.most:.0f}")
        return lines

    def grown(self, minutes: float) -> list[str]:
        """What is wrong with it after so many minutes."""
        third, last = self.quarters()[-2:]
        share = last.low / third.low - 1
        print(
            f"memory: {third.low:.0f} MiB at the least in the third quarter, {last.low:.0f} in the last ({share:+.1%})"
        )
        if minutes < WARM:
            print(f"memory is judged from {WARM} minutes on: before, it fills what it keeps")
            return []
        return [f"memory grew by {share:.1%}"] if last.low > third.low * GROWTH else []


def stretch(memory: list[float]) -> Stretch:
    """What memory was over a stretch of time."""
    return Stretch(low=quantiles(memory, n=20)[0], middle=median(memory), most=max(memory))
