"""Takes a whole import back: declarations as they were before, and only those rows of the log that it left there.

What somebody changed since is not touched: it is left as it is, with what it still needs, and told. When a gate
refuses the rest, nothing at all is taken back.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import NamedTuple

import msgspec

from bocage import evidence, registers, relational
from bocage.accounts import Actor
from bocage.commitments.facts import TerritoryFacts
from bocage.domain.declaration import Declaration, Key, references
from bocage.domain.errors import Refused
from bocage.domain.instant import EARLIEST, LATEST
from bocage.domain.kinds import KINDS
from bocage.domain.sensing import ENTITIES, Datastream
from bocage.evidence import facts
from bocage.evidence.asked import Asked, PutEntity, RemoveEntity
from bocage.imports import record
from bocage.imports.doing import version_of
from bocage.imports.record import Import, LeftAs, State, Written
from bocage.sensing.shape import read as read_entity
from bocage.steer import forgetting
from bocage.steer.alerts import Action, Note
from bocage.steer.raising import Tell
from bocage.store.protocol import Erasure, Run, Store

CHANGED, GONE, NAMED, HOLDS = "changed", "gone", "named", "holds"
_ENTITIES = {entity.kind: entity for entity in ENTITIES}


class Undo(msgspec.Struct, frozen=True, kw_only=True):
    """What taking an import back does: what goes back, what is left and why, how many observations are erased."""

    back: tuple[Written, ...]
    left: tuple[LeftAs, ...]
    rows: int

    @property
    def empty(self) -> bool:
        """Whether nothing would change."""
        return not self.back and not self.rows


def prospect(store: Store, one: Import, at: datetime) -> Undo:
    """What taking it back would do now."""
    runs = record.kept(one)
    back, left = _sorted_out(one)
    now = facts.present(one.territory, at)
    mine = _by_stream(runs)
    while True:
        future = facts.after(now, [_back(one.territory, it) for it in back])
        kept = _kept_by_others(store, back, now, mine) or _still_named(back, future)
        if not kept:
            return Undo(back=tuple(back), left=tuple(left), rows=sum(mine.values()))
        left += kept
        gone = {(it.written.kind, it.written.slug) for it in kept}
        back = [it for it in back if (it.kind, it.slug) not in gone]


class By(NamedTuple):
    """Who takes it back, when, and who is told of the alerts that end with it."""

    actor: Actor
    at: datetime
    tell: Tell


def undo(store: Store, one: Import, by: By) -> Import:
    """Take it back. Refused, before anything is touched, when a gate refuses what would be declared again."""
    found = prospect(store, one, by.at)
    changes = [_back(one.territory, it) for it in found.back]
    refusals = [it for it in evidence.asked(facts.present(one.territory, by.at), changes) if it.code != "holds-data"]
    if refusals:
        raise Refused(tuple(refusals))
    moved, done = record.move(one, State.UNDOING), False
    try:
        result = _done(store, moved, found, by)
        done = True
    finally:
        if not done:
            record.move(moved, one.state)
    return result


def _done(store: Store, one: Import, found: Undo, by: By) -> Import:
    actor, at, _tell = by
    told = msgspec.structs.replace(one.told, left=found.left, undone_at=at, undone_by=actor.account)
    runs = record.kept(one)
    if runs:
        numbers = tuple(sorted({run.datastream for run in runs}))
        alerts = forgetting.TakingBack(store, one.territory, numbers)
        proof = store.erase(Erasure(datastreams=numbers, start=EARLIEST, end=LATEST, runs=runs))
        evidence.retention.taken_back(one.territory, proof, at)
        note = Note(at=at, account=actor.account, action=Action.TAKE_BACK, text=one.names)
        closed = alerts.close(note, by.tell)
        counts = {**told.counts, "erased": proof.erased, "corrections": proof.corrections, "alerts": closed}
        told = msgspec.structs.replace(told, covers=proof.covers, counts=counts)
    with relational.transaction():
        changes = [_back(one.territory, it) for it in found.back]
        if changes:
            evidence.change(one.territory, actor, changes, at)
        record.let_go(one)
        return record.move(one, State.UNDONE, told)


def _sorted_out(one: Import) -> tuple[list[Written], list[LeftAs]]:
    """What is still as the import wrote it, each thing once with its first version before; and what is not.

    Contents are compared, not versions: what was changed since and then set right again is as it was written. The
    version to be taken back is the one that holds now.
    """
    first: dict[tuple[str, str], Written] = {}
    for it in one.told.written:
        earlier = first.get((it.kind, it.slug))
        later = {"after": it.after, "latter": it.latter}
        first[it.kind, it.slug] = msgspec.structs.replace(earlier, **later) if earlier else it
    back, left = [], []
    for it in first.values():
        version, body = version_of(one.territory, it.kind, it.slug)
        if body == _body(one.territory, it, it.before, it.former):
            continue
        if body == _body(one.territory, it, it.after, it.latter):
            back.append(msgspec.structs.replace(it, after=version))
        else:
            left.append(LeftAs(written=it, reason=CHANGED if version else GONE))
    return back, left


def _body(territory: str, it: Written, version: int, kept: bytes) -> Declaration | None:
    """What the declaration of that version, or the entity kept so, said; None when there was none."""
    if it.kind in KINDS:
        return (
            registers.version(Key(territory=territory, kind=it.kind, slug=it.slug), version).body if version else None
        )
    return read_entity(_ENTITIES[it.kind], it.schema, kept) if kept else None


def _back(territory: str, it: Written) -> Asked:
    """The change that brings one thing back to what it was before."""
    if it.kind in KINDS:
        key = Key(territory=territory, kind=it.kind, slug=it.slug)
        if not it.before:
            return registers.Withdraw(key=key, expected=it.after)
        return registers.Put(key=key, body=registers.version(key, it.before).body, expected=it.after)
    if not it.before:
        return RemoveEntity(kind=it.kind, slug=it.slug)
    return PutEntity(slug=it.slug, entity=read_entity(_ENTITIES[it.kind], it.schema, it.former), expected=it.after)


def _by_stream(runs: Sequence[Run]) -> dict[int, int]:
    counts: dict[int, int] = {}
    for run in runs:
        counts[run.datastream] = counts.get(run.datastream, 0) + run.last - run.first + 1
    return counts


def _kept_by_others(store: Store, back: list[Written], now: TerritoryFacts, mine: Mapping[int, int]) -> list[LeftAs]:
    """New series that hold values of somebody else too."""
    found = []
    for it in back:
        body = now.one(Datastream, it.slug) if it.kind == Datastream.kind and not it.before else None
        held = sum(extent.count for extent in store.extent([body.id])) if body else 0
        if body and held > mine.get(body.id, 0):
            found.append(LeftAs(written=it, reason=HOLDS))
    return found


def _still_named(back: list[Written], future: TerritoryFacts) -> list[LeftAs]:
    """New things that what would remain still names."""
    named: dict[tuple[str, str], str] = {}
    for bodies in future.declared.values():
        for slug, body in bodies.items():
            for _field, kind, target in references(type(body), body):
                named.setdefault((kind, target), f"{body.kind}/{slug}")
    return [
        LeftAs(written=it, reason=NAMED, by=named[it.kind, it.slug])
        for it in back
        if not it.before and (it.kind, it.slug) in named
    ]
