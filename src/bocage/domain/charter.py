"""A charter: what the territory and its partners bind themselves to, article by article."""

from datetime import date
from typing import Annotated, ClassVar

from bocage.domain.declaration import Declaration, noted
from bocage.domain.text import Text
from bocage.domain.text import message as _


class Charter(Declaration, frozen=True, kw_only=True):
    """One charter; its articles are declarations of their own, so that clauses can rest on each."""

    kind: ClassVar[str] = "charter"
    label: ClassVar[str] = _("Charter")
    plural: ClassVar[str] = _("Charters")
    about: ClassVar[str] = _("What the territory and its partners bind themselves to, before any contract.")

    title: Annotated[Text, noted(_("Title"), listed=True)]
    summary: Annotated[Text | None, noted(_("In a few sentences"), _("What a resident should know of it."))] = None
    adopted: Annotated[date | None, noted(_("Adopted on"), listed=True)] = None
    signatories: Annotated[
        tuple[str, ...], noted(_("Signed by"), _("The organisations, not the persons."), reference="organisation")
    ] = ()
    consultation: Annotated[str, noted(_("Consultation"), reference="consultation")] = ""
    link: Annotated[str, noted(_("Link to the text"), pattern=r"^(https?://.*)?$")] = ""
    act: Annotated[str, noted(_("Official act"), reference="act", listed=True)] = ""
