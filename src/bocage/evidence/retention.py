"""Erases what has been kept as long as its purpose said, and keeps the proof of it."""

from collections.abc import Iterator
from datetime import date, datetime

import msgspec

from bocage import registers
from bocage.commitments.facts import TerritoryFacts
from bocage.domain.instant import EARLIEST, day_bounds
from bocage.domain.purpose import Purpose
from bocage.domain.text import message as _
from bocage.evidence import facts
from bocage.evidence.tables import Erased
from bocage.jobs import Said, said
from bocage.steer.forgetting import forget
from bocage.store.protocol import Erasure, ErasureProof, Store


class Due(msgspec.Struct, frozen=True, kw_only=True):
    """What a purpose no longer allows to keep: observations of these datastreams that begin before an instant."""

    territory: str
    purpose: str
    datastreams: tuple[int, ...]
    before: int


class Proof(msgspec.Struct, frozen=True, kw_only=True):
    """One erasure: of which purpose, when, what began before, how many observations, and where they were erased.

    `datastreams`: the numbers of those that held something of it. `purpose` is empty for what was not at the end of its
    retention: an import that was taken back.
    """

    purpose: str
    at: datetime
    before: int
    count: int
    covers: tuple[str, ...]
    datastreams: tuple[int, ...] = ()


def due(territory: str, at: datetime) -> list[Due]:
    """What the retention of each purpose asks to erase, whether something is there or not."""
    return list(_due(facts.present(territory, at)))


def run(store: Store, at: datetime) -> tuple[Said, ...]:
    """Erase what is due in every territory; what the daily job says of itself."""
    count = 0
    for territory in registers.territories():
        for one in due(territory, at):
            count += _erase(store, one, at)
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
        )
        for row in rows
    ]


def at_request(store: Store, one: Due, at: datetime) -> int:
    """Erase what a person asked to have erased, before the end of its retention, with the same proof; how many went."""
    return _erase(store, one, at)


def taken_back(territory: str, proof: ErasureProof, at: datetime) -> None:
    """Keep the proof of rows that were erased because what had brought them was undone; nothing when none was."""
    count = proof.erased + proof.corrections
    if count:
        one = Due(territory=territory, purpose="", datastreams=proof.erasure.datastreams, before=proof.erasure.end)
        _keep(one, msgspec.structs.replace(proof, erased=count), at)


def _due(now: TerritoryFacts) -> Iterator[Due]:
    zone = now.territory.time_zone if now.territory else "UTC"
    numbers: dict[str, list[int]] = {}
    for flow in now.flows():
        if flow.datastream is not None and flow.purpose is not None:
            numbers.setdefault(flow.purpose_slug, []).append(flow.datastream.id)
    for slug, purpose in sorted(now.all(Purpose).items()):
        if purpose.retention_months and slug in numbers:
            first_kept = months_before(now.today, purpose.retention_months)
            yield Due(
                territory=now.slug,
                purpose=slug,
                datastreams=tuple(sorted(numbers[slug])),
                before=day_bounds(first_kept, zone)[0],
            )


def months_before(day: date, months: int) -> date:
    """The same day so many months earlier; the last day of the month where there is none."""
    place = day.year * 12 + day.month - 1 - months
    year, month = place // 12, place % 12 + 1
    for last in (day.day, 30, 29, 28):
        try:
            return date(year, month, min(day.day, last))
        except ValueError:
            continue
    raise ValueError(f"no day {months} months before {day}")


def _erase(store: Store, one: Due, at: datetime) -> int:
    """Erase and keep the proof; nothing is written where nothing is held."""
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
    )
