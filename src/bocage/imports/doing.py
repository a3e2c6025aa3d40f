"""Does an import: declarations in one change, all or none; measurements through the gate like any other."""

from collections.abc import Sequence
from datetime import datetime

import msgspec

from bocage import evidence, registers, relational, sensing
from bocage.accounts import Actor
from bocage.domain.declaration import Declaration, Key
from bocage.domain.errors import Conflict
from bocage.domain.kinds import KINDS
from bocage.domain.sensing import Entity
from bocage.domain.text import message as _
from bocage.evidence.asked import Asked, PutEntity
from bocage.imports import record
from bocage.imports.plan import Plan, Proposal
from bocage.imports.record import Import, State, Written


class Consent(msgspec.Struct, frozen=True, kw_only=True):
    """Who agreed to what they saw: the digest of the plan of the preview, and when."""

    actor: Actor
    seen: str
    at: datetime


def declare(one: Import, plan: Plan, consent: Consent, after: State = State.DONE) -> Import:
    """Write every proposal of the plan or none, and note what was written. The new state is `after`.

    Conflict when the plan is no longer the one that was seen, or somebody moved the import meanwhile; Refused when a
    gate refuses.
    """
    if consent.seen != plan.digest:
        raise Conflict(_("the file and the registers as you saw them"), one.names, _("look again, then decide"))
    with relational.transaction():
        held = {(it.kind, it.slug): _held(one.territory, it) for it in plan.proposals}
        changes = [change for it in plan.proposals for change in _asked(one.territory, it, held[it.kind, it.slug][0])]
        if changes:
            evidence.change(one.territory, consent.actor, changes, consent.at)
        written = tuple(_written(one.territory, it, held[it.kind, it.slug]) for it in plan.proposals)
        told = msgspec.structs.replace(
            one.told,
            written=(*one.told.written, *written),
            counts=_counts(one, plan, written),
            done_at=consent.at if after is State.DONE else one.told.done_at,
        )
        return record.move(one, after, told)


def _counts(one: Import, plan: Plan, written: Sequence[Written]) -> dict[str, int]:
    counts = dict(one.told.counts)
    counts["rows"] = plan.rows
    counts["wrong"] = len(plan.wrong) + plan.more_wrong
    counts["same"] = plan.same
    counts["new"] = counts.get("new", 0) + sum(not it.before for it in written)
    counts["changed"] = counts.get("changed", 0) + sum(bool(it.before) for it in written)
    return counts


def version_of(territory: str, kind: str, slug: str) -> tuple[int, Declaration | None]:
    """The version that holds of a declaration or an entity, and its body; 0 when there is none."""
    if kind in KINDS:
        entry = registers.find(Key(territory=territory, kind=kind, slug=slug))
        return (entry.version, entry.body) if entry else (0, None)
    placed = sensing.find(territory, kind, slug)
    return (placed.version, placed.entity) if placed else (0, None)


def _held(territory: str, proposal: Proposal) -> tuple[int, Declaration | None]:
    return version_of(territory, proposal.kind, proposal.slug)


def _asked(territory: str, proposal: Proposal, version: int) -> list[Asked]:
    """The changes that bring a proposal about, one for each of its versions."""
    if proposal.kind not in KINDS:
        bodies = [body for body in proposal.bodies if isinstance(body, Entity)]
        return [PutEntity(slug=proposal.slug, entity=body, expected=version) for body in bodies[-1:]]
    key = Key(territory=territory, kind=proposal.kind, slug=proposal.slug)
    first, *others = proposal.bodies
    return [
        registers.Put(key=key, body=first, expected=version or None),
        *(registers.Put(key=key, body=body, expected=registers.ANY) for body in others),
    ]


def _written(territory: str, proposal: Proposal, before: tuple[int, Declaration | None]) -> Written:
    version, body = before
    after, latter = version_of(territory, proposal.kind, proposal.slug)
    entity = isinstance(latter, Entity)
    return Written(
        kind=proposal.kind,
        slug=proposal.slug,
        title=proposal.title,
        before=version,
        after=after,
        former=msgspec.json.encode(body) if entity and body is not None else b"",
        latter=msgspec.json.encode(latter) if entity else b"",
        schema=proposal.body.schema,
    )
