"""Small and capital letters, one for one: the same in Python, in DuckDB and in PostgreSQL, whatever the alphabet.

A letter whose capital would be two has the one that is one letter (ß has ẞ), where there is none itself; whether a
letter stands at the end of a word is not looked at (Σ is σ).
"""

import sys
from functools import cache
from typing import Final

_SINGLE: Final = {"İ": "i", "ß": "ẞ"}


@cache
def small() -> dict[str, str]:
    """Letters that have a small one, with it."""
    return {one: other for one in _letters() if (other := _one(one, one.lower())) != one}


@cache
def capital() -> dict[str, str]:
    """Letters that have a capital, with it."""
    return {one: other for one in _letters() if (other := _one(one, one.upper())) != one}


def _letters() -> list[str]:
    return [chr(code) for code in range(1, sys.maxunicode + 1) if not 0xD800 <= code < 0xE000]


def _one(letter: str, changed: str) -> str:
    if letter in _SINGLE and changed != letter:
        return _SINGLE[letter]
    if len(changed) == 1:
        return changed
    titled = letter.title()
    return titled if len(titled) == 1 else letter


@cache
def _tables() -> tuple[dict[int, str], dict[int, str]]:
    return str.maketrans(small()), str.maketrans(capital())


def lower(text: str) -> str:
    """In small letters."""
    return text.lower() if text.isascii() else text.translate(_tables()[0])


def upper(text: str) -> str:
    """In capitals."""
    return text.upper() if text.isascii() else text.translate(_tables()[1])
