"""An evaluation: what a project changed, in figures and in words, negative effects too."""

from datetime import date
from typing import Annotated, ClassVar

import msgspec

from bocage.domain.declaration import Declaration, noted
from bocage.domain.label import Labelled
from bocage.domain.text import Text
from bocage.domain.text import message as _


class EffectDomain(Labelled):
    """Where effects are looked for."""

    USAGE = "usage", _("Usage")
    SERVICE = "service", _("Quality of the service")
    POLICIES = "policies", _("Public policies")
    LIFE = "quality-of-life", _("Quality of life")
    ATTRACTIVENESS = "attractiveness", _("Attractiveness of the territory")
    RESOURCES = "resources", _("Resources and environment")


class Sense(Labelled):
    """Which way an effect goes."""

    POSITIVE = "positive", _("Positive")
    NEGATIVE = "negative", _("Negative")
    NONE = "none", _("No effect seen")


class EvaluatedFigure(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, forbid_unknown_fields=True):
    """A figure, expected and observed."""

    title: Annotated[Text, noted(_("Figure"))]
    indicator: Annotated[
        str, noted(_("Indicator"), _("Where the machine works the figure out."), reference="indicator")
    ] = ""
    expected: Annotated[float | None, noted(_("Expected"))] = None
    observed: Annotated[float | None, noted(_("Observed"))] = None
    unit: Annotated[str, noted(_("Unit"), max_length=30)] = ""


class Effect(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, forbid_unknown_fields=True):
    """An effect in words, with the method that showed it."""

    domain: Annotated[EffectDomain, noted(_("About"))]
    sense: Annotated[Sense, noted(_("Which way"))] = Sense.POSITIVE
    words: Annotated[Text, noted(_("In words"), _("What was seen or heard."))]
    method: Annotated[Text | None, noted(_("Method"), _("Interviews, questionnaire, visits: say which."))] = None
    asked: Annotated[Annotated[int, msgspec.Meta(ge=0)] | None, noted(_("People asked"), _("How many, never who."))] = (
        None
    )


class Evaluation(Declaration, frozen=True, kw_only=True):
    """One evaluation of a project or an experiment; closed with figures and words, never with one of them alone."""

    kind: ClassVar[str] = "evaluation"
    label: ClassVar[str] = _("Evaluation")
    plural: ClassVar[str] = _("Evaluations")
    about: ClassVar[str] = _("What projects have changed, in figures and in words, what went wrong included.")

    title: Annotated[Text, noted(_("Title"), listed=True)]
    project: Annotated[str, noted(_("Project"), reference="project", listed=True)] = ""
    experiment: Annotated[str, noted(_("Experiment"), reference="experiment")] = ""
    evaluator: Annotated[
        str,
        noted(
            _("Carried out by"), _("Empty when the territory does it itself."), reference="organisation", listed=True
        ),
    ] = ""
    starts: Annotated[date | None, noted(_("Looks at the time from"))] = None
    ends: Annotated[date | None, noted(_("To"))] = None
    figures: Annotated[tuple[EvaluatedFigure, ...], noted(_("Figures"))] = ()
    effects: Annotated[tuple[Effect, ...], noted(_("Effects in words"))] = ()
    conclusion: Annotated[Text | None, noted(_("Conclusion"), _("What is carried on, changed or stopped."))] = None
    closed: Annotated[
        date | None, noted(_("Closed on"), _("It takes figures and words; empty while it goes on."), listed=True)
    ] = None
    link: Annotated[str, noted(_("Link to the report"), pattern=r"^(https?://.*)?$")] = ""
