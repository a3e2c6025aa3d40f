"""Many JSON objects of the same shape from columns, written in one go: no Python by row."""

from collections.abc import Mapping, Sequence
from itertools import chain
from typing import Any

Column = Sequence[Any] | str
"""A value for each row; or one text for all, in which %d stands for the number of the row."""


def woven(numbers: Sequence[int], members: Mapping[str, Column]) -> list[str]:
    """An object for each row. `members`: the JSON of each by name, with what does not change said once."""
    return filled(*_laid(numbers, members)).split("\n") if len(numbers) else []


def listed(numbers: Sequence[int], members: Mapping[str, Column]) -> str:
    """The same as one array."""
    return f"[{filled(*_laid(numbers, members), ',')}]" if len(numbers) else "[]"


def _laid(numbers: Sequence[int], members: Mapping[str, Column]) -> tuple[str, int, list[Sequence[Any]]]:
    """The pattern of a row, how many rows there are, and the columns that fill it."""
    parts, held = list[str](), list[Sequence[Any]]()
    for name, column in members.items():
        if isinstance(column, str):
            parts.append(f"{quoted(name)}:{column}")
            held += [numbers] * column.count("%d")
        elif _alike(column):
            parts.append(f"{quoted(name)}:{escaped(str(column[0]))}")
        else:
            parts.append(f"{quoted(name)}:%s")
            held.append(column)
    return "{" + ",".join(parts) + "}", len(numbers), held


def filled(pattern: str, rows: int, held: Sequence[Sequence[Any]], between: str = "\n") -> str:
    """A pattern once for each row, the values of each row in their places."""
    values = tuple(chain.from_iterable(zip(*held, strict=True)))
    return between.join([pattern] * rows) % values


def quoted(name: str) -> str:
    """A name as a member has it."""
    return f'"{escaped(name)}"'


def escaped(text: str) -> str:
    """A text that stands in a pattern as it is."""
    return text.replace("%", "%%")


def _alike(column: Sequence[Any]) -> bool:
    return len(column) > 0 and column.count(column[0]) == len(column)
