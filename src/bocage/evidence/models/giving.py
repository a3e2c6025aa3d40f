"""Gives a model to the territories it is offered to: what each would get, who may give it, and what came of it.

A territory that answers for itself is given nothing it did not agree to. Where nobody is yet, only who may begin
territories gives. Each territory is a change of its own: what a gate refuses there stops nothing elsewhere.
"""

import hashlib
from collections import Counter
from collections.abc import Mapping
from datetime import datetime
from typing import Any

import msgspec

from bocage import registers, relational
from bocage.accounts import Actor
from bocage.accounts.rights import Right, may, may_declare
from bocage.commitments.facts import TerritoryFacts
from bocage.domain.decision import Refusal
from bocage.domain.declaration import Key
from bocage.domain.errors import BocageError, Refused
from bocage.domain.label import Labelled
from bocage.domain.organisation import Organisation
from bocage.domain.role import Role
from bocage.domain.territory import Territory
from bocage.domain.text import message as _
from bocage.evidence import beginning, facts
from bocage.evidence.changing import asked
from bocage.evidence.models import keeping
from bocage.evidence.models.comparing import EVERYTHING, Known, Line, Outcome, lines
from bocage.evidence.models.draft import values
from bocage.evidence.models.keeping import Kept, Offer, Result, Told
from bocage.evidence.undoing import undo, undoable
from bocage.registers import Put, shape
from bocage.registers.files import Filed

Official = Mapping[str, tuple[Territory, str]]
"""What the State's files say, by code: the territory and its SIREN."""


class State(Labelled):
    """Where a territory stands before an offer."""

    ABSENT = "absent", _("Not here yet")
    NOBODY = "nobody", _("Nobody is there yet")
    WAITING = "waiting", _("Waits for its answer")
    AGREED = "agreed", _("Agreed")
    REFUSED = "refused", _("Refused by the territory")


class By(msgspec.Struct, frozen=True, kw_only=True):
    """Who gives, when, and what the State's files say of those that are not here yet."""

    actor: Actor
    at: datetime
    official: Official = {}


class Prospect(msgspec.Struct, frozen=True, kw_only=True):
    """What giving would do to one territory. `may`: whether this person may give it; `refusals`: of the gates."""

    offer: Offer
    state: State
    lines: tuple[Line, ...]
    changes: tuple[Put, ...] = ()
    refusals: tuple[Refusal, ...] = ()
    may: bool = False

    @property
    def counts(self) -> dict[str, int]:
        """How many declarations of each outcome."""
        return Counter(line.outcome.value for line in self.lines)


def digest(kept: Kept, one: Offer) -> str:
    """What a territory agrees to: the drafts, and its own line of the file."""
    return hashlib.sha256(msgspec.json.encode((kept.model.drafts, one.row))).hexdigest()[:32]


def prospect(kept: Kept, one: Offer, by: By, *, judged: bool = True) -> Prospect:
    """What giving it would do now; `judged`: ask the gates too."""
    present = facts.present(one.slug, by.at)
    begins = _beginning(kept, one, by) if present.territory is None else []
    found = lines(kept.model.drafts, _known(one, present, begins))
    stated = {(line.kind, line.slug) for line in found if line.written}
    first = [it for it in begins if (it.kind, it.slug) not in stated]
    given = [Filed(kind=line.kind, slug=line.slug, body=line.after) for line in found if line.written and line.after]
    held = registers.versions(one.slug, (it.kind for it in (*first, *given)))
    changes = tuple(_put(held, one.slug, it) for it in (*first, *given))
    state = state_of(kept, one, present)
    return Prospect(
        offer=one,
        state=state,
        lines=found,
        changes=changes,
        refusals=asked(present, changes) if judged and changes and state is not State.REFUSED else (),
        may=_may(by.actor, state, one.slug, changes),
    )


def state_of(kept: Kept, one: Offer, present: TerritoryFacts) -> State:
    """Where the territory stands."""
    if EVERYTHING in one.refused:
        return State.REFUSED
    if present.territory is None:
        return State.ABSENT
    if one.agreed and (one.always or one.seen == digest(kept, one)):
        return State.AGREED
    return State.WAITING if _somebody(present) else State.NOBODY


def peopled(territory: str, at: datetime) -> bool:
    """Whether somebody is there who answers for the territory."""
    return _somebody(facts.present(territory, at))


def _somebody(present: TerritoryFacts) -> bool:
    return any(role.holder for role in present.all(Role).values() if role.lasts(present.today))


def give(kept: Kept, one: Offer, by: By) -> Offer:
    """Give it, and keep what came of it; what went wrong is told. Missing when the model was forgotten meanwhile."""
    with relational.transaction():
        return _tried(kept, keeping.offer(kept, one.code), by)  # as it is now: it may have answered meanwhile


def _tried(kept: Kept, one: Offer, by: By) -> Offer:
    found = prospect(kept, one, by, judged=False)
    result = _stopped(found)
    if result is None:
        try:
            return _given(kept, found, by)
        except Refused as no:
            told = Told(result=Result.STOPPED, at=by.at, counts=found.counts, refusals=no.refusals)
        except BocageError as failure:
            told = Told(result=Result.FAILED, at=by.at, counts=found.counts, failure=str(failure))
    else:
        told = Told(result=result, at=by.at, counts=found.counts)
    given = {**one.given, **_stated(found)} if told.result is Result.SAME else one.given
    changed = msgspec.structs.replace(one, given=given, told=_carried(one, told))
    keeping.save(kept, [changed])
    return changed


def take_back(kept: Kept, one: Offer, by: By) -> Offer:
    """Take back what was given last, as long as nobody changed it since; Conflict or Refused when it cannot be."""
    with relational.transaction():
        one = keeping.offer(kept, one.code)
        told = one.told
        if told is None or not told.number:
            return one
        undo(one.slug, by.actor, told.number, by.at)
        undone = Told(result=Result.UNDONE, at=by.at)
        changed = msgspec.structs.replace(one, given=told.before, told=undone)
        keeping.save(kept, [changed])
    return changed


def _given(kept: Kept, found: Prospect, by: By) -> Offer:
    one = found.offer
    with relational.transaction():
        _changed, number = undoable(one.slug, by.actor, found.changes, by.at)
        begun = any(change.key.kind == Territory.kind for change in found.changes)
        result = Result.BEGUN if begun else Result.GIVEN
        told = Told(result=result, at=by.at, counts=found.counts, number=number, before=one.given)
        changed = msgspec.structs.replace(one, given={**one.given, **_stated(found)}, told=told)
        keeping.save(kept, [changed])
    return changed


def _stated(found: Prospect) -> dict[str, dict[str, Any]]:
    """What the model now says, by place: against it one sees later what the territory changed by itself."""
    settled = (Outcome.NEW, Outcome.CHANGED, Outcome.SAME, Outcome.KEPT)
    return {line.place: shape.plain(line.wanted) for line in found.lines if line.wanted and line.outcome in settled}


def _stopped(found: Prospect) -> Result | None:
    """Why nothing is given, if so."""
    if found.state is State.REFUSED:
        return Result.REFUSED
    if not found.changes:
        return Result.SAME
    if found.may:
        return None
    return Result.WAITING if found.state is State.WAITING else Result.NOT_YOURS


def _carried(one: Offer, told: Told) -> Told:
    """What could be taken back before still can be, when nothing was written meanwhile."""
    last = one.told
    if last is None or not last.number:
        return told
    return msgspec.structs.replace(told, number=last.number, before=last.before)


def beyond(actor: Actor, found: Prospect) -> tuple[str, ...]:
    """The kinds it would declare that this person's roles do not: whoever agrees declares, and may do no more."""
    kinds = sorted({change.key.kind for change in found.changes})
    return tuple(kind for kind in kinds if not may_declare(actor, found.offer.slug, kind))


def _may(actor: Actor, state: State, slug: str, changes: tuple[Put, ...]) -> bool:
    """Whoever holds the machine does not answer for a territory in which somebody is."""
    if state in (State.AGREED, State.REFUSED):
        return state is State.AGREED
    if state in (State.ABSENT, State.NOBODY) and may(actor, Right.BEGIN_TERRITORIES, ""):
        return True
    theirs = state is not State.ABSENT and not actor.operator
    return theirs and all(may_declare(actor, slug, change.key.kind) for change in changes)


def _known(one: Offer, present: TerritoryFacts, begins: list[Filed]) -> Known:
    stated = next((it.body for it in begins if isinstance(it.body, Territory)), None) or present.territory
    organisations = {it.slug: it.body for it in begins if it.kind == Organisation.kind} or present.all(Organisation)
    own = values(stated, one.slug, organisations) if stated else {}
    said = {name: text for name, text in one.row.values.items() if name not in ("slug", "organisation")}
    return Known(
        held=present.declared,
        values={**own, "code": one.code, "name": one.name, **said},
        changed=one.row.changed,
        given=one.given,
        refused=frozenset(one.refused),
    )


def _beginning(kept: Kept, one: Offer, by: By) -> list[Filed]:
    """What the territory begins with, where it is not here yet."""
    if one.code not in by.official:
        return []
    body, siren = by.official[one.code]
    return beginning.first(one.code, body, one.slug, siren)


def _put(held: Mapping[tuple[str, str], int], territory: str, one: Filed) -> Put:
    key = Key(territory=territory, kind=one.kind, slug=one.slug)
    return Put(key=key, body=one.body, expected=held.get((one.kind, one.slug)))
