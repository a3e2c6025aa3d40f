"""An application: what somebody proposes, to a call or of their own accord, and what was answered."""

from datetime import date
from typing import Annotated, ClassVar

import msgspec

from bocage.domain.declaration import Declaration, noted
from bocage.domain.label import Labelled
from bocage.domain.text import Text
from bocage.domain.text import message as _


class ApplicationState(Labelled):
    """What became of it."""

    RECEIVED = "received", _("Received")
    ELIGIBLE = "eligible", _("Eligible")
    FUNDED = "funded", _("Funded")
    REFUSED = "refused", _("Refused")
    WITHDRAWN = "withdrawn", _("Withdrawn by its author")


class Application(Declaration, frozen=True, kw_only=True):
    """One application. Agents only: a proposal may hold a secret until the results are published by the call."""

    kind: ClassVar[str] = "application"
    public: ClassVar[bool] = False
    label: ClassVar[str] = _("Application")
    plural: ClassVar[str] = _("Applications and proposals")
    about: ClassVar[str] = _("What territories and companies propose, and what was answered to them.")

    title: Annotated[Text, noted(_("Title"), listed=True)]
    call: Annotated[
        str, noted(_("Call"), _("Empty for a proposal nobody asked for."), reference="call-for-projects", listed=True)
    ] = ""
    applicant: Annotated[str, noted(_("From"), reference="organisation", listed=True)] = ""
    members: Annotated[
        tuple[str, ...], noted(_("With"), _("The other territories of the group."), reference="organisation")
    ] = ()
    population: Annotated[Annotated[int, msgspec.Meta(ge=0)] | None, noted(_("Population concerned"))] = None
    project: Annotated[str, noted(_("Project"), reference="project")] = ""
    received: Annotated[date | None, noted(_("Received on"), listed=True)] = None
    certificate: Annotated[str, noted(_("Address of its certificate"), pattern=r"^(https?://.*)?$")] = ""
    certificate_checked: Annotated[
        date | None, noted(_("Certificate checked on"), _("The day the machine found it valid, and complete."))
    ] = None
    certificate_digest: Annotated[
        str,
        noted(_("Digest of what was checked"), _("Set by the machine that checked it."), pattern=r"^([0-9a-f]{64})?$"),
    ] = ""
    certificate_ends: Annotated[date | None, noted(_("Last day of the certificate"))] = None
    asked: Annotated[Annotated[float, msgspec.Meta(ge=0)] | None, noted(_("Money asked for"), unit="€")] = None
    granted: Annotated[
        Annotated[float, msgspec.Meta(ge=0)] | None, noted(_("Money granted"), unit="€", listed=True)
    ] = None
    state: Annotated[ApplicationState, noted(_("State"), listed=True)] = ApplicationState.RECEIVED
    reason: Annotated[Text | None, noted(_("Reason"), _("As it is answered to its author."))] = None
    act: Annotated[str, noted(_("Official act"), reference="act")] = ""
