"""A folder of declarations and a territory: what applying it would do, doing it, and writing what holds as a folder."""

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path

import msgspec

from bocage import registers, relational, sensing
from bocage.accounts import Actor
from bocage.domain.algorithm import Algorithm
from bocage.domain.decision import Refusal
from bocage.domain.declaration import Key
from bocage.domain.errors import Invalid
from bocage.domain.kinds import KINDS
from bocage.domain.sensing import ENTITIES, Entity
from bocage.domain.territory import Territory
from bocage.domain.text import message as _
from bocage.evidence import changing, entries, facts
from bocage.evidence.asked import Asked, PutEntity, RemoveEntity
from bocage.registers import carrying, files
from bocage.registers.files import Filed, Folder, Held, Outcome, Step

HISTORY = "history.jsonl"


class Choice(msgspec.Struct, frozen=True, kw_only=True):
    """How to apply. `side`: on conflict, "ours" keeps what holds, "theirs" takes the file, "" applies nothing.

    `prune`: absence takes away. `dry`: change nothing. `rebase`: say in the files that they are what holds now.
    """

    side: str = ""
    prune: bool = False
    dry: bool = False
    rebase: bool = True


class Plan(msgspec.Struct, frozen=True, kw_only=True):
    """What applying does, or would do. `refusals` are given when dry (otherwise they are raised)."""

    territory: str
    steps: tuple[Step, ...]
    refusals: tuple[Refusal, ...] = ()
    applied: bool = False

    @property
    def counts(self) -> dict[str, int]:
        """How many steps of each outcome."""
        found = Counter(step.outcome.value for step in self.steps)
        return {outcome.value: found.get(outcome.value, 0) for outcome in Outcome}


def apply(folder: Path, territory: str, actor: Actor, at: datetime, choice: Choice = Choice()) -> Plan:
    """Apply a folder to a territory (named by the folder's own territory file when empty).

    A conflict without a side applies nothing and shows in the plan. Raises Invalid for the first file that cannot
    be read, Refused when a gate refuses.
    """
    read = files.read(folder)
    if read.errors:
        raise read.errors[0]
    territory = territory or _named(read)
    with relational.transaction():
        _carry(folder, territory, dry=choice.dry)
        settled = msgspec.structs.replace(read, filed=entries.settled(facts.present(territory, at), read.filed))
        steps = [step for step in files.plan(holding(territory), settled, prune=choice.prune) if not _follows(step)]
        asked = [one for step in steps for one in _asked(territory, step, choice.side)]
        conflicts = not choice.side and any(step.outcome is Outcome.CONFLICT for step in steps)
        if choice.dry or conflicts:
            refusals = changing.asked(facts.present(territory, at), asked)
            return Plan(territory=territory, steps=tuple(steps), refusals=refusals)
        if asked:
            changing.change(territory, actor, asked, at)
    if choice.rebase:
        _rebase(folder, territory, read)
    return Plan(territory=territory, steps=tuple(steps), applied=True)


def holding(territory: str) -> dict[tuple[str, str], Held]:
    """All that holds now, declarations and entities."""
    found = {
        (entry.key.kind, entry.key.slug): Held(body=entry.body, version=entry.version)
        for entry in registers.everything(territory)
    }
    for kind in ENTITIES:
        for placed in sensing.all(territory, kind.kind):
            found[kind.kind, placed.slug] = Held(body=placed.entity)
    return found


def export(territory: str, folder: Path, *, history: bool = False) -> int:
    """Write what holds as files, and the whole chain with `history`; the number of files."""
    held = holding(territory)
    filed = [Filed(kind=kind, slug=slug, body=one.body) for (kind, slug), one in held.items()]
    written = len(files.write(folder, filed, prune=True))
    if history:
        with (folder / HISTORY).open("wb") as file:
            file.writelines(carrying.carried(territory))
        written += 1
    return written


def _follows(step: Step) -> bool:
    """Whether a step takes away the entry of a rule: it goes with its rule, never by its own absence."""
    return step.after is None and isinstance(step.before, Algorithm) and bool(step.before.rule)


def _named(read: Folder) -> str:
    """The territory a folder is of."""
    named = [one.slug for one in read.filed if one.kind == Territory.kind]
    if len(named) != 1:
        raise Invalid(_("a folder with one territory, or the name of a territory"), ", ".join(named) or "none")
    return named[0]


def _carry(folder: Path, territory: str, *, dry: bool) -> None:
    """Take over the chains that a folder carries, where the territory has no history of its own yet."""
    path = folder / HISTORY
    if dry or not path.exists() or registers.recent(territory, 1):
        return
    with path.open("rb") as lines:
        carrying.restore(territory, lines)


def _asked(territory: str, step: Step, side: str) -> Sequence[Asked]:
    """The change a step asks for, if any."""
    kept = step.outcome is Outcome.SAME or (step.outcome is Outcome.CONFLICT and side != "theirs")
    if kept:
        return ()
    if step.kind not in KINDS:
        entity = step.after
        if isinstance(entity, Entity):
            return (PutEntity(slug=step.slug, entity=entity),)
        return (RemoveEntity(kind=step.kind, slug=step.slug),)
    key = Key(territory=territory, kind=step.kind, slug=step.slug)
    if step.after is None:
        return (registers.Withdraw(key=key, expected=step.expected),)
    return (registers.Put(key=key, body=step.after, expected=step.expected),)


def _rebase(folder: Path, territory: str, read: Folder) -> None:
    held: Mapping[tuple[str, str], Held] = holding(territory)
    files.rebase(
        folder,
        [msgspec.structs.replace(one, body=held[one.kind, one.slug].body) for one in read.filed],
    )
