"""An agent leaves: each role passes to somebody else or ends, and nothing is left without being said."""

from collections.abc import Mapping
from datetime import date

import msgspec

from bocage import registers
from bocage.commitments.facts import TerritoryFacts
from bocage.domain.dataset import Dataset
from bocage.domain.declaration import Key
from bocage.domain.role import Role, RoleName
from bocage.registers import Entry, Put

ENDS = ""
"""In place of a successor: the role ends."""


class Left(msgspec.Struct, frozen=True, kw_only=True):
    """One role of who leaves: what falls with it if nobody takes it over.

    `datasets`: slugs that name it as their steward. `alone`: nobody else holds this part in the territory.
    """

    entry: Entry
    role: Role
    datasets: tuple[str, ...]
    alone: bool


def leaving(facts: TerritoryFacts, email: str) -> tuple[Left, ...]:
    """The roles this address holds in the territory on that day or later, by slug."""
    found = []
    held = [(one, one.body) for one in registers.current(facts.slug, Role.kind) if isinstance(one.body, Role)]
    lasting = [(one, role) for one, role in held if role.holder and (role.until is None or role.until >= facts.today)]
    for one, role in lasting:
        if not _same(role.holder, email):
            continue
        others = [other for _, other in lasting if other.role is role.role and not _same(other.holder, email)]
        datasets = tuple(sorted(s for s, body in facts.all(Dataset).items() if body.steward == one.key.slug))
        found.append(Left(entry=one, role=role, datasets=datasets, alone=not others))
    return tuple(found)


def handed_over(lefts: tuple[Left, ...], successors: Mapping[str, str], today: date) -> list[Put]:
    """The changes: `successors` are addresses by slug of role, `ENDS` where the role ends today.

    A role that passes on keeps its name, so that whatever names it (datasets, their steward) follows; a role that
    ends keeps its holder in its history and gives no right from tomorrow on.
    """
    changes = []
    for left in lefts:
        successor = successors.get(left.entry.key.slug, ENDS).strip()
        if successor:
            body = msgspec.structs.replace(left.role, holder=successor, since=today, until=None)
        else:
            body = msgspec.structs.replace(left.role, until=today)
        changes.append(Put(key=left.entry.key, body=body, expected=left.entry.version))
    return changes


def taken_back(territory: str, versions: Mapping[str, int]) -> list[Put]:
    """The changes that put these roles back as they were before version `versions[slug]`, if they still hold so."""
    changes = []
    for slug, version in sorted(versions.items()):
        key = Key(territory=territory, kind=Role.kind, slug=slug)
        changes.append(Put(key=key, body=registers.version(key, version - 1).body, expected=version))
    return changes


def without_administrator(lefts: tuple[Left, ...], successors: Mapping[str, str]) -> bool:
    """Whether the territory would be left with nobody who gives roles."""
    return any(
        left.role.role is RoleName.ADMINISTRATOR and left.alone and not successors.get(left.entry.key.slug)
        for left in lefts
    )


def _same(one: str, other: str) -> bool:
    return one.strip().casefold() == other.strip().casefold()
