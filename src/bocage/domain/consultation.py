"""A consultation, as far as promises must read it: about what, how long, how it was made known, what was answered."""

from datetime import date
from typing import Annotated, ClassVar

import msgspec

from bocage.domain.declaration import Declaration, Worked, noted, worked
from bocage.domain.label import Labelled
from bocage.domain.text import Text
from bocage.domain.text import message as _


class ConsultationMoment(Labelled):
    """Before what it is held."""

    DESIGN = "design", _("Before the project is designed")
    PURCHASE = "purchase", _("Before a purchase")
    DEPLOYMENT = "deployment", _("Before it is deployed")
    REVIEW = "review", _("While it runs, to look at it again")


class PublicityMeans(Labelled):
    """How people were told."""

    POSTING = "posting", _("Posted on site")
    TOWN_HALL = "town-hall", _("At the town hall")
    WEBSITE = "website", _("On the website")
    BULLETIN = "bulletin", _("In the bulletin")
    PRESS = "press", _("In the press")
    MAIL = "mail", _("By post or in letter boxes")
    MEETING = "meeting", _("At a public meeting")


class Publicity(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, forbid_unknown_fields=True):
    """One way people were told, and when."""

    means: Annotated[PublicityMeans, noted(_("Means"))]
    day: Annotated[date | None, noted(_("From"))] = None
    link: Annotated[str, noted(_("Link"), pattern=r"^(https?://.*)?$")] = ""


class Consultation(Declaration, frozen=True, kw_only=True):
    """One consultation."""

    kind: ClassVar[str] = "consultation"
    label: ClassVar[str] = _("Consultation")
    plural: ClassVar[str] = _("Consultations")
    about: ClassVar[str] = _("What residents were asked, how long, and what was answered to them.")

    title: Annotated[Text, noted(_("Title"), listed=True)]
    question: Annotated[Text | None, noted(_("Question asked"))] = None
    moment: Annotated[ConsultationMoment, noted(_("Held"), listed=True)] = ConsultationMoment.DESIGN
    project: Annotated[str, noted(_("Project"), reference="project", listed=True)] = ""
    sources: Annotated[tuple[str, ...], noted(_("Sources concerned"), reference="source")] = ()
    datasets: Annotated[tuple[str, ...], noted(_("Datasets concerned"), reference="dataset")] = ()
    algorithms: Annotated[tuple[str, ...], noted(_("Algorithms concerned"), reference="algorithm")] = ()
    opens: Annotated[date | None, noted(_("Opens on"), listed=True)] = None
    closes: Annotated[date | None, noted(_("Closes on"), _("Last day on which people may answer."), listed=True)] = None
    publicity: Annotated[tuple[Publicity, ...], noted(_("How people were told"))] = ()
    contributions: Annotated[
        Annotated[int, msgspec.Meta(ge=0)] | None, noted(_("Contributions received"), _("How many, never who."))
    ] = None
    answered: Annotated[date | None, noted(_("Answered on"), _("The day the answers were published."), listed=True)] = (
        None
    )
    answers: Annotated[Text | None, noted(_("Answers"), _("What was taken up, what was not, and why."))] = None
    link: Annotated[str, noted(_("Link"), pattern=r"^(https?://.*)?$")] = ""
    act: Annotated[str, noted(_("Official act"), reference="act")] = ""

    def worked_out(self) -> tuple[Worked, ...]:
        """How long it was open."""
        return (worked(_("Open for"), self.days, _("days")),) if self.days else ()

    @property
    def days(self) -> int:
        """How many days it was open, first and last included; 0 while a day lacks."""
        return (self.closes - self.opens).days + 1 if self.opens and self.closes else 0
