"""A letter: one mail to one person, as it stands in the outbox until a mail server has taken it."""

import re

import msgspec

# Signs that end a line or hide one: with them a name or a subject could add headers of its own.
_BREAKS = re.compile(r"[\x00-\x1f\x7f\u2028\u2029]")
_ADDRESS = re.compile(r"^[^\s@<>,;:\"()\[\]\\]+@[^\s@<>,;:\"()\[\]\\]+$")


def is_address(text: str) -> bool:
    """Whether a text can be the address of one mail box, and nothing more."""
    return len(text) <= 254 and _ADDRESS.fullmatch(text) is not None and not _BREAKS.search(text)


class Letter(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What one person is told. `html` says the same as `text`. `sender`: the name shown before the address.

    `until` (UTC milliseconds): after it the letter is not worth sending, its link has expired; 0 when it always is.
    ValueError when the address is not one, or when a line of the head would break.
    """

    to: str
    subject: str
    text: str
    html: str = ""
    sender: str = "Bocage"
    lang: str = "fr"
    until: int = 0

    def __post_init__(self) -> None:
        if not is_address(self.to):
            raise ValueError(f"a letter goes to one address, not to {self.to!r}")
        for line in (self.subject, self.sender, self.lang):
            if _BREAKS.search(line):
                raise ValueError(f"one line of the head of a letter, not {line!r}")
