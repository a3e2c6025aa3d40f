"""The fields of a form: what the page shows for each field of a struct, with its value and what is wrong with it."""

import json
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import msgspec

from bocage.domain import declaration
from bocage.domain.sensing import Unit
from bocage.domain.text import Text
from bocage.domain.text import message as _
from bocage.web.forms.shape import Shape, shape
from bocage.web.forms.units import OTHER, USUAL, usual

Choices = Callable[[str], Sequence[tuple[str, str]]]
"""The (slug, title) pairs a reference to this kind may take."""
SPARE_ROWS = 2
UNSEEN = frozenset({"id", "merged", "replacements", "certificate_checked", "certificate_digest", "certificate_ends"})
"""Fields that have a page of their own, or none: a form neither asks for them nor changes them."""
FEW = 14
SHORT = frozenset({"words", "integer", "decimal", "year", "clock", "day", "choice"})
LONG = frozenset(
    {
        *("description", "reason", "contact", "why", "energy", "text", "summary", "conclusion", "lessons", "harms"),
        *("answers", "problem", "results", "mission", "hypothesis", "benchmark", "succession", "scope", "goal", "aim"),
        *("words", "measures", "evidence", "comment", "observed", "semantics", "weighing"),
        *("facts", "effects", "danger_reason", "delay_reason", "told_how", "untold_reason"),
        *("data", "origin", "needed", "interests", "logic", "guarantees", "security"),
    }
)
"""Texts that take more than a line, by the name of their field."""


class Field(msgspec.Struct, frozen=True, kw_only=True):
    """One control. `value` is a string, a list of strings, or a mapping of languages; `parts` are nested fields."""

    path: str
    control: str
    label: str
    help: str = ""
    required: bool = False
    unit: str = ""
    value: Any = ""
    choices: tuple[tuple[str, str], ...] = ()
    error: str = ""
    parts: tuple["Field", ...] = ()
    personal: bool = False
    reference: str = ""
    optional: bool = False

    @property
    def long(self) -> bool:
        """Whether a text takes more than a line."""
        return self.path.rpartition(".")[2] in LONG or any(len(said) > 60 for said in dict(self.value or {}).values())

    @property
    def compact(self) -> bool:
        """Whether the nested fields are few and short, so that they stand on one line."""
        return len(self.parts) <= 4 and all(part.control in SHORT for part in self.parts)

    @property
    def key(self) -> str:
        """An id for the page."""
        return "f-" + self.path.replace(".", "-")


class Drawing(msgspec.Struct, frozen=True, kw_only=True):
    """What drawing a form needs besides the struct: known choices, errors by path, words of closed lists.

    `lists`: values to choose from where the struct only says text (formats, promises), by path.
    """

    choices: Choices
    errors: Mapping[str, str] = {}
    translate: Callable[[str], str] = str
    lists: Mapping[str, Sequence[tuple[str, str]]] = {}


def drawn(kind: type[msgspec.Struct], tree: Mapping[str, Any], drawing: Drawing, prefix: str = "") -> tuple[Field, ...]:
    """The fields of a struct over a tree of values (see `tree_of` and `read.raw`); those the tree has not are left."""
    notes = declaration.fields(kind)
    return tuple(
        _field(note, tree[note.name], drawing, prefix)
        for note in notes
        if note.name not in UNSEEN and note.name in tree
    )


def _field(note: declaration.Notes, value: Any, drawing: Drawing, prefix: str) -> Field:
    path = f"{prefix}{note.name}"
    found = shape(note.type)
    if note.reference.startswith("dtpr:"):  # a term may carry the short name of its category
        value = [str(one).rpartition("__")[2] for one in value or ()]
    control, choices = _control(note, found, value, drawing)
    if path in drawing.lists:
        listed = tuple(drawing.lists[path])
        held = () if value in (None, "", *dict(listed)) else ((str(value), str(value)),)
        control, choices = "choice", (*listed, *held)
    if found.of is Unit:
        said = value or {}
        value = usual(*(str(said.get(name, "")) for name in ("name", "symbol", "ucum")))
        return _unit(note, path, value, _parts(found, said, drawing, path), drawing)
    return Field(
        path=path,
        control=control,
        label=note.label,
        help=note.help,
        required=note.required,
        unit=note.unit,
        value=_value(control, value),
        choices=choices,
        error=drawing.errors.get(path, ""),
        parts=_parts(found, value, drawing, path),
        personal=note.personal,
        reference=note.reference,
        optional=found.control == "group" and found.optional,
    )


def _unit(note: declaration.Notes, path: str, code: str, parts: tuple[Field, ...], drawing: Drawing) -> Field:
    """A unit is chosen among the usual ones; the three fields are for another."""
    named = tuple((one, drawing.translate(label)) for one, (label, _known) in USUAL.items())
    choices = (("", ""), *named, (OTHER, drawing.translate(_("Another unit"))))
    return Field(path=path, control="unit", label=note.label, help=note.help, value=code, choices=choices, parts=parts)


def _control(
    note: declaration.Notes, found: Shape, value: Any, drawing: Drawing
) -> tuple[str, tuple[tuple[str, str], ...]]:
    if note.reference:
        known = list(drawing.choices(note.reference))
        held = value if isinstance(value, list | tuple) else [value]
        known += [(str(slug), str(slug)) for slug in held if slug and slug not in dict(known)]
        if found.control == "lines":
            places = {str(slug): place for place, slug in enumerate(held)}  # in their order, which may say something
            ticked = tuple(sorted(known, key=lambda pair: places.get(pair[0], len(places))))
            return "choices" if len(known) <= FEW else "many", ticked
        return "choice", (("", ""), *known)
    if found.control in ("choice", "choices"):
        named = tuple((str(member.value), drawing.translate(member.label)) for member in found.of)
        return found.control, (("", ""), *named) if found.optional else named
    if note.control:
        return note.control, ()
    if found.control == "words" and (note.name in ("reason", "energy") or (isinstance(value, str) and len(value) > 80)):
        return "long", ()
    return found.control, ()


def _parts(found: Shape, value: Any, drawing: Drawing, path: str) -> tuple[Field, ...]:
    if found.control == "group":
        inner = drawn(found.of, value or tree_of(found.of, None), drawing, f"{path}.")
        return tuple(msgspec.structs.replace(one, required=False) for one in inner) if found.optional else inner
    if found.control != "rows":
        return ()
    rows = [*(value or []), *[tree_of(found.of, None)] * SPARE_ROWS]
    return tuple(
        Field(
            path=f"{path}.{n}",
            control="row",
            label=str(n + 1),
            parts=drawn(found.of, row, drawing, f"{path}.{n}."),
            error=drawing.errors.get(f"{path}.{n}", ""),
        )
        for n, row in enumerate(rows)
    )


def _value(control: str, value: Any) -> Any:
    if control in ("choices", "many"):
        return [str(item) for item in value or ()]
    if control == "text":
        return value or {"fr": "", "en": ""}
    if control == "position":
        return [_written(item) for item in value] if value else ["", ""]
    if control == "lines":
        return value if isinstance(value, str) else "\n".join(item or '""' for item in value or ())
    if control == "structure":
        return value if isinstance(value, str) else json.dumps(value or {}, ensure_ascii=False, indent=1)
    return _written(value)


def _written(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    return f"{value:.15g}" if isinstance(value, float) else str(value)


def tree_of(kind: type[msgspec.Struct], body: msgspec.Struct | None) -> dict[str, Any]:
    """The values of a struct, or its defaults, as the tree `drawn` takes; nothing omitted."""
    tree = {}
    for field in msgspec.structs.fields(kind):
        if body is not None:
            value = getattr(body, field.name)
        else:
            value = None if field.default is msgspec.NODEFAULT else field.default
            if field.default_factory is not msgspec.NODEFAULT:
                value = field.default_factory()
        free = shape(field.type).control == "structure"
        tree[field.name] = msgspec.to_builtins(value) if free else _branch(value)
    return tree


def _branch(value: Any) -> Any:
    if isinstance(value, Text):
        return {"fr": value.fr, "en": value.en}
    if isinstance(value, msgspec.Struct):
        return tree_of(type(value), value)
    if isinstance(value, tuple):
        return [_branch(item) for item in value]
    return msgspec.to_builtins(value)
