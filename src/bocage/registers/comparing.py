"""What changed between two versions of a declaration, field by field."""

from typing import Any

import msgspec

from bocage.domain.declaration import Declaration, Notes, fields
from bocage.domain.text import Text


class FieldChange(msgspec.Struct, frozen=True, kw_only=True):
    """One field that differs. `name` is dotted inside a group; `label` an English message; values as the struct has
    them, None where there is nothing."""

    name: str
    label: str
    before: Any
    after: Any
    personal: bool = False


def diff(old: Declaration | None, new: Declaration | None) -> list[FieldChange]:
    """The fields that differ, in the order of the form; everything that is stated when one side is absent."""
    present = new if new is not None else old
    if present is None:
        return []
    return _changes(fields(type(present)), old, new, "")


def apart(before: Any, after: Any) -> tuple[Any, Any]:
    """Two values of a field without the rows that both hold: of a long table, a reader looks at what changed."""
    rows = [value for value in (before, after) if isinstance(value, tuple) and value]
    if len(rows) < 2 or not all(_group(one) for value in rows for one in value):
        return before, after
    return tuple(one for one in before if one not in after), tuple(one for one in after if one not in before)


def _changes(notes: tuple[Notes, ...], old: Any, new: Any, inside: str) -> list[FieldChange]:
    found = []
    for note in notes:
        before, after = getattr(old, note.name, None), getattr(new, note.name, None)
        if before == after or (_empty(before) and _empty(after)):
            continue
        name = f"{inside}{note.name}"
        group = _group(before) or _group(after)
        if group:
            found += _changes(fields(group), before, after, f"{name}.")
        else:
            found.append(FieldChange(name=name, label=note.label, before=before, after=after, personal=note.personal))
    return found


def _group(value: Any) -> type[msgspec.Struct] | None:
    return type(value) if isinstance(value, msgspec.Struct) and not isinstance(value, Text) else None


def _empty(value: Any) -> bool:
    return value is None or value in ("", (), {})
