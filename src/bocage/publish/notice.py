"""What a passer-by is told of a thing: the DTPR chain, filled from what runs and completed by the declared notice."""

import msgspec

from bocage.commitments.facts import TerritoryFacts
from bocage.commitments.r38_notice import unagreed
from bocage.domain.algorithm import Algorithm
from bocage.domain.dataset import Dataset
from bocage.domain.errors import Missing
from bocage.domain.organisation import Organisation
from bocage.domain.purpose import Purpose
from bocage.domain.rule import Rule
from bocage.domain.sensing import Datastream, ObservedProperty, Sensor, Thing
from bocage.domain.sensor_notice import SensorNotice
from bocage.domain.source import Source
from bocage.domain.text import Text
from bocage.publish import chain
from bocage.publish.dtpr import Element
from bocage.publish.knowledge import Known
from bocage.publish.processing import Named, Processing, processing
from bocage.publish.publication import Publication


class Notice(msgspec.Struct, frozen=True, kw_only=True):
    """The chain of one or several things. `declared` is None where nobody has written the notice yet.

    `terms` are the DTPR elements by link, those that follow from what runs and the declared ones. Purposes, retention,
    hosting, recipients come from `purposes`; openness from `publications`; what is collected from `measured`; with
    what, from `sensors`; what is decided with it, from `algorithms`, the published entries of the rules in force.
    `support` owns what bears them, where that is said; `unagreed` while nobody noted that this owner agreed.
    """

    slug: str
    declared: SensorNotice | None
    things: tuple[tuple[str, Thing], ...]
    accountable: tuple[Named, ...]
    contact: Text | None
    support: Named | None
    unagreed: bool
    terms: dict[str, tuple[Element, ...]]
    purposes: tuple[Processing, ...]
    measured: tuple[tuple[str, ObservedProperty, Datastream], ...]
    sensors: tuple[Named, ...]
    algorithms: tuple[tuple[str, Algorithm], ...]
    publications: tuple[Publication, ...]


def notice_of(known: Known, slug: str) -> Notice:
    """The notice of that name; Missing when nobody declared it."""
    declared = known.facts.one(SensorNotice, slug)
    if declared is None:
        raise Missing("a declared sensor notice", slug)
    return _made(known, slug, declared, declared.things)


def notices_for(known: Known, thing: str) -> tuple[Notice, ...]:
    """The notices that stand for a thing, each for this thing alone; without any, one not declared."""
    found = known.facts.notices.get(thing, ())
    if not found:
        return (_made(known, "", None, (thing,)),)
    return tuple(_made(known, slug, declared, (thing,)) for slug, declared in found)


def _made(known: Known, slug: str, declared: SensorNotice | None, names: tuple[str, ...]) -> Notice:
    facts = known.facts
    streams = [(name, s) for name, s in sorted(facts.all(Datastream).items()) if s.thing in names]
    purposes = _purposes(facts, [stream for _, stream in streams])
    accountable = _accountable(facts, declared, purposes)
    datasets = sorted({stream.dataset for _, stream in streams if facts.one(Dataset, stream.dataset)})
    publications = tuple(known.publications[dataset] for dataset in datasets)
    running = chain.Running(facts, purposes, publications, accountable[0][0] if accountable else "")
    return Notice(
        slug=slug,
        declared=declared,
        things=tuple((name, thing) for name in names if (thing := facts.one(Thing, name))),
        accountable=accountable,
        contact=_contact(facts, declared),
        support=_support(facts, declared),
        unagreed=declared is not None and unagreed(facts, declared),
        terms=running.terms(declared),
        purposes=purposes,
        measured=_measured(facts, streams),
        sensors=_sensors(facts, streams),
        algorithms=_algorithms(facts, frozenset(slug for slug, _ in streams)),
        publications=publications,
    )


def _purposes(facts: TerritoryFacts, streams: list[Datastream]) -> tuple[Processing, ...]:
    sources = (facts.one(Source, stream.source) for stream in streams)
    slugs = sorted({source.purpose for source in sources if source and source.purpose})
    return tuple(processing(facts, slug, body) for slug in slugs if (body := facts.one(Purpose, slug)))


def _measured(
    facts: TerritoryFacts, streams: list[tuple[str, Datastream]]
) -> tuple[tuple[str, ObservedProperty, Datastream], ...]:
    """Each observed property once, with one series that shows its unit and cadence."""
    found: dict[str, tuple[str, ObservedProperty, Datastream]] = {}
    for _, stream in streams:
        observed = facts.one(ObservedProperty, stream.observed_property)
        if observed is not None:
            found.setdefault(stream.observed_property, (stream.observed_property, observed, stream))
    return tuple(found.values())


def _sensors(facts: TerritoryFacts, streams: list[tuple[str, Datastream]]) -> tuple[Named, ...]:
    """The instruments and methods, each once."""
    slugs = sorted({stream.sensor for _, stream in streams})
    return tuple((slug, body.title) for slug in slugs if (body := facts.one(Sensor, slug)))


def _algorithms(facts: TerritoryFacts, streams: frozenset[str]) -> tuple[tuple[str, Algorithm], ...]:
    """The published entries of the rules in force that watch one of these series."""
    return tuple(
        (slug, entry)
        for slug, entry in sorted(facts.all(Algorithm).items())
        if (rule := facts.one(Rule, entry.rule)) and rule.active and streams & {*rule.condition.measure.datastreams}
    )


def _accountable(
    facts: TerritoryFacts, declared: SensorNotice | None, purposes: tuple[Processing, ...]
) -> tuple[Named, ...]:
    if declared is not None and (body := facts.one(Organisation, declared.accountable)):
        return ((declared.accountable, body.title),)
    return tuple({item.controller[0]: item.controller for item in purposes if item.controller}.values())


def _contact(facts: TerritoryFacts, declared: SensorNotice | None) -> Text | None:
    if declared is not None and declared.contact is not None:
        return declared.contact
    return facts.territory.contact if facts.territory else None


def _support(facts: TerritoryFacts, declared: SensorNotice | None) -> Named | None:
    """Who owns the pole, wall or street furniture that bears the sensor."""
    owner = declared.support.owner if declared is not None else ""
    body = facts.one(Organisation, owner)
    return (owner, body.title) if body else None
