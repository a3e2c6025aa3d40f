"""What a request asks for beside its address: $filter, $expand, $select, $orderby, $top, $skip, $count."""

import base64
import binascii
from collections.abc import Iterator, Mapping
from functools import cached_property
from typing import Annotated, Any, Final
from urllib.parse import quote, unquote_plus

import msgspec

from bocage.api.problem import Stopped
from bocage.api.sensorthings.model import ID, OBSERVATION, TYPES
from bocage.api.sensorthings.parsing import condition, order
from bocage.api.sensorthings.syntax import Node
from bocage.domain.text import message as _

GREATEST: Final = (1 << 63) - 1
Key = Annotated[int, msgspec.Meta(ge=-GREATEST, le=GREATEST)] | float | str | bool | None
DEFAULT: Final = 100  # entities of a page when nobody says how many
MOST: Final = 10_000  # entities of a page, whoever asks
DEEPEST: Final = 8  # levels of $expand


class Options(msgspec.Struct, frozen=True, kw_only=True, dict=True):
    """The options of a collection or an entity. `token`: where the page before ended; `arrays`: whether
    observations are given as arrays; `written`: as they stood in the address."""

    top: int | None = None
    skip: int = 0
    count: bool = False
    filter: Node | None = None
    order: tuple[tuple[Node, bool], ...] = ()
    select: tuple[str, ...] = ()
    expand: Mapping[str, "Options"] = {}
    token: tuple[Any, ...] | None = None
    arrays: bool = False
    written: str = ""

    @property
    def page(self) -> int:
        """How many entities a page holds at most."""
        return DEFAULT if self.top is None else min(self.top, MOST)

    @cached_property
    def again(self) -> str:
        """The same question for the next page, but for where it goes on."""
        parts = [one for one in self.written.split("&") if one]
        kept = [one for one in parts if unquote_plus(one.partition("=")[0]) not in ("$skip", "$skiptoken")]
        return f"?{'&'.join([*kept, '$skiptoken='])}"


def read(query: str, type_name: str) -> Options:
    """The options of a query string, for entities of a type; 400 for what cannot be understood."""
    pairs = [(unquote_plus(name), unquote_plus(value)) for name, value in _pairs(query, "&")]
    return _options(pairs, type_name, 0, query)


def _pairs(text: str, sign: str) -> Iterator[tuple[str, str]]:
    for part in text.split(sign) if text else ():
        if part:
            name, _equals, value = part.partition("=")
            yield name, value


def _options(pairs: list[tuple[str, str]], type_name: str, depth: int, written: str) -> Options:
    found: dict[str, Any] = {"written": written}
    seen: set[str] = set()
    for name, value in pairs:
        if name in seen:
            raise Stopped(400, _("The option {name} is given twice."), name=name)
        seen.add(name)
        found |= _option(name, value.strip(), type_name, depth)
    return Options(**found)


def _option(name: str, value: str, type_name: str, depth: int) -> dict[str, Any]:
    if name in ("$top", "$skip"):
        return {name[1:]: _whole(name, value)}
    if name == "$count":
        if value not in ("true", "false"):
            raise Stopped(400, _("{name} is true or false."), name=name)
        return {"count": value == "true"}
    if name == "$filter":
        return {"filter": condition(value)}
    if name == "$orderby":
        return {"order": order(value)}
    if name == "$select":
        return {"select": _selected(value, type_name)}
    if name == "$expand":
        return {"expand": _expanded(value, type_name, depth)}
    return _page(name, value, type_name, depth)


def _page(name: str, value: str, type_name: str, depth: int) -> dict[str, Any]:
    if name == "$skiptoken" and not depth:
        return {"token": opened(value)}
    if name in ("$resultFormat", "resultFormat") and not depth:
        if value != "dataArray":
            raise Stopped(501, _("The only other form of results is dataArray."))
        if type_name != OBSERVATION:
            raise Stopped(400, _("Only observations are given as arrays."))
        return {"arrays": True}
    if name in ("$search", "$apply", "$compute", "$format", "$levels", "$deltatoken"):
        raise Stopped(501, _("The option {name} is not one of SensorThings 1.1."), name=name)
    raise Stopped(400, _("The option {name} is unknown."), name=name)


def _whole(name: str, value: str) -> int:
    if not (value.isascii() and value.isdigit()) or len(value) > 12:
        raise Stopped(400, _("{name} is a whole number from 0 on."), name=name)
    return int(value)


def _selected(value: str, type_name: str) -> tuple[str, ...]:
    kind = TYPES[type_name]
    names = tuple(one.strip() for one in value.split(","))
    for name in names:
        head = name.partition("/")[0]
        if head not in (*kind.properties, *kind.navigation, "id", ID, "@iot.selfLink", "*"):
            raise Stopped(400, _("{type} has no property {name}."), type=type_name, name=name)
    return () if "*" in names else names


def _expanded(value: str, type_name: str, depth: int) -> dict[str, Options]:
    if depth >= DEEPEST:
        raise Stopped(400, _("Entities are expanded over {levels} levels at most."), levels=DEEPEST)
    found: dict[str, Options] = {}
    for part in split(value, ",") or [""]:
        path, inner = _parted(part.strip())
        head, _slash, rest = path.partition("/")
        way = TYPES[type_name].navigation.get(head)
        if way is None:
            raise Stopped(400, _("{type} has no property {name}."), type=type_name, name=head)
        if rest:
            options = Options(expand=_expanded(rest + (f"({inner})" if inner else ""), way.target, depth + 1))
        else:
            pairs = [pair for one in split(inner, ";") for pair in _pairs(one.strip(), "\0")]
            written = "&".join(f"{name}={quote(text)}" for name, text in pairs)
            options = _options(pairs, way.target, depth + 1, written)
        found[head] = merged(found[head], options) if head in found else options
    return found


def merged(one: Options, other: Options) -> Options:
    """Two ways of expanding the same: what either asks for below."""
    expand = dict(one.expand)
    for name, options in other.expand.items():
        expand[name] = merged(expand[name], options) if name in expand else options
    said = one if one.written else other
    return msgspec.structs.replace(said, expand=expand)


def _parted(text: str) -> tuple[str, str]:
    if not text.endswith(")"):
        return text, ""
    path, opening, inner = text.partition("(")
    return (path.strip(), inner[:-1]) if opening else (text, "")


def split(text: str, sign: str) -> list[str]:
    """The parts of a text between signs that stand in no bracket and in no quoted word."""
    found, depth, quoted, last = [], 0, False, 0
    for at, char in enumerate(text):
        if char == "'":
            quoted = not quoted
        elif not quoted:
            depth += (char == "(") - (char == ")")
            if char == sign and not depth:
                found.append(text[last:at])
                last = at + 1
    if depth or quoted:
        raise Stopped(400, _("A bracket or a quotation mark is not closed."))
    return [one for one in (*found, text[last:]) if one.strip()]


def sealed(values: tuple[Any, ...]) -> str:
    """Where a page ended, as an address carries it: whole numbers as they are, anything else packed."""
    if len(values) > 1 and all(type(one) is int for one in values):
        return ".".join(map(str, values))
    return base64.urlsafe_b64encode(msgspec.json.encode(values)).decode().rstrip("=")


def opened(text: str) -> tuple[Any, ...]:
    """The same, read back."""
    if "." in text:
        return tuple(_whole_of(one) for one in text.split("."))
    try:
        raw = base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
        return tuple(msgspec.json.decode(raw, type=list[Key]))
    except (binascii.Error, ValueError, msgspec.MsgspecError) as error:
        raise unsound() from error


def _whole_of(text: str) -> int:
    digits = text.removeprefix("-")
    if not (digits.isascii() and digits.isdigit()) or len(digits) > 19 or int(digits) > GREATEST:
        raise unsound()
    return int(text)


def unsound() -> Stopped:
    """What is said of a place in a collection that is none."""
    return Stopped(400, _("This place in a collection cannot be read."))


def following(address: str, options: Options, token: tuple[Any, ...]) -> str:
    """The address of the next page: the same question, from where this page ended."""
    return f"{address}{options.again}{sealed(token)}"
