"""A digital service: what residents can do on a screen, and how they do it without one."""

from datetime import date
from typing import Annotated, ClassVar

from bocage.domain.declaration import Declaration, noted
from bocage.domain.label import Labelled
from bocage.domain.text import Text
from bocage.domain.text import message as _


class Accessibility(Labelled):
    """The legal state of a site or application (décret 2019-768); without an audit it is the first."""

    NOT = "not-compliant", _("Not compliant")
    PARTLY = "partly-compliant", _("Partly compliant")
    FULLY = "compliant", _("Fully compliant")


class DigitalService(Declaration, frozen=True, kw_only=True):
    """One service; open from the day it says, and not before its assessment."""

    kind: ClassVar[str] = "digital-service"
    label: ClassVar[str] = _("Digital service")
    plural: ClassVar[str] = _("Digital services")
    about: ClassVar[str] = _("What one can do on a screen, and where a person does it with you.")

    title: Annotated[Text, noted(_("Name"), listed=True)]
    service: Annotated[str, noted(_("Public service"), reference="public-service", listed=True)] = ""
    project: Annotated[str, noted(_("Project"), reference="project")] = ""
    address: Annotated[str, noted(_("Address"), pattern=r"^(https?://.*)?$")] = ""
    allows: Annotated[Text | None, noted(_("What one can do there"))] = None
    opened: Annotated[date | None, noted(_("Open since"), _("Empty while it is being prepared."), listed=True)] = None
    closed: Annotated[date | None, noted(_("Closed on"))] = None
    channels: Annotated[
        tuple[str, ...],
        noted(
            _("The same with a person"),
            _("Where one does it without a screen; asked for unless nobody can be left out."),
            reference="human-channel",
            listed=True,
        ),
    ] = ()
    purposes: Annotated[tuple[str, ...], noted(_("Purposes"), reference="purpose")] = ()
    algorithms: Annotated[tuple[str, ...], noted(_("Algorithms that help"), reference="algorithm")] = ()
    accessibility: Annotated[Accessibility, noted(_("Accessibility"), listed=True)] = Accessibility.NOT
    audit: Annotated[str, noted(_("Audit of its accessibility"), reference="audit")] = ""
