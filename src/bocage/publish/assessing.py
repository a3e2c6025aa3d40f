"""What the declarations already answer of the questions of the PIA tool of the CNIL, by their numbers."""

import html
from collections.abc import Mapping

from bocage.commitments.facts import TerritoryFacts
from bocage.domain.assessment import Assessment
from bocage.domain.purpose import Purpose
from bocage.domain.text import Text
from bocage.publish.processing import Processing, processing


def known(facts: TerritoryFacts, body: Assessment) -> Mapping[int, str]:
    """Answers in French, as HTML, to the questions that the purpose it is about answers; none where it names none."""
    purpose = facts.one(Purpose, body.purpose)
    if purpose is None:
        return {}
    item = processing(facts, body.purpose, purpose)
    told = purpose.information
    said = {
        111: purpose.title.fr,
        112: _responsible(item),
        121: _joined(_fr(told.data), *(title.fr for _slug, title in item.measured)),
        123: _joined(*(site.title.fr for _slug, site in item.hosting)),
        211: purpose.title.fr,
        212: purpose.legal_basis.value if purpose.legal_basis else "",
        215: f"{purpose.retention_months} mois" if purpose.retention_months else "",
        226: _joined(*(_processor(one.body[1], one.under[2] if one.under else None) for one in item.processors)),
        227: _joined(*(f"{site.title.fr} ({site.country})" for _slug, site in item.outside_eu), _fr(told.guarantees)),
    }
    return {number: html.escape(text, quote=False) for number, text in said.items() if text}


def _responsible(item: Processing) -> str:
    joint = (party.fr for _agreement, parties in item.joint for _slug, party in parties)
    return _joined(item.controller[1].fr if item.controller else "", *joint)


def _processor(name: Text, under: Text | None) -> str:
    return f"{name.fr} ({under.fr})" if under else name.fr


def _fr(text: Text | None) -> str:
    return text.fr if text else ""


def _joined(*parts: str) -> str:
    return ", ".join(dict.fromkeys(part for part in parts if part))
