"""What was examined last of each territory, read once: what does not change is neither written nor read again."""

import threading
from datetime import datetime
from functools import cached_property

import msgspec

from bocage.commitments import all_promises
from bocage.commitments.measured import Usage
from bocage.domain.decision import Finding, Stands
from bocage.evidence import since
from bocage.evidence.arriving import Counted
from bocage.evidence.tables import Examination


class Examined(msgspec.Struct, frozen=True, kw_only=True):
    """`counted`: what the log told, last time it was asked; `owed`: whether something waits to be asked of it."""

    findings: tuple[Finding, ...]
    stands: dict[str, Stands]
    counted: Counted = Counted()
    owed: bool = False
    commons: str = ""
    usage: Usage | None = None


class Known(msgspec.Struct, frozen=True, kw_only=True, dict=True):
    """An examination and the bytes that hold it. `keys`: those of its findings; `kept`: whether this process has
    written since when all of it stands so."""

    body: bytes
    examined: Examined
    keys: tuple[str, ...]
    kept: bool = False

    @cached_property
    def outcomes(self) -> dict[since.Place, str]:
        """How each promise stands, and each thing found."""
        standings = {code: stands.standing for code, stands in self.examined.stands.items()}
        return since.outcomes(self.examined.findings, standings, self.keys)

    def durable(self) -> "Known":
        """The same, once this process has written since when all of it stands so; what was worked out stays."""
        found = msgspec.structs.replace(self, kept=True)
        found.__dict__.update(self.__dict__)
        return found

    def seen(self, at: datetime) -> since.Earlier:
        """The outcomes with the moment they were seen."""
        return self.outcomes, at


class Examinations:
    """The last examination of each territory; one is recognised by its bytes, whoever wrote them."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._known: dict[str, Known] = {}

    def last(self, territory: str) -> tuple[Examination | None, Known | None]:
        """The last one; None when another version of Bocage wrote it, with other promises."""
        row = Examination.objects.filter(territory=territory).first()
        if row is None:
            return None, None
        body, known = bytes(row.body), self._known.get(territory)
        if known is not None and known.body == body:
            return row, known
        try:
            examined = msgspec.json.decode(body, type=Examined)
        except msgspec.ValidationError:
            return row, None
        if set(examined.stands) != {promise.code for promise in all_promises()}:
            return row, None
        return row, self.remember(territory, Known(body=body, examined=examined, keys=_keys(examined, None)))

    def now(self, examined: Examined, last: Known | None) -> Known:
        """What was examined now, as it is to be written; what is as it was last time is not worked out again."""
        if last is not None and last.examined == examined:
            return last
        return Known(body=msgspec.json.encode(examined), examined=examined, keys=_keys(examined, last))

    def remember(self, territory: str, known: Known) -> Known:
        """Keep it at hand."""
        with self._lock:
            self._known[territory] = known
        return known


def _keys(examined: Examined, last: Known | None) -> tuple[str, ...]:
    """The keys of the findings, taken over where it is the very finding of last time."""
    held = dict(zip(map(id, last.examined.findings), last.keys, strict=True)) if last else {}
    return tuple(held.get(id(one)) or since.key(one) for one in examined.findings)


# One process, one memory: whoever examines a territory or reads what was found shares it.
EXAMINATIONS = Examinations()
