"""Series that are told as one, as they are written: what each of them is, and observations that are kept whole."""

from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from bocage.api.parts import Parts
from bocage.api.problem import Stopped
from bocage.api.sensorthings.model import MULTI
from bocage.api.sensorthings.properties import COMPLEX
from bocage.api.sensorthings.stating import Document, nature, unit, wrong
from bocage.domain.decision import Refusal
from bocage.domain.observation import Ints
from bocage.domain.reading import Decoded, ReadingBatch
from bocage.domain.text import message as _
from bocage.ingest.answer import Answer
from bocage.ingest.compiled import Compiled

UNITS, KINDS = "unitOfMeasurements", "multiObservationDataTypes"


def fields(document: Document, count: int) -> list[dict[str, Any]]:
    """What a document says of each of so many series, in their order; 400 when it speaks of more, or of fewer."""
    if document.get("observationType", COMPLEX) != COMPLEX:
        raise wrong("observationType")
    found: list[dict[str, Any]] = [{} for _place in range(count)]
    for name in (UNITS, KINDS):
        if name not in document:
            continue
        held = document[name]
        if not isinstance(held, list) or len(held) != count:
            raise Stopped(400, _("A MultiDatastream has as many units, types and observed properties."))
        for place, value in enumerate(held):
            found[place] |= {"unit": unit(name, value)} if name == UNITS else {"observation_type": _type(value)}
    return found


def _type(value: Any) -> str:
    if not isinstance(value, str):
        raise wrong(KINDS)
    return value


def natured(one: dict[str, Any]) -> dict[str, Any]:
    """What is said of a new series, with the nature that follows from its type."""
    return {**one, "nature": nature(one.get("observation_type", ""))}


def results(document: Document, count: int) -> list[Any]:
    """The result of each series; 400 when there are not as many."""
    held = document.get("result")
    if not isinstance(held, list) or len(held) != count:
        raise Stopped(400, _("The result of a {type} is an array, with one value of each of its series."), type=MULTI)
    return held


def handed(
    parts: Parts, by: Compiled, readings: ReadingBatch, groups: Ints
) -> tuple[npt.NDArray[np.intp], Answer | None, Sequence[Refusal]]:
    """Hand observations of several series to the gate, each whole or not at all. `groups`: int64[n], which readings are
    one. The places of those that passed, what became of them, and why others did not pass."""
    gate, reception = parts.intake.gate, parts.intake.reception
    tried = gate.admit(by, readings)
    gate.settle(tried.ticket)
    refused = [one for one in tried.declined if not one.kept]
    refusals = [reason for one in refused for reason in one.reasons]
    left = np.arange(len(groups))
    if refused:
        reception.count(by, readings, tried)
        bad = np.unique(groups[np.concatenate([one.rows for one in refused])])
        left = np.flatnonzero(~np.isin(groups, bad))
    if not len(left):
        return left, None, refusals
    return left, reception.hand(by, Decoded(readings=readings.at(left))).result(), refusals
