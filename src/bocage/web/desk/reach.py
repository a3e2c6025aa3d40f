"""What of a territory this person may read at the desk, and how to call it."""

from collections.abc import Callable, Mapping

import msgspec

from bocage import words
from bocage.accounts import OPERATOR, people
from bocage.accounts.consulting import may_consult
from bocage.accounts.rights import Right, may, may_begin, may_declare, reach
from bocage.commitments.facts import TerritoryFacts
from bocage.domain.dataset import Dataset
from bocage.domain.declaration import Declaration, Notes
from bocage.domain.errors import Missing
from bocage.domain.kinds import KINDS
from bocage.domain.purpose import Purpose
from bocage.domain.sensing import Datastream, Thing
from bocage.domain.source import Source
from bocage.domain.text import Text
from bocage.domain.text import message as _
from bocage.publish.disclosure import hidden
from bocage.web.portal.knowledge import known
from bocage.web.request import Request
from bocage.web.titles import Titles


class Bench(msgspec.Struct, frozen=True, kw_only=True):
    """The facts of the territory, the series whose values this person may read, and the things they may know of:
    those that carry such a series, and those everyone is told of. All by slug."""

    facts: TerritoryFacts
    streams: Mapping[str, Datastream]
    things: Mapping[str, Thing]

    def of_thing(self, thing: str) -> list[tuple[str, Datastream]]:
        """The readable series of a thing."""
        return [(slug, stream) for slug, stream in self.streams.items() if stream.thing == thing]


def facts_of(request: Request) -> TerritoryFacts:
    """All that the territory declares now."""
    return known(request).facts


def bench(request: Request) -> Bench:
    """What this person works on."""
    facts = facts_of(request)
    far = reach(request.actor, Right.READ_DATA, request.slug)
    streams = {
        slug: stream
        for slug, stream in facts.all(Datastream).items()
        if far.covers(source=stream.source, service=service_of(facts, stream), dataset=stream.dataset)
    }
    told = {stream.thing for stream in streams.values()} | set(known(request).sight.seen)
    things = {slug: thing for slug, thing in facts.all(Thing).items() if slug in told}
    return Bench(facts=facts, streams=streams, things=things)


def sees(request: Request, kind: str, slug: str) -> bool:
    """Whether this person may know of an entity: a dwelling's meter is for those who work on it or answer for it."""
    if kind not in (Thing.kind, Datastream.kind) or may(request.actor, Right.READ_REGISTERS, request.slug):
        return True
    work = bench(request)
    if kind == Thing.kind:
        return slug in work.things
    stream = work.facts.one(Datastream, slug)
    return slug in work.streams or (stream is not None and stream.thing in known(request).sight.seen)


def knows(request: Request) -> Callable[[str, str], bool]:
    """Which declarations this person may know of: open registers, and the others for who may read them."""

    def known_to(kind: str, slug: str) -> bool:
        consults = kind not in KINDS or may_consult(request.actor, request.slug, KINDS[kind])
        return consults and sees(request, kind, slug)

    return known_to


def sees_field(request: Request, kind: str, slug: str, note: Notes) -> bool:
    """Whether this person may read a field that everyone may not: it names somebody, or says how to get in."""
    if not (note.personal or hidden(kind, note.name)):
        return True
    if may(request.actor, Right.READ_REGISTERS, request.slug) or may_begin(request.actor, request.slug, kind):
        return True
    far = reach(request.actor, Right.DELIVER, request.slug)
    return kind == Source.kind and far.covers(source=slug, service=service_of_source(facts_of(request), slug))


def service_of(facts: TerritoryFacts, stream: Datastream) -> str:
    """The public service a series belongs to, through its dataset."""
    dataset = facts.one(Dataset, stream.dataset)
    return dataset.service if dataset else ""


def service_of_source(facts: TerritoryFacts, source: str) -> str:
    """The public service a source works for, through its purpose."""
    body = facts.one(Source, source)
    purpose = facts.one(Purpose, body.purpose) if body else None
    return purpose.service if purpose else ""


def may_mend(request: Request, facts: TerritoryFacts, source: str) -> bool:
    """Whether this person may declare the series of a source."""
    service = service_of_source(facts, source)
    return may_declare(request.actor, request.slug, Datastream.kind, source=source, service=service)


def one(facts: TerritoryFacts, kind: str, slug: str) -> Declaration:
    """A declaration or entity that must be there."""
    body = facts.declared.get(kind, {}).get(slug)
    if body is None:
        raise Missing(f"{kind}/{slug}")
    return body


def title(body: Declaration | None, slug: str) -> Text | str:
    """What it is called, or its slug."""
    found = getattr(body, "title", None)
    return found if isinstance(found, Text) else slug


def authors(accounts: set[str], lang: str) -> dict[str, str]:
    """Who stands behind these pseudonyms; what a command on the machine changed says so."""
    return {OPERATOR.account: words.translate(_("Command on the machine"), lang), **people.names(accounts)}


def names(facts: TerritoryFacts, lang: str) -> Mapping[str, str]:
    """Titles for the sentences of refusals and findings."""

    def read(_kind: str, slug: str, body: Declaration) -> str:
        found = title(body, slug)
        return found.read(lang)[0] if isinstance(found, Text) else found

    return Titles(facts.declared, read)
