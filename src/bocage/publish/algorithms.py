"""The published list of algorithms as a table everyone can check: the rows of our schema `algorithmes`."""

from collections.abc import Iterable, Iterator
from datetime import date
from zoneinfo import ZoneInfo

import msgspec

from bocage import registers
from bocage.commitments.facts import TerritoryFacts
from bocage.domain.algorithm import Algorithm, AlgorithmNature, Automation, Reach
from bocage.domain.algorithm_inventory import AiCategory, DecisionScope
from bocage.domain.assessment import Assessment
from bocage.domain.declaration import Key
from bocage.domain.organisation import Organisation
from bocage.domain.public_service import PublicService
from bocage.domain.text import Text
from bocage.publish.knowledge import Known
from bocage.publish.rows import line
from bocage.registers.entry import Entry

_USAGE = {Reach.STEERING: "pilotage", Reach.INDIVIDUAL: "decision-individuelle"}
_AUTOMATION = {Automation.TELLS: "information", Automation.HELPS: "aide", Automation.DECIDES: "entiere"}
_NATURE = {AlgorithmNature.RULE: "regles", AlgorithmNature.MODEL: "apprentissage"}
_SCOPE = {DecisionScope.EXTERNAL: "externe", DecisionScope.INTERNAL: "interne"}
_CATEGORY = {
    AiCategory.NOT_AI: "hors-ia",
    AiCategory.MINIMAL: "minimale",
    AiCategory.TOLD: "a-declarer",
    AiCategory.HIGH_RISK: "haut-risque",
    AiCategory.PROHIBITED: "interdite",
}


class Listed(msgspec.Struct, frozen=True, kw_only=True):
    """One entry with what it names. `updated`: the civil day of its last version."""

    slug: str
    entry: Algorithm
    updated: date
    service: PublicService | None
    administration: Text
    siren: str
    provider: str
    assessments: tuple[tuple[str, str], ...] = ()
    """Titles of the finished assessments that name it, with the link to their report."""

    @property
    def founds_decisions(self) -> bool:
        """Whether it belongs to the legal inventory."""
        return self.entry.reach is Reach.INDIVIDUAL


def listed(known: Known) -> list[Listed]:
    """Every entry, by title."""
    held = {one.key.slug: one for one in registers.current(known.facts.slug, Algorithm.kind)}
    found = [_listed(known.facts, slug, entry, held.get(slug)) for slug, entry in known.facts.all(Algorithm).items()]
    return sorted(found, key=lambda one: one.entry.title.fr.casefold())


def find(known: Known, slug: str) -> Listed | None:
    """One entry; None when there is none of that name."""
    entry = known.facts.one(Algorithm, slug)
    if entry is None:
        return None
    held = registers.find(Key(territory=known.facts.slug, kind=Algorithm.kind, slug=slug))
    return _listed(known.facts, slug, entry, held)


def _listed(facts: TerritoryFacts, slug: str, entry: Algorithm, held: Entry | None) -> Listed:
    decides, provider = (facts.one(Organisation, name) for name in (entry.law.administration, entry.inventory.provider))
    territory = facts.territory
    code = territory.code if territory else ""
    return Listed(
        slug=slug,
        entry=entry,
        updated=held.at.astimezone(ZoneInfo(facts.zone)).date() if held else facts.today,
        service=facts.one(PublicService, entry.service),
        administration=decides.title if decides else territory.title if territory else Text(fr=facts.slug),
        siren=decides.siren if decides else code if len(code) == 9 else "",
        provider=provider.title.fr if provider else "",
        assessments=tuple(
            (one.title.fr, one.link)
            for _slug, one in sorted(facts.all(Assessment).items())
            if one.algorithm == slug and one.done is not None
        ),
    )


def sheet(found: Iterable[Listed], place: str) -> str:
    """The CSV file of the schema `algorithmes`; `place`: address of the territory's pages, empty when nobody set it."""
    return table(COLUMNS, (_row(one, f"{place}/algorithms/{one.slug}" if place else "") for one in found))


def table(columns: tuple[str, ...], rows: Iterable[dict[str, str]]) -> str:
    """Rows of texts as CSV, no cell of which a spreadsheet would run."""
    return "".join((line(*columns), *(line(*(row[name] for name in columns)) for row in rows)))


def several(texts: Iterable[str]) -> str:
    """Texts in one cell, parted by a bar that none of them keeps; empty where all of them are."""
    told = [one.replace("|", "/") for one in texts]
    return "|".join(told) if any(told) else ""


def _row(one: Listed, page: str) -> dict[str, str]:
    entry, sheet = one.entry, one.entry.inventory
    category = entry.law.ai_category
    return {
        "id_algorithme": one.slug,
        "nom": entry.title.fr,
        "administration": one.administration.fr,
        "siren": one.siren,
        "service": _fr(one.service.title if one.service else None),
        "contact": _fr(entry.contact),
        "date_mise_a_jour": one.updated.isoformat(),
        "usage": _USAGE[entry.reach],
        "contexte": _fr(sheet.context or entry.why),
        "finalite": _fr(sheet.aim or entry.decides),
        "etape": _fr(sheet.step),
        "automatisation": _AUTOMATION[entry.automation],
        "fondements_juridiques": _fr(entry.legal_mention),
        "decisions_par_an": "" if sheet.decisions_a_year is None else str(sheet.decisions_a_year),
        "portee": _SCOPE[sheet.scope] if sheet.scope else "",
        "public_concerne": _fr(sheet.public),
        **dict(_data(entry)),
        "type": _NATURE[entry.nature],
        "operations": _fr(sheet.operations),
        "mention_explicite": page if one.founds_decisions else "",
        "categorie_ia": _CATEGORY[category] if category else "",
        "avantages_et_limites": _fr(sheet.benefits),
        "risques": _fr(sheet.risks),
        "fournisseur": one.provider,
        "code_source": sheet.code,
        "en_service": str(entry.in_force).lower(),
        "date_debut": entry.since.isoformat() if entry.since else "",
        "date_fin": entry.ended.isoformat() if entry.ended else "",
        "url": page,
    }


def _data(entry: Algorithm) -> Iterator[tuple[str, str]]:
    data = entry.inventory.data
    yield "donnees", several(_fr(one.what) for one in data) or _fr(entry.used)
    yield "sources_donnees", several(_fr(one.source) for one in data)
    yield "collecte_donnees", several(_fr(one.collected) for one in data)


def _fr(text: Text | None) -> str:
    return text.fr if text else ""


COLUMNS = (
    *("id_algorithme", "nom", "administration", "siren", "service", "contact", "date_mise_a_jour", "usage"),
    *("contexte", "finalite", "etape", "automatisation", "fondements_juridiques", "decisions_par_an", "portee"),
    *("public_concerne", "donnees", "sources_donnees", "collecte_donnees", "type", "operations"),
    *("mention_explicite", "categorie_ia", "avantages_et_limites", "risques", "fournisseur", "code_source"),
    *("en_service", "date_debut", "date_fin", "url"),
)
"""In the order of the schema."""
