"""A label granted: to what, under which scheme, until when, on which evidence."""

from datetime import date
from typing import Annotated, ClassVar

from bocage.domain.declaration import Declaration, noted
from bocage.domain.text import Text
from bocage.domain.text import message as _


class LabelAward(Declaration, frozen=True, kw_only=True):
    """One label: granted, dated, ended or withdrawn."""

    kind: ClassVar[str] = "label-award"
    label: ClassVar[str] = _("Label granted")
    plural: ClassVar[str] = _("Labels granted")
    about: ClassVar[str] = _("Which technologies, projects and services bear a label, until when, and why.")

    title: Annotated[Text, noted(_("Title"), listed=True)]
    scheme: Annotated[str, noted(_("Label scheme"), reference="label-scheme", listed=True)] = ""
    technology: Annotated[str, noted(_("Technology"), reference="technology", listed=True)] = ""
    project: Annotated[str, noted(_("Project"), reference="project", listed=True)] = ""
    digital_service: Annotated[str, noted(_("Digital service"), reference="digital-service", listed=True)] = ""
    granted: Annotated[date | None, noted(_("Granted on"), listed=True)] = None
    ends: Annotated[date | None, noted(_("Ends"), listed=True)] = None
    withdrawn: Annotated[date | None, noted(_("Withdrawn on"))] = None
    evidence: Annotated[Text | None, noted(_("Evidence"), _("What showed that each requirement is kept."))] = None
    reason: Annotated[Text | None, noted(_("Why it was withdrawn"))] = None
    act: Annotated[str, noted(_("Official act"), reference="act")] = ""
