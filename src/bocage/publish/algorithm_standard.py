"""The published list in the fields of the Dutch "publicatiestandaard" 1.0 for algorithms.

Names, types, lengths and closed values come from MinBZK/Algoritmeregister, backend/app/schemas/config/v1_0.json. Its
`lang` admits Dutch alone ("nld"); entries of Bocage are in French and say so ("fra"), the one value outside it.
"""

from typing import Any

from bocage.domain.algorithm import Automation
from bocage.domain.algorithm_inventory import AiCategory
from bocage.domain.public_service import Competence
from bocage.domain.text import Text
from bocage.publish.algorithms import Listed

VERSION = "1.0"
NAME, SHORT, LONG, TECHNICAL, PROVIDER = 100, 350, 2_500, 5_000, 200
_THEMES = {
    Competence.LIGHTING: "Ruimte en infrastructuur",
    Competence.ENERGY: "Natuur en milieu",
    Competence.BUILDINGS: "Ruimte en infrastructuur",
    Competence.WATER: "Ruimte en infrastructuur",
    Competence.SANITATION: "Ruimte en infrastructuur",
    Competence.WASTE: "Natuur en milieu",
    Competence.MOBILITY: "Verkeer",
    Competence.ENVIRONMENT: "Natuur en milieu",
    Competence.EDUCATION: "Onderwijs en wetenschap",
    Competence.CULTURE: "Cultuur en recreatie",
    Competence.RESIDENTS: "Organisatie en bedrijfsvoering",
}
_STEPS = {
    Automation.TELLS: "Il ne fait que prévenir : une personne regarde et décide.",
    Automation.HELPS: "Il aide une personne à décider.",
    Automation.DECIDES: "Il décide seul.",
}


def standard(one: Listed, place: str) -> dict[str, Any]:
    """One entry; fields with nothing to say are left out. `place`: address of the territory's pages."""
    entry, sheet = one.entry, one.entry.inventory
    page = f"{place}/algorithms/{one.slug}"
    aim = _cut(sheet.aim or entry.decides or entry.why, SHORT) or entry.title.fr[:SHORT]
    told = {
        "name": entry.title.fr[:NAME],
        "description_short": aim,
        "organization": one.administration.fr[:NAME],
        "category": [_THEMES[one.service.competence]] if one.service and one.service.competence in _THEMES else [],
        "status": "In gebruik" if entry.in_force else "Buiten gebruik",
        "begin_date": f"{entry.since:%Y-%m}" if entry.since else "",
        "end_date": f"{entry.ended:%Y-%m}" if entry.ended else "",
        "contact_email": f"{place}/person",
        "website": sheet.link,
        "publication_category": _category(one),
        "url": page,
        "goal": _cut(sheet.aim or entry.decides, LONG),
        "proportionality": _cut(sheet.benefits, LONG),
        "human_intervention": _joined(_STEPS[entry.automation], entry.human_way),
        "risks": _cut(sheet.risks, LONG),
        "lawful_basis": _cut(entry.legal_mention, LONG),
        "process_index_url": f"{place}/processing",
        "impacttoetsen_grouping": [
            {"title": title, **({"link": link} if link else {})} for title, link in one.assessments
        ],
        "source_data": "; ".join(item.what.fr for item in sheet.data)[:LONG] or _cut(entry.used, LONG),
        "methods_and_models": _cut(sheet.operations or entry.decides, TECHNICAL),
        "provider": one.provider[:PROVIDER],
        "publiccode": sheet.code,
        "lang": "fra",
        "standard_version": VERSION,
        "source_id": one.slug[:NAME],
    }
    return {name: value for name, value in told.items() if value}


def _category(one: Listed) -> str:
    if one.entry.law.ai_category is AiCategory.HIGH_RISK:
        return "Hoog-risico AI-systeem"
    return "Impactvolle algoritmes" if one.founds_decisions else "Overige algoritmes"


def _cut(text: Text | None, longest: int) -> str:
    said = text.fr if text else ""
    return said if len(said) <= longest else f"{said[: longest - 1]}…"


def _joined(first: str, more: Text | None) -> str:
    return _cut(Text(fr=f"{first} {more.fr}"), LONG) if more else first
