"""How every promise stands in every territory of this instance: read from what was kept, nothing is examined again."""

from collections import Counter
from collections.abc import Mapping
from datetime import datetime

import msgspec

from bocage import registers
from bocage.commitments import all_promises
from bocage.domain.territory import Territory
from bocage.evidence.since import KEPT, MEND
from bocage.evidence.tables import Stood

UNCHECKED = "cannot-be-checked-yet"


class Cell(msgspec.Struct, frozen=True, kw_only=True):
    """One promise in one territory. `outcome`: kept, mend, not-concerned or cannot-be-checked-yet; `mend`: how many
    things there are to mend."""

    outcome: str = UNCHECKED
    since: datetime | None = None
    mend: int = 0


class Row(msgspec.Struct, frozen=True, kw_only=True):
    """One territory, and its promises by code."""

    slug: str
    body: Territory
    cells: Mapping[str, Cell]

    def count(self, outcome: str) -> int:
        """How many promises stand so."""
        return sum(cell.outcome == outcome for cell in self.cells.values())

    def cell(self, promise: str) -> Cell:
        """How a promise stands; nothing is said of one that was not looked at yet."""
        return self.cells.get(promise, Cell())


def across() -> list[Row]:
    """Every territory, by name."""
    told = {promise.code for promise in all_promises()}
    mend = _to_mend()
    cells: dict[str, dict[str, Cell]] = {}
    stood = Stood.objects.filter(key="").values_list("territory", "promise", "outcome", "since")
    for territory, promise, outcome, since in stood:
        if promise in told:
            count = mend[territory, promise] if outcome == MEND else 0
            cells.setdefault(territory, {})[promise] = Cell(outcome=outcome, since=since, mend=count)
    rows = [
        Row(slug=entry.key.slug, body=entry.body, cells=cells.get(entry.key.territory, {}))
        for entry in registers.everywhere(Territory.kind)
        if isinstance(entry.body, Territory) and entry.key.slug == entry.key.territory
    ]
    return sorted(rows, key=lambda row: (row.body.title.fr.casefold(), row.slug))


def _to_mend() -> Counter[tuple[str, str]]:
    """How many things there are to mend, by territory and promise."""
    return Counter(Stood.objects.filter(outcome=MEND).exclude(key="").values_list("territory", "promise"))


OUTCOMES = (MEND, KEPT, UNCHECKED, "not-concerned")
