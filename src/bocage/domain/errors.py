"""What can fail, as one small tree; edges translate each leaf once.

BocageError
|-- Invalid            what was given is not of the expected form
|   |-- PayloadError   a sender's bytes cannot be read
|   |   `-- CodecFailure   its message is whole, but nothing here reads the bytes of the sensor in it
|   `-- SettingError   the settings file is wrong
|-- Missing            what was named does not exist
|-- Conflict           it changed meanwhile, or the identity is taken
|-- Refused            a commitment refused it (carries the refusals)
`-- Unavailable        the machine cannot do it now: disk full, locked, stopped
"""

import re
from typing import ClassVar, Final

from bocage.domain.decision import Refusal

_QUOTED: Final = re.compile(r""""[^"]*"|'[^']*'""")


class BocageError(Exception):
    """A failure with a stable code and named values; `words` makes its sentence."""

    code: ClassVar[str] = "failure"

    def __init__(self, expected: str, found: str = "", remedy: str = "", **values: object) -> None:
        self.expected = expected
        self.found = found
        self.remedy = remedy
        self.values = values
        super().__init__("; ".join(part for part in (expected, found, remedy) if part))


class Invalid(BocageError):
    """What was given is not of the expected form."""

    code = "invalid"


class PayloadError(Invalid):
    """A sender's bytes cannot be read as what its source declared."""

    code = "payload"


class CodecFailure(PayloadError):
    """The message is whole, but the codec of the sensor fails, or there is none. `values`: the `device`, the `codec`
    (its slug, empty when there is none), and what was `said`."""

    code = "codec"


class SettingError(Invalid):
    """The settings file holds something unknown or wrong."""

    code = "setting"


class Missing(BocageError):
    """What was named does not exist."""

    code = "missing"


class Conflict(BocageError):
    """It changed meanwhile, or the identity is already taken."""

    code = "conflict"


class Unavailable(BocageError):
    """The machine cannot do it now (disk full, locked, stopping); nothing was half done."""

    code = "unavailable"


class Refused(BocageError):
    """One or more commitments refused it."""

    code = "refused"

    def __init__(self, refusals: tuple[Refusal, ...]) -> None:
        self.refusals = refusals
        super().__init__("permitted by every commitment", ", ".join(r.code for r in refusals))


def unnamed(text: str) -> str:
    """The first line of what a server said, without what it quotes: its machines and files are nobody's business."""
    return _QUOTED.sub("…", text.strip().partition("\n")[0])
