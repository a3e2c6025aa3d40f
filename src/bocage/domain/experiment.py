"""An experiment: a protocol fixed before the first measurement, then results, cost and lessons held against it."""

from datetime import date
from typing import Annotated, ClassVar

import msgspec

from bocage.domain.declaration import Declaration, noted
from bocage.domain.indicator import Direction
from bocage.domain.label import Labelled
from bocage.domain.text import Text
from bocage.domain.text import message as _


class ExperimentForm(Labelled):
    """How much is asked of it."""

    FULL = "full", _("Full: something new is tested")
    LIGHT = "light", _("Light: to learn, or to reuse a result of elsewhere")


class Verdict(Labelled):
    """How it ended, held against its protocol."""

    REACHED = "reached", _("What was expected is reached")
    PARTLY = "partly", _("Reached in part")
    MISSED = "missed", _("Not reached")
    STOPPED = "stopped", _("Stopped before its end")


class Criterion(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, forbid_unknown_fields=True):
    """One threshold, said before."""

    title: Annotated[Text, noted(_("What is looked at"))]
    indicator: Annotated[
        str, noted(_("Indicator"), _("Where the machine works the figure out."), reference="indicator")
    ] = ""
    direction: Annotated[Direction, noted(_("Aim"))] = Direction.AT_LEAST
    threshold: Annotated[float | None, noted(_("Threshold to reach"), _("Said before, never afterwards."))] = None
    unit: Annotated[str, noted(_("Unit"), max_length=30)] = ""


class Protocol(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, forbid_unknown_fields=True):
    """What is said before the first measurement and never changes afterwards."""

    hypothesis: Annotated[Text | None, noted(_("Hypothesis"), _("If we do this, then that will change."))] = None
    benchmark: Annotated[
        Text | None, noted(_("Compared with"), _("The situation before, another place, another way of doing it."))
    ] = None
    criteria: Annotated[tuple[Criterion, ...], noted(_("Criteria"))] = ()
    starts: Annotated[date | None, noted(_("Starts"))] = None
    ends: Annotated[date | None, noted(_("Ends"), _("An experiment has an end."))] = None
    cost: Annotated[
        Annotated[float, msgspec.Meta(ge=0)] | None, noted(_("Planned cost"), _("Everything included."), unit="€")
    ] = None
    public_percent: Annotated[
        Annotated[float, msgspec.Meta(ge=0, le=100)] | None, noted(_("Share of public money"), unit="%")
    ] = None

    @property
    def whole(self) -> bool:
        """Whether nothing lacks before it is fixed: hypothesis, comparison, criteria with thresholds, dates, cost."""
        said = (self.hypothesis, self.benchmark, self.criteria, self.starts, self.ends)
        measured = all(one.threshold is not None for one in self.criteria)
        return all(said) and measured and self.cost is not None


class Result(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, forbid_unknown_fields=True):
    """What was measured for one criterion."""

    criterion: Annotated[int, noted(_("Number of the criterion"), _("1 for the first."), ge=1)] = 1
    value: Annotated[float | None, noted(_("Measured value"))] = None
    words: Annotated[Text | None, noted(_("In words"), _("How it was measured, and what to think of it."))] = None


class Compared(msgspec.Struct, frozen=True, kw_only=True):
    """A threshold and what was measured for it; `criterion` is None where a result bears the number of none."""

    criterion: Criterion | None
    result: Result | None

    @property
    def reached(self) -> bool | None:
        """Whether the value is on the side of its threshold; None while either lacks."""
        criterion, value = self.criterion, self.result.value if self.result else None
        if criterion is None or criterion.threshold is None or value is None:
            return None
        return (
            value >= criterion.threshold if criterion.direction is Direction.AT_LEAST else value <= criterion.threshold
        )


class Outcome(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, forbid_unknown_fields=True):
    """How it ended: written once, published, failures as much as successes."""

    closed: Annotated[date | None, noted(_("Closed on"))] = None
    verdict: Annotated[Verdict | None, noted(_("Conclusion"))] = None
    results: Annotated[tuple[Result, ...], noted(_("Results"))] = ()
    cost: Annotated[Annotated[float, msgspec.Meta(ge=0)] | None, noted(_("Real cost"), unit="€")] = None
    lessons: Annotated[Text | None, noted(_("Lessons"), _("What another territory should know before it starts."))] = (
        None
    )
    harms: Annotated[Text | None, noted(_("Negative effects"), _("Nobody expects none: say what was seen."))] = None


class Experiment(Declaration, frozen=True, kw_only=True):
    """One experiment; it is closed once its outcome says the day."""

    kind: ClassVar[str] = "experiment"
    label: ClassVar[str] = _("Experiment")
    plural: ClassVar[str] = _("Experiments")
    about: ClassVar[str] = _("What is tested, against what was said before, and what came of it, failures too.")

    title: Annotated[Text, noted(_("Title"), listed=True)]
    project: Annotated[str, noted(_("Project"), reference="project", listed=True)] = ""
    service: Annotated[str, noted(_("Public service"), reference="public-service", listed=True)] = ""
    form: Annotated[ExperimentForm, noted(_("Form"), listed=True)] = ExperimentForm.FULL
    use_case: Annotated[
        str,
        noted(
            _("Use case"),
            _("Its code in the library, such as BA3: tells whether others have tested it."),
            max_length=40,
        ),
    ] = ""
    learns_from: Annotated[
        Text | None, noted(_("Learns from"), _("For a light one: whose result is reused, or who is trained."))
    ] = None
    technologies: Annotated[tuple[str, ...], noted(_("Technologies"), reference="technology")] = ()
    sources: Annotated[
        tuple[str, ...],
        noted(_("Sources"), _("What measures for it: nothing before the protocol is fixed."), reference="source"),
    ] = ()
    protocol: Annotated[Protocol, noted(_("Protocol"))] = Protocol()
    frozen: Annotated[
        date | None,
        noted(_("Protocol fixed on"), _("From that day on it does not change; the history proves it."), listed=True),
    ] = None
    outcome: Annotated[Outcome | None, noted(_("Outcome"), _("Written at the end."))] = None
    act: Annotated[str, noted(_("Official act"), reference="act")] = ""
    origin: Annotated[
        str, noted(_("Taken from"), _("Its name in the shared resources, or the guide it comes from."), max_length=400)
    ] = ""

    @property
    def closed(self) -> date | None:
        """The day it was closed."""
        return self.outcome.closed if self.outcome else None

    def compared(self) -> tuple[Compared, ...]:
        """Each threshold beside its results, in their order; then the results that bear no number of the protocol."""
        criteria, results = self.protocol.criteria, self.outcome.results if self.outcome else ()
        found: list[Compared] = []
        for number, criterion in enumerate(criteria, 1):
            own = tuple(one for one in results if one.criterion == number)
            found += [Compared(criterion=criterion, result=one) for one in own or (None,)]
        found += [Compared(criterion=None, result=one) for one in results if one.criterion > len(criteria)]
        return tuple(found)
