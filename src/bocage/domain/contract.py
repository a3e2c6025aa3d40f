"""A contract: with whom, for what, how long, for how much, as its essential data say."""

from datetime import date
from typing import Annotated, ClassVar

import msgspec

from bocage.domain.declaration import Declaration, noted
from bocage.domain.label import Labelled
from bocage.domain.text import Text
from bocage.domain.text import message as _


class ContractNature(Labelled):
    """Natures of the format of essential data (DECP): 2.0.3, and the two that only the format before it has."""

    CONTRACT = "marche", _("Public contract")
    PARTNERSHIP = "partenariat", _("Partnership contract")
    DEFENCE = "defense-securite", _("Defence or security contract")
    FRAMEWORK = "accord-cadre", _("Framework agreement")
    SUBSEQUENT = "marche-subsequent", _("Contract under a framework agreement")
    WORKS_CONCESSION = "concession-travaux", _("Works concession")
    SERVICE_CONCESSION = "concession-service", _("Service concession")
    PUBLIC_SERVICE_CONCESSION = "concession-service-public", _("Public service concession")
    DELEGATION = "delegation-service-public", _("Delegation of public service")


class Contract(Declaration, frozen=True, kw_only=True):
    """One contract; an amendment is its next version, with its rank and its day."""

    kind: ClassVar[str] = "contract"
    label: ClassVar[str] = _("Contract")
    plural: ClassVar[str] = _("Contracts")
    about: ClassVar[str] = _("Public contracts and concessions: with whom, for what, how long.")

    title: Annotated[Text, noted(_("Title"), listed=True)]
    number: Annotated[
        str,
        noted(_("Number"), _("The one of its essential data (DECP)."), listed=True, min_length=1, max_length=64),
    ]
    object: Annotated[Text | None, noted(_("What it is about"))] = None
    nature: Annotated[ContractNature, noted(_("Nature"), listed=True)] = ContractNature.CONTRACT
    buyer: Annotated[
        str, noted(_("Buyer"), _("Or the authority that grants the concession."), reference="organisation")
    ] = ""
    holders: Annotated[tuple[str, ...], noted(_("Holders"), reference="organisation", listed=True)] = ()
    amount: Annotated[
        Annotated[float, msgspec.Meta(ge=0)] | None, noted(_("Amount without tax"), unit="€", listed=True)
    ] = None
    starts: Annotated[date | None, noted(_("Starts"))] = None
    months: Annotated[
        Annotated[int, msgspec.Meta(ge=1, le=1200)] | None, noted(_("Duration"), unit="months", listed=True)
    ] = None
    notified: Annotated[date | None, noted(_("Notified on"), _("For a concession: signed on."), listed=True)] = None
    amendment: Annotated[
        int, noted(_("Amendments taken in"), _("How many this version holds; 0 for the contract as signed."), ge=0)
    ] = 0
    amended: Annotated[date | None, noted(_("Last amended on"))] = None
    services: Annotated[tuple[str, ...], noted(_("Public services concerned"), reference="public-service")] = ()
    act: Annotated[str, noted(_("Official act"), reference="act")] = ""
