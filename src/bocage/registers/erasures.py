"""Erases what names a person, and keeps the list of it outside the database, so that a restored copy forgets again."""

from datetime import UTC, datetime
from pathlib import Path

import msgspec

from bocage import relational
from bocage.domain.declaration import Key, fields
from bocage.domain.errors import Invalid
from bocage.domain.kinds import KINDS
from bocage.domain.text import message as _
from bocage.registers import chain
from bocage.registers.revisions import REVISIONS
from bocage.registers.tables import Chain, Personal, Version
from bocage.store import lists

NAME = "personal-erasures.jsonl"


class Erased(msgspec.Struct, frozen=True, kw_only=True):
    """One line of the list: this field of this declaration, in every version up to this one.

    `by` is the pseudonym of the account that erased it; nobody else is named.
    """

    key: Key
    field: str
    version: int
    at: datetime
    by: str = ""


def erase(folder: Path, key: Key, field: str, at: datetime, by: str = "") -> int:
    """Erase a personal field from every version of a declaration; how many values went.

    The chain keeps a hash whose salt is gone, so `verify` still passes and nobody can try values on it. Invalid when
    the field is not one that names a person.
    """
    kind = KINDS.get(key.kind)
    if kind is None or not any(note.personal and note.name == field for note in fields(kind)):
        raise Invalid(_("a personal field"), f"{key.kind}.{field}", kind=key.kind, field=field)
    rows = Version.objects.filter(territory=key.territory, kind=key.kind, slug=key.slug)
    newest = rows.order_by("-version").values_list("version", flat=True).first() or 0
    erased = Erased(key=key, field=field, version=newest, at=at.astimezone(UTC), by=by)
    lists.note(folder / NAME, erased)
    return _erase(erased)


def listed(path: Path) -> list[Erased]:
    """The list, oldest first; a last line that a crash cut short was never acted on."""
    return lists.listed(path, Erased)


def of(folder: Path, key: Key) -> list[Erased]:
    """What was erased of one declaration, oldest first."""
    return [erased for erased in listed(folder / NAME) if erased.key == key]


def taken_over(folder: Path, territory: str, at: datetime) -> int:
    """Note what had been erased before this chain came from another instance: its values did not come with it."""
    noted = 0
    for row in Version.objects.filter(territory=territory).order_by("sequence").prefetch_related("personal"):
        held = {one.field for one in row.personal.all()}
        key = Key(territory=territory, kind=row.kind, slug=row.slug)
        for field in chain.decode(bytes(row.sealed)).personal.keys() - held:
            lists.note(folder / NAME, Erased(key=key, field=field, version=row.version, at=at.astimezone(UTC)))
            noted += 1
    return noted


def again(path: Path) -> int:
    """Erase what this list names from a restored copy, before anything is served; how many values went."""
    return sum(_erase(erased) for erased in listed(path))


def _erase(erased: Erased) -> int:
    key = erased.key
    with relational.transaction():
        found = Personal.objects.filter(
            version__territory=key.territory,
            version__kind=key.kind,
            version__slug=key.slug,
            version__version__lte=erased.version,
            field=erased.field,
        )
        count = found.delete()[0]
        if count:
            head = Chain.objects.get(territory=key.territory)
            head.revision += 1
            head.save(update_fields=["revision"])
            REVISIONS.follow(key.territory)
            relational.after_commit(relational.forget)
    return count
