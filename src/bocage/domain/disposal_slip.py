"""A disposal slip: what is shown to the archives before data at the end of their retention are erased."""

from datetime import date
from typing import Annotated, ClassVar

import msgspec

from bocage.domain.declaration import Declaration, noted
from bocage.domain.purpose import Fate
from bocage.domain.text import Text
from bocage.domain.text import message as _


class Visa(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, forbid_unknown_fields=True):
    """What the archives answered; never the name of who signed."""

    archives: Annotated[str, noted(_("Given by"), reference="organisation")] = ""
    number: Annotated[str, noted(_("Number"), max_length=80)] = ""
    day: Annotated[date | None, noted(_("Given on"))] = None


class DisposalSlip(Declaration, frozen=True, kw_only=True):
    """One slip (bordereau): measurements of a purpose that began before a day, with the visa of the archives."""

    kind: ClassVar[str] = "disposal-slip"
    label: ClassVar[str] = _("Slip for the archives")
    plural: ClassVar[str] = _("Slips for the archives")
    about: ClassVar[str] = _("What is shown to the archives before anything is erased, and what they answered.")

    title: Annotated[Text, noted(_("Title"), listed=True)]
    purpose: Annotated[str, noted(_("Purpose"), reference="purpose", listed=True)]
    first: Annotated[date | None, noted(_("Oldest measurement"))] = None
    before: Annotated[
        date, noted(_("Measurements made before"), _("That day is kept; what came earlier goes."), listed=True)
    ]
    series: Annotated[int, noted(_("Number of series"), ge=0)] = 0
    count: Annotated[int, noted(_("Number of measurements"), _("When the slip was prepared."), ge=0)] = 0
    fate: Annotated[Fate, noted(_("Fate asked for"), listed=True)] = Fate.ELIMINATE
    kept: Annotated[
        Text | None, noted(_("What is kept"), _("For sorting or handing over: which files the archives keep."))
    ] = None
    handed_over: Annotated[
        date | None, noted(_("Handed over on"), _("For sorting or handing over: nothing is erased before."))
    ] = None
    prepared: Annotated[date | None, noted(_("Prepared on"))] = None
    visa: Annotated[Visa, noted(_("Visa of the archives"), _("Empty while their answer is awaited."))] = Visa()
    act: Annotated[str, noted(_("Official act"), reference="act")] = ""

    def lets_go(self, today: date) -> bool:
        """Whether what it lists may be erased: the visa is given, and what the archives keep is handed over."""
        given = self.visa.day is not None and self.visa.day <= today
        return given and (self.fate is Fate.ELIMINATE or (self.handed_over is not None and self.handed_over <= today))
