"""The series whose use a person may have restricted: those of purposes that concern persons, and who is told of it."""

import msgspec

from bocage.civic import Outcome, RightsRequest
from bocage.commitments.facts import TerritoryFacts
from bocage.domain.organisation import Organisation
from bocage.domain.person_right import PersonRight
from bocage.domain.text import Text


class Restrictable(msgspec.Struct, frozen=True, kw_only=True):
    """One series. `number`: in the log; `shared`: its words are pseudonyms, so that it holds what concerns others too
    and nobody can tell which rows are whose; `recipients`: whom the territory tells of a restriction (GDPR 19)."""

    slug: str
    title: Text
    number: int
    shared: bool
    recipients: tuple[Text, ...] = ()


def granted(held: RightsRequest) -> bool:
    """Whether it is a request of restriction that was followed, whole or in part."""
    followed = held.outcome in (Outcome.FOLLOWED, Outcome.PARTLY)
    return held.right is PersonRight.RESTRICTION and followed


def series(facts: TerritoryFacts, purpose: str) -> tuple[Restrictable, ...]:
    """Those of one purpose, or of all that concern persons when it is empty, by title."""
    found = []
    for course, strands in facts.courses():
        if course.purpose is None or course.purpose.personal is False or purpose not in ("", course.purpose_slug):
            continue
        told = (facts.one(Organisation, one) for one in course.purpose.recipients)
        recipients = tuple(one.title for one in told if one)
        found += [
            Restrictable(
                slug=strand.slug,
                title=strand.datastream.title,
                number=strand.datastream.id,
                shared=course.source is not None and course.source.pseudonyms,
                recipients=recipients,
            )
            for strand in strands.each
            if strand.datastream is not None
        ]
    return tuple(sorted(found, key=lambda one: one.title.fr))
