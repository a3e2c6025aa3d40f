"""From what a browser sent to a struct, or to what is wrong with each field."""

import json
import re
from collections.abc import Mapping
from typing import Any, Protocol, Self

import msgspec

from bocage.domain.sensing import Unit
from bocage.domain.text import message as _
from bocage.web.forms.field import UNSEEN
from bocage.web.forms.shape import Shape, shape
from bocage.web.forms.units import USUAL


class Sent(Protocol):
    """The submitted form (a QueryDict)."""

    def get(self, key: str, default: str, /) -> Any:
        """The last value of a key."""

    def getlist(self, key: str, /) -> list[str]:
        """All of them."""

    def __contains__(self, key: object, /) -> bool: ...


class Read(msgspec.Struct, frozen=True, kw_only=True):
    """The struct when everything is right, else the errors by path; `tree` is what was typed, to show it again."""

    body: Any
    errors: dict[str, str]
    tree: dict[str, Any]


def read(
    kind: type[msgspec.Struct],
    sent: Sent,
    kept: Mapping[str, Any] | None = None,
    *,
    prefix: str = "",
    only: frozenset[str] = frozenset(),
) -> Read:
    """Read a struct; `kept` are values the form does not ask for. `only`: the fields it asks for, all when empty."""
    tree = {name: value for name, value in raw(kind, sent, prefix).items() if not only or name in only}
    errors: dict[str, str] = {}
    plain = {**(kept or {}), **_plain(kind, tree, prefix, errors)}
    if errors:
        return Read(body=None, errors=errors, tree=tree)
    try:
        return Read(body=msgspec.convert(plain, kind), errors={}, tree=tree)
    except msgspec.ValidationError as error:
        where, said = explained(str(error))
        return Read(body=None, errors={f"{prefix}{where}".rstrip("."): said}, tree=tree)


def raw(kind: type[msgspec.Struct], sent: Sent, prefix: str) -> dict[str, Any]:
    """What was typed, as a tree of strings in the shape of the struct."""
    return {
        field.name: _raw(shape(field.type), sent, f"{prefix}{field.name}")
        for field in msgspec.structs.fields(kind)
        if field.name not in UNSEEN
    }


def _raw(found: Shape, sent: Sent, path: str) -> Any:
    if found.control == "text":
        return {lang: str(sent.get(f"{path}.{lang}", "")).strip() for lang in ("fr", "en")}
    if found.of is Unit and sent.get(f"{path}.usual", "") in USUAL:
        return msgspec.structs.asdict(USUAL[sent.get(f"{path}.usual", "")][1])
    if found.control == "group":
        return raw(found.of, sent, f"{path}.")
    if found.control == "rows":
        return _rows(found, sent, path)
    if found.control == "position":
        return [str(sent.get(f"{path}.{n}", "")).strip() for n in (0, 1)]
    if found.control == "choices" or (found.control == "lines" and f"{path}.any" in sent):
        return [item for item in sent.getlist(path) if item]
    if found.control == "check":
        return path in sent
    return str(sent.get(path, "")).replace("\r\n", "\n").strip()  # browsers end lines as mails do


def _rows(found: Shape, sent: Sent, path: str) -> list[dict[str, Any]]:
    first = msgspec.structs.fields(found.of)[0].name
    out, n = [], 0
    while f"{path}.{n}.{first}" in sent or any(
        f"{path}.{n}.{field.name}" in sent for field in msgspec.structs.fields(found.of)
    ):
        row = raw(found.of, sent, f"{path}.{n}.")
        if any(sent.get(f"{path}.{n}.{name}", "") for name in _typed(found.of)):
            out.append(row)
        n += 1
    return out


_EMPTY = frozenset({"words", "integer", "decimal", "day"})


def _typed(kind: type[msgspec.Struct]) -> list[str]:
    """The fields of a row that start empty: a row where none was filled is a spare one."""
    empty = [field for field in msgspec.structs.fields(kind) if field.default in ("", None, msgspec.NODEFAULT)]
    found = [(field.name, shape(field.type)) for field in empty]
    texts = [f"{name}.{lang}" for name, one in found if one.control == "text" for lang in ("fr", "en")]
    return [
        *texts,
        *(name for name, one in found if one.control in _EMPTY or (one.control == "choice" and one.optional)),
    ]


def _plain(kind: type[msgspec.Struct], tree: Mapping[str, Any], prefix: str, errors: dict[str, str]) -> dict[str, Any]:
    plain = {}
    for field in msgspec.structs.fields(kind):
        if field.name not in tree:
            continue
        path = f"{prefix}{field.name}"
        try:
            value = _converted(shape(field.type), tree[field.name], path, errors)
            if value is None:
                if field.required:
                    errors.setdefault(path, _("This is required."))
                continue
            if not any(bad == path or bad.startswith(f"{path}.") for bad in errors):
                msgspec.convert(value, field.type)
            plain[field.name] = value
        except msgspec.ValidationError as error:
            where, said = explained(str(error))
            errors[f"{path}.{where}" if where else path] = said
        except ValueError as error:
            errors[path] = str(error)
    return plain


def _converted(found: Shape, given: Any, path: str, errors: dict[str, str]) -> Any:
    if found.control == "group":
        return None if found.optional and _untouched(found.of, given) else _plain(found.of, given, f"{path}.", errors)
    if found.control == "rows":
        return [_plain(found.of, row, f"{path}.{n}.", errors) for n, row in enumerate(given)]
    if found.control == "text":
        return _text(given)
    if found.control == "position":
        return [_decimal(item) for item in given] if any(given) else None
    if found.control == "lines":
        return _lines(given)
    reader = _READERS.get(found.control)
    return reader(given) if reader else given


def _untouched(kind: type[msgspec.Struct], given: Mapping[str, Any]) -> bool:
    """Whether nothing was written into a group that may be absent: what is only chosen or ticked says nothing alone."""
    written = [
        field.name for field in msgspec.structs.fields(kind) if shape(field.type).control not in ("choice", "check")
    ]
    return not any(_says(given[name]) for name in written or given)


def _says(given: Any) -> bool:
    if isinstance(given, Mapping):
        return any(_says(one) for one in given.values())
    return any(_says(one) for one in given) if isinstance(given, list) else bool(given)


def _text(given: Mapping[str, str]) -> dict[str, str] | None:
    if not any(given.values()):
        return None
    if not given["fr"]:
        raise ValueError(_("The French text is required."))
    return {lang: said for lang, said in given.items() if said}


def _lines(given: str | list[str]) -> list[str]:
    if isinstance(given, list):
        return given
    return ["" if line.strip() == '""' else line.strip() for line in given.splitlines() if line.strip()]


def _number(given: str) -> str:
    return re.sub(r"[\s\u00a0\u202f]", "", given).replace(",", ".")


def _decimal(given: str) -> float:
    try:
        return float(_number(given))
    except ValueError:
        raise ValueError(_("This is not a number.")) from None


def _integer(given: str) -> int | None:
    if not given:
        return None
    try:
        return int(_number(given))
    except ValueError:
        raise ValueError(_("This is not a whole number.")) from None


def _structure(given: str) -> Any:
    try:
        return json.loads(given) if given else {}
    except json.JSONDecodeError:
        raise ValueError(_("This is not JSON.")) from None


_READERS: dict[str, Any] = {
    "integer": _integer,
    "decimal": lambda given: _decimal(given) if given else None,
    "answer": {"yes": True, "no": False}.get,
    "choice": lambda given: given or None,
    "day": lambda given: given or None,
    "structure": _structure,
}

_SAID = (
    (r"Expected `(?:int|float)` >= (\S+)", _("The least allowed value is %(limit)s.")),
    (r"Expected `(?:int|float)` > (\S+)", _("The value must be more than %(limit)s.")),
    (r"Expected `(?:int|float)` <= (\S+)", _("The greatest allowed value is %(limit)s.")),
    (r"Expected `str` of length >= (\d+)", _("This is required.")),
    (r"Expected `array` of length >= 1\b", _("Choose at least one.")),
    (r"Expected `str` of length <= (\d+)", _("At most %(limit)s characters.")),
    (r"matching regex", _("This does not have the expected form.")),
    (r"Invalid enum value", _("Choose one of the list.")),
    (r"Invalid RFC3339|Expected `date`", _("This is not a date.")),
    (r"Invalid ISO8601|Invalid date", _("This is not a date.")),
    (r"missing required field", _("This is required.")),
    (r"digits of this SIREN", _("The nine digits of this SIREN do not agree with each other: check them.")),
    (r"ends after it starts", _("An exception ends after it starts.")),
    (r"names what it is for", _("An exception names what it is for.")),
    (r"one translation a language", _("Each language once.")),
    (r"a part of the day starts and ends", _("The part of the day begins and ends at two different times.")),
    (r"a part of the day goes with", _("A part of the day goes with days, weeks or months.")),
    (r"a series is named once", _("Each series once.")),
    (
        r"several series have no value",
        _("Several series together have no single value: choose another figure or period."),
    ),
    (r"replacements of a sensor follow", _("Changes of the sensor follow one another: each has a moment of its own.")),
    (r"each datastream once", _("Each series once, and one at least.")),
    (r"French text is required", _("The French text is required.")),
)


class Limited(str):
    """A message that names a limit; pages put it in once the message is in the reader's language."""

    limit: str

    def __new__(cls, message: str, limit: str) -> Self:
        said = super().__new__(cls, message)
        said.limit = limit
        return said


def explained(error: str) -> tuple[str, str]:
    """Where (a path, empty for the whole) and what is wrong, as a message people can read."""
    place = re.search(r" - at `\$\.?([^`]*)`", error)
    where = re.sub(r"\[(\.\.\.|\d+)\]", "", place.group(1)) if place else ""
    for pattern, said in _SAID:
        match = re.search(pattern, error)
        if match:
            return where, Limited(said, match.group(1).removesuffix(".0")) if match.groups() else said
    return where, error.split(" - at ", maxsplit=1)[0]
