"""Whole numbers as addresses, headers and forms write them: ASCII digits, of a size every database takes."""

import re
from typing import Final

MOST: Final = 2**53 - 1  # exact in JavaScript, and within every database's integers
_DIGITS = re.compile(r"[0-9]{1,16}")


def whole(text: str, otherwise: int) -> int:
    """The number a text writes, or `otherwise` when it writes none; never an error, whatever a stranger sends."""
    text = text.strip()
    return min(int(text), MOST) if _DIGITS.fullmatch(text) else otherwise
