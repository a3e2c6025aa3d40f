"""Who takes part in what: actors by project and phase, seats in bodies, agreements; and who is missing."""

from collections.abc import Iterator
from datetime import date

import msgspec

from bocage.commitments.facts import TerritoryFacts
from bocage.domain.actor import Actor, ActorNature, Share
from bocage.domain.agreement import Agreement
from bocage.domain.contract import Contract
from bocage.domain.governance_body import College, GovernanceBody
from bocage.domain.label import Labelled
from bocage.domain.project import Phase, Project
from bocage.domain.text import Text
from bocage.domain.text import message as _
from bocage.publish.portfolio.directory import Directory, Named, titled
from bocage.publish.portfolio.events import Sees

RESIDENTS = (ActorNature.RESIDENTS, ActorNature.ASSOCIATION)
"""Kinds of actors through which residents take part."""


class Bond(Labelled):
    """What ties somebody to something."""

    PART = "part", _("Takes part")
    SEAT = "seat", _("Has a seat")
    PARTY = "party", _("Is a party")
    LEADER = "leader", _("Leads")
    BUYER = "buyer", _("Buys")
    HOLDER = "holder", _("Holds the contract")


class Tie(msgspec.Struct, frozen=True, kw_only=True):
    """One tie: `who` is an actor, or an organisation that no actor stands for; `to` what they meet in (kind, slug)."""

    who: Named
    to: Named
    bond: Bond
    phase: Phase | None = None
    share: Share | None = None
    since: date | None = None
    until: date | None = None


class Lack(msgspec.Struct, frozen=True, kw_only=True):
    """Who is missing: `code` says how; `kind` and `slug` where it is mended; `of` how many, for seats."""

    code: str
    kind: str
    slug: str
    phase: Phase | None = None
    of: int = 0


class Partners(msgspec.Struct, frozen=True, kw_only=True):
    """All ties a reader may know of, those asked for, and who is missing."""

    people: dict[Named, Text]
    meetings: dict[Named, Text]
    ties: tuple[Tie, ...]
    lacks: tuple[Lack, ...]


class Asked(msgspec.Struct, frozen=True, kw_only=True):
    """What is asked for: empty or None is all."""

    project: str = ""
    nature: ActorNature | None = None


def partners(facts: TerritoryFacts, sees: Sees, asked: Asked) -> Partners:
    """Who works with whom, as a reader may know it."""
    found = [one for one in (*_parts(facts), *_bound(facts)) if sees(*one.who) and sees(*one.to)]
    natures = {(Actor.kind, slug): one.nature for slug, one in facts.all(Actor).items()}
    if asked.project:
        found = [one for one in found if one.to == (Project.kind, asked.project)]
    if asked.nature is not None:
        found = [one for one in found if natures.get(one.who) is asked.nature]
    people, meetings = {one.who for one in found}, {one.to for one in found}
    if asked == Asked():  # those with whom nobody works, too
        people |= {(Actor.kind, slug) for slug in facts.all(Actor) if sees(Actor.kind, slug)}
        meetings |= set(_places(facts, sees))
    return Partners(
        people={place: titled(facts, place) for place in sorted(people)},
        meetings={place: titled(facts, place) for place in sorted(meetings)},
        ties=tuple(sorted(found, key=lambda one: (one.who, one.to, one.bond, one.phase.rank if one.phase else -1))),
        lacks=tuple(one for one in lacks(facts) if sees(one.kind, one.slug) and _concerns(one, asked)),
    )


def _concerns(lack: Lack, asked: Asked) -> bool:
    return asked.project in ("", lack.slug) and asked.nature is None


def _places(facts: TerritoryFacts, sees: Sees) -> Iterator[Named]:
    for kind in (Project, GovernanceBody, Agreement):
        yield from ((kind.kind, slug) for slug in facts.all(kind) if sees(kind.kind, slug))


def _parts(facts: TerritoryFacts) -> Iterator[Tie]:
    """What actors say of themselves."""
    for slug, actor in facts.all(Actor).items():
        who = (Actor.kind, slug)
        for part in actor.parts:
            if facts.one(Project, part.project) is not None:
                yield Tie(
                    who=who,
                    to=(Project.kind, part.project),
                    bond=Bond.PART,
                    phase=part.phase,
                    share=part.share,
                    since=part.since,
                    until=part.until,
                )
        for body in actor.bodies:
            if facts.one(GovernanceBody, body) is not None:
                yield Tie(who=who, to=(GovernanceBody.kind, body), bond=Bond.SEAT)


def _bound(facts: TerritoryFacts) -> Iterator[Tie]:
    """Agreements with their parties, and the projects that contracts tie their parties to."""
    directory = Directory(facts)
    for slug, body in facts.all(Agreement).items():
        for party in dict.fromkeys((*body.parties, *((body.leader,) if body.leader else ()))):
            who = directory.find(party)
            if who is not None:
                bond = Bond.LEADER if party == body.leader else Bond.PARTY
                to = (Agreement.kind, slug)
                yield Tie(who=who, to=to, bond=bond, since=body.starts, until=body.ends)
    for contract in facts.all(Contract).values():
        if facts.one(Project, contract.project) is None:
            continue
        to = (Project.kind, contract.project)
        sides = [(contract.buyer, Bond.BUYER), *((holder, Bond.HOLDER) for holder in contract.holders)]
        for party, bond in sides:
            who = directory.find(party)
            if who is not None:
                yield Tie(who=who, to=to, bond=bond, since=contract.starts)


def lacks(facts: TerritoryFacts) -> tuple[Lack, ...]:
    """Phases nobody or one kind of actor alone takes part in, projects without residents, bodies without their seat."""
    return (*_of_projects(facts), *_of_bodies(facts))


def _of_projects(facts: TerritoryFacts) -> Iterator[Lack]:
    taken: dict[str, set[tuple[ActorNature, Phase | None]]] = {}
    for actor in facts.all(Actor).values():
        for part in actor.parts:
            taken.setdefault(part.project, set()).add((actor.nature, part.phase))
    for slug, project in sorted(facts.all(Project).items()):
        if project.phase is Phase.ENDED:
            continue
        taking = taken.get(slug, set())
        present = {nature for nature, phase in taking if phase is project.phase}
        if len(present) < 2:
            code = "one-kind" if present else "nobody"
            yield Lack(code=code, kind=Project.kind, slug=slug, phase=project.phase)
        if not any(nature in RESIDENTS for nature, _phase in taking):
            yield Lack(code="no-residents", kind=Project.kind, slug=slug)


def _of_bodies(facts: TerritoryFacts) -> Iterator[Lack]:
    for slug, body in sorted(facts.all(GovernanceBody).items()):
        held = body.held_by(College.RESIDENTS)
        vacant = sum(one.vacant or 0 for one in body.seats if one.college is College.RESIDENTS)
        if not held:
            yield Lack(code="no-seat", kind=GovernanceBody.kind, slug=slug)
        elif vacant:
            yield Lack(code="vacant-seats", kind=GovernanceBody.kind, slug=slug, of=vacant)
