"""What the territory processes for others, as their processor (GDPR, article 30(2)): drawn from running agreements."""

from collections.abc import Iterator
from typing import Any

import msgspec

from bocage.commitments.facts import TerritoryFacts
from bocage.domain.agreement import Agreement, AgreementForm
from bocage.domain.organisation import Organisation, itself
from bocage.domain.purpose import Purpose
from bocage.domain.role import Role, RoleName
from bocage.domain.text import Text
from bocage.publish.article_30 import said, transfers
from bocage.publish.processing import Named, Processing, processing


class ProcessedFor(msgspec.Struct, frozen=True, kw_only=True):
    """What one agreement has the territory process for one controller. `controller`: slug and title; `contact`: where
    the controller is written to, empty when nobody said; `activities`: none where the agreement names none."""

    agreement: Named
    object: Text | None
    controller: Named
    contact: str
    activities: tuple[Processing, ...]


def processor(facts: TerritoryFacts) -> Named | None:
    """The organisation that the territory is: by its name, or the one its data administrator belongs to.

    None while nothing says which: then nobody can tell what it processes for others.
    """
    organisations, here = facts.all(Organisation), facts.territory
    if here is None:
        return None
    own = itself(here.title, facts.slug, organisations)
    if not own:
        roles = (one for one in facts.all(Role).values() if one.role is RoleName.DATA_ADMINISTRATOR)
        held = {one.organisation for one in roles if one.organisation}
        own = held.pop() if len(held) == 1 else ""
    return (own, organisations[own].title) if own in organisations else None


def unplaced(facts: TerritoryFacts) -> bool:
    """Whether agreements name a processor while nothing says which organisation the territory is."""
    return processor(facts) is None and any(True for _one in _agreements(facts))


def processed_for(facts: TerritoryFacts) -> tuple[ProcessedFor, ...]:
    """By controller, then by agreement: the running ones that the territory's organisation leads."""
    own = processor(facts)
    if own is None:
        return ()
    found = [
        one for slug, body in _agreements(facts) if body.leader == own[0] for one in _of(facts, (slug, body), own[0])
    ]
    return tuple(sorted(found, key=lambda one: (one.controller[1].fr, one.agreement[0])))


def _agreements(facts: TerritoryFacts) -> Iterator[tuple[str, Agreement]]:
    for slug, body in sorted(facts.all(Agreement).items()):
        if body.form is AgreementForm.PROCESSOR and body.leader and body.runs(facts.today):
            yield slug, body


def _of(facts: TerritoryFacts, about: tuple[str, Agreement], own: str) -> Iterator[ProcessedFor]:
    slug, body = about
    purposes = ((name, one) for name in body.purposes if (one := facts.one(Purpose, name)))
    activities = tuple(processing(facts, name, one) for name, one in purposes)
    for party in body.parties:
        controller = facts.one(Organisation, party)
        if controller is not None and party != own:
            yield ProcessedFor(
                agreement=(slug, body.title),
                object=body.object,
                controller=(party, controller.title),
                contact=controller.contact,
                activities=activities,
            )


def document(facts: TerritoryFacts, lang: str, *, contacts: bool) -> dict[str, Any]:
    """The register of article 30(2). Keys follow its letters: (a) processor, controllers, officer, (b) categories of
    processing, (c) transfers, (d) security. What is not declared is null, never a guess.

    `contacts`: whether the reader may see addresses of controllers, which may name a person.
    """
    here, own = facts.territory, processor(facts)
    return {
        "processor": {
            "name": said(own[1], lang) if own else None,
            "contact": said(here.contact, lang) if here else None,
            "representative": None,
            "data_protection_officer": said(here.officer, lang) if here else None,
        },
        "processing": [_entry(one, lang, contacts=contacts) for one in processed_for(facts)],
    }


def _entry(item: ProcessedFor, lang: str, *, contacts: bool) -> dict[str, Any]:
    return {
        "controller": {
            "name": said(item.controller[1], lang),
            "representative": None,
            **({"contact": item.contact or None} if contacts else {}),
        },
        "agreement": said(item.agreement[1], lang),
        "object": said(item.object, lang),
        "categories": [said(one.purpose.title, lang) for one in item.activities] or None,
        "transfers": [found for one in item.activities for found in transfers(one, lang)],
        "security": [
            {"category": said(one.purpose.title, lang), "measures": said(one.purpose.information.security, lang)}
            for one in item.activities
        ],
    }
