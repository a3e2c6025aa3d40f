"""What can be found: each public thing, dataset, declaration, promise, register and page, with its words."""

from collections.abc import Iterator, Mapping

import msgspec

from bocage.commitments import all_promises
from bocage.commitments.facts import TerritoryFacts
from bocage.domain.algorithm import Algorithm
from bocage.domain.dataset import Dataset
from bocage.domain.declaration import Declaration, fields
from bocage.domain.kinds import KINDS
from bocage.domain.label import Labelled
from bocage.domain.rule import Rule
from bocage.domain.sensing import Datastream, ObservedProperty, Thing
from bocage.domain.sensor_notice import SensorNotice
from bocage.domain.territory import Territory
from bocage.domain.text import Text
from bocage.domain.text import message as _
from bocage.publish.disclosure import disclosed
from bocage.publish.publication import Publication
from bocage.publish.sight import Seen, Sight
from bocage.words import both

PAGE, PROMISE, REGISTER = "page", "promise", "register"
PAGES = {
    "person": (_("Speak to a person"), _("Who answers, what you may ask, your rights: CNIL, CADA, accessibility.")),
    "refusals": (_("What was refused"), _("Measurements that did not come in, month by month, and why.")),
    "sensors": (_("What is measured"), _("The map and the list of sensors.")),
    "data": (_("The data"), _("Datasets: see them, download them, read why one is closed.")),
    "processing": (
        _("What it is for"),
        _("Purposes, recipients, retention periods: the register of processing (GDPR)."),
    ),
    "roadmap": (_("Roadmap"), _("Projects in time, their steps and decisions, and what became of prototypes.")),
    "stakeholders": (_("Who works with whom"), _("Actors, bodies, agreements and contracts, and who is missing.")),
    "commons": (_("Shared resources"), _("What territories learnt and give to others, successes and failures.")),
    "promises": (_("What is promised"), _("Commitments: kept, to mend, not concerned.")),
}
"""Pages that stand in every territory, by the end of their route: title and what is there."""


class Entry(msgspec.Struct, frozen=True, kw_only=True):
    """One thing that can be found: its kind, its short name, its title, and more words of it."""

    kind: str
    slug: str
    title: Text
    texts: tuple[Text, ...] = ()


def gathered(facts: TerritoryFacts, catalogue: tuple[Publication, ...], sight: Sight) -> Iterator[Entry]:
    """Everything, in the order kinds are told; nothing that the public is not told of."""
    for slug, (title, about) in PAGES.items():
        yield Entry(kind=PAGE, slug=slug, title=both(title), texts=(both(about),))
    yield from (_dataset(facts, found) for found in catalogue)
    yield from (_thing(facts, item) for item in sight.seen.values())
    yield from _declared(facts, sight)
    for promise in all_promises():
        yield Entry(kind=PROMISE, slug=promise.code, title=both(promise.title), texts=(both(promise.text),))
    for name, kind in KINDS.items():
        if kind.public:
            yield Entry(kind=REGISTER, slug=name, title=both(kind.plural), texts=(both(kind.about),))


def _declared(facts: TerritoryFacts, sight: Sight) -> Iterator[Entry]:
    """What the public registers hold, but for what has a page of its own above."""
    for name, kind in KINDS.items():
        if not kind.public or kind in (Dataset, Territory):
            continue
        for slug, body in facts.declared.get(name, {}).items():
            if not _told_elsewhere(facts, slug, body):
                texts = (*texts_of(body), *_places(sight, body))
                yield Entry(kind=name, slug=slug, title=_title(slug, body), texts=texts)


def _dataset(facts: TerritoryFacts, found: Publication) -> Entry:
    body = found.dataset
    texts = [text for text in (body.description, body.reason, body.weighing) if text is not None]
    measured = [stream for _slug, stream in found.streams] if found.open else []
    return Entry(kind=Dataset.kind, slug=found.slug, title=body.title, texts=(*texts, *_properties(facts, measured)))


def _thing(facts: TerritoryFacts, item: Seen) -> Entry:
    thing = item.thing
    texts = [text for text in (thing.description, Text(fr=thing.place) if thing.place else None) if text is not None]
    measured = _properties(facts, [stream for _slug, stream in item.streams])
    return Entry(kind=Thing.kind, slug=item.slug, title=thing.title, texts=(*texts, *measured))


def _properties(facts: TerritoryFacts, streams: list[Datastream]) -> Iterator[Text]:
    """What these measure, each once."""
    for slug in dict.fromkeys(stream.observed_property for stream in streams):
        observed = facts.one(ObservedProperty, slug)
        if observed is not None:
            yield observed.title


def _places(sight: Sight, body: Declaration) -> Iterator[Text]:
    """The things a notice stands for, as far as everyone is told of them."""
    if isinstance(body, SensorNotice):
        yield from (sight.seen[thing].thing.title for thing in body.things if thing in sight.seen)


def _told_elsewhere(facts: TerritoryFacts, slug: str, body: Declaration) -> bool:
    """A rule is told by its published entry."""
    entries: Mapping[str, Algorithm] = facts.all(Algorithm)
    return isinstance(body, Rule) and slug in entries and entries[slug].rule == slug


def _title(slug: str, body: Declaration) -> Text:
    title = getattr(body, "title", None)
    return title if isinstance(title, Text) else Text(fr=slug)


def texts_of(body: Declaration) -> Iterator[Text]:
    """What its public fields say in words: texts, values of closed lists, numbers and names written as they are."""
    for note in disclosed(type(body)):
        if note.name != "title" and not note.reference:
            yield from _said_in(getattr(body, note.name))


def _said_in(value: object) -> Iterator[Text]:
    """The words of a value; of a group or of rows, those of their fields."""
    if isinstance(value, tuple):
        for one in value:
            yield from _said_in(one)
    elif isinstance(value, msgspec.Struct) and not isinstance(value, Text):
        for note in fields(type(value)):
            if not note.reference:
                yield from _said_in(getattr(value, note.name))
    else:
        found = _text(value)
        if found is not None:
            yield found


def _text(value: object) -> Text | None:
    if isinstance(value, Text):
        return value
    if isinstance(value, Labelled):
        return both(value.label)
    return Text(fr=value) if isinstance(value, str) and value and "://" not in value else None
