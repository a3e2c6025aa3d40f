"""Organisations by the actor that stands for them, so that one of both names is shown everywhere."""

from bocage.commitments.facts import TerritoryFacts
from bocage.domain.actor import Actor
from bocage.domain.organisation import Organisation
from bocage.domain.text import Text

Named = tuple[str, str]
"""Kind and slug of a declaration."""


def titled(facts: TerritoryFacts, place: Named) -> Text:
    """What a declaration is called; its slug where it has no title, or is not there."""
    found = getattr(facts.declared.get(place[0], {}).get(place[1]), "title", None)
    return found if isinstance(found, Text) else Text(fr=place[1])


class Directory:
    """Looked up once for a page."""

    def __init__(self, facts: TerritoryFacts) -> None:
        self._organisations = facts.all(Organisation)
        actors = sorted(facts.all(Actor).items(), reverse=True)  # the first by name wins
        self._actors = {actor.organisation: slug for slug, actor in actors if actor.organisation}

    def find(self, organisation: str) -> Named | None:
        """The actor that an organisation is, or the organisation itself; None when neither is declared."""
        if organisation in self._actors:
            return Actor.kind, self._actors[organisation]
        return (Organisation.kind, organisation) if organisation in self._organisations else None
