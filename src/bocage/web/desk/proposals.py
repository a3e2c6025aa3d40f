"""What Bocage proposes for an open question, with the reason: a default fit for the territory, never a rule of law."""

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any, Final

import msgspec

from bocage import words
from bocage.commitments import openness
from bocage.commitments.facts import TerritoryFacts
from bocage.commitments.flow import Flow
from bocage.domain.dataset import Dataset, Sensitivity
from bocage.domain.decision import Standing
from bocage.domain.nature import Nature
from bocage.domain.organisation import Organisation
from bocage.domain.public_service import Competence, PublicService
from bocage.domain.purpose import ClosedQuestions, Fate, Purpose
from bocage.domain.quantity import QUANTITIES, Quantity, heard
from bocage.domain.role import Role, RoleName
from bocage.domain.sensing import Datastream, ObservedProperty
from bocage.domain.text import Text
from bocage.domain.text import message as _
from bocage.web.desk.sections import Section

MONTHS: Final = 60  # five winters
LONGEST: Final = 1_200
CADENCE: Final = {Nature.AMOUNT: 1_800, Nature.INDEX: 1_800, Nature.GAUGE: 600}  # seconds: nights show, lessons show
AIMS: Final[Mapping[str, tuple[Text, Text]]] = {
    "energy": (
        Text(
            fr="Suivre ce que consomment les bâtiments publics, pour dépenser moins et repérer ce qui reste allumé.",
            en="To follow what public buildings use, in order to spend less and spot what stays on.",
        ),
        Text(fr="Consommation des bâtiments publics", en="Use of public buildings"),
    ),
    "air": (
        Text(
            fr="Chauffer et aérer les bâtiments publics juste comme il faut.",
            en="To heat and air public buildings just as needed.",
        ),
        Text(fr="Air et chaleur des bâtiments publics", en="Air and warmth of public buildings"),
    ),
    "passages": (
        Text(
            fr="Savoir combien de personnes passent, sans savoir qui, pour entretenir et aménager.",
            en="To know how many people pass, never who, in order to maintain and improve.",
        ),
        Text(fr="Passages comptés", en="Passages counted"),
    ),
    "rain": (
        Text(fr="Connaître la pluie qui tombe ici.", en="To know the rain that falls here."),
        Text(fr="Pluie", en="Rain"),
    ),
}
"""For each kind of measurement: a purpose, and the title of its dataset."""
_AIM_OF: Final = {"temperature": "air", "humidity": "air", "co2": "air", "passages": "passages", "rain": "rain"}
NO: Final = ClosedQuestions(
    scoring=False, biometrics=False, profiling=False, manipulation=False, tracking=False, consumerism=False
)


class Hints(msgspec.Struct, frozen=True, kw_only=True):
    """What is known of measurements before they are declared: their quantity, their pace, the first day."""

    quantity: str = ""
    pace_seconds: int = 0
    first: date | None = None


def hinted(flow: Flow, hints: Hints | None = None) -> Hints:
    """What is known, at least by the name the sender gives."""
    return hints or Hints(quantity=heard(flow.strand.key).code)


def begun(facts: TerritoryFacts, section: Section, hints: Hints) -> dict[str, Any]:
    """First values of the fields of a section, where something is known of what is measured."""
    quantity = QUANTITIES.get(hints.quantity)
    if quantity is None or section.completing:
        return {}
    makers = {Purpose: _purpose, Dataset: _dataset, ObservedProperty: _property, Datastream: _series}
    made = makers.get(section.struct)
    return made(facts, quantity, hints) if made else {}


def aim(quantity: str) -> str:
    """Which of the purposes Bocage proposes a quantity serves."""
    return _AIM_OF.get(quantity, "energy")


def service(facts: TerritoryFacts, competence: Competence) -> str:
    """The service of the territory that holds this responsibility, if there is one."""
    fitting = [slug for slug, body in sorted(facts.all(PublicService).items()) if body.competence is competence]
    return fitting[0] if fitting else ""


def months(facts: TerritoryFacts, hints: Hints) -> int:
    """How long to keep: five winters, or as many whole years as the oldest value needs so as not to go at once."""
    if hints.first is None:
        return MONTHS
    age = (facts.today.year - hints.first.year) * 12 + facts.today.month - hints.first.month
    return min(max(MONTHS, (age // 12 + 2) * 12), LONGEST)


def cadence(quantity: Quantity, hints: Hints) -> int:
    """The finest pace worth keeping: that of the sender, no coarser than what shows a night or a lesson."""
    usual = CADENCE.get(quantity.nature, 900)
    return min(hints.pace_seconds, usual) if hints.pace_seconds else usual


def _purpose(facts: TerritoryFacts, quantity: Quantity, hints: Hints) -> dict[str, Any]:
    title = AIMS[aim(quantity.code)][0]
    return {
        "title": {"fr": title.fr, "en": title.en},
        "service": service(facts, quantity.competence),
        "owner": facts.slug if facts.slug in facts.all(Organisation) else "",
        "personal": False,
        "retention_months": months(facts, hints),
        "fate": Fate.ELIMINATE.value,
        "cadence_seconds": cadence(quantity, hints),
        "questions": msgspec.structs.asdict(NO),
    }


def _dataset(facts: TerritoryFacts, quantity: Quantity, hints: Hints) -> dict[str, Any]:
    title = AIMS[aim(quantity.code)][1]
    stewards = [slug for slug, role in sorted(facts.all(Role).items()) if role.role is RoleName.STEWARD]
    return {
        "title": {"fr": title.fr, "en": title.en},
        "service": service(facts, quantity.competence),
        "steward": stewards[0] if len(stewards) == 1 else "",
        "sensitivity": Sensitivity.PUBLIC.value,
    }


def _property(facts: TerritoryFacts, quantity: Quantity, hints: Hints) -> dict[str, Any]:
    return {"title": {"fr": quantity.title.fr, "en": quantity.title.en}}


def _series(facts: TerritoryFacts, quantity: Quantity, hints: Hints) -> dict[str, Any]:
    return {"unit": msgspec.structs.asdict(quantity.unit), "nature": quantity.nature.value}


def reasons(facts: TerritoryFacts, section: Section, hints: Hints, lang: str) -> dict[str, str]:
    """Why the question is asked (under an empty name), and by field why its answer is proposed, in words."""
    return {name: words.translate(said, lang) % values for name, said, values in _reasons(facts, section, hints, lang)}


Said = tuple[str, str, dict[str, str]]


def _reasons(facts: TerritoryFacts, section: Section, hints: Hints, lang: str) -> Iterator[Said]:
    quantity = None if section.completing else QUANTITIES.get(hints.quantity)
    if section.struct is Purpose:
        yield "", _("Nothing is kept before somebody has said what it is for; the public site shows it."), {}
        if quantity is not None:
            yield from _of_purpose(facts, hints)
    if section.struct is Dataset:
        yield "", _("Somebody answers for these data, and it is said who may see them."), {}
        if quantity is not None:
            yield _of_openness(facts, lang)


def _of_purpose(facts: TerritoryFacts, hints: Hints) -> Iterator[Said]:
    yield "personal", _("Proposed by Bocage for what public buildings and streets measure. In a dwelling: yes."), {}
    if months(facts, hints) > MONTHS:
        said = _("Proposed by Bocage so that your oldest values do not go at once; no text sets this duration.")
    else:
        said = _("Proposed by Bocage so that five winters compare; no text sets this duration.")
    yield "retention_months", said, {}
    yield "cadence_seconds", _("Proposed by Bocage: nights show, and what comes more often is refused."), {}
    yield "questions", _("Proposed by Bocage; read the six questions below: your answer commits the territory."), {}


def _of_openness(facts: TerritoryFacts, lang: str) -> Said:
    population = facts.territory.population if facts.territory else 0
    limits = {
        "here": words.number(population, lang),
        "people": words.number(openness.LEAST_POPULATION, lang),
        "agents": words.number(openness.LEAST_AGENTS, lang),
    }
    said = {
        Standing.REQUIRED: _("The law asks it of you (CRPA L312-1-1), and nobody is concerned."),
        Standing.CHOSEN: _(
            "Proposed by Bocage: nobody is concerned. The law asks it from %(people)s inhabitants and %(agents)s "
            "agents on (CRPA L312-1-1); with %(here)s inhabitants you choose."
        ),
    }
    unknown = _(
        "Proposed by Bocage: nobody is concerned. The law asks it from %(people)s inhabitants and %(agents)s agents on "
        "(CRPA L312-1-1)."
    )
    return "openness", said.get(openness.standing(facts).standing, unknown), limits
