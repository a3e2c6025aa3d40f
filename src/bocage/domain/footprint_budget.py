"""A budget of footprint: what a service, or the whole territory, may cost the planet in a year."""

from datetime import date
from typing import Annotated, ClassVar

import msgspec

from bocage.domain.declaration import Declaration, noted
from bocage.domain.text import Text
from bocage.domain.text import message as _

MOST = 1e12
"""Kilograms or kilowatt-hours; what is more is a slip of the hand."""


class FootprintBudget(Declaration, frozen=True, kw_only=True):
    """One budget; where several run for a service, each of them holds."""

    kind: ClassVar[str] = "footprint-budget"
    label: ClassVar[str] = _("Footprint budget")
    plural: ClassVar[str] = _("Footprint budgets")
    about: ClassVar[str] = _("What the digital tools of a service may cost the planet in a year.")

    title: Annotated[Text, noted(_("Name"), listed=True)]
    service: Annotated[
        str,
        noted(_("Public service"), _("Empty for the whole territory."), reference="public-service", listed=True),
    ] = ""
    kilograms: Annotated[float, noted(_("Carbon, a year"), unit="kg CO2e", listed=True, gt=0, le=MOST)]
    kilowatt_hours: Annotated[
        Annotated[float, msgspec.Meta(gt=0, le=MOST)] | None, noted(_("Electricity, a year"), unit="kWh", listed=True)
    ] = None
    since: Annotated[date | None, noted(_("From"))] = None
    until: Annotated[date | None, noted(_("Until"), _("The last day it holds."))] = None
    act: Annotated[str, noted(_("Official act"), reference="act")] = ""

    def runs(self, day: date) -> bool:
        """Whether it holds on that day; both days are included."""
        return (self.since is None or self.since <= day) and (self.until is None or day <= self.until)
