"""The single door of every change: gates asked, then declarations, entities, grants and the mirror, all or none."""

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

import msgspec

from bocage import registers, relational, sensing
from bocage.accounts import Actor, refresh_grants
from bocage.commitments import LIFTABLE, decide
from bocage.commitments.change import Change
from bocage.commitments.facts import TerritoryFacts
from bocage.commitments.promise import Moment
from bocage.domain.dataset import Dataset
from bocage.domain.decision import Refusal
from bocage.domain.declaration import Key
from bocage.domain.errors import Conflict, Refused
from bocage.domain.role import Role
from bocage.domain.sensing import Datastream, Thing
from bocage.domain.territory import Territory
from bocage.domain.text import message as _
from bocage.evidence import entries, facts
from bocage.evidence.asked import Asked, PutEntity, PutStay, RemoveEntity, RemoveStay
from bocage.evidence.declined import COUNTING, Place
from bocage.evidence.examining import examine_again
from bocage.evidence.knowing import Knowing
from bocage.evidence.log import LOG
from bocage.ingest.facts import GATHERING, numbered, stand_of
from bocage.registers import shape


class Changed(msgspec.Struct, frozen=True, kw_only=True):
    """What was written, in the order it was asked for; what follows from it (entries of rules) comes last. `stays`: the
    numbers of those that were written by hand."""

    entries: tuple[registers.Entry, ...] = ()
    placed: tuple[sensing.Placed, ...] = ()
    stays: tuple[int, ...] = ()


def change(territory: str, actor: Actor, changes: Sequence[Asked], at: datetime) -> Changed:
    """Write all changes or none. Who may ask for them is the edge's question (`accounts.rights.may_declare`).

    Raises Refused when a gate refuses, Conflict when something changed meanwhile, Invalid with the `field` that
    is wrong, Missing when what is taken away is not there.
    """
    past = [one for one in changes if isinstance(one, PutStay | RemoveStay)]
    with relational.transaction():
        present = facts.present(territory, at)
        changes = entries.followed(present, stating(changes))
        judged = _judged(present, changes, Knowing(territory=territory, at=at, believed=actor.operator))
        if judged:
            COUNTING.add(territory, judged, at)
            raise Refused(tuple(refusal for _place, refusal in judged))
        declared = [one for one in changes if isinstance(one, registers.Put | registers.Withdraw)]
        written = registers.record(declared, actor.account, at, territory) if declared else []
        placed = _place(territory, changes, at)
        _follow(territory, changes, placed)
        stays = _stayed(territory, past, at)
        _remember(present, changes, written, placed)
        relational.after_commit(lambda: examine_again(territory, at))
    return Changed(entries=tuple(written), placed=tuple(placed), stays=stays)


def stating(changes: Sequence[Asked]) -> list[Asked]:
    """Those that state something or take it away; where things stood is no statement that a promise speaks of."""
    return [one for one in changes if not isinstance(one, PutStay | RemoveStay)]


def _stayed(territory: str, past: Sequence[Asked], at: datetime) -> tuple[int, ...]:
    written = []
    for one in past:
        if isinstance(one, PutStay):
            place = Key(territory=territory, kind=Thing.kind, slug=one.thing)
            if one.standing:
                sensing.forget_begun(place, at)
            written.append(sensing.write_stay(place, one.locations, one.since, one.number))
        elif isinstance(one, RemoveStay):
            sensing.remove_stay(territory, one.number)
    return tuple(written)


def _remember(
    present: TerritoryFacts,
    changes: Sequence[Asked],
    written: Sequence[registers.Entry],
    placed: Sequence[sensing.Placed],
) -> None:
    """Keep the facts as they stand now for whoever asks next: only what changed is worked out again."""
    moved = {facts.place(one): None for one in changes}
    bodies = {(one.key.kind, one.key.slug): None if one.withdrawn else one.body for one in written}
    entities = {(one.kind, one.slug): numbered(one) for one in placed}
    GATHERING.keep(present.slug, stand_of(present.slug), present.moved({**moved, **bodies, **entities}))


def asked(present: TerritoryFacts, changes: Sequence[Asked]) -> tuple[Refusal, ...]:
    """Every refusal of these changes; they are judged together, as the territory would stand after all of them."""
    judged = _judged(present, entries.followed(present, stating(changes)), Knowing(territory=present.slug))
    return tuple(refusal for _place, refusal in judged)


def _judged(present: TerritoryFacts, changes: Sequence[Asked], knowing: Knowing) -> list[tuple[Place, Refusal]]:
    """Every refusal, with the kind and slug of what it refuses."""
    future = facts.after(present, changes)
    found: list[tuple[Place, Refusal]] = []
    for one in changes:
        kind, slug = facts.place(one)
        before = facts.held(present, kind, slug)
        number = before.id if isinstance(before, Datastream) else 0
        question = Change(
            kind=kind,
            slug=slug,
            facts=future,
            before=before,
            after=facts.stated(one),
            stored=LOG.held(number),
            checked=knowing.checked(kind, slug),
            found=knowing.found(kind),
            liftable=LIFTABLE,
        )
        answers = decide(Moment.DECLARE, question)
        found += [((kind, slug), answer) for answer in answers if isinstance(answer, Refusal)]
    return found


def _place(territory: str, changes: Sequence[Asked], at: datetime) -> list[sensing.Placed]:
    """Take entities away, then place others in bulk: a new series may bear the name of one that goes."""
    for gone in changes:
        if isinstance(gone, RemoveEntity):
            _expect(territory, gone)
            sensing.remove(territory, gone.kind, gone.slug, merged=gone.merged)
    puts = [one for one in changes if isinstance(one, PutEntity)]
    for one in puts:
        shape.checked(one.entity)
        _expect(territory, one)
    return sensing.put_all(territory, [(one.slug, one.entity) for one in puts], at) if puts else []


def _expect(territory: str, asked: PutEntity | RemoveEntity) -> None:
    if asked.expected is None:
        return
    kind, slug = facts.place(asked)
    present = sensing.find(territory, kind, slug)
    version = present.version if present else 0
    if version != asked.expected:
        raise Conflict(
            f"version {asked.expected}",
            f"version {version}",
            _("read it again, then change it"),
            kind=kind,
            slug=slug,
            present=version,
        )


def _follow(territory: str, changes: Sequence[Asked], placed: Sequence[sensing.Placed]) -> None:
    """What stands on declarations: grants of people, and what the log mirrors (before anybody sees the change)."""
    kinds = {facts.place(one)[0] for one in changes}
    if kinds & {Role.kind, Dataset.kind, Territory.kind}:
        follow_roles(territory)
    if kinds & {Territory.kind, Thing.kind}:
        LOG.follow(territory, None)
    elif Datastream.kind in kinds:
        LOG.follow(territory, [one.id for one in placed if one.kind == Datastream.kind])


def follow_roles(territory: str) -> None:
    """Give people the rights that the current roles and datasets say."""
    kinds = (Territory.kind, Role.kind, Dataset.kind)
    refresh_grants(territory, [entry for kind in kinds for entry in registers.current(territory, kind)])


def erase_personal(folder: Path, key: Key, field: str, at: datetime, by: str = "") -> int:
    """Erase a personal field of a declaration from all its versions, and the rights it gave; how many values went.

    `folder`: where the list of erasures lies, outside the database and its backups;
    `by`: the account that asks, whose right (`rights-requests`) is the edge's question.
    """
    with relational.transaction():
        erased = registers.erase(folder, key, field, at, by)
        if key.kind == Role.kind:
            follow_roles(key.territory)
    return erased
