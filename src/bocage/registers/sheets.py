"""Registers for programs and spreadsheets: JSON documents, JSON Schema, and rows of a CSV file."""

import json
from collections.abc import Callable, Iterable, Iterator
from typing import Any

import msgspec

from bocage.domain.declaration import Declaration, Notes, fields
from bocage.domain.inert import inert
from bocage.registers import shape
from bocage.registers.entry import Entry

SEPARATOR = "|"
Say = Callable[[str], str]


def document(entry: Entry, *, personal: bool = False) -> dict[str, Any]:
    """One entry as JSON; what names a person only for a reader who may see it."""
    hidden = set() if personal else {note.name for note in fields(type(entry.body)) if note.personal}
    return {
        "territory": entry.key.territory,
        "kind": entry.key.kind,
        "slug": entry.key.slug,
        "version": entry.version,
        "at": entry.at.isoformat(),
        "digest": entry.digest,
        "withdrawn": entry.withdrawn,
        "erased": sorted(entry.erased),
        "body": {name: value for name, value in shape.plain(entry.body).items() if name not in hidden},
    }


def rows(kind: type[Declaration], entries: Iterable[Entry], *, personal: bool = False) -> Iterator[list[str]]:
    """A header and one row per entry. Columns are named by field, `title.fr` and `questions.scoring` inside groups;
    listed fields first; the values of a list stand between bars."""
    notes = sorted((note for note in fields(kind) if personal or not note.personal), key=lambda note: not note.listed)
    paths = [path for note in notes for path in _paths(note)]
    yield ["slug", "version", *(".".join(path) for path in paths)]
    for entry in entries:
        yield [entry.key.slug, str(entry.version), *(_cell(entry.body, path) for path in paths)]


def schema(kind: type[Declaration], say: Say) -> dict[str, Any]:
    """The JSON Schema of a kind, its titles and help in the language of `say`."""
    found: dict[str, Any] = msgspec.json.schema(kind)
    for part in found["$defs"].values():
        _said(part, say)
    found["$defs"][kind.__name__] |= {"title": say(kind.label), "description": say(kind.about)}
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **found}


def _paths(note: Notes) -> list[tuple[str, ...]]:
    held = _struct(note.type)
    if held is None:
        return [(note.name,)]
    return [(note.name, field.name) for field in msgspec.structs.fields(held)]


def _struct(annotation: Any) -> type[msgspec.Struct] | None:
    """The struct a field holds, alone or as an option."""
    for one in (annotation, *getattr(annotation, "__args__", ())):
        plain = getattr(one, "__origin__", one) if hasattr(one, "__metadata__") else one
        if isinstance(plain, type) and issubclass(plain, msgspec.Struct):
            return plain if getattr(annotation, "__origin__", None) is not tuple else None
    return None


def _cell(body: Declaration, path: tuple[str, ...]) -> str:
    value: Any = body
    for name in path:
        value = getattr(value, name, None)
    return inert(_text(msgspec.to_builtins(value)))


def _text(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, list | tuple) and not any(isinstance(item, dict | list | tuple) for item in value):
        return SEPARATOR.join(_text(item) for item in value)
    if isinstance(value, dict | list | tuple):
        return json.dumps(value, ensure_ascii=False, sort_keys=True) if value else ""
    return str(value)


def _said(part: dict[str, Any], say: Say) -> None:
    """Labels and help are messages; other descriptions are docstrings, for whoever reads the code."""
    part.pop("description", None)
    for field in part.get("properties", {}).values():
        for name in ("title", "description"):
            if name in field:
                field[name] = say(field[name])
