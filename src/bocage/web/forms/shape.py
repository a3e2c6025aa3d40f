"""Which control a field of a struct needs, read from its annotation."""

import enum
import types
from datetime import date
from typing import Annotated, Any, Union, get_args, get_origin

import msgspec

from bocage.domain.text import Text


class Shape(msgspec.Struct, frozen=True, kw_only=True):
    """A control, whether it may stay empty, and the struct or enumeration it is about.

    `control`: words, integer, decimal, check, answer (yes, no, not said), day, text (two languages), choice, choices,
    lines, position, structure (free JSON), group (a nested struct) or rows (several of them).
    """

    control: str
    optional: bool = False
    of: Any = None


PLAIN = {str: "words", int: "integer", float: "decimal", bool: "check", date: "day", Text: "text"}


def bare(annotation: Any) -> Any:
    """The annotation without its notes and limits."""
    while get_origin(annotation) is Annotated:
        annotation = get_args(annotation)[0]
    return annotation


def shape(annotation: Any) -> Shape:
    """The shape of one annotation; TypeError for what no form can hold, so that a new kind fails in its test."""
    held = bare(annotation)
    if get_origin(held) in (Union, types.UnionType):
        inner = [bare(part) for part in get_args(held) if part is not type(None)]
        if len(inner) > 1:
            return Shape(control="structure", optional=len(inner) < len(get_args(held)))
        found = shape(inner[0])
        if found.control == "check":
            return Shape(control="answer", optional=True)
        return Shape(control=found.control, optional=True, of=found.of)
    if held in PLAIN:
        return Shape(control=PLAIN[held])
    if get_origin(held) is tuple:
        return _several(get_args(held))
    if get_origin(held) is dict:
        return Shape(control="structure")
    return _named(held)


def _several(items: tuple[Any, ...]) -> Shape:
    inner = bare(items[0])
    if items == (float, float):
        return Shape(control="position")
    if isinstance(inner, type) and issubclass(inner, enum.Enum):
        return Shape(control="choices", of=inner)
    if isinstance(inner, type) and issubclass(inner, msgspec.Struct):
        return Shape(control="rows", of=inner)
    return Shape(control="lines")


def _named(held: Any) -> Shape:
    if isinstance(held, type) and issubclass(held, enum.Enum):
        return Shape(control="choice", of=held)
    if isinstance(held, type) and issubclass(held, msgspec.Struct):
        return Shape(control="group", of=held)
    raise TypeError(f"no control for {held!r}")
