"""A declaration field by field, as everyone may read it: labels, words, links; never what names a person."""

from datetime import date
from typing import Any

import msgspec

from bocage.commitments.facts import TerritoryFacts
from bocage.domain.declaration import Declaration, Notes, fields
from bocage.domain.kinds import KINDS
from bocage.domain.label import Labelled
from bocage.domain.text import Text
from bocage.domain.text import message as _
from bocage.publish import dtpr
from bocage.publish.disclosure import hidden, public_kind
from bocage.registers.comparing import FieldChange, apart

Untold = frozenset[tuple[str, str]]
"""Kind and slug of entities."""
SINGLE = frozenset({"centre", "location"})
"""Tuples that are one value."""


class Item(msgspec.Struct, frozen=True, kw_only=True):
    """One value; `kind` and `slug` say where it leads.

    `form` says how to write it: text, label, day, number, yes, place, link, plain, or group (lines of a row).
    """

    form: str
    value: Any
    kind: str = ""
    slug: str = ""
    unit: str = ""


class Line(msgspec.Struct, frozen=True, kw_only=True):
    """A field that says something: its label (an English message) and its values, or the fields inside it.

    `rows`: the fields of each row, where it holds several.
    """

    name: str
    label: str
    items: tuple[Item, ...] = ()
    inner: tuple["Line", ...] = ()
    rows: tuple[tuple["Line", ...], ...] = ()

    @property
    def answer(self) -> bool:
        """Whether it is a yes or a no."""
        return len(self.items) == 1 and self.items[0].form == "yes"

    @property
    def columns(self) -> tuple[tuple[str, str], ...]:
        """(name, label) of the fields that any row says, in their order."""
        return tuple(
            {line.name: line.label for row in sorted(self.rows, key=len, reverse=True) for line in row}.items()
        )

    @property
    def cells(self) -> tuple[dict[str, "Line | None"], ...]:
        """Each row by the names of the columns."""
        names = [name for name, _label in self.columns]
        found = ({line.name: line for line in row} for row in self.rows)
        return tuple({name: row.get(name) for name in names} for row in found)


class Change(msgspec.Struct, frozen=True, kw_only=True):
    """A field that differs between two versions."""

    label: str
    before: tuple[Item, ...]
    after: tuple[Item, ...]


def written(facts: TerritoryFacts, body: msgspec.Struct, untold: Untold = frozenset()) -> list[Line]:
    """The fields that hold something, in their order. `untold`: entities that everyone is not told of."""
    kind = getattr(body, "kind", "")
    lines = []
    for note in fields(type(body)):
        value = getattr(body, note.name)
        if note.personal or hidden(kind, note.name) or value is None or value in ("", (), {}):
            continue
        lines.append(_line(facts, note, value, untold))
    return [line for line in lines if line.items or line.inner or line.rows]


def worked_out(body: Declaration) -> list[Line]:
    """What follows from its fields."""
    return [
        Line(name="", label=note.label, items=(_plain(value, note.unit),))
        for note, value in body.worked_out()
        if value is not None
    ]


def changed(kind: str, changes: list[FieldChange]) -> list[Change]:
    """What differs, without what is not told to everyone."""
    told = (change for change in changes if not change.personal and not hidden(kind, change.name))
    pairs = ((one.label, *apart(one.before, one.after)) for one in told)
    return [Change(label=label, before=_loose(before), after=_loose(after)) for label, before, after in pairs]


def _line(facts: TerritoryFacts, note: Notes, value: Any, untold: Untold) -> Line:
    if _grouped(value):
        return Line(name=note.name, label=note.label, inner=tuple(written(facts, value, untold)))
    values = value if isinstance(value, tuple) and note.name not in SINGLE else (value,)
    if _grouped(values[0]):
        rows = tuple(tuple(written(facts, one, untold)) for one in values)
        return Line(name=note.name, label=note.label, rows=rows)
    return Line(name=note.name, label=note.label, items=tuple(_item(facts, note, one, untold) for one in values))


def _grouped(value: Any) -> bool:
    return isinstance(value, msgspec.Struct) and not isinstance(value, Text)


def _item(facts: TerritoryFacts, note: Notes, value: Any, untold: Untold) -> Item:
    if (note.reference, value) in untold:
        return Item(form="label", value=_("one that is not shown"))
    if note.control == "year":
        return Item(form="plain", value=str(value))
    return _reference(facts, note.reference, str(value)) if note.reference else _plain(value, note.unit)


def _plain(value: Any, unit: str = "") -> Item:
    if _grouped(value):
        struct: type[msgspec.Struct] = type(value)
        held = [(note, getattr(value, note.name)) for note in fields(struct)]
        return Item(form="group", value=tuple(_bare(note, one) for note, one in held if one not in (None, "", ())))
    for kind, form in ((Text, "text"), (Labelled, "label"), (bool, "yes"), (date, "day"), (tuple, "place")):
        if isinstance(value, kind):
            return Item(form=form, value=value)
    if isinstance(value, int | float):
        return Item(form="number", value=value, unit=unit)
    return Item(form="link" if str(value).startswith(("https://", "http://")) else "plain", value=str(value))


def _bare(note: Notes, value: Any) -> Line:
    """A field of a row of a past version: what it named may be gone."""
    values = value if isinstance(value, tuple) else (value,)
    return Line(name=note.name, label=note.label, items=tuple(_plain(one, note.unit) for one in values))


def _loose(value: Any) -> tuple[Item, ...]:
    if value is None or value in ("", (), {}):
        return ()
    values = value if isinstance(value, tuple | list) else (value,)
    return tuple(_plain(one) for one in values)


def _reference(facts: TerritoryFacts, kind: str, slug: str) -> Item:
    if kind.startswith("dtpr:"):
        term = dtpr.element(kind.removeprefix("dtpr:"), slug)
        return Item(form="text", value=term.name) if term else Item(form="plain", value=slug)
    if kind in KINDS and public_kind(kind) is None:
        return Item(form="label", value=_("one that is not shown"))
    body = facts.declared.get(kind, {}).get(slug)
    title = getattr(body, "title", None)
    leads = kind if body is not None and public_kind(kind) else ""
    return Item(form="text" if title else "plain", value=title or slug, kind=leads, slug=slug)
