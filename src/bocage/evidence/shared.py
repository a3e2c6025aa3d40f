"""What the commons hold, as promises are told of it; nothing before assembly connected their folder."""

import threading

from bocage.commitments.facts import TerritoryFacts
from bocage.commitments.measured import Resource
from bocage.commons import Library, Shelf
from bocage.ingest.facts import GATHERING


class Commons:
    """The shelf of this process. What demonstrations invented is a fact for invented territories only."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._shelf = Shelf()
        self._told: tuple[Library, dict[bool, tuple[Resource, ...]]] = (Library(), {})

    def connect(self, shelf: Shelf | None) -> None:
        """Use this shelf from now on; None lets go of it."""
        with self._lock:
            self._shelf = shelf or Shelf()
        GATHERING.shares = self.facts

    @property
    def mark(self) -> str:
        """The same as long as the commons hold the same."""
        return self._shelf.library.mark

    def facts(self, facts: TerritoryFacts) -> tuple[Resource, ...]:
        """What a territory is told; the very same object while nothing changed."""
        library, told = self._told
        if library is not self._shelf.library:
            library, told = self._told = (self._shelf.library, {})
        invented = facts.territory is not None and facts.territory.demonstration
        if invented not in told:
            told[invented] = tuple(one for one in library.facts if invented or not one.invented)
        return told[invented]


# One process, one folder of the commons: whoever asks for the facts of a territory is told of the same ones.
COMMONS = Commons()
