"""The DTPR terms of a notice: those that follow from what runs, and those declared beside them.

Where the machine knows (who may take the data, where they lie, how long, who answers), only what it knows is told: a
declared term that says otherwise is left out.
"""

from collections.abc import Iterable, Iterator

from bocage import words
from bocage.commitments.facts import TerritoryFacts
from bocage.domain.organisation import Organisation, Sector
from bocage.domain.public_service import Competence, PublicService
from bocage.domain.sensor_notice import SensorNotice
from bocage.domain.text import Text
from bocage.publish import dtpr
from bocage.publish.dtpr import Element
from bocage.publish.processing import Processing
from bocage.publish.publication import Publication

FIELDS = {
    "device__tech": "technology",
    "device__data": "collected",
    "device__purpose": "purpose",
    "device__process": "process",
    "device__access": "access",
    "device__storage": "storage",
    "device__retention": "",
    "device__accountable": "",
}
"""The links of the chain in their order, and the field of the notice that completes each; empty where none does."""
KNOWN = frozenset(
    {
        "available_to_download",
        "available_to_vendor",
        "available_to_the_accountable_organization",
        "not_available_to_the_accountable_organization",
        "not_available_to_vendor",
        "available_to_3rd_parties",
        "stored_locally",
        "stored_primarily_locally",
        "stored_primarily_internationally",
        "stored_on_3rd_party_cloud",
    }
)
"""Terms that only what runs decides."""
COMPETENCES = {
    Competence.ENERGY: "energy_efficiency",
    Competence.WATER: "water_efficiency",
    Competence.WASTE: "waste_management",
    Competence.MOBILITY: "mobility",
    Competence.ENVIRONMENT: "ecology",
    Competence.CULTURE: "arts_culture",
}
"""The purpose that a public service stands for, where nobody chose one."""


class Running:
    """What runs behind a notice, as its terms need it."""

    def __init__(
        self,
        facts: TerritoryFacts,
        purposes: tuple[Processing, ...],
        publications: tuple[Publication, ...],
        accountable: str,
    ) -> None:
        self.facts, self.purposes, self.publications, self.accountable = facts, purposes, publications, accountable

    def terms(self, declared: SensorNotice | None) -> dict[str, tuple[Element, ...]]:
        """The terms of every link that has some, in the order of the chain."""
        found = {link: tuple(self._link(link, field, declared)) for link, field in FIELDS.items()}
        return {link: terms for link, terms in found.items() if terms}

    def _link(self, link: str, field: str, declared: SensorNotice | None) -> Iterator[Element]:
        said = [name.rsplit("__", 1)[-1] for name in (getattr(declared, field) if declared and field else ())]
        known = list(self._known(link))
        if link in ("device__purpose", "device__process") and said:
            known = []  # guessed from the service, only where nobody said
        if self.purposes and all(one.purpose.personal is False for one in self.purposes):
            said = [one for one in said if one != "personal"]
        for name in dict.fromkeys([*known, *(one for one in said if one not in KNOWN)]):
            yield from self._elements(link, name)

    def _elements(self, link: str, name: str) -> Iterator[Element]:
        found = dtpr.element(link, name)
        if found is None:
            return
        if name != "data_retained":
            yield found
            return
        for months in sorted({one.purpose.retention_months for one in self.purposes if one.purpose.retention_months}):
            yield _lasting(found, months)

    def _known(self, link: str) -> Iterable[str]:
        return {
            "device__data": self._data,
            "device__purpose": self._purpose,
            "device__process": self._process,
            "device__access": self._access,
            "device__storage": self._storage,
            "device__retention": self._retention,
            "device__accountable": self._accountable,
        }.get(link, tuple)()

    def _data(self) -> Iterable[str]:
        if any(one.series for one in self.purposes):
            yield "values_time"
        if any(one.purpose.personal for one in self.purposes):
            yield "personal"

    def _purpose(self) -> Iterable[str]:
        services = [self.facts.one(PublicService, one.purpose.service) for one in self.purposes]
        return [COMPETENCES[one.competence] for one in services if one and one.competence in COMPETENCES]

    def _process(self) -> Iterable[str]:
        return ["raw_data"] if any(one.open for one in self.publications) else []

    def _access(self) -> Iterable[str]:
        if any(one.open for one in self.publications):
            yield "available_to_download"
        if self.purposes:
            yield "available_to_the_accountable_organization"
        if any(one.operators for one in self.purposes):
            yield "available_to_vendor"
        if any(one.recipients for one in self.purposes):
            yield "available_to_3rd_parties"

    def _storage(self) -> Iterable[str]:
        for item in self.purposes:
            for _slug, site in item.hosting:
                yield "stored_locally" if site.country == "FR" else "stored_primarily_internationally"
                if site.operator and site.operator != (self.accountable or item.purpose.owner):
                    yield "stored_on_3rd_party_cloud"

    def _retention(self) -> Iterable[str]:
        return ["data_retained"] if self.purposes else ["no_data_retained"]

    def _accountable(self) -> Iterable[str]:
        body = self.facts.one(Organisation, self.accountable)
        return [] if body is None else ["institution" if body.sector is Sector.PUBLIC else "organization"]


def _lasting(element: Element, months: int) -> Element:
    """The term with its duration in words."""

    def filled(text: Text) -> Text:
        french, english = (
            said.replace("{{duration}}", span(months, lang)) for said, lang in ((text.fr, "fr"), (text.en, "en"))
        )
        return Text(fr=french, en=english)

    return Element(id=element.id, category=element.category, name=filled(element.name), about=filled(element.about))


def span(months: int, lang: str) -> str:
    """A retention period in words: 2 years, 18 months."""
    said = words.gettext(lang)
    if months % 12:
        return said.ngettext("%(num)s month", "%(num)s months", months) % {"num": months}
    return said.ngettext("%(num)s year", "%(num)s years", months // 12) % {"num": months // 12}
