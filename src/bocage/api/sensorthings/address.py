"""Reads an address below the root of the service: which entity or collection, which property of it."""

import re
from typing import Final

import msgspec

from bocage.api.problem import Stopped
from bocage.api.sensorthings.model import ID, TYPES, EntityType, of_collection
from bocage.domain.errors import Missing
from bocage.domain.text import message as _

_SEGMENT: Final = re.compile(r"([A-Za-z]+)(?:\(([^()]*)\))?")
GREATEST: Final = (1 << 63) - 1


class Step(msgspec.Struct, frozen=True):
    """One part of an address: the name of a collection or a navigation, and the number of one entity of it."""

    name: str
    number: int | None = None


class Address(msgspec.Struct, frozen=True, kw_only=True):
    """`steps` lead to entities of `type`, to many of them when `many`; `property`: what of the entity is asked for;
    `value`: as it is, without its name; `reference`: links instead of entities."""

    steps: tuple[Step, ...]
    type: str
    many: bool
    property: tuple[str, ...] = ()
    value: bool = False
    reference: bool = False


def read(path: str) -> Address:
    """The meaning of a path such as /Things(1)/Datastreams; 404 when it has none."""
    parts = [one for one in path.strip("/").split("/") if one]
    kind, steps, many = _first(parts)
    at = 1
    while at < len(parts) and not many and (step := _step(parts[at], kind)) is not None:
        way = kind.navigation[step.name]
        steps.append(step)
        kind, many = TYPES[way.target], way.many and step.number is None
        at += 1
    return _ended(steps, kind, many, parts[at:])


def _first(parts: list[str]) -> tuple[EntityType, list[Step], bool]:
    match = _SEGMENT.fullmatch(parts[0]) if parts else None
    kind = of_collection(match[1]) if match else None
    if match is None or kind is None:
        raise Missing(_("a collection of this service"), "/".join(parts))
    step = Step(match[1], _number(match[2]))
    return kind, [step], step.number is None


def _step(part: str, kind: EntityType) -> Step | None:
    """The part as a navigation of that type; None when it is none."""
    match = _SEGMENT.fullmatch(part)
    if match is None or match[1] not in kind.navigation:
        return None
    number = _number(match[2])
    if number is not None and not kind.navigation[match[1]].many:
        raise Missing(_("a collection of this service"), part)
    return Step(match[1], number)


def _number(text: str | None) -> int | None:
    if text is None:
        return None
    plain = text.strip().strip("'")
    if not (plain.isascii() and plain.lstrip("-").isdigit()) or abs(int(plain[:25])) > GREATEST or len(plain) > 25:
        raise Stopped(400, _("Ids of entities are whole numbers."))
    return int(plain)


def _ended(steps: list[Step], kind: EntityType, many: bool, rest: list[str]) -> Address:
    found = Address(steps=tuple(steps), type=kind.name, many=many)
    if rest == ["$ref"]:
        return msgspec.structs.replace(found, reference=True)
    value = rest[-1:] == ["$value"]
    names = tuple(rest[:-1] if value else rest)
    known = not names or (not many and names[0] in (*kind.properties, ID, "id", "@iot.selfLink"))
    if not known or (value and not names):
        raise Missing(_("a property of this entity"), "/".join(rest))
    return msgspec.structs.replace(found, property=names, value=value)
