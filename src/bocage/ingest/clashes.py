"""Readings that say another value than the one kept: why, and how a source is allowed to correct itself."""

import msgspec
import numpy as np

from bocage.commitments.flow import Flow
from bocage.domain.decision import Refusal, WayOut
from bocage.domain.observation import Outcome, Receipt
from bocage.domain.reading import ReadingBatch
from bocage.ingest.compiled import Compiled
from bocage.ingest.gate import Admitted
from bocage.ingest.screening import Declined, grouped


def clashing(by: Compiled, readings: ReadingBatch, admitted: Admitted, receipt: Receipt) -> Admitted | None:
    """What was admitted and clashed with what the log keeps, as readings declined; None when nothing did."""
    if not receipt.outcome.any():  # as nearly always: all is new
        return None
    places = np.flatnonzero(receipt.outcome == Outcome.CONFLICT)
    if not len(places):
        return None
    rows = admitted.rows[places]
    names = np.array([by.keys[readings.keys[key]] for key in readings.key[rows].tolist()], dtype=np.int64)
    declined = tuple(
        Declined(key=by.flows[place].strand.key, rows=at, reasons=(_refusal(by, by.flows[place]),))
        for place, at in grouped(names, rows)
    )
    return msgspec.structs.replace(admitted, declined=declined)


def joined(admitted: Admitted, clashes: Admitted | None) -> Admitted:
    """Everything that was declined, before the log was asked and by it."""
    if clashes is None:
        return admitted
    return msgspec.structs.replace(admitted, declined=(*admitted.declined, *clashes.declined))


def _refusal(by: Compiled, flow: Flow) -> Refusal:
    return Refusal(
        promise="ingest",
        code="conflict",
        way_out=WayOut(kind="source", slug=by.slug, field="may_correct"),
        values={"source": by.slug, "series": flow.strand.slug},
        overridable=False,
    )
