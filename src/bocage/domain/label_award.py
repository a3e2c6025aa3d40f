"""A label granted: to what, under which scheme, until when, on which evidence."""

from datetime import date
from typing import Annotated, ClassVar

import msgspec

from bocage.domain.declaration import Declaration, noted
from bocage.domain.label_scheme import EvidenceAsked
from bocage.domain.text import Text
from bocage.domain.text import message as _


class LabelProof(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, forbid_unknown_fields=True):
    """What shows one requirement that no promise answers."""

    requirement: Annotated[int, noted(_("Requirement no."), _("Its place in the scheme, from 1."), ge=1, le=99)]
    level: Annotated[EvidenceAsked, noted(_("How it is known"))] = EvidenceAsked.DECLARED
    by: Annotated[
        str, noted(_("Shown by"), _("Who attests it, where a third party does."), reference="organisation")
    ] = ""
    on: Annotated[date | None, noted(_("Shown on"))] = None
    until: Annotated[date | None, noted(_("Shown until"))] = None
    what: Annotated[Text | None, noted(_("What it is"))] = None


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
    proofs: Annotated[
        tuple[LabelProof, ...],
        noted(_("What shows each requirement"), _("Only those that no promise answers: the machine finds the others.")),
    ] = ()
    reason: Annotated[Text | None, noted(_("Why it was withdrawn"))] = None
    act: Annotated[str, noted(_("Official act"), reference="act")] = ""

    def in_force(self, today: date) -> bool:
        """Whether it is borne on that day."""
        begun = self.granted is not None and self.granted <= today
        return begun and self.withdrawn is None and (self.ends is None or today < self.ends)
