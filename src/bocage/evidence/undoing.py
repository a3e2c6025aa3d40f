"""Changes that can be taken back as a whole: what to write to be where one was, kept for a month."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

import msgspec

from bocage import registers, relational, sensing
from bocage.accounts import Actor
from bocage.domain.declaration import Key
from bocage.domain.errors import Missing
from bocage.domain.kinds import KINDS
from bocage.domain.text import message as _
from bocage.evidence import facts
from bocage.evidence.asked import Asked, PutEntity, RemoveEntity
from bocage.evidence.changing import Changed, change
from bocage.evidence.tables import Undoable
from bocage.sensing.shape import KINDS as ENTITIES
from bocage.sensing.shape import read

KEPT = timedelta(days=30)


class _Step(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One declaration or entity as it was before. `version`: of a declaration, 0 when it did not hold; `body`: of an
    entity, in shape `schema`, empty when it was not there. `expected`: the version the change left, 0 for none.
    `stood`: where a thing that was taken away had stood.

    A declaration is found again in its history, so that nothing personal lies here.
    """

    kind: str
    slug: str
    expected: int = 0
    version: int = 0
    schema: int = 0
    body: bytes = b""
    stood: tuple[sensing.Stood, ...] = ()


def undoable(territory: str, actor: Actor, changes: Sequence[Asked], at: datetime) -> tuple[Changed, int]:
    """Write all changes or none, as `change` does; what was written, and the number to take it back by."""
    with relational.transaction():
        kinds = {kind for kind, _slug in map(facts.place, changes)}
        held = registers.versions(territory, kinds)
        before = [_before(territory, one, held) for one in changes]
        changed = change(territory, actor, changes, at)
        left = registers.versions(territory, kinds)
        steps = [_left(territory, step, left) for step in before]
        Undoable.objects.filter(at__lt=at - KEPT).delete()
        row = Undoable.objects.create(
            territory=territory, account=actor.account, at=at, body=msgspec.json.encode(list(reversed(steps)))
        )
    return changed, row.id


def back(territory: str, number: int) -> tuple[Asked, ...]:
    """The changes that take a change back; Missing when it was taken back already, or is older than a month."""
    return tuple(_asked(territory, step) for step in _steps(territory, number))


def undo(territory: str, actor: Actor, number: int, at: datetime) -> Changed:
    """Take a change back, once. Conflict when something of it changed meanwhile; Refused when a gate refuses."""
    with relational.transaction():
        sensing.stand_again([one for step in _steps(territory, number) for one in step.stood])
        changed = change(territory, actor, back(territory, number), at)
        Undoable.objects.filter(territory=territory, id=number).delete()
    return changed


def _steps(territory: str, number: int) -> list[_Step]:
    row = Undoable.objects.filter(territory=territory, id=number).first()
    if row is None:
        raise Missing(_("a change that can still be taken back"), str(number))
    return msgspec.json.decode(bytes(row.body), type=list[_Step])


def _before(territory: str, asked: Asked, held: Mapping[tuple[str, str], int]) -> _Step:
    kind, slug = facts.place(asked)
    if kind in KINDS:
        return _Step(kind=kind, slug=slug, version=held.get((kind, slug), 0))
    placed = sensing.find(territory, kind, slug)
    if placed is None:
        return _Step(kind=kind, slug=slug)
    body = msgspec.json.encode(placed.entity)
    leaves = isinstance(asked, RemoveEntity) and not asked.merged
    stood = sensing.stood(territory, kind, slug) if leaves else ()
    return _Step(kind=kind, slug=slug, schema=placed.entity.schema, body=body, stood=stood)


def _left(territory: str, step: _Step, held: Mapping[tuple[str, str], int]) -> _Step:
    """The step with the version the change left; 0 when nothing of that name holds any more."""
    if step.kind in KINDS:
        return msgspec.structs.replace(step, expected=held.get((step.kind, step.slug), 0))
    placed = sensing.find(territory, step.kind, step.slug)
    return msgspec.structs.replace(step, expected=placed.version if placed else 0)


def _asked(territory: str, step: _Step) -> Asked:
    if step.kind not in KINDS:
        if not step.body:
            return RemoveEntity(kind=step.kind, slug=step.slug, expected=step.expected)
        entity = read(ENTITIES[step.kind], step.schema, step.body)
        return PutEntity(slug=step.slug, entity=entity, expected=step.expected)
    key = Key(territory=territory, kind=step.kind, slug=step.slug)
    if not step.version:
        return registers.Withdraw(key=key, expected=step.expected)
    return registers.Put(key=key, body=registers.version(key, step.version).body, expected=step.expected or None)
