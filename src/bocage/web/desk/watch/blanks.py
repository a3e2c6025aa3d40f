"""The sentence of a rule as blanks to fill: from a rule to what the form shows, from what was sent to a rule."""

from collections.abc import Mapping
from datetime import date
from typing import Annotated, Any

import msgspec

from bocage.domain.declaration import noted
from bocage.domain.label import Labelled
from bocage.domain.measure import CLOCK, Aggregate, Measure, Period, Window, fits
from bocage.domain.nature import Nature
from bocage.domain.rule import Bound, Comparison, Constant, Operator, Rule, Usual
from bocage.domain.sensing import Datastream
from bocage.domain.text import Text
from bocage.domain.text import message as _
from bocage.web.forms.read import Read, Sent, read

_CLOCK = rf"^$|{CLOCK}"
_Percent = Annotated[float, msgspec.Meta(ge=0, le=1000)]
_Weeks = Annotated[int, msgspec.Meta(ge=3, le=52)]


class Against(Labelled):
    """What the figure is compared with."""

    USUAL = "usual", _("its usual value")
    CONSTANT = "constant", _("a threshold that is always the same")


class Blanks(msgspec.Struct, frozen=True, kw_only=True):
    """Every blank of the sentence, flat; empty ones say nothing."""

    title: Annotated[Text, noted(_("Name"))]
    called: Annotated[
        Text | None,
        noted(
            _("What is watched, in words"), _("As in: the electricity of the school. Empty: the names of the series.")
        ),
    ] = None
    series: Annotated[tuple[str, ...], noted(_("Series watched"), min_length=1)] = ()
    aggregate: Annotated[Aggregate, noted(_("the figure"))] = Aggregate.MEAN
    period: Annotated[Period, noted(_("for each"))] = Period.DAY
    begins: Annotated[str, noted(_("only between"), control="clock", pattern=_CLOCK)] = ""
    ends: Annotated[str, noted(_("and"), control="clock", pattern=_CLOCK)] = ""
    together: Annotated[bool, noted(_("One figure for all these series together"))] = False
    operator: Annotated[Operator, noted(_("is"))] = Operator.ABOVE
    against: Annotated[Against, noted(_("compared with"))] = Against.USUAL
    value: Annotated[float | None, noted(_("Threshold"))] = None
    percent: Annotated[_Percent | None, noted(_("away from it by"), unit="%")] = None
    weeks: Annotated[_Weeks | None, noted(_("over the last weeks"))] = None
    lasting: Annotated[int, noted(_("periods in a row"), ge=1, le=60)] = 1
    service: Annotated[str, noted(_("The service it is of"), min_length=1)] = ""
    tells: Annotated[tuple[str, ...], noted(_("Others told too"))] = ()
    since: Annotated[date | None, noted(_("Looks at periods that end from"))] = None


def begun(rule: Rule, streams: Mapping[str, Datastream]) -> dict[str, Any]:
    """What the form shows of a rule, as a tree of strings; a share of the time in percent."""
    times = 100 if _is_share(rule.condition.measure, streams) else 1
    condition, measure, than = rule.condition, rule.condition.measure, rule.condition.than
    usual = than if isinstance(than, Usual) else Usual()
    return {
        "title": _said(rule.title),
        "called": _said(rule.called),
        "series": list(measure.datastreams),
        "aggregate": measure.aggregate.value,
        "period": measure.period.value,
        "begins": measure.window.start if measure.window else "",
        "ends": measure.window.end if measure.window else "",
        "together": measure.together,
        "operator": condition.operator.value,
        "against": (Against.USUAL if isinstance(than, Usual) else Against.CONSTANT).value,
        "value": f"{than.value * times:.10g}" if isinstance(than, Constant) else "",
        "percent": f"{usual.percent:.10g}",
        "weeks": str(usual.weeks),
        "lasting": str(condition.lasting),
        "service": rule.service,
        "tells": list(rule.tells),
        "since": rule.since.isoformat() if rule.since else "",
    }


def filled(sent: Sent, streams: Mapping[str, Datastream], *, active: bool) -> Read:
    """The rule that was sent, or what is wrong by blank. `streams`: the series this person may watch."""
    found = read(Blanks, sent)
    if found.body is None:
        return found
    wrong = _wrong(found.body, streams)
    if wrong:
        return msgspec.structs.replace(found, body=None, errors=wrong)
    return msgspec.structs.replace(found, body=_rule(found.body, streams, active))


def _is_share(measure: Measure, streams: Mapping[str, Datastream]) -> bool:
    """Whether the figure is a share of the time, 0 to 1."""
    natures = {streams[slug].nature for slug in measure.datastreams if slug in streams}
    return natures == {Nature.STATE} and measure.aggregate is Aggregate.MEAN and measure.period is not Period.VALUE


def _said(text: Text | None) -> dict[str, str]:
    return {"fr": text.fr, "en": text.en} if text else {"fr": "", "en": ""}


def _wrong(said: Blanks, streams: Mapping[str, Datastream]) -> dict[str, str]:
    """What does not go together, beside the blank one changes."""
    natures = {streams[slug].nature for slug in said.series if slug in streams}
    window = bool(said.begins or said.ends)
    small = said.period in (Period.VALUE, Period.HOUR)
    alone = said.period is Period.VALUE or said.aggregate is Aggregate.LAST
    usual = said.against is Against.USUAL
    faults = {
        "series": (not set(said.series) <= set(streams), _("Choose among the series of the list.")),
        "aggregate": (
            any(not fits(nature, said.aggregate) for nature in natures),
            _("This figure means nothing for these values: choose another one."),
        ),
        "begins": (window and small, _("A part of the day goes with days, weeks or months.")),
        "ends": (
            window and (not said.begins or not said.ends or said.begins == said.ends),
            _("Say when it begins and when it ends, two different times."),
        ),
        "together": (said.together and alone, _("Single values and last values are looked at series by series.")),
        "value": (not usual and said.value is None, _("This is required.")),
        "percent": (usual and said.percent is None, _("This is required.")),
    }
    return {name: told for name, (fault, told) in faults.items() if fault}


def _rule(said: Blanks, streams: Mapping[str, Datastream], active: bool) -> Rule:
    measure = Measure(
        datastreams=tuple(dict.fromkeys(said.series)),
        aggregate=said.aggregate,
        period=said.period,
        window=Window(start=said.begins, end=said.ends) if said.begins else None,
        together=said.together,
    )
    value = said.value or 0.0
    than: Bound = Constant(value=value / 100 if _is_share(measure, streams) else value)
    if said.against is Against.USUAL:
        than = Usual(percent=said.percent or 0.0, weeks=said.weeks or Usual().weeks)
    return Rule(
        title=said.title,
        called=said.called,
        service=said.service,
        condition=Comparison(measure=measure, operator=said.operator, than=than, lasting=said.lasting),
        tells=_others(said),
        since=said.since,
        active=active,
    )


def _others(said: Blanks) -> tuple[str, ...]:
    """The services told, its own first; none written where only its own is."""
    others = [slug for slug in said.tells if slug != said.service]
    return (said.service, *others) if others else ()
