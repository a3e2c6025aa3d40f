"""What an alert says, in words: what was seen, when, against which bound; the same on the desk and in a mail."""

import msgspec

from bocage import words
from bocage.domain.rule import Rule
from bocage.domain.text import message as _
from bocage.steer.alerts import Alert
from bocage.words import periods
from bocage.words.naming import Called, Names
from bocage.words.rules import is_share


class About(msgspec.Struct, frozen=True, kw_only=True):
    """The rule of an alert as it was when it saw it, what its series and services are called, the territory's zone."""

    rule: Rule
    names: Names
    zone: str

    def called(self, datastream: str) -> tuple[Called, ...]:
        """The series of a slug; all of the rule when it looks at them together."""
        slugs = self.rule.condition.measure.datastreams
        return tuple(one for slug, one in zip(slugs, self.names.series, strict=True) if datastream in ("", slug))

    def names_of(self, datastream: str, lang: str) -> list[str]:
        """What these series are called: what is observed, of which thing; their own name where two are alike."""
        alike = [_observed(one, lang) for one in self.names.series]
        return [
            one.title.read(lang)[0] if one.title and alike.count(_observed(one, lang)) > 1 else _observed(one, lang)
            for one in self.called(datastream)
        ]

    def figure(self, value: float | None, datastream: str, lang: str) -> str:
        """A figure with the unit of its series; a share of the time in percent."""
        if value is not None and is_share(self.rule.condition.measure, self.names):
            return words.number(value * 100, lang, "%")
        units = [one.unit for one in self.called(datastream)]
        return words.number(value, lang, units[0] if units else "")


def title(alert: Alert, about: About, lang: str) -> str:
    """The name of the rule, and of the series where the rule looks at several one by one."""
    named = about.rule.title.read(lang)[0]
    if not alert.datastream or len(about.rule.condition.measure.datastreams) == 1:
        return named
    return f"{named}{_colon(lang)}{series(alert, about, lang)}"


def series(alert: Alert, about: About, lang: str) -> str:
    """What was looked at; at most three of them by name."""
    told = about.names_of(alert.datastream, lang)
    more = f" (+{len(told) - 3})" if len(told) > 3 else ""
    return "; ".join(told[:3]) + more


def sighting(alert: Alert, about: About, lang: str) -> str:
    """The period furthest out of bounds, in one sentence with its figures."""
    seen, kind = alert.seen, periods.kind_of(about.rule.condition.measure)
    when = periods.named(seen.worst, seen.worst_end, kind, about.zone, lang)
    values = {
        "when": f"{when[:1].upper()}{when[1:]}",
        "value": about.figure(seen.value, alert.datastream, lang),
        "bound": about.figure(seen.bound, alert.datastream, lang),
        "usual": about.figure(seen.usual, alert.datastream, lang),
    }
    told = _("%(when)s: %(value)s; usually %(usual)s, threshold %(bound)s.")
    if seen.usual is None:
        told = _("%(when)s: %(value)s; threshold %(bound)s.")
    return words.translate(told, lang) % values


def course(alert: Alert, about: About, lang: str) -> str:
    """For how many periods, and whether it goes on."""
    seen, kind = alert.seen, periods.kind_of(about.rule.condition.measure)
    counted = periods.counted(seen.periods, kind, lang)
    if seen.ended is None:
        told = _("Out of bounds for %(counted)s, since %(first)s; not back to normal yet.")
    else:
        told = _("Out of bounds for %(counted)s, from %(first)s; over since %(ended)s.")
    named = {
        "counted": counted,
        "first": words.moment(seen.first_start, about.zone, lang),
        "ended": words.moment(seen.ended or seen.last_end, about.zone, lang),
    }
    return words.translate(told, lang) % named


def facts(alert: Alert, about: About, lang: str) -> tuple[tuple[str, str], ...]:
    """The figures of an alert as names and values."""
    seen, kind = alert.seen, periods.kind_of(about.rule.condition.measure)
    when = periods.named(seen.worst, seen.worst_end, kind, about.zone, lang).removeprefix("le ")
    told = [
        (_("Series"), series(alert, about, lang)),
        (_("When"), when),
        (_("Value"), about.figure(seen.value, alert.datastream, lang)),
        *([(_("Usual value"), about.figure(seen.usual, alert.datastream, lang))] if seen.usual is not None else []),
        (_("Threshold"), about.figure(seen.bound, alert.datastream, lang)),
    ]
    return tuple((words.translate(name, lang), value) for name, value in told)


def _colon(lang: str) -> str:
    return ": " if lang.startswith("en") else "\u00a0: "


def _observed(one: Called, lang: str) -> str:
    return one.observed.read(lang)[0] + (f", {one.thing.read(lang)[0]}" if one.thing else "")
