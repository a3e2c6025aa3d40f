"""A contract: with whom, for what, how long, for how much, with which clauses, and what is due to be delivered."""

from datetime import date, timedelta
from typing import Annotated, ClassVar

import msgspec

from bocage.domain.declaration import Declaration, Worked, noted, worked
from bocage.domain.instant import months_later
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


class Scheme(Labelled):
    """The legal forms of the model, each with its own expected clauses: Code de la commande publique (CCP), Code
    général de la propriété des personnes publiques (CG3P)."""

    CONTRACT = "contract", _("Public contract")
    GLOBAL_PERFORMANCE = "global-performance", _("Global performance contract (CCP L2171-3)")
    INNOVATION_PARTNERSHIP = "innovation-partnership", _("Innovation partnership (CCP L2172-3)")
    INNOVATIVE_PURCHASE = "innovative-purchase", _("Innovative purchase (CCP R2122-9-1)")
    RESEARCH = "research", _("Research and development services (CCP L2512-5)")
    CONCESSION = "concession", _("Concession of a public service (data due by law: CCP L3131-2)")
    DELEGATION = "delegation", _("Delegation of public service (data due by law: CCP L3131-2)")
    REGIE = "regie", _("Own running (régie)")
    PUBLIC_COMPANY = "public-company", _("Local public company (SPL, SEM)")
    PURCHASING_BODY = "purchasing-body", _("Through a purchasing body")
    GROUP_OF_ORDERS = "group-of-orders", _("Through a group of orders")
    PUBLIC_SPACE = "public-space", _("Use of public space (CG3P L2122-1-1, L2125-1)")


class Rhythm(Labelled):
    """How often something is delivered."""

    TEN_MINUTES = "ten-minutes", _("Every ten minutes")
    QUARTER_HOUR = "quarter-hour", _("Every quarter of an hour")
    HOUR = "hour", _("Every hour")
    DAY = "day", _("Every day")
    WEEK = "week", _("Every week")
    MONTH = "month", _("Every month")
    QUARTER = "quarter", _("Every quarter")
    YEAR = "year", _("Every year")

    @property
    def seconds(self) -> int:
        """Its length; months of 31 days, so that a long one is not late."""
        days = {"day": 1, "week": 7, "month": 31, "quarter": 92, "year": 366}
        short = {"ten-minutes": 600, "quarter-hour": 900, "hour": 3600}
        return short.get(self.value, 0) or days[self.value] * 86400


class ClauseHeld(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, forbid_unknown_fields=True):
    """A clause of the library that stands in the contract."""

    clause: Annotated[str, noted(_("Clause"), reference="clause")]
    version: Annotated[
        int, noted(_("Version of its text"), _("The one that was signed; 0 when it was written otherwise."), ge=0)
    ] = 0
    place: Annotated[str, noted(_("Where in the contract"), _("Document and article."), max_length=120)] = ""


class Delivery(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, forbid_unknown_fields=True):
    """What the holder owes, to be held against what arrives."""

    title: Annotated[Text, noted(_("What is delivered"))]
    source: Annotated[
        str, noted(_("Arrives by the source"), _("So that the machine can count it."), reference="source")
    ] = ""
    format: Annotated[str, noted(_("Format"), _("As the contract says it."), max_length=120)] = ""
    every: Annotated[Rhythm | None, noted(_("How often"))] = None
    delay_hours: Annotated[
        Annotated[int, msgspec.Meta(ge=0, le=9000)] | None, noted(_("At the latest after"), unit="h")
    ] = None
    least_percent: Annotated[
        Annotated[float, msgspec.Meta(ge=0, le=100)] | None, noted(_("Least share of the values due"), unit="%")
    ] = None
    since: Annotated[date | None, noted(_("Due from"), _("The start of the contract when empty."))] = None


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
    scheme: Annotated[Scheme | None, noted(_("Legal form"), _("Says which clauses are expected."))] = None
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
    project: Annotated[str, noted(_("Project"), reference="project")] = ""
    consultation: Annotated[
        str, noted(_("Consultation"), _("Of residents, held before the purchase."), reference="consultation")
    ] = ""
    advised: Annotated[
        date | None,
        noted(
            _("Opinion of the consultative commission on local public services"),
            _("The day it gave it: before a delegation of public service (CGCT L1413-1)."),
        ),
    ] = None
    agreement: Annotated[
        str, noted(_("Under the agreement"), _("Group of orders, purchasing body, pooling."), reference="agreement")
    ] = ""
    sources: Annotated[
        tuple[str, ...],
        noted(_("Sources its holder runs"), _("Their data come under its clauses."), reference="source"),
    ] = ()
    technologies: Annotated[tuple[str, ...], noted(_("Technologies"), reference="technology")] = ()
    clauses: Annotated[tuple[ClauseHeld, ...], noted(_("Clauses"))] = ()
    deliveries: Annotated[tuple[Delivery, ...], noted(_("Deliveries due"), _("Held against what really arrives."))] = ()
    personal: Annotated[
        bool | None,
        noted(_("Does the holder process personal data for the buyer?"), _("It is then a processor (GDPR 28).")),
    ] = None
    succession: Annotated[
        Text | None,
        noted(_("How its end is prepared"), _("To be begun 24 months before: who takes over, with which data.")),
    ] = None
    exit_tested: Annotated[
        date | None, noted(_("Last test of reversibility"), _("The data were taken back and read elsewhere that day."))
    ] = None
    act: Annotated[str, noted(_("Official act"), reference="act")] = ""

    def worked_out(self) -> tuple[Worked, ...]:
        """Its last day."""
        return (worked(_("Last day"), self.end - timedelta(days=1)),) if self.end else ()

    @property
    def end(self) -> date | None:
        """The first day after it, from its start (its notification when it says none) and its duration."""
        begins = self.starts or self.notified
        return None if begins is None or self.months is None else months_later(begins, self.months)

    @property
    def delegates(self) -> bool:
        """Whether it delegates a public service."""
        return self.scheme is Scheme.DELEGATION or self.nature is ContractNature.DELEGATION

    def runs(self, today: date) -> bool:
        """Whether it has not ended on that day."""
        return self.end is None or self.end > today

    @property
    def covered(self) -> frozenset[str]:
        """The sources that come under it."""
        return frozenset(self.sources) | {one.source for one in self.deliveries if one.source}
