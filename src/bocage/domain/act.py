"""An official act: the deliberation, order or decision that something rests on."""

from datetime import date
from typing import Annotated, ClassVar

from bocage.domain.declaration import Declaration, noted
from bocage.domain.label import Labelled
from bocage.domain.text import Text
from bocage.domain.text import message as _


class ActKind(Labelled):
    """The form of the act."""

    DELIBERATION = "deliberation", _("Deliberation")
    ORDER = "order", _("Order (arrêté)")
    DECISION = "decision", _("Decision")
    AGREEMENT = "agreement", _("Agreement")


class Act(Declaration, frozen=True, kw_only=True):
    """Number, date and link of an act."""

    kind: ClassVar[str] = "act"
    label: ClassVar[str] = _("Official act")
    plural: ClassVar[str] = _("Official acts")
    about: ClassVar[str] = _("What decisions rest on: deliberations, orders, decisions.")

    title: Annotated[Text, noted(_("Subject"), listed=True)]
    number: Annotated[str, noted(_("Number"), listed=True, min_length=1)]
    date: Annotated[date, noted(_("Date"), listed=True)]
    form: Annotated[ActKind, noted(_("Form"), listed=True)] = ActKind.DELIBERATION
    authority: Annotated[
        Text | None,
        noted(_("Taken by"), _("Who held the competence: council, mayor by delegation, bureau. Never a name.")),
    ] = None
    link: Annotated[str, noted(_("Link to the text"), pattern=r"^(https?://.*)?$")] = ""
