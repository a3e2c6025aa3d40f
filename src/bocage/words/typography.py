"""Spaces and apostrophes as French typography wants them, so that translators type plain ones."""

import re

NARROW = "\u202f"  # narrow no-break space
FIRM = "\u00a0"  # no-break space

_RULES = (
    (re.compile(r"(?<=[^\W\d_])'(?=[^\W\d_]|«)"), "’"),
    (re.compile(r" :(?=\s|$)"), FIRM + ":"),
    (re.compile(r" ([;!?])"), NARROW + r"\1"),
    (re.compile(r"« "), "«" + NARROW),
    (re.compile(r" »"), NARROW + "»"),
    (re.compile(r" %(?![\w(])"), NARROW + "%"),
    (re.compile(r"(?<=\d) (?=\d{3}\b)"), NARROW),
)


def typeset(text: str, lang: str) -> str:
    """French: no-break spaces before : ; ! ? and inside « », curved apostrophes; other languages as they are."""
    if lang != "fr":
        return text
    for pattern, instead in _RULES:
        text = pattern.sub(instead, text)
    return text
