"""A factor of the territory's own: a contract of electricity, a measured data centre, in place of a published mean."""

from typing import Annotated, ClassVar

from bocage.domain.declaration import Declaration, noted
from bocage.domain.footprint_factors import Span, Unit
from bocage.domain.text import Text
from bocage.domain.text import message as _

MOST = 1_000_000.0
"""In whichever unit; what is more is a slip of the hand."""


class OwnFactor(Declaration, frozen=True, kw_only=True):
    """Takes the place of the published factor; its source is said, and everyone reads it."""

    kind: ClassVar[str] = "footprint-factor"
    label: ClassVar[str] = _("Footprint factor")
    plural: ClassVar[str] = _("Footprint factors")
    about: ClassVar[str] = _("What one unit costs the planet here, where the territory knows better than a mean.")

    title: Annotated[Text, noted(_("Name"), listed=True)]
    unit: Annotated[Unit, noted(_("Takes the place of"), listed=True)]
    least: Annotated[float, noted(_("At least"), _("In the unit of the published factor."), ge=0, le=MOST)]
    value: Annotated[float, noted(_("Value"), listed=True, ge=0, le=MOST)]
    most: Annotated[float, noted(_("At most"), ge=0, le=MOST)]
    source: Annotated[
        str, noted(_("Where it is published"), _("Who published it, and where: a page, an address."), min_length=3)
    ]
    year: Annotated[int, noted(_("Year"), control="year", listed=True, ge=1990, le=2100)]

    def __post_init__(self) -> None:
        if not self.least <= self.value <= self.most:
            raise ValueError(_("The value lies between what it is at least and at most."))

    @property
    def span(self) -> Span:
        """The three figures."""
        return Span(self.least, self.value, self.most)
