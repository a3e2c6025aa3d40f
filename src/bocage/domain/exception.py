"""An exception: a promise lifted for something named, for a time, by an act, in public."""

from datetime import date
from typing import Annotated, ClassVar

from bocage.domain.declaration import Declaration, noted
from bocage.domain.label import Labelled
from bocage.domain.text import Text
from bocage.domain.text import message as _


class ExceptionNature(Labelled):
    """Why the promise is lifted for a time."""

    REGULARISATION = "regularisation", _("Regularisation period (a flow that already ran)")
    REASONED = "reasoned", _("Reasoned exception")


OBJECTS = (
    *("source", "dataset", "project", "contract", "experiment"),
    *("evaluation", "digital_service", "application", "label_award"),
)
"""The fields that say what an exception is for, in the order of its form."""


class ReasonedException(Declaration, frozen=True, kw_only=True):
    """Signed, reasoned, dated, public; a regularisation is never renewed; nothing lifts a forbidden practice."""

    kind: ClassVar[str] = "exception"
    label: ClassVar[str] = _("Reasoned exception")
    plural: ClassVar[str] = _("Exceptions and regularisation periods")
    about: ClassVar[str] = _("Promises lifted for a time, by whom, why and until when.")

    title: Annotated[Text, noted(_("Title"), listed=True)]
    promise: Annotated[
        str, noted(_("Promise lifted"), _("Its code, as on the commitments page."), listed=True, min_length=1)
    ]
    source: Annotated[str, noted(_("For the source"), reference="source", listed=True)] = ""
    dataset: Annotated[str, noted(_("For the dataset"), reference="dataset", listed=True)] = ""
    project: Annotated[str, noted(_("For the project"), reference="project", listed=True)] = ""
    contract: Annotated[str, noted(_("For the contract"), reference="contract")] = ""
    experiment: Annotated[str, noted(_("For the experiment"), reference="experiment")] = ""
    evaluation: Annotated[str, noted(_("For the evaluation"), reference="evaluation")] = ""
    digital_service: Annotated[str, noted(_("For the digital service"), reference="digital-service")] = ""
    application: Annotated[str, noted(_("For the application"), reference="application")] = ""
    label_award: Annotated[str, noted(_("For the label granted"), reference="label-award")] = ""
    nature: Annotated[ExceptionNature, noted(_("Nature"), listed=True)] = ExceptionNature.REASONED
    starts: Annotated[date, noted(_("Starts"), listed=True)]
    ends: Annotated[date, noted(_("Ends"), listed=True)]
    reason: Annotated[Text, noted(_("Reason"))]
    act: Annotated[str, noted(_("Official act"), reference="act")] = ""
    signed_by: Annotated[str, noted(_("Signed by"), personal=True)] = ""

    def __post_init__(self) -> None:
        if self.ends <= self.starts:
            raise ValueError("an exception ends after it starts")
        if not self.objects:
            raise ValueError("an exception names what it is for")

    def runs(self, today: date) -> bool:
        """Whether it holds on that day; both days are included."""
        return self.starts <= today <= self.ends

    @property
    def objects(self) -> tuple[tuple[str, str], ...]:
        """(kind, slug) of what it is for."""
        named = ((name.replace("_", "-"), str(getattr(self, name))) for name in OBJECTS)
        return tuple((kind, slug) for kind, slug in named if slug)
