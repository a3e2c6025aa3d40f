"""What every duty finds, worked out again only where something it looks at has changed."""

import threading
from collections.abc import Mapping

from bocage.commitments import duties
from bocage.commitments.facts import TerritoryFacts
from bocage.commitments.promise import Duty
from bocage.domain.decision import Finding

Found = Mapping[tuple[str, str], tuple[Finding, ...]]
"""The findings of each duty, by the code of its promise and its name."""


class Looking:
    """The facts each territory was looked at with last, and what was found; the day ends it all."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._last: dict[str, tuple[TerritoryFacts, Found]] = {}

    def look(self, facts: TerritoryFacts) -> tuple[Finding, ...]:
        """Everything found, in the order of the promises."""
        before, known = self._last.get(facts.slug, (None, {}))
        found = {}
        for promise, duty in duties(facts.today):
            place = promise.code, duty.name
            if before is not None and place in known and _stands(duty, before, facts):
                found[place] = known[place]
            else:
                found[place] = duty.examine(facts)
        with self._lock:
            self._last[facts.slug] = facts, found
        return tuple(finding for some in found.values() for finding in some)


def _stands(duty: Duty, before: TerritoryFacts, now: TerritoryFacts) -> bool:
    """Whether all that a duty looks at is the same object as before: what moves is another one."""
    if before.today != now.today or before.signs != now.signs or duty.measured or not duty.reads:
        return before is now
    return all(before.declared.get(kind.kind) is now.declared.get(kind.kind) for kind in duty.reads)


# Duties are pure: what was found of the same facts is found again.
LOOKING = Looking()
