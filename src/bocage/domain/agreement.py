"""An agreement between territories: what is pooled, bought together, or processed for one another."""

from datetime import date
from typing import Annotated, ClassVar

from bocage.domain.declaration import Declaration, noted
from bocage.domain.label import Labelled
from bocage.domain.text import Text
from bocage.domain.text import message as _


class AgreementForm(Labelled):
    """How territories act together."""

    POOLING = "pooling", _("Pooling of services or means")
    PURCHASING_BODY = "purchasing-body", _("Purchasing body")
    GROUP_OF_ORDERS = "group-of-orders", _("Group of orders")
    PROCESSOR = "processor", _("One processes personal data for the others (GDPR 28)")
    JOINT = "joint-controllers", _("Joint controllers (GDPR 26)")
    CONSORTIUM = "consortium", _("Consortium")
    STRUCTURE = "legal-structure", _("A legal structure of their own")


class Agreement(Declaration, frozen=True, kw_only=True):
    """One agreement."""

    kind: ClassVar[str] = "agreement"
    label: ClassVar[str] = _("Agreement between territories")
    plural: ClassVar[str] = _("Agreements between territories")
    about: ClassVar[str] = _("What territories pool, buy together, or do for one another.")

    title: Annotated[Text, noted(_("Title"), listed=True)]
    form: Annotated[AgreementForm, noted(_("Form"), listed=True)]
    parties: Annotated[tuple[str, ...], noted(_("Parties"), reference="organisation", listed=True)] = ()
    leader: Annotated[
        str,
        noted(_("Led by"), _("Who buys, hosts or processes for the others."), reference="organisation", listed=True),
    ] = ""
    object: Annotated[Text | None, noted(_("What it is about"))] = None
    services: Annotated[tuple[str, ...], noted(_("Public services concerned"), reference="public-service")] = ()
    purposes: Annotated[
        tuple[str, ...],
        noted(
            _("Processing concerned"), _("The purposes it is about, where persons are concerned."), reference="purpose"
        ),
    ] = ()
    clauses: Annotated[tuple[str, ...], noted(_("Clauses"), reference="clause")] = ()
    starts: Annotated[date | None, noted(_("Starts"))] = None
    ends: Annotated[date | None, noted(_("Ends"), listed=True)] = None
    act: Annotated[str, noted(_("Official act"), reference="act")] = ""

    def runs(self, today: date) -> bool:
        """Whether it has not ended on that day, its last one included."""
        return self.ends is None or today <= self.ends
