"""A decision: what was decided, on which data, and what was expected of it."""

from datetime import date
from typing import Annotated, ClassVar

from bocage.domain.declaration import Declaration, noted
from bocage.domain.text import Text
from bocage.domain.text import message as _


class TakenDecision(Declaration, frozen=True, kw_only=True):
    """One decision about a service or a project, with the data that led to it."""

    kind: ClassVar[str] = "decision"
    label: ClassVar[str] = _("Decision")
    plural: ClassVar[str] = _("Decisions")
    about: ClassVar[str] = _("What was decided with the data, why, and what came of it.")

    title: Annotated[Text, noted(_("What was decided"), listed=True)]
    day: Annotated[date | None, noted(_("Date"), listed=True)] = None
    service: Annotated[str, noted(_("Public service"), reference="public-service", listed=True)] = ""
    project: Annotated[str, noted(_("Project"), reference="project", listed=True)] = ""
    taken_by: Annotated[str, noted(_("Taken by"), _("The role, never the person."), reference="role")] = ""
    reason: Annotated[Text | None, noted(_("Reason"))] = None
    indicators: Annotated[tuple[str, ...], noted(_("Indicators looked at"), reference="indicator")] = ()
    datasets: Annotated[tuple[str, ...], noted(_("Datasets looked at"), reference="dataset")] = ()
    algorithms: Annotated[tuple[str, ...], noted(_("Algorithms that helped"), reference="algorithm")] = ()
    expected: Annotated[Text | None, noted(_("What was expected"))] = None
    review: Annotated[date | None, noted(_("Looked at again on"), _("The day one compares."), listed=True)] = None
    observed: Annotated[Text | None, noted(_("What came of it"))] = None
    act: Annotated[str, noted(_("Official act"), reference="act")] = ""
