"""An organisation: a public body, a company, an association."""

from collections.abc import Mapping
from typing import Annotated, ClassVar

from bocage.domain.declaration import Declaration, noted
from bocage.domain.label import Labelled
from bocage.domain.text import Text
from bocage.domain.text import message as _


class Sector(Labelled):
    """Who stands behind an organisation."""

    PUBLIC = "public", _("Public body")
    COMPANY = "company", _("Company")
    ASSOCIATION = "association", _("Association")
    SCHOOL = "school", _("Research or teaching")
    OTHER = "other", _("Other")


def luhn(number: str) -> bool:
    """Whether a SIREN's nine digits agree with their check digit (ISO/IEC 7812-1, annex B)."""
    digits = [int(c) for c in reversed(number)]
    odd, even = digits[0::2], digits[1::2]
    return (sum(odd) + sum(d * 2 - 9 * (d > 4) for d in even)) % 10 == 0


class Organisation(Declaration, frozen=True, kw_only=True):
    """Who owns, operates, receives or hosts."""

    kind: ClassVar[str] = "organisation"
    label: ClassVar[str] = _("Organisation")
    plural: ClassVar[str] = _("Organisations")
    about: ClassVar[str] = _("Public bodies, companies and associations that take part.")

    title: Annotated[Text, noted(_("Name"), listed=True)]
    siren: Annotated[
        str,
        noted(
            _("SIREN"),
            _("Nine digits; empty only abroad or for an invented organisation."),
            listed=True,
            pattern=r"^([0-9]{9})?$",
        ),
    ] = ""
    sector: Annotated[Sector, noted(_("Sector"), listed=True)] = Sector.PUBLIC
    country: Annotated[str, noted(_("Country"), _("Two letters, ISO 3166."), pattern=r"^[A-Z]{2}$")] = "FR"
    contact: Annotated[str, noted(_("Address to write to"), personal=True)] = ""
    law_enforcement: Annotated[
        bool | None,
        noted(
            _("Police, gendarmerie, or another body that looks for offences?"),
            _("Where nobody says, its name is looked at."),
        ),
    ] = None

    @property
    def seems_company(self) -> bool:
        """Whether its SIREN contradicts a public body: those of administrations begin with 1 (State) or 2 (local)."""
        return self.sector is Sector.PUBLIC and bool(self.siren) and self.siren[0] not in "12"

    def __post_init__(self) -> None:
        if self.siren and not luhn(self.siren):
            raise ValueError("the nine digits of this SIREN do not agree with each other")


def itself(title: Text, slug: str, organisations: Mapping[str, Declaration]) -> str:
    """The organisation that is the territory of this title and slug: it bears its short name, or its title; empty when
    none does."""
    if slug in organisations:
        return slug
    titles = {getattr(one, "title", None): name for name, one in organisations.items()}
    return titles.get(title, "")
