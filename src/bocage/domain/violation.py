"""A violation of personal data: what happened, since when it is known, who was told, and why others were not."""

from datetime import UTC, date, datetime, time, timedelta
from typing import Annotated, ClassVar
from zoneinfo import ZoneInfo

import msgspec

from bocage.domain.declaration import Declaration, noted
from bocage.domain.label import Labelled
from bocage.domain.text import Text
from bocage.domain.text import message as _

HOURS = 72
"""Regulation (EU) 2016/679, article 33(1): the authority is told within so many hours of becoming aware."""
_CLOCK = r"^(([01][0-9]|2[0-3]):[0-5][0-9])?$"


class Loss(Labelled):
    """What was lost: the three parts of the definition in article 4(12)."""

    CONFIDENTIALITY = "confidentiality", _("Confidentiality: somebody saw or received what they should not")
    INTEGRITY = "integrity", _("Integrity: data were changed")
    AVAILABILITY = "availability", _("Availability: data are lost or out of reach")


class Danger(Labelled):
    """What it may do to the persons concerned: articles 33(1) and 34(1)."""

    UNLIKELY = "unlikely", _("A risk is unlikely: the authority need not be told (GDPR 33(1))")
    LIKELY = "risk", _("A risk: the authority is told (GDPR 33(1))")
    HIGH = "high", _("A high risk: the persons are told too (GDPR 34(1))")


class Phase(Labelled):
    """How complete a notification is: article 33(4) allows phases."""

    FIRST = "first", _("First notification, to be completed")
    MORE = "more", _("Further information, not the last")
    COMPLETE = "complete", _("Complete")


class Ground(Labelled):
    """Why persons need not be told one by one although the risk is high: article 34(3)."""

    PROTECTED = "protected", _("The data were unintelligible to others, as by encryption (GDPR 34(3)(a))")
    AVERTED = "averted", _("What was done since makes a high risk unlikely (GDPR 34(3)(b))")
    PUBLIC = "public", _("It would be out of proportion: a public communication was made instead (GDPR 34(3)(c))")


class Notified(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, forbid_unknown_fields=True):
    """One notification to the authority."""

    day: Annotated[date, noted(_("Notified on"))]
    clock: Annotated[str, noted(_("At what time"), _("Hours and minutes here."), control="clock", pattern=_CLOCK)] = ""
    phase: Annotated[Phase, noted(_("How complete"))] = Phase.FIRST
    receipt: Annotated[str, noted(_("Number of its receipt"), max_length=64)] = ""


class Violation(Declaration, frozen=True, kw_only=True):
    """One violation. Agents only; it names nobody, since its history is kept for ever."""

    kind: ClassVar[str] = "violation"
    public: ClassVar[bool] = False
    label: ClassVar[str] = _("Violation of personal data")
    plural: ClassVar[str] = _("Violations of personal data")
    about: ClassVar[str] = _(
        "Data lost, changed or seen by others: what happened, who was told and when (GDPR 33, 34)."
    )

    title: Annotated[Text, noted(_("In a few words"), _("Name nobody: the history is kept for ever."), listed=True)]
    aware: Annotated[
        date,
        noted(_("Known since"), _("The day on which the territory became aware: the 72 hours begin."), listed=True),
    ]
    aware_clock: Annotated[
        str,
        noted(
            _("At what time"),
            _("Hours and minutes here; the day counts from midnight when empty."),
            control="clock",
            pattern=_CLOCK,
        ),
    ] = ""
    since: Annotated[date | None, noted(_("Began on"), _("As far as it is known."))] = None
    until: Annotated[date | None, noted(_("Ended on"))] = None
    losses: Annotated[tuple[Loss, ...], noted(_("What was lost"))] = ()
    facts: Annotated[Text | None, noted(_("What happened"))] = None
    processor: Annotated[
        str, noted(_("Told by"), _("The processor who told the territory (GDPR 33(2))."), reference="organisation")
    ] = ""
    purposes: Annotated[tuple[str, ...], noted(_("Processing concerned"), reference="purpose")] = ()
    datasets: Annotated[tuple[str, ...], noted(_("Datasets concerned"), reference="dataset")] = ()
    categories: Annotated[Text | None, noted(_("Which persons"), _("Categories, no names."))] = None
    persons: Annotated[Annotated[int, msgspec.Meta(ge=0)] | None, noted(_("How many persons, about"))] = None
    records: Annotated[Annotated[int, msgspec.Meta(ge=0)] | None, noted(_("How many records, about"))] = None
    effects: Annotated[Text | None, noted(_("Effects, likely or seen"))] = None
    measures: Annotated[Text | None, noted(_("What was done, and what will be"))] = None
    danger: Annotated[Danger | None, noted(_("What it may do to persons"), listed=True)] = None
    danger_reason: Annotated[Text | None, noted(_("Why it is judged so"))] = None
    notifications: Annotated[tuple[Notified, ...], noted(_("Notifications to the CNIL"))] = ()
    delay_reason: Annotated[
        Text | None, noted(_("Why the CNIL was told late"), _("Where 72 hours had passed (GDPR 33(1))."))
    ] = None
    told: Annotated[date | None, noted(_("Persons told on"), listed=True)] = None
    told_how: Annotated[Text | None, noted(_("How, and in which words"))] = None
    untold: Annotated[Ground | None, noted(_("Why they need not be told"))] = None
    untold_reason: Annotated[Text | None, noted(_("What shows it"))] = None
    closed: Annotated[date | None, noted(_("Closed on"), listed=True)] = None

    def known(self, zone: str) -> datetime:
        """When the territory became aware."""
        return _moment(self.aware, self.aware_clock, zone)

    def deadline(self, zone: str) -> datetime:
        """Until when the authority is told without reasons for a delay."""
        return self.known(zone).astimezone(UTC) + timedelta(hours=HOURS)

    def first_told(self, zone: str) -> datetime | None:
        """When the authority was first told; the end of that day where the hour is not said."""
        return min((_moment(one.day, one.clock or "23:59", zone) for one in self.notifications), default=None)

    @property
    def documented(self) -> bool:
        """Facts, effects and remedial action: what article 33(5) asks for, whoever was told."""
        return None not in (self.facts, self.effects, self.measures)

    @property
    def complete(self) -> bool:
        """Whether the authority has all: the last phase was sent."""
        return any(one.phase is Phase.COMPLETE for one in self.notifications)


def _moment(day: date, clock: str, zone: str) -> datetime:
    hours, minutes = (clock or "00:00").split(":")
    return datetime.combine(day, time(int(hours), int(minutes)), ZoneInfo(zone))
