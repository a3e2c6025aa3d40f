"""Where gbfs.json leads: the feeds that hold counts, in whatever version and language they are listed."""

from collections.abc import Iterator
from typing import Any, Final

from bocage.domain.errors import PayloadError
from bocage.domain.text import message as _
from bocage.sources.gbfs.document import document

READ: Final = ("station_information", "station_status", "vehicle_status", "free_bike_status")
MOST_ADDRESS: Final = 2_000


def leads(sent: bytes) -> tuple[str, ...]:
    """The addresses of the feeds that are read; none for a document that is a feed itself."""
    data = document(sent).data
    found: dict[str, str] = {}
    for feed in _feeds(data):
        name, address = feed.get("name"), feed.get("url")
        if name in READ and isinstance(address, str) and len(address) < MOST_ADDRESS:
            found.setdefault(name, address)
    if not found and ("feeds" in data or any(isinstance(one, dict) and "feeds" in one for one in data.values())):
        raise PayloadError(_("a list of feeds with those of stations or vehicles"))
    return tuple(found[name] for name in READ if name in found)


def rests(sent: bytes) -> int:
    """Seconds for which a document stands, as it says."""
    return document(sent).rest


def _feeds(data: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """Version 3 lists them at once; versions before by language, which say the same of numbers."""
    for one in (data, *data.values()):
        feeds = one.get("feeds") if isinstance(one, dict) else None
        for feed in feeds if isinstance(feeds, list) else ():
            if isinstance(feed, dict):
                yield feed
