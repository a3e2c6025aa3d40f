"""Single observations of a request that does more: made with the entities they belong to, corrected, or erased."""

from collections.abc import Mapping, Sequence
from typing import Any

import msgspec
import numpy as np

from bocage.api.problem import Stopped
from bocage.api.sensorthings import rows as observed
from bocage.api.sensorthings import several, together
from bocage.api.sensorthings.comparing import when
from bocage.api.sensorthings.model import DATASTREAM, ID, MULTI, OBSERVATION
from bocage.api.sensorthings.pushing import kept_id, nowhere
from bocage.api.sensorthings.reading import Shown
from bocage.api.sensorthings.saying import Starts, changed, usual
from bocage.api.sensorthings.sent import Single, alone
from bocage.api.sensorthings.stating import Document, known
from bocage.api.sensorthings.town import Item
from bocage.api.sensorthings.values import When
from bocage.api.sensorthings.writing import Sender
from bocage.domain.beside import read
from bocage.domain.errors import Refused
from bocage.domain.instant import EARLIEST, LATEST, iso, to_ms
from bocage.domain.observation import Columns
from bocage.domain.reading import Decoded, ReadingBatch
from bocage.domain.saying import SAID
from bocage.domain.text import message as _
from bocage.ingest.compiled import Compiled
from bocage.ingest.gathering import merged
from bocage.store import columns
from bocage.store.protocol import Erasure
from bocage.store.query import Expression, ObservationQuery
from bocage.store.runs import runs_of

AT_ONCE = 100_000  # observations erased together


def _read(document: Mapping[str, Any]) -> Single:
    try:
        return msgspec.convert(document, Single)
    except msgspec.ValidationError as error:
        raise Stopped(
            400, _("An observation has a result, a number, a text, true or false or null, and a time of ISO 8601.")
        ) from error


def _result(value: Any, span: tuple[int, int]) -> ReadingBatch:
    """A result of a time that is known."""
    times = "/".join(iso(one) for one in dict.fromkeys(span))
    return alone(_read({"result": value, "phenomenonTime": times}), "", 0)


def _about(feature: int) -> dict[str, Any]:
    return {"FeatureOfInterest": {"@iot.id": feature}} if feature else {}


def _same(document: Mapping[str, Any], at: tuple[int, int], of: tuple[int, int]) -> bool:
    """Whether what an observation is known by stays as it is, where a document repeats it. `of`: the numbers of its
    series and of what tells that with others."""
    times = document.get("phenomenonTime", "")
    if times != "" and when(times) != When(*at):
        return False
    known = zip((DATASTREAM, MULTI), of, strict=True)
    return all(
        isinstance(document[name], dict) and document[name].get(ID) == number
        for name, number in known
        if name in document
    )


class Noting:
    """Hands observations to the gate of the sender's source, and takes back what it may take back."""

    def __init__(self, sender: Sender) -> None:
        self.sender = sender

    @property
    def by(self) -> Compiled:
        """The gate's decisions as the territory stands now."""
        return self.sender.parts.intake.gate.compiled(self.sender.territory, self.sender.machine.source)

    def note(self, number: int, document: Document, feature: int = 0) -> int:
        """Keep one observation of a series; its id. What the gate refuses is raised with its reasons. `feature`: the
        number of what it names itself."""
        known(OBSERVATION, document)
        by = self.by
        key = by.key_of.get(number)
        if key is None:
            raise Stopped(403, _("This series belongs to another source than the token does."))
        starts = self._starts(number)
        if not starts and not feature:
            raise nowhere()
        plain = {name: document[name] for name in ("result", "phenomenonTime", *SAID) if name in document}
        readings = alone(_read({**plain, **_about(feature)}), key, to_ms(self.sender.at), starts)
        return self._handed(by, readings)

    def note_several(self, numbers: Sequence[int], document: Document, feature: int = 0) -> int:
        """Keep one observation of series that are told as one, whole or not at all; the id it has in the first."""
        known(OBSERVATION, document)
        starts = self._starts(numbers[0])
        if not starts and not feature:
            raise nowhere()
        values = together.results(document, len(numbers))
        plain = {name: document[name] for name in ("phenomenonTime", *SAID) if name in document}
        first = alone(_read({**plain, **_about(feature), "result": values[0]}), "", to_ms(self.sender.at), starts)
        return self._whole(numbers, values, first)

    def _whole(self, numbers: Sequence[int], values: Sequence[Any], first: ReadingBatch) -> int:
        """Hand on one observation of several series; `first`: what it is in the first of them."""
        by = self.by
        keys = [by.key_of.get(number) for number in numbers]
        if None in keys:
            raise Stopped(403, _("This series belongs to another source than the token does."))
        at = int(first.start[0]), int(first.end[0])
        parts = [first, *(_result(value, at) for value in values[1:])]
        named = [msgspec.structs.replace(one, keys=(key or "",)) for one, key in zip(parts, keys, strict=True)]
        readings = merged(named)
        _left, answer, refusals = together.handed(self.sender.parts, by, readings, np.zeros(len(readings), np.int64))
        if answer is None:
            raise Refused(tuple(refusals))
        return kept_id(answer)

    def _starts(self, number: int) -> Starts:
        return tuple((since, one.id) for since, one in self.sender.town.features(number))

    def _handed(self, by: Compiled, readings: ReadingBatch) -> int:
        return kept_id(self.sender.parts.intake.reception.hand(by, Decoded(readings=readings)).result())

    def correct(self, shown: Shown, rows: Columns, document: Mapping[str, Any], feature: int | None = None) -> int:
        """Give an observation another result, or say something else beside it; the source must be allowed to correct,
        and the time stays. `feature`: the number of what it is about from now on."""
        known(OBSERVATION, document)
        by, number = self.by, shown[1].id
        key = by.key_of.get(number)
        if key is None:
            raise Stopped(403, _("This series belongs to another source than the token does."))
        start, end = int(rows.start[0]), int(rows.end[0])
        joint = shown[0].town.joint.get(number)
        if not _same(document, (start, end), (number, 0 if joint is None else joint.id)):
            raise Stopped(400, _("An observation is known by its series and its time: the rest of it is corrected."))
        former = columns.besides(rows)[0]
        named = read(former).feature if feature is None else feature
        usually = usual(self._starts(number), start)
        said = changed(former, document, (start, end), 0 if named == usually else named)
        if "result" not in document and said is None:
            return int(rows.id[0])
        self._may(by)
        text = former if said is None else said
        beside = None if text is None else np.array([text], np.object_)
        if joint is not None:
            values = self._values(rows, joint, document)
            first = msgspec.structs.replace(_result(values[0], (start, end)), beside=beside)
            return self._whole([one.id for one in joint.parts], values, first)
        result = document["result"] if "result" in document else observed.value(rows, "result")
        return self._handed(by, msgspec.structs.replace(_result(result, (start, end)), keys=(key,), beside=beside))

    def _values(self, rows: Columns, joint: Item, document: Mapping[str, Any]) -> list[Any]:
        """The results of series that are told as one, after a change."""
        if "result" in document:
            return together.results(document, len(joint.parts))
        found: list[Any] = msgspec.json.decode(several.results(self.sender.parts.store, rows, joint)[0])
        return found

    def _may(self, by: Compiled) -> None:
        if not by.correcting:
            raise Stopped(403, _("This source may not correct what it sent: its declaration says so."))

    def erase(self, shown: Shown, rows: Columns) -> None:
        """Erase one observation, in all its versions."""
        by, number = self.by, shown[1].id
        if number not in by.key_of:
            raise Stopped(403, _("This series belongs to another source than the token does."))
        self._may(by)
        joint, store = shown[0].town.joint.get(number), self.sender.parts.store
        numbers = tuple(one.id for one in joint.parts) if joint is not None else (number,)
        start, end = int(rows.start[0]), int(rows.start[0]) + 1
        every = columns.joined([store.versions(one, start, end) for one in numbers])
        gone = columns.picked(every, every.end == int(rows.end[0]))
        runs = runs_of(gone.id, gone.version.astype(np.int64), gone.position)
        store.erase(Erasure(datastreams=numbers, start=start, end=end, runs=runs))

    def may_erase(self, numbers: Sequence[int]) -> bool:
        """Whether anything is kept of these series; raises where it is, and the source may not take it back."""
        held = self.sender.parts.store.extent(numbers) if numbers else []
        if held:
            self._may(self.by)
        return bool(held)

    def holds(self, number: int, where: Expression | None) -> bool:
        """Whether a series holds any such observation; raises where it does, and the source may not take it back."""
        query = ObservationQuery(datastreams=(number,), where=where)
        found = bool(self.sender.parts.store.tally(query))
        if found:
            self._may(self.by)
        return found

    def erase_those(self, number: int, where: Expression | None) -> None:
        """Erase such observations of a series, in all their versions; all of them where there is no condition."""
        if where is None:
            self.erase_series([number])
            return
        store, query = self.sender.parts.store, ObservationQuery(datastreams=(number,), where=where, limit=AT_ONCE)
        while len(rows := store.select(query)):
            start, end = int(rows.start.min()), int(rows.start.max()) + 1
            if int(rows.version.max()) > 1:
                every = store.versions(number, start, end)
                rows = columns.picked(every, np.isin(every.id, rows.id))
            runs = runs_of(rows.id, rows.version.astype(np.int64), rows.position)
            store.erase(Erasure(datastreams=(number,), start=start, end=end, runs=runs))

    def erase_series(self, numbers: Sequence[int]) -> None:
        """Erase all observations of these series."""
        self.sender.parts.store.erase(Erasure(datastreams=tuple(numbers), start=EARLIEST, end=LATEST))
