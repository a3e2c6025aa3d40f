"""The short way of single numbers and plain arrays: what many connections send within one turn is read, judged and
kept as columns.

Only what is plainly in order goes this way: a token that memory knows, series of its source, numbers at instants.
Whatever else is sent, and whatever cannot be read, the application answers, as if this way were not there.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Final

from bocage.api import lists
from bocage.api.asked import Asked, machine_of
from bocage.api.gathered import Gathered
from bocage.api.heaps import ADDRESS, Heap
from bocage.api.lists import Pile
from bocage.api.parts import Parts
from bocage.api.sensorthings.targets import Targets
from bocage.ingest.crossing import Crossed
from bocage.ingest.turns import Turns
from bocage.upkeep.meter import METER

LONGEST: Final = 4096  # bytes of the body of a single number
LONGEST_LIST: Final = 48 * 1024  # and of arrays; a connection that is given more waits for the application to read it


class Express:
    """One per event loop. What comes while a turn is on its way to the disk waits for the next one."""

    def __init__(self, parts: Parts) -> None:
        self._parts = parts
        self._targets = parts.shelf.of(Targets)
        self._asked: list[Asked] = []
        self._under_way: set[Gathered] = set()
        self._answered = 0  # those of the turn that is under way
        self._turns = Turns(self._turn)

    @staticmethod
    def fits(url: bytes, headers: Mapping[bytes, bytes]) -> bool:
        """Whether a POST may go this way, by what is known before its body."""
        said = headers.get(b"content-length", b"")
        length = int(said) if said.isdigit() else LONGEST_LIST + 1
        if length > LONGEST_LIST or b"content-encoding" in headers:
            return False
        single = length <= LONGEST and ADDRESS.fullmatch(url) is not None
        return single or lists.ADDRESS.fullmatch(url) is not None

    def take(self, asked: Asked) -> None:
        """Take in a request; it is answered, or left to the application, within this turn or the next."""
        self._asked.append(asked)
        self._turns.came(len(self._asked))

    def _turn(self) -> None:
        asked, self._asked = self._asked, []
        now = self._parts.clock()
        found: dict[tuple[bytes, bool], Gathered | None] = {}
        heaps: dict[tuple[int, bool], Gathered] = {}
        for one in asked:
            key = (one.headers.get(b"authorization", b""), lists.ADDRESS.fullmatch(one.url) is not None)
            if key not in found:
                found[key] = self._heap(key, now, heaps)
            heap = found[key]
            if heap is None or not heap.add(one):
                one.otherwise()
        self._under_way = {heap for heap in heaps.values() if heap.asked}
        self._answered = sum(len(heap.asked) for heap in self._under_way)
        if not self._under_way:
            self._turns.over(0, 0)
        for heap in tuple(self._under_way):
            try:
                self._cross(heap)
            except Exception as error:  # whatever failed, every sender must be answered
                self._over(heap)
                heap.failed(error)

    def _heap(self, key: tuple[bytes, bool], now: datetime, heaps: dict[tuple[int, bool], Gathered]) -> Gathered | None:
        """Where what this sender sends goes, alone or in arrays; None when more must be asked of it."""
        authorization, several = key
        machine = machine_of(self._parts, authorization, now)
        if machine is None:
            return None
        by = self._parts.intake.gate.ready(machine.territory, machine.source)
        if by is None or (by.source is None and not several):
            return None
        place = (id(by), several)
        if place not in heaps:
            target = self._targets.ready(by)
            heaps[place] = Pile(self._parts, by, target) if several else Heap(self._parts, by, target, now)
        return heaps[place]

    def _cross(self, heap: Gathered) -> None:
        readings = heap.readings()
        METER.came(heap.by.territory, sum(len(one.body) for one, _base in heap.asked))

        def tell(crossed: Crossed) -> None:
            self._over(heap)
            try:
                heap.tell(readings, crossed)
            except Exception as error:  # whatever failed, every sender must be answered
                heap.failed(error)

        self._parts.intake.crossing.cross(heap.by, readings, tell)

    def _over(self, heap: Gathered) -> None:
        """A heap is on the disk, or given up; when it was the last of its turn, whoever waits has theirs."""
        self._under_way.discard(heap)
        if not self._under_way:
            self._turns.over(self._answered, len(self._asked))
