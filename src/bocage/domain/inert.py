"""Text that a spreadsheet shows and never runs, for the cells of CSV files."""

import re

_RUN = ("=", "+", "-", "@", "\t", "\r", "\uff1d", "\uff0b", "\uff0d", "\uff20")
_NUMBER = re.compile(r"[+-]?[0-9]+([.,][0-9]+)?")


def inert(text: str) -> str:
    """The text, after an apostrophe when a spreadsheet would take it for a formula; signed numbers are left alone."""
    return f"'{text}" if text.startswith(_RUN) and not _NUMBER.fullmatch(text) else text
