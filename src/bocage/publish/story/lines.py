"""The sentences of a story, one function each; a sentence the data do not hold is absent."""

from collections.abc import Callable

from bocage import words
from bocage.domain.indicator import Direction
from bocage.domain.instant import to_datetime
from bocage.domain.measure import Aggregate, Period
from bocage.domain.nature import Nature
from bocage.domain.text import message as _
from bocage.publish.provenance import Provenance
from bocage.publish.story.comparing import comparison
from bocage.publish.story.completeness import completeness
from bocage.publish.story.saying import BY, clauses, figure, inside, listed, opening, say
from bocage.publish.story.subject import Line, Subject
from bocage.steer.measuring import Figure
from bocage.words import periods
from bocage.words.moments import clock

MOST = 10
LATELY = {"hour": 24, "day": 30, "night": 30, "week": 12, "month": 12, "value": 30}

_AGGREGATES = {
    Aggregate.SUM: _("the total of each %(period)s"),
    Aggregate.MEAN: _("the mean of each %(period)s"),
    Aggregate.MINIMUM: _("the least value of each %(period)s"),
    Aggregate.MAXIMUM: _("the greatest value of each %(period)s"),
    Aggregate.LAST: _("the last value of each %(period)s"),
}
_LAST = {
    Period.VALUE: _("Last measurement, %(when)s: %(value)s."),
    Period.HOUR: _("Last complete hour, %(when)s: %(value)s."),
    Period.DAY: _("Last complete day, %(when)s: %(value)s."),
    periods.NIGHT: _("Last complete night, %(when)s: %(value)s."),
    Period.WEEK: _("Last complete week, %(when)s: %(value)s."),
    Period.MONTH: _("Last complete month, %(when)s: %(value)s."),
}


def story(subject: Subject, lang: str) -> tuple[Line, ...]:
    """The whole story in a language, in order."""
    told = ((code, tell(subject, lang)) for code, tell in _LINES)
    return tuple(Line(code=code, text=text) for code, text in told if text)[:MOST]


def _what(subject: Subject, lang: str) -> str:
    """What is measured, how it becomes one figure, and what for."""
    parts = [opening(listed((*subject.observed, *subject.places), lang, 4))]
    if subject.period is Period.VALUE:
        parts.append(say(_("each measurement"), lang))
    else:
        parts.append(say(_AGGREGATES[subject.measure.aggregate], lang, period=periods.noun(subject.kind, lang)))
    if window := subject.measure.window:
        start, end = clock(window.start, lang), clock(window.end, lang)
        parts.append(say(_("between %(start)s and %(end)s"), lang, start=start, end=end))
    if subject.series > 1:
        parts.append(words.gettext(lang).ngettext("%(num)s series", "%(num)s series", subject.series))
    shown = ", ".join(parts[1:]) % {"num": words.number(subject.series, lang)}
    what = say(_("%(subject)s: %(figure)s."), lang, subject=parts[0], figure=shown)
    if not subject.purposes:
        return what
    why = clauses([inside(one.read(lang)[0]) for one in subject.purposes], lang)
    return what + " " + say(_("What for: %(why)s."), lang, why=why)


def _value(subject: Subject, lang: str) -> str:
    last = subject.last
    if last is None:
        return ""
    when = periods.dated(last.start, last.end, subject.kind, subject.zone, lang)
    value = figure(last.value, subject.unit, lang)
    if last.complete:
        return say(_LAST[subject.kind], lang, when=when, value=value)
    named = periods.named(last.start, last.end, subject.kind, subject.zone, lang)
    told = _("%(when)s, incomplete (%(count)s of %(expected)s expected measurements): %(value)s.")
    return say(told, lang, when=opening(named), value=value, **_counts(last, lang))


def _before(subject: Subject, lang: str) -> str:
    return comparison(subject, subject.before, lang, last_year=False)


def _year(subject: Subject, lang: str) -> str:
    return comparison(subject, subject.year_before, lang, last_year=True)


def _target(subject: Subject, lang: str) -> str:
    target, last = subject.target, subject.last
    if target is None:
        return ""
    aim = figure(target.value, subject.unit, lang)
    at_least = target.direction is Direction.AT_LEAST
    parts = [say(_("Target: at least %(aim)s.") if at_least else _("Target: at most %(aim)s."), lang, aim=aim)]
    if last is None:
        return parts[0]
    gap = figure(abs(last.value - target.value), subject.unit, lang)
    if target.met(last.value):
        parts.append(say(_("It is met."), lang))
    elif at_least:
        parts.append(say(_("It is not met: %(gap)s are missing."), lang, gap=gap))
    else:
        parts.append(say(_("It is exceeded by %(gap)s."), lang, gap=gap))
    lately = subject.complete[-LATELY[subject.kind] :]
    if len(lately) > 1:
        met = periods.counted(sum(target.met(one.value) for one in lately), subject.kind, lang)
        parts.append(say(_("Lately: met %(met)s of %(of)s."), lang, met=met, of=words.number(len(lately), lang)))
    return " ".join(parts)


def _extremes(subject: Subject, lang: str) -> str:
    known = subject.complete
    if len(known) < 3 or subject.nature is Nature.DIRECTION:
        return ""
    high, low = max(known, key=lambda one: one.value), min(known, key=lambda one: one.value)
    if high.value == low.value:
        return ""
    told = _("Since %(day)s, the highest: %(high)s, %(high_when)s; the lowest: %(low)s, %(low_when)s.")
    since = to_datetime(known[0].start, subject.zone).date()
    return say(
        told,
        lang,
        day=words.day(since, lang),
        high=figure(high.value, subject.unit, lang),
        high_when=_dated(subject, high, lang),
        low=figure(low.value, subject.unit, lang),
        low_when=_dated(subject, low, lang),
    )


def _dated(subject: Subject, one: Figure, lang: str) -> str:
    return periods.dated(one.start, one.end, subject.kind, subject.zone, lang)


def _usual(subject: Subject, lang: str) -> str:
    found, last = subject.usual, subject.last
    if found is None or last is None:
        return ""
    low, high = figure(found.low, "", lang), figure(found.high, subject.unit, lang)
    place = _("it was below") if last.value < found.low else _("it was above") if last.value > found.high else ""
    told = _("Usually, for %(one)s, half of the figures lie between %(low)s and %(high)s.")
    if place:
        told = _("Usually, for %(one)s, half of the figures lie between %(low)s and %(high)s; %(place)s.")
    return say(told, lang, one=_like(subject, last, lang), low=low, high=high, place=say(place, lang))


def _like(subject: Subject, last: Figure, lang: str) -> str:
    """What it is compared with: a Saturday, a Saturday at 14:00, a month."""
    at = to_datetime(last.start, subject.zone)
    day = periods.weekday(at.date(), lang)
    told = {
        Period.HOUR: _("a %(weekday)s at %(clock)s"),
        Period.DAY: _("a %(weekday)s"),
        periods.NIGHT: _("a %(weekday)s night"),
        Period.WEEK: _("a week"),
        Period.MONTH: _("a month"),
    }[subject.kind]
    return say(told, lang, weekday=day, clock=clock(f"{at:%H:%M}", lang))


def _complete(subject: Subject, lang: str) -> str:
    return completeness(subject, LATELY[subject.kind], lang)


def _counts(one: Figure, lang: str) -> dict[str, str]:
    return {"count": words.number(one.count, lang), "expected": words.number(one.expected, lang)}


def _origin(subject: Subject, lang: str) -> str:
    if not subject.provenance:
        return ""
    names = ", ".join(_source(one, lang) for one in subject.provenance)
    parts = [say(_("Source: %(names)s"), lang, names=names)]
    if subject.licences:
        licences = ", ".join(dict.fromkeys(words.translate(one.label, lang) for one in subject.licences))
        parts.append(say(_("licence: %(names)s"), lang, names=licences))
    replayed = {one.replayed for one in subject.provenance}
    if replayed == {True}:
        parts.append(say(_("replayed: measured elsewhere, at other dates"), lang))
    else:
        parts.append(say(_("some replayed from elsewhere") if replayed == {True, False} else _("measured here"), lang))
    return f"{clauses(parts, lang)}."


def _source(one: Provenance, lang: str) -> str:
    title = one.title.read(lang)[0]
    return say(BY, lang, title=title, operator=one.operator.read(lang)[0]) if one.operator else title


def _who(subject: Subject, lang: str) -> str:
    parts = []
    if subject.stewards:
        parts.append(say(_("Who answers for these data: %(names)s."), lang, names=listed(subject.stewards, lang)))
    if subject.rules:
        parts.append(say(_("Alert rule that watches them: %(names)s."), lang, names=listed(subject.rules, lang)))
    return " ".join(parts)


_LINES: tuple[tuple[str, Callable[[Subject, str], str]], ...] = (
    ("what", _what),
    ("value", _value),
    ("before", _before),
    ("year", _year),
    ("target", _target),
    ("extremes", _extremes),
    ("usual", _usual),
    ("complete", _complete),
    ("origin", _origin),
    ("who", _who),
)
