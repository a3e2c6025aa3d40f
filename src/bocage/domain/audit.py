"""An audit: who looked, at what, when, what was found, and how each finding was closed."""

from datetime import date
from typing import Annotated, ClassVar

import msgspec

from bocage.domain.declaration import Declaration, Worked, noted, worked
from bocage.domain.label import Labelled
from bocage.domain.text import Text
from bocage.domain.text import message as _


class AuditNature(Labelled):
    """What was looked at."""

    SECURITY = "security", _("Security")
    ACCESSIBILITY = "accessibility", _("Accessibility")
    PERSONAL_DATA = "data-protection", _("Protection of personal data")
    ALGORITHM = "algorithm", _("Algorithms")
    FOOTPRINT = "footprint", _("Footprint")


class Severity(Labelled):
    """How grave a finding is."""

    LOW = "low", _("Low")
    MEDIUM = "medium", _("Medium")
    HIGH = "high", _("High")
    CRITICAL = "critical", _("Critical")


class AuditFinding(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, forbid_unknown_fields=True):
    """One finding; how to exploit a weakness is never written here, everyone may read it."""

    title: Annotated[Text, noted(_("Finding"), _("Without what would help an attacker: everyone may read it."))]
    severity: Annotated[Severity, noted(_("Severity"))] = Severity.MEDIUM
    due: Annotated[date | None, noted(_("To be closed by"))] = None
    closed: Annotated[date | None, noted(_("Closed on"))] = None
    evidence: Annotated[Text | None, noted(_("How one sees that it is closed"))] = None


class Audit(Declaration, frozen=True, kw_only=True):
    """One audit by a third party, known by its SIREN."""

    kind: ClassVar[str] = "audit"
    label: ClassVar[str] = _("Audit")
    plural: ClassVar[str] = _("Audits")
    about: ClassVar[str] = _("Who looked at what, what was found, and what has been mended since.")

    title: Annotated[Text, noted(_("Title"), listed=True)]
    nature: Annotated[AuditNature, noted(_("About"), listed=True)]
    auditor: Annotated[
        str,
        noted(_("Auditor"), _("An organisation with its SIREN."), reference="organisation", listed=True),
    ] = ""
    scope: Annotated[Text | None, noted(_("Scope"), _("What was looked at, and what was not."))] = None
    project: Annotated[str, noted(_("Project"), reference="project")] = ""
    digital_service: Annotated[str, noted(_("Digital service"), reference="digital-service")] = ""
    sources: Annotated[tuple[str, ...], noted(_("Sources concerned"), reference="source")] = ()
    hosting: Annotated[str, noted(_("Hosting site"), reference="hosting-site")] = ""
    done: Annotated[date | None, noted(_("Finished on"), listed=True)] = None
    review: Annotated[date | None, noted(_("To be done again by"), listed=True)] = None
    findings: Annotated[tuple[AuditFinding, ...], noted(_("Findings"))] = ()
    link: Annotated[str, noted(_("Link to the report"), pattern=r"^(https?://.*)?$")] = ""

    def worked_out(self) -> tuple[Worked, ...]:
        """How many findings are still open."""
        return (worked(_("Findings still open"), len(self.open)),) if self.findings else ()

    @property
    def open(self) -> tuple[AuditFinding, ...]:
        """The findings that nobody has closed."""
        return tuple(one for one in self.findings if one.closed is None)
