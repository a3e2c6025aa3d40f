"""Where the observations of each source may go, worked out once as long as nothing is declared."""

from collections.abc import Mapping

import msgspec

from bocage.api.sensorthings.saying import Starts
from bocage.api.sensorthings.sight import Sights
from bocage.ingest.compiled import Compiled
from bocage.relational import in_thread


class Target(msgspec.Struct, frozen=True, kw_only=True):
    """Where a source's observations may go, by numbers of series. `keys`: what the source calls each; `sound`: the same
    of those whose observations are about something; `places`: of these, in `names`; `features`: what they may be about;
    `since`: what they are about unless they name another."""

    keys: Mapping[int, str]
    sound: Mapping[int, str]
    features: Mapping[int, frozenset[int]]
    since: Mapping[int, Starts]
    names: tuple[str, ...]
    places: Mapping[int, int]


class Targets:
    """One per application; asked from its event loop."""

    def __init__(self) -> None:
        self._kept: dict[tuple[str, str], tuple[Compiled, Target]] = {}

    def ready(self, by: Compiled) -> Target | None:
        """The target of these decisions, if it was worked out."""
        kept = self._kept.get((by.territory, by.slug))
        return kept[1] if kept is not None and kept[0] is by else None

    async def of(self, by: Compiled, sights: Sights) -> Target:
        """The target of these decisions."""
        found = self.ready(by)
        if found is None:
            found = await in_thread(target_of, sights, by)
            self._kept[by.territory, by.slug] = (by, found)
        return found


def target_of(sights: Sights, by: Compiled) -> Target:
    """Where the observations of a source may go."""
    town = sights.town(by.territory)
    since = {number: tuple((at, item.id) for at, item in town.features(number)) for number in by.key_of}
    features = {
        number: frozenset((*(item for _at, item in held), *(item.id for item in town.others(number))))
        for number, held in since.items()
    }
    sound = {number: key for number, key in by.key_of.items() if features[number]}
    places = {number: by.place_of[number] for number in sound}
    return Target(keys=by.key_of, sound=sound, features=features, since=since, names=by.names, places=places)
