"""From a declaration's struct to plain values and back, through the upcasts of its kind; and its lists."""

import re
from collections.abc import Mapping
from datetime import date, datetime
from hashlib import sha256
from typing import Any, Final, TypeVar

import msgspec

from bocage.domain.declaration import Declaration, Notes, fields
from bocage.domain.errors import Invalid
from bocage.domain.text import Text
from bocage.domain.text import message as _

D = TypeVar("D", bound=Declaration)


def plain(body: Declaration) -> dict[str, Any]:
    """What JSON can hold of it: fields in the order of the struct, defaults left out, nothing for an absent value."""
    found: dict[str, Any] = _without_nothing(msgspec.to_builtins(body, order="deterministic"), "")
    return found


def native(body: Declaration) -> dict[str, Any]:
    """The same with dates as dates, as TOML writes them."""
    builtins = msgspec.to_builtins(body, order="deterministic", builtin_types=(date, datetime))
    found: dict[str, Any] = _without_nothing(builtins, "")
    return found


def from_plain(kind: type[D], values: Mapping[str, Any], schema: int | None = None) -> D:
    """The declaration these plain values state, written in shape `schema` (the present one when None).

    Raises Invalid with the `field` that is wrong.
    """
    try:
        return msgspec.convert(_upcast(kind, dict(values), schema or kind.schema), kind)
    except msgspec.ValidationError as error:
        text = str(error)
        raise Invalid(f"a valid {kind.kind}", text, kind=kind.kind, field=_field_of(text)) from error


def digest(body: Declaration) -> str:
    """What the content of a declaration is known by in files: the same in every instance, whoever wrote it when."""
    return "sha256:" + sha256(msgspec.json.encode(plain(body), order="deterministic")).hexdigest()


def listed(kind: type[Declaration]) -> tuple[Notes, ...]:
    """The fields lists show, first to last; what names a person is never one of them."""
    return tuple(note for note in fields(kind) if note.listed and not note.personal)


def columns(body: Declaration) -> dict[str, Any]:
    """The values of the listed fields, as JSON gives them back; absent ones are None."""
    values = {note.name: getattr(body, note.name) for note in listed(type(body))}
    found: dict[str, Any] = msgspec.json.decode(msgspec.json.encode(values))
    return found


def title(body: Declaration) -> Text:
    """What it is called."""
    found = getattr(body, "title", None)
    return found if isinstance(found, Text) else Text(fr=body.kind)


def checked(body: D) -> D:
    """The body itself, when what is kept reads back as the very same value; Invalid otherwise."""
    try:
        values = msgspec.json.decode(msgspec.json.encode(plain(body)))
    except UnicodeEncodeError as error:
        raise Invalid(f"a {body.kind} that can be written and read back", str(error)[:80], kind=body.kind) from error
    if from_plain(type(body), values) != body:
        raise Invalid(f"a {body.kind} that can be written and read back", "a value JSON cannot hold", kind=body.kind)
    for note in fields(type(body)):
        if note.name in values:
            legible(values[note.name], note.name, body.kind, most=LONGEST_CODE if note.control == "code" else LONGEST)
    return body


LONGEST: Final = 20_000  # characters of one value
LONGEST_CODE: Final = 400_000  # of a script, which a page shows as it is written
# Signs that are not seen, and those that make a text read otherwise than it is written (bidirectional overrides).
_UNSEEN = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")


def legible(value: Any, where: str, kind: str, most: int = LONGEST) -> None:
    """Every text is one a person reads as it stands, and of a length a page can show; Invalid names the `field`."""
    if isinstance(value, dict):
        for name, inner in value.items():
            legible(inner, f"{where}.{name}", kind, most)
    elif isinstance(value, list):
        for inner in value:
            legible(inner, where, kind, most)
    elif isinstance(value, str):
        field = where.lstrip(".")
        if len(value) > most:
            raise Invalid(_("a text of 20,000 characters at most"), str(len(value)), kind=kind, field=field)
        if _UNSEEN.search(value):
            raise Invalid(_("a text without signs that are not seen"), repr(value[:40]), kind=kind, field=field)


def _upcast(kind: type[Declaration], values: dict[str, Any], schema: int) -> dict[str, Any]:
    if schema > kind.schema:
        raise Invalid(
            f"a {kind.kind} in shape {kind.schema} or older",
            f"shape {schema}",
            "upgrade Bocage first",
            kind=kind.kind,
            field="",
        )
    for number in range(schema, kind.schema):
        values = kind.upcasts[number](values)
    return values


def _field_of(text: str) -> str:
    """The field msgspec complains about: `$.title.fr` at the end, and the missing name at the start."""
    path = text.rpartition(" - at `$.")[2].rstrip("`") if " - at `$." in text else ""
    for opening in ("missing required field `", "unknown field `"):
        if opening in text:
            name = text.partition(opening)[2].partition("`")[0]
            return f"{path}.{name}" if path else name
    return path


def _without_nothing(value: Any, where: str) -> Any:
    """TOML has no null: an absent value is not written, and a list cannot hold one."""
    if isinstance(value, dict):
        return {k: _without_nothing(v, f"{where}.{k}") for k, v in value.items() if v is not None}
    if isinstance(value, list | tuple):
        if any(item is None for item in value):
            raise Invalid("a list without empty places", where.lstrip("."), field=where.lstrip("."))
        return [_without_nothing(item, where) for item in value]
    return value
