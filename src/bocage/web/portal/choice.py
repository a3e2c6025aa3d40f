"""Which things a reader asked to see, by what they measure and by name; the map and the list ask the same."""

from urllib.parse import urlencode

import msgspec

from bocage.domain.sensing import Thing
from bocage.publish.sight import Seen, Sight
from bocage.web.request import Request

LONGEST = 100


class Choice(msgspec.Struct, frozen=True, kw_only=True):
    """An observed property by slug, and some words of a name or place; empty asks for everything."""

    measure: str = ""
    words: str = ""

    @property
    def query(self) -> str:
        """The same as the end of an address, with its question mark; empty when nothing was asked."""
        asked = {name: value for name, value in (("measure", self.measure), ("q", self.words)) if value}
        return f"?{urlencode(asked)}" if asked else ""


def choice(request: Request) -> Choice:
    """What the address asks for."""
    return Choice(measure=request.GET.get("measure", ""), words=request.GET.get("q", "")[:LONGEST].strip())


def chosen(sight: Sight, asked: Choice) -> list[Seen]:
    """The things it is about, in the order of the list."""
    return [item for item in sight.seen.values() if _measures(item, asked.measure) and _named(item.thing, asked.words)]


def _measures(item: Seen, measure: str) -> bool:
    return not measure or any(stream.observed_property == measure for _, stream in item.streams)


def _named(thing: Thing, words: str) -> bool:
    said = f"{thing.title.fr} {thing.title.en} {thing.place}".casefold()
    return all(word in said for word in words.casefold().split())
