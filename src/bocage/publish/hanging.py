"""Which signs hang where: one for each thing a notice stands for, and what stands in public space without any."""

from collections import defaultdict
from collections.abc import Mapping

import msgspec

from bocage.commitments.facts import TerritoryFacts
from bocage.domain.purpose import Purpose
from bocage.domain.sensing import Datastream, Thing
from bocage.domain.sensor_notice import SensorNotice
from bocage.domain.source import Source
from bocage.publish.knowledge import Known


class Hung(msgspec.Struct, frozen=True, kw_only=True):
    """One notice and the things it stands for that everyone is told of, by title; and the services behind them."""

    slug: str
    notice: SensorNotice
    things: tuple[tuple[str, Thing], ...]
    services: frozenset[str]

    @property
    def places(self) -> frozenset[str]:
        """Where its things stand, in the words of the declarations."""
        return frozenset(thing.place for _slug, thing in self.things if thing.place)


def hung(known: Known) -> tuple[Hung, ...]:
    """Every declared notice, by title."""
    services = _services(known.facts)
    notices = known.facts.all(SensorNotice).items()
    found = [_one(known, slug, body, services) for slug, body in notices]
    return tuple(sorted(found, key=lambda one: (one.notice.title.fr.casefold(), one.slug)))


def _one(known: Known, slug: str, body: SensorNotice, services: Mapping[str, set[str]]) -> Hung:
    things = [(name, known.sight.seen[name].thing) for name in body.things if name in known.sight.seen]
    return Hung(
        slug=slug,
        notice=body,
        things=tuple(sorted(things, key=lambda pair: pair[1].title.fr.casefold())),
        services=frozenset(service for name in body.things for service in services.get(name, ())),
    )


def _services(facts: TerritoryFacts) -> Mapping[str, set[str]]:
    """The public services that the series of each thing serve, through the purpose of their source."""
    found: defaultdict[str, set[str]] = defaultdict(set)
    for stream in facts.all(Datastream).values():
        source = facts.one(Source, stream.source)
        purpose = facts.one(Purpose, source.purpose) if source else None
        if purpose and purpose.service:
            found[stream.thing].add(purpose.service)
    return found


def chosen(all_hung: tuple[Hung, ...], *, service: str = "", place: str = "") -> list[tuple[str, str]]:
    """The signs to hang (notice, thing) of a service or a place, or all; a notice without a thing is one sign."""
    found = []
    for one in all_hung:
        if service and service not in one.services:
            continue
        names = [name for name, thing in one.things if not place or thing.place == place]
        found += [(one.slug, name) for name in names] or ([] if place or one.things else [(one.slug, "")])
    return found


def without(known: Known) -> tuple[tuple[str, Thing], ...]:
    """What stands in public space and has no notice, by title."""
    found = [
        (slug, item.thing)
        for slug, item in known.sight.seen.items()
        if item.thing.public_space and slug not in known.facts.notices
    ]
    return tuple(found)
