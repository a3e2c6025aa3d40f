"""What every duty finds, worked out again only where something it looks at has changed."""

import logging
import threading
from collections.abc import Mapping

from bocage.commitments import duties, standing
from bocage.commitments.answers import UNEXAMINED, unexamined
from bocage.commitments.facts import TerritoryFacts
from bocage.commitments.promise import Duty, Promise
from bocage.commitments.standings import unchecked
from bocage.domain.decision import Finding, Stands

Found = Mapping[tuple[str, str], tuple[Finding, ...]]
"""The findings of each duty, by the code of its promise and its name."""


class Looking:
    """The facts each territory was looked at with last, and what was found; the day ends it all.

    A duty that fails is found to be so, counted, and asked again every time; the others are found as ever.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._last: dict[str, tuple[TerritoryFacts, Found]] = {}
        self._failures = 0

    @property
    def failures(self) -> int:
        """How often something could not be looked at since this process began."""
        return self._failures

    def look(self, facts: TerritoryFacts) -> tuple[Finding, ...]:
        """Everything found, in the order of the promises."""
        before, known = self._last.get(facts.slug, (None, {}))
        found = {}
        for promise, duty in duties(facts.today):
            place = promise.code, duty.name
            if before is not None and place in known and _stands(duty, before, facts):
                found[place] = known[place]
            else:
                found[place] = _again(known.get(place, ()), self._examined(promise, duty, facts))
        sound = {place: some for place, some in found.items() if all(one.code != UNEXAMINED for one in some)}
        with self._lock:
            self._last[facts.slug] = facts, sound
        return tuple(finding for some in found.values() for finding in some)

    def standing(self, promise: Promise, facts: TerritoryFacts) -> Stands:
        """What a promise is for the territory; not to be checked when that cannot be told."""
        try:
            return standing(promise, facts)
        except Exception:  # one promise that fails silences no other
            self.failed(f"the standing of {promise.code} of {facts.slug}")
            return unchecked(UNEXAMINED)

    def failed(self, what: str) -> None:
        """Count what could not be looked at, and tell whoever reads the journal of the machine."""
        with self._lock:
            self._failures += 1
        logging.getLogger(__name__).exception("could not examine %s; it is tried again", what)

    def _examined(self, promise: Promise, duty: Duty, facts: TerritoryFacts) -> tuple[Finding, ...]:
        try:
            return duty.examine(facts)
        except Exception:  # one duty that fails silences no other, nor the change that was just written
            self.failed(f"{promise.code} of {facts.slug}")
            return (unexamined(promise.code, duty.name),)


def _again(before: tuple[Finding, ...], now: tuple[Finding, ...]) -> tuple[Finding, ...]:
    """What was found now, with the very findings of before at both ends where they are equal: who keeps something by
    finding finds it again."""
    same = range(min(len(before), len(now)))
    first = next((at for at in same if before[at] != now[at]), len(same))
    last = next((at for at in same if at + first == len(same) or before[-1 - at] != now[-1 - at]), len(same))
    return before[:first] + now[first : len(now) - last] + before[len(before) - last :]


def _stands(duty: Duty, before: TerritoryFacts, now: TerritoryFacts) -> bool:
    """Whether all that a duty looks at is the same object as before: what moves is another one."""
    if before.today != now.today or before.signs != now.signs or duty.measured or not duty.reads:
        return before is now
    return all(before.declared.get(kind.kind) is now.declared.get(kind.kind) for kind in duty.reads)


# Duties are pure: what was found of the same facts is found again.
LOOKING = Looking()
