"""A declaration as a TOML text: a header that says from which state it was written, then its fields in order."""

import re
import tomllib
from collections.abc import Iterable
from datetime import date, datetime, time
from typing import Any

import msgspec
import tomli_w

from bocage.domain.declaration import Declaration
from bocage.domain.errors import Invalid
from bocage.domain.text import message as _
from bocage.registers import shape

HEADER = "declaration"
DEEPEST = 64
"""Parts of one dotted key, which take a time that grows with their square; levels of what nests. No declaration has
as many."""
_header_line = re.compile(rf"^{HEADER}\s*=.*$", re.MULTILINE)
_part = r"""(?:[\w-]++|"(?:[^"\\\n]|\\.)*+"|'[^'\n]*+')"""
_endless = re.compile(rf"(?<![\w-]){_part}(?:[ \t]*+\.[ \t]*+{_part}){{{DEEPEST}}}")


class Written(msgspec.Struct, frozen=True, kw_only=True):
    """What a text states. `base` is the content it was written from; empty when nobody says."""

    body: Declaration
    base: str = ""


def text(body: Declaration) -> str:
    """The text of a declaration; the same to the byte for the same content."""
    return f"{_header(body)}\n{tomli_w.dumps(shape.native(body))}"


def read(written: str, kind: type[Declaration]) -> Written:
    """What a text of this kind states; Invalid names the field or the place that is wrong."""
    try:
        values = parsed(written)
    except ValueError as error:
        raise Invalid(_("a TOML text"), str(error), kind=kind.kind, field="") from error
    return stated(values, kind)


def parsed(written: str) -> dict[str, Any]:
    """The values of a TOML text; ValueError for what is none, nests without end or holds numbers without end."""
    if found := _endless.search(written):
        line = written.count("\n", 0, found.start()) + 1
        raise ValueError(f"a key of more than {DEEPEST} parts (at line {line})")
    try:
        values = tomllib.loads(written)
    except RecursionError as error:
        raise ValueError(str(error)) from error
    _flat(values)
    return values


def _flat(values: dict[str, Any]) -> None:
    """ValueError for what nests so deep that whoever writes it again would fail; level by level, never into itself."""
    level: list[Any] = [values]
    for _level in range(DEEPEST):
        level = [inner for one in level if isinstance(one, dict | list) for inner in _within(one)]
    if level:
        raise ValueError(f"more than {DEEPEST} levels")


def _within(one: dict[str, Any] | list[Any]) -> Iterable[Any]:
    return one.values() if isinstance(one, dict) else one


def stated(values: dict[str, Any], kind: type[Declaration]) -> Written:
    """What the values of a whole text state, its header among them."""
    header = values.pop(HEADER, {})
    schema = header.get("schema", kind.schema) if isinstance(header, dict) else 0
    if not isinstance(header, dict) or type(schema) is not int or schema < 1:
        raise Invalid(f'{HEADER} = {{ schema = 1, base = "" }}', str(header), kind=kind.kind, field=HEADER)
    body = shape.from_plain(kind, as_json(values), schema)
    return Written(body=body, base=str(header.get("base", "")))


def plain(written: str) -> dict[str, Any]:
    """What a text states in plain values, its header left out; Invalid when it is no TOML."""
    try:
        values = parsed(written)
    except ValueError as error:
        raise Invalid(_("a TOML text"), str(error), field="") from error
    values.pop(HEADER, None)
    found: dict[str, Any] = as_json(values)
    return found


def rebased(written: str, body: Declaration) -> str:
    """The same text, said to be written from this content; whatever else a person wrote in it stays."""
    if _header_line.search(written):
        return _header_line.sub(_header(body), written, count=1)
    return f"{_header(body)}\n{written}"


def _header(body: Declaration) -> str:
    return f'{HEADER} = {{ schema = {type(body).schema}, base = "{shape.digest(body)}" }}'


def as_json(value: Any) -> Any:
    """Dates as JSON would carry them, so that a field of any content reads the same from a file and from a version."""
    if isinstance(value, dict):
        return {name: as_json(item) for name, item in value.items()}
    if isinstance(value, list):
        return [as_json(item) for item in value]
    if isinstance(value, date | datetime | time):
        return value.isoformat()
    return value
