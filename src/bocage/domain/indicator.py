"""An indicator: a question people ask, and the figure that answers it, with what was aimed at and what a unit costs."""

from datetime import date
from typing import Annotated, ClassVar

import msgspec

from bocage.domain.declaration import Declaration, noted
from bocage.domain.label import Labelled
from bocage.domain.measure import Measure
from bocage.domain.text import Text
from bocage.domain.text import message as _


class Direction(Labelled):
    """On which side of its value a target is met."""

    AT_LEAST = "at-least", _("At least")
    AT_MOST = "at-most", _("At most")


class Target(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, forbid_unknown_fields=True):
    """What each figure should reach, or stay under."""

    direction: Annotated[Direction, noted(_("Aim"))] = Direction.AT_LEAST
    value: Annotated[float, noted(_("Value"), _("For each period, in the unit of the series."))]
    by: Annotated[date | None, noted(_("To be reached by"))] = None
    act: Annotated[str, noted(_("Official act"), reference="act")] = ""

    def met(self, value: float) -> bool:
        """Whether a figure meets it."""
        return value >= self.value if self.direction is Direction.AT_LEAST else value <= self.value


class Baseline(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, forbid_unknown_fields=True):
    """Where things stood before: what a figure is compared with once something has changed."""

    value: Annotated[float, noted(_("Value"), _("For each period, in the unit of the series."))]
    day: Annotated[date | None, noted(_("Worked out on"))] = None
    source: Annotated[
        Text | None, noted(_("Where it comes from"), _("A past series, a study, a count by hand: one sentence."))
    ] = None


class UnitCost(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, forbid_unknown_fields=True):
    """What one unit of the total costs, as somebody declares it."""

    euros: Annotated[float, noted(_("Price of one unit"), unit="€", ge=0)]
    source: Annotated[
        Text, noted(_("Where this price comes from"), _("Contract, invoice, tariff: one sentence, with its date."))
    ]


class Indicator(Declaration, frozen=True, kw_only=True):
    """A figure that is followed, told in a few sentences, and shown to the council."""

    kind: ClassVar[str] = "indicator"
    label: ClassVar[str] = _("Indicator")
    plural: ClassVar[str] = _("Indicators")
    about: ClassVar[str] = _("Figures that are followed: the question each one answers, and how it is worked out.")

    title: Annotated[Text, noted(_("Title"), listed=True)]
    question: Annotated[
        Text | None, noted(_("The question it answers"), _("As a resident would ask it."), listed=True)
    ] = None
    service: Annotated[str, noted(_("Public service"), reference="public-service", listed=True)] = ""
    measure: Annotated[Measure, noted(_("How the figure is worked out"))]
    source: Annotated[
        Text | None, noted(_("Source and method"), _("What the figure does not count, and who it comes from."))
    ] = None
    baseline: Annotated[
        Baseline | None, noted(_("Starting point"), _("Leave the value empty when nobody knows it."))
    ] = None
    target: Annotated[Target | None, noted(_("Target"), _("Leave the value empty when none was decided."))] = None
    unit_cost: Annotated[
        UnitCost | None, noted(_("Unit cost"), _("Leave empty when it is not known. Costs worked out with it say so."))
    ] = None
    origin: Annotated[
        str, noted(_("Taken from"), _("Its name in the shared resources, or the guide it comes from."), max_length=400)
    ] = ""
