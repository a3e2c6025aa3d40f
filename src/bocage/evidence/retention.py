"""Erases what has been kept as long as its purpose said, under the rule or the visa of the archives, with its proof."""

from datetime import datetime

import msgspec

from bocage import registers
from bocage.domain.instant import EARLIEST, to_datetime
from bocage.domain.text import message as _
from bocage.evidence import facts
from bocage.evidence.due import Due, let_go
from bocage.evidence.tables import Erased
from bocage.jobs import Said, said
from bocage.steer.forgetting import forget
from bocage.store.protocol import Erasure, ErasureProof, Store

REQUEST = "request"
"""What a person asked to have erased, in place of a rule or a slip."""
OUTSIDE = ("downloads", "copies")
"""What no proof covers: what was downloaded before, and what others copied."""


class Proof(msgspec.Struct, frozen=True, kw_only=True):
    """One erasure: of which purpose, when, what began before, how many observations, and where they were erased.

    `datastreams`: the numbers of those that held something of it. `purpose` is empty for what was not at the end of its
    retention: an import that was taken back. `under`: the rule or the slip that let it go, as kind/slug; empty for
    what was erased before there were any.
    """

    purpose: str
    at: datetime
    before: int
    count: int
    covers: tuple[str, ...]
    datastreams: tuple[int, ...] = ()
    under: str = ""

    @property
    def outside(self) -> tuple[str, ...]:
        """What it does not cover."""
        return OUTSIDE


def run(store: Store, at: datetime) -> tuple[Said, ...]:
    """Erase what is due in every territory and may go; what the daily job says of itself."""
    count = 0
    for territory in registers.territories():
        for one in let_go(facts.present(territory, at)):
            count += erase(store, one, at)
    return said(_("Measurements erased: %(count)s."), count=count)


def proofs(territory: str, limit: int = 100) -> list[Proof]:
    """The erasures of a territory, newest first."""
    rows = Erased.objects.filter(territory=territory).order_by("-at", "-id")[:limit]
    return [
        Proof(
            purpose=row.purpose,
            at=row.at,
            before=row.before,
            count=row.count,
            covers=msgspec.json.decode(bytes(row.covers), type=tuple[str, ...]),
            datastreams=msgspec.json.decode(bytes(row.datastreams), type=tuple[int, ...]),
            under=row.under,
        )
        for row in rows
    ]


def taken_back(territory: str, proof: ErasureProof, at: datetime) -> None:
    """Keep the proof of rows that were erased because what had brought them was undone; nothing when none was."""
    count = proof.erased + proof.corrections
    if count:
        series, end = proof.erasure.datastreams, proof.erasure.end
        one = Due(territory=territory, purpose="", datastreams=series, before=end, day=to_datetime(end).date())
        _keep(one, msgspec.structs.replace(proof, erased=count), at)


def erase(store: Store, one: Due, at: datetime) -> int:
    """Erase what is due, or what a person asked for, and keep the proof; how many went. Nothing is written where
    nothing is held."""
    holding = [extent.datastream for extent in store.extent(one.datastreams) if extent.first < one.before]
    if not holding:
        return 0
    proof = store.erase(Erasure(datastreams=tuple(holding), start=EARLIEST, end=one.before))
    if forget(one.territory, holding, one.before):
        proof = msgspec.structs.replace(proof, covers=(*proof.covers, "alerts"))
    _keep(one, proof, at)
    return proof.erased


def _keep(one: Due, proof: ErasureProof, at: datetime) -> None:
    Erased.objects.create(
        territory=one.territory,
        purpose=one.purpose,
        at=at,
        before=one.before,
        datastreams=msgspec.json.encode(proof.erasure.datastreams),
        count=proof.erased,
        covers=msgspec.json.encode(proof.covers),
        position=proof.position,
        under=one.under,
    )
