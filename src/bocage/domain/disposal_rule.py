"""A disposal rule: what is agreed with the archives, once for a category, about data at the end of their retention."""

from datetime import date
from typing import Annotated, ClassVar

from bocage.domain.declaration import Declaration, noted
from bocage.domain.text import Text
from bocage.domain.text import message as _


class DisposalRule(Declaration, frozen=True, kw_only=True):
    """An agreement (Code du patrimoine, L212-2): what these purposes collect is eliminated without asking again."""

    kind: ClassVar[str] = "disposal-rule"
    label: ClassVar[str] = _("Elimination rule")
    plural: ClassVar[str] = _("Elimination rules")
    about: ClassVar[str] = _("What is agreed with the archives: which measurements are erased when their time is over.")

    title: Annotated[Text, noted(_("Title"), listed=True)]
    purposes: Annotated[
        tuple[str, ...],
        noted(_("Purposes"), _("Those whose measurements are eliminated."), reference="purpose", listed=True),
    ] = ()
    archives: Annotated[
        str, noted(_("Agreed with"), _("The archives service of the State's control."), reference="organisation")
    ] = ""
    agreed: Annotated[date | None, noted(_("Agreed on"), listed=True)] = None
    number: Annotated[str, noted(_("Reference of the agreement"), max_length=80)] = ""
    ends: Annotated[date | None, noted(_("Ends"))] = None
    act: Annotated[str, noted(_("Official act"), reference="act")] = ""

    def holds(self, today: date) -> bool:
        """Whether it is agreed and has not ended."""
        agreed = self.agreed is not None and self.agreed <= today
        return agreed and (self.ends is None or today < self.ends)
