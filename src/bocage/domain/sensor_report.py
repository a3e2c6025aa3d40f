"""A sensor report: somebody saw a sensor that no register tells of, and what came of it."""

from datetime import date
from typing import Annotated, ClassVar

from bocage.domain.declaration import Declaration, noted
from bocage.domain.label import Labelled
from bocage.domain.text import Text
from bocage.domain.text import message as _


class ReportAnswer(Labelled):
    """What was found on the spot."""

    OURS = "ours", _("It is ours, or a contractor's who works for us")
    OTHERS = "others", _("It belongs to somebody else")
    NOTHING = "nothing", _("There is no sensor, or no more")


class SensorReport(Declaration, frozen=True, kw_only=True):
    """One report of a resident, entered by whoever received it; who made it is never written."""

    kind: ClassVar[str] = "sensor-report"
    label: ClassVar[str] = _("Report of a sensor")
    plural: ClassVar[str] = _("Reports of sensors")
    about: ClassVar[str] = _("Sensors that residents saw and that no register told of, and what was answered.")

    title: Annotated[Text, noted(_("What was seen"), _("And where. Never who reported it."), listed=True)]
    place: Annotated[str, noted(_("Place"), listed=True)] = ""
    location: Annotated[tuple[float, float] | None, noted(_("Position (longitude, latitude)"))] = None
    received: Annotated[date, noted(_("Date of the report"), listed=True)]
    answer: Annotated[ReportAnswer | None, noted(_("What it is"), listed=True)] = None
    answered: Annotated[date | None, noted(_("Date of the answer"), listed=True)] = None
    thing: Annotated[
        str, noted(_("The thing, declared since"), _("When it is ours: it then has its notice."), reference="thing")
    ] = ""
    words: Annotated[Text | None, noted(_("The answer in words"), _("Whose it is, what it measures, whom to ask."))] = (
        None
    )
