"""What every document of GBFS says around its content: version, when it was updated, for how long it stands."""

from datetime import UTC, datetime
from typing import Any, Final

import msgspec

from bocage.domain.errors import PayloadError
from bocage.domain.instant import EARLIEST, LATEST
from bocage.domain.text import message as _

LONGEST_REST: Final = 86_400  # seconds: a document that says more is asked for every day


class Document(msgspec.Struct, frozen=True):
    """`last_updated`: seconds since 1970 before version 3, a date and time since. `ttl`: seconds."""

    last_updated: int | float | str
    data: dict[str, Any]
    ttl: int | float = 0
    version: str = ""

    @property
    def at(self) -> int:
        """When it was updated, UTC milliseconds; PayloadError when it does not say."""
        try:
            found = self.last_updated
            if isinstance(found, str):
                written = datetime.fromisoformat(found)
                found = (written if written.tzinfo else written.replace(tzinfo=UTC)).timestamp()
            if EARLIEST <= (at := round(found * 1000)) < LATEST:
                return at
        except (ValueError, OverflowError):
            pass  # said below
        raise PayloadError(_("the time of the last update"), found=str(self.last_updated)[:40])

    @property
    def rest(self) -> int:
        """Seconds for which asking again is of no use."""
        return round(min(max(self.ttl, 0), LONGEST_REST))


def document(sent: bytes) -> Document:
    """The document; PayloadError when it is none of GBFS."""
    try:
        return msgspec.json.decode(sent, type=Document)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
        raise PayloadError(_("a document of GBFS"), found=str(error)[:80]) from error
