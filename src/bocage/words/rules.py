"""The one readable sentence of a rule, from its syntax tree.

"when the electricity of the school between 22:00 and 06:00 exceeds its usual value by 30% for 2 nights, tell the
Buildings service"
"""

import re

from bocage.domain.measure import Aggregate, Measure, Period
from bocage.domain.nature import Nature
from bocage.domain.rule import Comparison, Constant, Operator, Rule, Usual
from bocage.domain.text import Text
from bocage.domain.text import message as _
from bocage.words.catalogue import language, translate
from bocage.words.figures import number
from bocage.words.moments import clock
from bocage.words.naming import Called, Names

FEW = 3  # series that a sentence names one by one

_FIGURES = {
    Aggregate.MEAN: _("the mean of %(subject)s"),
    Aggregate.MINIMUM: _("the least value of %(subject)s"),
    Aggregate.MAXIMUM: _("the greatest value of %(subject)s"),
    Aggregate.LAST: _("the last value of %(subject)s"),
}
_LASTING = {
    "night": (_("for one night"), _("for %(count)s nights")),
    Period.VALUE: ("", _("for %(count)s values in a row")),
    Period.HOUR: (_("for one hour"), _("for %(count)s hours")),
    Period.DAY: (_("for one day"), _("for %(count)s days")),
    Period.WEEK: (_("for one week"), _("for %(count)s weeks")),
    Period.MONTH: (_("for one month"), _("for %(count)s months")),
}
_CONSTANT = {Operator.ABOVE: _("exceeds %(bound)s"), Operator.BELOW: _("falls below %(bound)s")}
_USUAL = {
    Operator.ABOVE: _("exceeds its usual value by %(bound)s"),
    Operator.BELOW: _("falls %(bound)s below its usual value"),
}
_JUST_USUAL = {Operator.ABOVE: _("exceeds its usual value"), Operator.BELOW: _("falls below its usual value")}


def sentence(rule: Rule, names: Names, lang: str) -> str:
    """The rule in one sentence, without a capital and without a full stop."""
    measure = rule.condition.measure
    parts = (
        _say(_("when %(subject)s"), lang, subject=_figure(rule, names, lang)),
        _window(measure, lang),
        _bound(rule.condition, names, lang),
        _lasting(rule.condition, lang),
    )
    when = " ".join(part for part in parts if part)
    services = _together([_service(title, lang) for title in names.services], lang)
    return _say(_("%(when)s, tell %(services)s"), lang, when=when, services=services)


def whole_sentence(rule: Rule, names: Names, lang: str) -> str:
    """The same, to stand alone: with its capital and its full stop."""
    said = sentence(rule, names, lang)
    return f"{said[:1].upper()}{said[1:]}."


def usual_sentence(usual: Usual, lang: str) -> str:
    """What "usual" means in a rule."""
    told = _(
        "The usual value is the median of the same period (the same hour, the same night of the week) over the "
        "%(weeks)s weeks before, when at least %(needed)s of them are known."
    )
    return _say(told, lang, weeks=number(usual.weeks, lang), needed=number(usual.needed, lang))


def used_sentence(names: Names, lang: str) -> str:
    """Which measurements a rule looks at: what they observe, in which unit, how many series."""
    counted: dict[tuple[str, str], int] = {}
    for one in names.series:
        observed = _quoted(one.observed, lang)
        counted[observed, one.unit] = counted.get((observed, one.unit), 0) + 1
    parts = []
    for (observed, unit), count in counted.items():
        told = _("%(observed)s: one series") if count == 1 else _("%(observed)s: %(count)s series")
        named = f"{observed} ({unit})" if unit else observed
        parts.append(_say(told, lang, observed=named, count=number(count, lang)))
    return "; ".join(parts) + "."


def bound_words(condition: Comparison, unit: str, lang: str) -> str:
    """What a figure is compared with, alone: 25 °C, or 30% away from its usual value."""
    if isinstance(condition.than, Constant):
        return number(condition.than.value, lang, unit)
    return number(condition.than.percent, lang, "%")


def _say(message: str, lang: str, **values: str) -> str:
    """The message with its values; French contracts "de le" and "de les"."""
    said = translate(message, lang) % values
    if language(lang) == "fr":
        said = re.sub(r"\b([Dd])e les? (?=\w)", lambda m: m[1] + ("es " if m[0].endswith("les ") else "u "), said)
    return said


def _figure(rule: Rule, names: Names, lang: str) -> str:
    measure, subject = rule.condition.measure, _subject(rule, names, lang)
    if measure.period is Period.VALUE:
        return subject
    if measure.aggregate is Aggregate.SUM:
        return _say(_("the total of %(subject)s"), lang, subject=subject) if measure.together else subject
    if measure.aggregate is Aggregate.MEAN and all(one.nature is Nature.STATE for one in names.series):
        return _say(_("the share of the time of %(subject)s"), lang, subject=subject)
    return _say(_FIGURES[measure.aggregate], lang, subject=subject)


def _subject(rule: Rule, names: Names, lang: str) -> str:
    if rule.called is not None and (rule.called.en or language(lang) == "fr"):
        return rule.called.read(lang)[0]
    each = [_series(one, lang) for one in names.series]
    if len(each) == 1:
        return each[0]
    if len(each) <= FEW and len(set(each)) == len(each):
        many = _together(each, lang)
        return many if rule.condition.measure.together else _say(_("one of the series %(many)s"), lang, many=many)
    observed = _together(list(dict.fromkeys(_quoted(one.observed, lang) for one in names.series))[:FEW], lang)
    told = (
        _("%(count)s series %(observed)s")
        if rule.condition.measure.together
        else _("one of %(count)s series %(observed)s")
    )
    return _say(told, lang, count=number(len(each), lang), observed=observed)


def _series(one: Called, lang: str) -> str:
    observed = _quoted(one.observed, lang)
    if one.thing is None:
        return _say(_("%(observed)s of a place that is not shown"), lang, observed=observed)
    return _say(_("%(observed)s of %(thing)s"), lang, observed=observed, thing=_quoted(one.thing, lang))


def _quoted(text: Text, lang: str) -> str:
    return _say(_("“%(title)s”"), lang, title=text.read(lang)[0])


def _window(measure: Measure, lang: str) -> str:
    if measure.window is None:
        return ""
    start, end = clock(measure.window.start, lang), clock(measure.window.end, lang)
    return _say(_("between %(start)s and %(end)s"), lang, start=start, end=end)


def _bound(condition: Comparison, names: Names, lang: str) -> str:
    if isinstance(condition.than, Usual):
        if not condition.than.percent:
            return _say(_JUST_USUAL[condition.operator], lang)
        bound = number(condition.than.percent, lang, "%")
        return _say(_USUAL[condition.operator], lang, bound=bound)
    value, unit = condition.than.value, names.series[0].unit if names.series else ""
    if is_share(condition.measure, names):
        value, unit = value * 100, "%"
    return _say(_CONSTANT[condition.operator], lang, bound=number(value, lang, unit))


def is_share(measure: Measure, names: Names) -> bool:
    """Whether the figure is a share of the time, 0 to 1."""
    states = bool(names.series) and all(one.nature is Nature.STATE for one in names.series)
    return states and measure.aggregate is Aggregate.MEAN and measure.period is not Period.VALUE


def _lasting(condition: Comparison, lang: str) -> str:
    measure = condition.measure
    night = measure.period is Period.DAY and measure.window is not None and measure.window.over_midnight
    one, many = _LASTING["night" if night else measure.period]
    if condition.lasting == 1:
        return _say(one, lang) if one else ""
    return _say(many, lang, count=number(condition.lasting, lang))


def _service(title: Text, lang: str) -> str:
    told = title.read(lang)[0]
    if told.casefold().startswith("service") or told.casefold().endswith("service"):
        return _say(_("the %(service)s"), lang, service=told[:1].lower() + told[1:])
    return _say(_("the %(service)s service"), lang, service=told)


def _together(each: list[str], lang: str) -> str:
    if len(each) < 2:
        return "".join(each)
    return _say(_("%(first)s and %(last)s"), lang, first=", ".join(each[:-1]), last=each[-1])
