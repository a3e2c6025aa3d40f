"""A territorial data strategy: what data are for here, until when, with which aims and means."""

from datetime import date
from typing import Annotated, ClassVar

import msgspec

from bocage.domain.declaration import Declaration, noted
from bocage.domain.text import Text
from bocage.domain.text import message as _


class StrategyAim(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, forbid_unknown_fields=True):
    """One aim, with the figure that will tell."""

    title: Annotated[Text, noted(_("Aim"))]
    indicator: Annotated[str, noted(_("Indicator"), reference="indicator")] = ""
    by: Annotated[date | None, noted(_("To be reached by"))] = None


class YearlyMeans(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, forbid_unknown_fields=True):
    """What one year is given."""

    year: Annotated[Annotated[int, msgspec.Meta(ge=1900, le=2200)] | None, noted(_("Year"), control="year")] = None
    euros: Annotated[Annotated[float, msgspec.Meta(ge=0)] | None, noted(_("Money"), unit="€")] = None
    posts: Annotated[Annotated[float, msgspec.Meta(ge=0)] | None, noted(_("Posts, in full-time equivalents"))] = None


class DataStrategy(Declaration, frozen=True, kw_only=True):
    """One strategy, adopted by an act, looked at again before it ends."""

    kind: ClassVar[str] = "data-strategy"
    label: ClassVar[str] = _("Data strategy")
    plural: ClassVar[str] = _("Data strategies")
    about: ClassVar[str] = _("What data are for here, in which years, with which means.")

    title: Annotated[Text, noted(_("Title"), listed=True)]
    summary: Annotated[Text | None, noted(_("In a few sentences"), _("What a resident should know of it."))] = None
    starts: Annotated[date | None, noted(_("Starts"), listed=True)] = None
    ends: Annotated[date | None, noted(_("Ends"), listed=True)] = None
    aims: Annotated[tuple[StrategyAim, ...], noted(_("Aims"))] = ()
    means: Annotated[tuple[YearlyMeans, ...], noted(_("Means year by year"))] = ()
    body: Annotated[
        str, noted(_("Followed by"), _("The body that looks at it again."), reference="governance-body")
    ] = ""
    consultation: Annotated[str, noted(_("Consultation"), reference="consultation")] = ""
    link: Annotated[str, noted(_("Link to the text"), pattern=r"^(https?://.*)?$")] = ""
    act: Annotated[str, noted(_("Official act"), reference="act", listed=True)] = ""
