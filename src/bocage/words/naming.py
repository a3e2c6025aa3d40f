"""What the sentence of a rule calls its series and services, from what a territory declares."""

from collections.abc import Mapping
from typing import TypeVar

import msgspec

from bocage.domain.declaration import Declaration
from bocage.domain.nature import Nature
from bocage.domain.public_service import PublicService
from bocage.domain.rule import Rule
from bocage.domain.sensing import Datastream, ObservedProperty, Thing
from bocage.domain.text import Text

Declared = Mapping[str, Mapping[str, Declaration]]
D = TypeVar("D", bound=Declaration)


class Called(msgspec.Struct, frozen=True, kw_only=True):
    """One series: what it observes and of which thing (None when that thing is not shown), its unit and nature.

    `title`: its own name, for agents, where another one observes the same of the same thing.
    """

    observed: Text
    thing: Text | None
    title: Text | None = None
    unit: str = ""
    nature: Nature = Nature.GAUGE


class Names(msgspec.Struct, frozen=True, kw_only=True):
    """Series and services of one rule, in its order; what is no longer declared is called by its slug."""

    series: tuple[Called, ...]
    services: tuple[Text, ...]


def named(declared: Declared, rule: Rule, *, withheld: frozenset[str] = frozenset()) -> Names:
    """`declared`: bodies by kind and slug. `withheld`: datastreams whose thing the reader is not told of."""
    return Names(
        series=tuple(_called(declared, slug, slug in withheld) for slug in rule.condition.measure.datastreams),
        services=tuple(_title(declared, PublicService, slug) for slug in rule.told),
    )


def _called(declared: Declared, slug: str, withheld: bool) -> Called:
    stream = _one(declared, Datastream, slug)
    if stream is None:
        return Called(observed=Text(fr=slug), thing=None)
    return Called(
        observed=_title(declared, ObservedProperty, stream.observed_property),
        thing=None if withheld else _title(declared, Thing, stream.thing),
        title=None if withheld else stream.title,
        unit=stream.unit.symbol or stream.unit.name,
        nature=stream.nature,
    )


def _one(declared: Declared, kind: type[D], slug: str) -> D | None:
    found = declared.get(kind.kind, {}).get(slug)
    return found if isinstance(found, kind) else None


def _title(declared: Declared, kind: type[Declaration], slug: str) -> Text:
    found = getattr(_one(declared, kind, slug), "title", None)
    return found if isinstance(found, Text) else Text(fr=slug or "?")
