"""What servers say of when to ask again, and what they want to hear then."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Final

import msgspec

LONGEST: Final = timedelta(days=1)  # however long a server asks to be left alone
TOO_MANY: Final = (429, 503)


class Version(msgspec.Struct, frozen=True):
    """What an address gave: its ETag and date, to be told next time."""

    etag: str = ""
    modified: str = ""

    @property
    def asked(self) -> dict[str, str]:
        """Headers by which an address answers 304 when nothing changed (RFC 9110)."""
        told = {"If-None-Match": self.etag, "If-Modified-Since": self.modified}
        return {name: value for name, value in told.items() if value}


def version(headers: Mapping[str, str]) -> Version:
    """That of an answer; what is too long to be kept is not told again."""
    etag, modified = headers.get("etag", ""), headers.get("last-modified", "")
    return Version(etag=etag if len(etag) <= 500 else "", modified=modified if len(modified) <= 100 else "")


def retry_after(status: int, headers: Mapping[str, str], at: datetime) -> datetime | None:
    """When a server that is busy lets itself be asked again, in seconds or as a date; None when it does not say."""
    said = headers.get("retry-after", "").strip()
    if status not in TOO_MANY or not said:
        return None
    if said.isdigit():
        return at + min(timedelta(seconds=min(int(said), 86_400)), LONGEST)
    try:
        found = parsedate_to_datetime(said)
    except (ValueError, IndexError):
        return None
    return min(found if found.tzinfo else found.replace(tzinfo=UTC), at + LONGEST)
