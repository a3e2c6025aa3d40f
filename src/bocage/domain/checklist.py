"""A checklist of basics: what everyone should do, done or not, with its evidence."""

from datetime import date
from typing import Annotated, ClassVar

import msgspec

from bocage.domain.declaration import Declaration, Worked, noted, worked
from bocage.domain.label import Labelled
from bocage.domain.text import Text
from bocage.domain.text import message as _


class ItemState(Labelled):
    """How far one measure is."""

    DONE = "done", _("Done")
    PARTLY = "partly", _("Done in part")
    NOT_DONE = "not-done", _("Not done")
    NOT_CONCERNED = "not-concerned", _("Not applicable")


class ChecklistItem(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, forbid_unknown_fields=True):
    """One measure."""

    title: Annotated[Text, noted(_("Measure"))]
    code: Annotated[str, noted(_("Its number in the list"), max_length=40)] = ""
    state: Annotated[ItemState, noted(_("State"))] = ItemState.NOT_DONE
    evidence: Annotated[Text | None, noted(_("Evidence"), _("What one can look at to see it."))] = None
    checked: Annotated[date | None, noted(_("Checked on"))] = None


class Checklist(Declaration, frozen=True, kw_only=True):
    """One list gone through; agents only, since it shows what lacks."""

    kind: ClassVar[str] = "checklist"
    public: ClassVar[bool] = False
    label: ClassVar[str] = _("Checklist of basics")
    plural: ClassVar[str] = _("Checklists of basics")
    about: ClassVar[str] = _("The simple measures of security, done or not, and what shows it.")

    title: Annotated[Text, noted(_("Title"), listed=True)]
    follows: Annotated[
        Text | None, noted(_("List followed"), _("Its publisher, title and year, such as a guide of the ANSSI."))
    ] = None
    project: Annotated[str, noted(_("Project"), reference="project")] = ""
    digital_service: Annotated[str, noted(_("Digital service"), reference="digital-service")] = ""
    checked: Annotated[date | None, noted(_("Gone through on"), listed=True)] = None
    review: Annotated[date | None, noted(_("To be done again by"), listed=True)] = None
    items: Annotated[tuple[ChecklistItem, ...], noted(_("Measures"))] = ()

    def worked_out(self) -> tuple[Worked, ...]:
        """What lacks, and what nothing shows."""
        if not self.items:
            return ()
        lacking, unproved = len(self.lacking), len(self.unproved)
        return worked(_("Not done, or in part only"), lacking), worked(_("Said to be done without evidence"), unproved)

    @property
    def unproved(self) -> tuple[ChecklistItem, ...]:
        """The measures said to be done of which nothing shows it."""
        return tuple(one for one in self.items if one.state is ItemState.DONE and one.evidence is None)

    @property
    def lacking(self) -> tuple[ChecklistItem, ...]:
        """The measures not done, or in part only."""
        return tuple(one for one in self.items if one.state in (ItemState.NOT_DONE, ItemState.PARTLY))
