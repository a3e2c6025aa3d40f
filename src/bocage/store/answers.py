"""What every home answers in the same words: receipts, extents, and series nobody described."""

from collections.abc import Mapping, Sequence

from bocage.domain.errors import Invalid
from bocage.domain.nature import Nature
from bocage.domain.observation import DATASTREAM_BITS, Ints, ObservationBatch, Receipt
from bocage.store.identity import Arrived, Verdict
from bocage.store.protocol import Extent, Series


def receipts(arrived: Arrived, verdict: Verdict, position: int) -> list[Receipt]:
    """One receipt for each batch of a group commit."""
    given, offset = [], 0
    for size in arrived.sizes:
        part = slice(offset, offset + size)
        given.append(
            Receipt(
                position=position, outcome=verdict.outcome[part], id=verdict.id[part], version=verdict.version[part]
            )
        )
        offset += size
    return given


def extents(held: tuple[Ints, Ints, Ints, Ints]) -> list[Extent]:
    """Number, count, first and last start of each datastream, as values."""
    rows = zip(*(column.tolist() for column in held), strict=True)
    return [Extent(datastream=number, count=count, first=first, last=last) for number, count, first, last in rows]


def described(series: Mapping[int, Series], datastreams: Sequence[int]) -> list[Series]:
    """The mirrored series; one that was never mirrored is a gauge in UTC."""
    return [
        series.get(number) or Series(number=number, territory="", nature=Nature.GAUGE, zone="UTC")
        for number in sorted({int(one) for one in datastreams})
    ]


def unfit(batch: ObservationBatch) -> Invalid | None:
    """Why a batch cannot be kept at all, None when it can."""
    n = len(batch)
    lengths = {len(column) for column in (batch.start, batch.end, batch.kind, batch.number, batch.origin)}
    optional = {len(column) for column in (batch.text, batch.original, batch.beside) if column is not None}
    if (lengths | optional) - {n}:
        return Invalid("columns of one length", found=str(sorted(lengths | optional | {n})))
    if n and (int(batch.datastream.min()) < 0 or int(batch.datastream.max()) >> DATASTREAM_BITS):
        return Invalid("datastream numbers of 24 bits", found=str(int(batch.datastream.max())))
    if batch.end is not batch.start and bool((batch.end < batch.start).any()):
        return Invalid("intervals that end after they start")
    return None
