"""Long lists in parts, so that a page stays light whatever the territory holds."""

from collections.abc import Sequence
from typing import Generic, TypeVar

import msgspec

from bocage.web.request import Request

T = TypeVar("T")
LONGEST = 9
"""Digits of a number of a part that are read."""


class Part(msgspec.Struct, Generic[T], frozen=True, kw_only=True):
    """One part of a list: its items, its number (from 1), how many parts there are, how many items in all."""

    items: Sequence[T]
    number: int
    parts: int
    total: int


def part(request: Request, items: Sequence[T], size: int) -> Part[T]:
    """The part the address asks for (`page`); the nearest one when there is no such part."""
    asked = request.GET.get("page", "1")[:LONGEST]
    parts = max(1, -(-len(items) // size))
    number = min(max(int(asked), 1), parts) if asked.isdecimal() else 1
    return Part(items=items[(number - 1) * size : number * size], number=number, parts=parts, total=len(items))
