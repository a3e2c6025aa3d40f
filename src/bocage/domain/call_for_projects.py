"""A call for projects: what is asked, of whom, by when, and what is funded in the end."""

from datetime import date
from typing import Annotated, ClassVar

import msgspec

from bocage.domain.declaration import Declaration, noted
from bocage.domain.text import Text
from bocage.domain.text import message as _


class CallCriterion(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, forbid_unknown_fields=True):
    """One criterion; where it is a promise, a certificate answers it."""

    title: Annotated[Text, noted(_("Criterion"))]
    promise: Annotated[str, noted(_("Promise"), _("Its code, where a certificate can answer."), max_length=60)] = ""
    weight: Annotated[Annotated[float, msgspec.Meta(ge=0, le=100)] | None, noted(_("Weight"), unit="%")] = None


class CallForProjects(Declaration, frozen=True, kw_only=True):
    """One call, its criteria and its results."""

    kind: ClassVar[str] = "call-for-projects"
    label: ClassVar[str] = _("Call for projects")
    plural: ClassVar[str] = _("Calls for projects")
    about: ClassVar[str] = _("What is asked, with which criteria, and what was funded.")

    title: Annotated[Text, noted(_("Title"), listed=True)]
    object: Annotated[Text | None, noted(_("What it is about"))] = None
    funder: Annotated[str, noted(_("Funded by"), reference="organisation", listed=True)] = ""
    budget: Annotated[Annotated[float, msgspec.Meta(ge=0)] | None, noted(_("Money"), unit="€", listed=True)] = None
    opens: Annotated[date | None, noted(_("Opens on"), listed=True)] = None
    closes: Annotated[date | None, noted(_("Closes on"), listed=True)] = None
    criteria: Annotated[tuple[CallCriterion, ...], noted(_("Criteria"))] = ()
    certificate: Annotated[
        bool, noted(_("Is a certificate asked for?"), _("Nothing is funded without one that was checked."))
    ] = True
    small_first: Annotated[bool, noted(_("Do small and grouped territories come first?"), _("At equal merit."))] = True
    link: Annotated[str, noted(_("Link to the text"), pattern=r"^(https?://.*)?$")] = ""
    results: Annotated[Text | None, noted(_("Results"), _("Who was funded, for what, with how much."))] = None
    published: Annotated[date | None, noted(_("Results published on"), listed=True)] = None
    act: Annotated[str, noted(_("Official act"), reference="act")] = ""
