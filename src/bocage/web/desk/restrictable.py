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
    for flow in facts.flows():
        asked = flow.course.purpose_slug == purpose if purpose else True
        if (
            flow.strand.datastream is None
            or flow.course.purpose is None
            or flow.course.purpose.personal is False
            or not asked
        ):
            continue
        told = (facts.one(Organisation, one) for one in flow.course.purpose.recipients)
        found.append(
            Restrictable(
                slug=flow.strand.slug,
                title=flow.strand.datastream.title,
                number=flow.strand.datastream.id,
                shared=flow.course.source is not None and flow.course.source.pseudonyms,
                recipients=tuple(one.title for one in told if one),
            )
        )
    return tuple(sorted(found, key=lambda one: one.title.fr))
