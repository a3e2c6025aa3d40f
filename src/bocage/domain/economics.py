"""The economics of a project: what it costs and brings, who pays, who gains, expected and observed."""

from typing import Annotated, ClassVar

import msgspec

from bocage.domain.declaration import Declaration, Worked, noted, worked
from bocage.domain.label import Labelled
from bocage.domain.text import Text
from bocage.domain.text import message as _


class MoneyNature(Labelled):
    """What a line is; no single figure sums them up."""

    CAPITAL = "capital", _("Capital (equipment, studies)")
    OPERATION = "operation", _("Operation (each year)")
    REVENUE = "revenue", _("Revenue")
    SUBSIDY = "subsidy", _("Subsidy")
    SAVINGS = "savings", _("Savings")


class BusinessModel(Labelled):
    """Where its value comes from."""

    VALUE = "value-creation", _("It creates a service or a value that was not there")
    COST = "cost-reduction", _("It lowers a cost")
    BOTH = "both", _("Both")


_SUMS: dict[MoneyNature, tuple[tuple[bool, str], tuple[bool, str]]] = {
    MoneyNature.CAPITAL: ((False, _("Capital, expected")), (True, _("Capital, observed"))),
    MoneyNature.OPERATION: ((False, _("Operation, expected")), (True, _("Operation, observed"))),
    MoneyNature.REVENUE: ((False, _("Revenue, expected")), (True, _("Revenue, observed"))),
    MoneyNature.SUBSIDY: ((False, _("Subsidy, expected")), (True, _("Subsidy, observed"))),
    MoneyNature.SAVINGS: ((False, _("Savings, expected")), (True, _("Savings, observed"))),
}


class MoneyLine(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, forbid_unknown_fields=True):
    """One cost or revenue of one year."""

    title: Annotated[Text, noted(_("Line"))]
    nature: Annotated[MoneyNature, noted(_("Nature"))] = MoneyNature.OPERATION
    year: Annotated[
        Annotated[int, msgspec.Meta(ge=1900, le=2200)] | None,
        noted(_("Year"), _("Empty for all years together."), control="year"),
    ] = None
    expected: Annotated[float | None, noted(_("Expected"), unit="€")] = None
    observed: Annotated[float | None, noted(_("Observed"), unit="€")] = None
    payer: Annotated[str, noted(_("Who pays"), reference="organisation")] = ""
    gainer: Annotated[str, noted(_("Who gains"), reference="organisation")] = ""
    scaling: Annotated[
        bool, noted(_("Is it for scaling up?"), _("Not for testing: the share of money that goes there is shown."))
    ] = False
    indicator: Annotated[
        str, noted(_("Measured by"), _("The indicator behind savings that were measured."), reference="indicator")
    ] = ""


class CostShare(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, forbid_unknown_fields=True):
    """What one territory bears."""

    organisation: Annotated[str, noted(_("Territory"), reference="organisation")]
    percent: Annotated[float, noted(_("Share"), unit="%", ge=0, le=100)] = 0.0
    rule: Annotated[Text | None, noted(_("How the share is worked out"), _("By population, by sensor, by use."))] = None


class Economics(Declaration, frozen=True, kw_only=True):
    """Costs and revenues of one project, line by line."""

    kind: ClassVar[str] = "economics"
    label: ClassVar[str] = _("Economics of a project")
    plural: ClassVar[str] = _("Economics of projects")
    about: ClassVar[str] = _("What each project costs and brings, who pays and who gains; never one figure alone.")

    title: Annotated[Text, noted(_("Title"), listed=True)]
    project: Annotated[str, noted(_("Project"), reference="project", listed=True)] = ""
    model: Annotated[BusinessModel | None, noted(_("Where its value comes from"), listed=True)] = None
    lines: Annotated[tuple[MoneyLine, ...], noted(_("Lines"))] = ()
    shares: Annotated[tuple[CostShare, ...], noted(_("Shares between territories"))] = ()
    agreement: Annotated[
        str, noted(_("Under the agreement"), _("The one that fixes the shares."), reference="agreement")
    ] = ""
    comment: Annotated[Text | None, noted(_("What figures do not say"))] = None

    def worked_out(self) -> tuple[Worked, ...]:
        """What each nature comes to, expected and observed, side by side and never netted; the share for scaling up."""
        natures = [one for one in MoneyNature if any(line.nature is one for line in self.lines)]
        sums = [worked(label, self.total(one, observed=seen), "€") for one in natures for seen, label in _SUMS[one]]
        share = self.scaling_share
        return (
            *sums,
            *(
                (worked(_("Share of expected costs that is for scaling up"), round(share * 100), "%"),)
                if share is not None
                else ()
            ),
        )

    def total(self, nature: MoneyNature, *, observed: bool) -> float:
        """The sum of the lines of that nature, in euros."""
        values = (one.observed if observed else one.expected for one in self.lines if one.nature is nature)
        return sum(value for value in values if value is not None)

    @property
    def scaling_share(self) -> float | None:
        """Which part of the expected costs is for scaling up, 0 to 1; None without any cost."""
        return _share_for_scaling([(one.expected or 0.0, one.scaling) for one in self._costs])

    @property
    def scaling_compared(self) -> tuple[float, float] | None:
        """That share as expected and as observed, over the costs that say both; None where none was to go there."""
        both = [one for one in self._costs if one.expected is not None and one.observed is not None]
        expected = _share_for_scaling([(one.expected or 0.0, one.scaling) for one in both])
        observed = _share_for_scaling([(one.observed or 0.0, one.scaling) for one in both])
        return (expected, observed or 0.0) if expected else None

    @property
    def _costs(self) -> list[MoneyLine]:
        return [one for one in self.lines if one.nature in (MoneyNature.CAPITAL, MoneyNature.OPERATION)]


def _share_for_scaling(costs: list[tuple[float, bool]]) -> float | None:
    """Which part of these euros is for scaling up, 0 to 1; None where there are none."""
    whole = sum(euros for euros, _scaling in costs)
    return sum(euros for euros, scaling in costs if scaling) / whole if whole else None
