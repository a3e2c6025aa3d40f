"""What the public is not told of has no title in the sentences of the public."""

from datetime import date
from typing import Any

from bocage.commitments.facts import TerritoryFacts
from bocage.domain.application import Application
from bocage.domain.organisation import Organisation
from bocage.domain.text import Text
from bocage.publish.knowledge import Known
from bocage.web.portal.knowledge import titles


def test_the_title_of_a_closed_register_is_told_to_nobody() -> None:
    secret = Application(title=Text(fr="Un procédé secret"))
    town = Organisation(title=Text(fr="La ville"))
    declared: dict[str, dict[str, Any]] = {"application": {"a": secret}, "organisation": {"a": town, "b": town}}
    facts = TerritoryFacts(slug="ici", today=date(2026, 11, 26), declared=declared)
    found = titles(Known(facts=facts), "fr")
    assert "Un procédé secret" not in found.values()
    assert found["application/a"] == "une qui n’est pas montrée"
    assert found["organisation/b"] == "La ville"
