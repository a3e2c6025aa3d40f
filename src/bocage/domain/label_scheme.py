"""A label scheme: what a label requires, and what shows each requirement."""

from typing import Annotated, ClassVar

import msgspec

from bocage.domain.declaration import Declaration, noted
from bocage.domain.label import Labelled
from bocage.domain.text import Text
from bocage.domain.text import message as _


class LabelObject(Labelled):
    """What a label may be given to."""

    TECHNOLOGY = "technology", _("Technology")
    PROJECT = "project", _("Project")
    DIGITAL_SERVICE = "digital-service", _("Digital service")
    TERRITORY = "territory", _("Territory")


class EvidenceAsked(Labelled):
    """The least level of evidence a requirement takes."""

    MEASURED = "measured", _("Measured by the machine")
    ATTESTED = "attested", _("Attested by a third party")
    DECLARED = "declared", _("Declared")


class LabelRequirement(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, forbid_unknown_fields=True):
    """One requirement."""

    title: Annotated[Text, noted(_("Requirement"))]
    promise: Annotated[
        str, noted(_("Promise"), _("Its code, where the machine works the answer out."), max_length=60)
    ] = ""
    evidence: Annotated[EvidenceAsked, noted(_("Least level of evidence"))] = EvidenceAsked.DECLARED


class LabelScheme(Declaration, frozen=True, kw_only=True):
    """One scheme; a label is granted under the version in force that day."""

    kind: ClassVar[str] = "label-scheme"
    label: ClassVar[str] = _("Label scheme")
    plural: ClassVar[str] = _("Label schemes")
    about: ClassVar[str] = _("What each label requires, and how one sees that it is kept.")

    title: Annotated[Text, noted(_("Name"), listed=True)]
    object: Annotated[LabelObject, noted(_("Given to"), listed=True)] = LabelObject.TECHNOLOGY
    issuer: Annotated[str, noted(_("Given by"), reference="organisation", listed=True)] = ""
    requirements: Annotated[tuple[LabelRequirement, ...], noted(_("Requirements"))] = ()
    months: Annotated[
        Annotated[int, msgspec.Meta(ge=1, le=240)] | None, noted(_("Valid for"), unit="months", listed=True)
    ] = None
    link: Annotated[str, noted(_("Link to the text"), pattern=r"^(https?://.*)?$")] = ""
