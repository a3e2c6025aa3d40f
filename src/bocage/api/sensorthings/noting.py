"""Single observations of a request that does more: made with the entities they belong to, corrected, or erased."""

from collections.abc import Mapping, Sequence
from typing import Any

import msgspec

from bocage.api.problem import Stopped
from bocage.api.sensorthings.model import OBSERVATION
from bocage.api.sensorthings.pushing import kept_id, nowhere
from bocage.api.sensorthings.reading import Shown
from bocage.api.sensorthings.sent import Single, alone
from bocage.api.sensorthings.stating import Document, known
from bocage.api.sensorthings.writing import Sender
from bocage.domain.instant import EARLIEST, LATEST, iso, to_ms
from bocage.domain.observation import COUNTER_BITS, Columns
from bocage.domain.reading import Decoded
from bocage.domain.text import message as _
from bocage.ingest.compiled import Compiled
from bocage.store.protocol import Erasure, Run


class Noting:
    """Hands observations to the gate of the sender's source, and takes back what it may take back."""

    def __init__(self, sender: Sender) -> None:
        self.sender = sender

    @property
    def by(self) -> Compiled:
        """The gate's decisions as the territory stands now."""
        return self.sender.parts.intake.gate.compiled(self.sender.territory, self.sender.machine.source)

    def note(self, number: int, document: Document) -> int:
        """Keep one observation of a series; its id. What the gate refuses is raised with its reasons."""
        known(OBSERVATION, document)
        by = self.by
        key = by.key_of.get(number)
        if key is None:
            raise Stopped(403, _("This series belongs to another source than the token does."))
        if not self.sender.town.features(number):
            raise nowhere()
        return self._handed(by, key, document)

    def _handed(self, by: Compiled, key: str, document: Document) -> int:
        plain = {name: document[name] for name in ("result", "phenomenonTime") if name in document}
        try:
            sent = msgspec.convert(plain, Single)
        except msgspec.ValidationError as error:
            raise Stopped(
                400, _("An observation has a result, a number, a text, true or false or null, and a time of ISO 8601.")
            ) from error
        readings = alone(sent, key, to_ms(self.sender.at))
        return kept_id(self.sender.parts.intake.reception.hand(by, Decoded(readings=readings)).result())

    def correct(self, shown: Shown, rows: Columns, document: Mapping[str, Any]) -> int:
        """Give an observation another result; the source must be allowed to correct, and the time stays."""
        known(OBSERVATION, document)
        by, number = self.by, shown[1].id
        key = by.key_of.get(number)
        if key is None:
            raise Stopped(403, _("This series belongs to another source than the token does."))
        if any(name in document for name in ("phenomenonTime", "Datastream", "FeatureOfInterest")):
            raise Stopped(400, _("An observation is known by its series and its time: only its result is corrected."))
        if "result" not in document:
            return int(rows.id[0])
        self._may(by)
        edges = [int(rows.start[0]), int(rows.end[0])]
        times = [iso(one) for one in dict.fromkeys(edges)]
        return self._handed(by, key, {"result": document["result"], "phenomenonTime": "/".join(times)})

    def _may(self, by: Compiled) -> None:
        if not by.correcting:
            raise Stopped(403, _("This source may not correct what it sent: its declaration says so."))

    def erase(self, shown: Shown, rows: Columns) -> None:
        """Erase one observation, in all its versions."""
        by, number = self.by, shown[1].id
        if number not in by.key_of:
            raise Stopped(403, _("This series belongs to another source than the token does."))
        self._may(by)
        start, end = int(rows.start[0]), int(rows.start[0]) + 1
        versions = self.sender.parts.store.versions(number, start, end)
        runs = tuple(
            Run(datastream=number, position=int(position), version=int(version), first=counter, last=counter)
            for position, version, found in zip(versions.position, versions.version, versions.id, strict=True)
            if int(found) == int(rows.id[0])
            for counter in (int(found) & ((1 << COUNTER_BITS) - 1),)
        )
        self.sender.parts.store.erase(Erasure(datastreams=(number,), start=start, end=end, runs=runs))

    def may_erase(self, numbers: Sequence[int]) -> bool:
        """Whether anything is kept of these series; raises where it is, and the source may not take it back."""
        held = self.sender.parts.store.extent(numbers) if numbers else []
        if held:
            self._may(self.by)
        return bool(held)

    def erase_series(self, numbers: Sequence[int]) -> None:
        """Erase all observations of these series."""
        self.sender.parts.store.erase(Erasure(datastreams=tuple(numbers), start=EARLIEST, end=LATEST))
