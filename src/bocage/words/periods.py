"""What people call a period: a Saturday, the night of the 21st to the 22nd, the week of the 16th, October."""

from datetime import date, datetime, timedelta

from bocage.domain.instant import to_datetime
from bocage.domain.measure import Measure, Period
from bocage.domain.text import message as _
from bocage.words.catalogue import gettext, language, translate
from bocage.words.figures import number
from bocage.words.moments import clock, day, moment

NIGHT = "night"
_NOUNS = {
    Period.VALUE: _("value"),
    Period.HOUR: _("hour"),
    Period.DAY: _("day"),
    NIGHT: _("night"),
    Period.WEEK: _("week"),
    Period.MONTH: _("month"),
}


def kind_of(measure: Measure) -> str:
    """The name of what one figure is of: its period, or "night" for a part of the day that runs over midnight."""
    over = measure.period is Period.DAY and measure.window is not None and measure.window.over_midnight
    return NIGHT if over else measure.period.value


def noun(kind: str, lang: str) -> str:
    """One of them, without article: jour, nuit."""
    return translate(_NOUNS[kind], lang)


def counted(count: int, kind: str, lang: str) -> str:
    """So many of them: 12 jours."""
    said = {
        Period.VALUE: gettext(lang).ngettext("%(num)s value", "%(num)s values", count),
        Period.HOUR: gettext(lang).ngettext("%(num)s hour", "%(num)s hours", count),
        Period.DAY: gettext(lang).ngettext("%(num)s day", "%(num)s days", count),
        NIGHT: gettext(lang).ngettext("%(num)s night", "%(num)s nights", count),
        Period.WEEK: gettext(lang).ngettext("%(num)s week", "%(num)s weeks", count),
        Period.MONTH: gettext(lang).ngettext("%(num)s month", "%(num)s months", count),
    }
    return str(said[kind]) % {"num": number(count, lang)}


def dated(start: int, end: int, kind: str, zone: str, lang: str) -> str:
    """Which one, as it stands after a comma: le samedi 21 novembre 2026; du 16 au 22 novembre 2026; octobre 2026.

    `start`, `end`: UTC ms, edges of what counted.
    """
    first, last = to_datetime(start, zone), to_datetime(end, zone)
    if kind == Period.VALUE:
        return _the(moment(start, zone, lang), lang)
    if kind == Period.MONTH:
        return month(first.date(), lang)
    if kind == Period.HOUR:
        between = _("%(day)s, %(start)s to %(end)s")
        values = {"day": _the(day(first.date(), lang), lang), "start": _clock(first, lang), "end": _clock(last, lang)}
        return translate(between, lang) % values
    if kind == NIGHT:
        return between_days(first.date(), first.date() + timedelta(days=1), lang)
    if kind == Period.WEEK:
        return between_days(first.date(), first.date() + timedelta(days=6), lang)
    return _the(f"{weekday(first.date(), lang)} {day(first.date(), lang)}", lang)


def named(start: int, end: int, kind: str, zone: str, lang: str) -> str:
    """The same where nothing before says what it is: la semaine du 16 au 22 novembre 2026."""
    said = dated(start, end, kind, zone, lang)
    if kind == NIGHT:
        return translate(_("the night of %(days)s"), lang) % {"days": said}
    return translate(_("the week of %(days)s"), lang) % {"days": said} if kind == Period.WEEK else said


def weekday(on: date, lang: str) -> str:
    """The name of a day of the week."""
    from babel.dates import format_date

    return str(format_date(on, format="EEEE", locale=language(lang)))


def month(on: date, lang: str) -> str:
    """A month and its year."""
    from babel.dates import format_date

    return str(format_date(on, format="MMMM y", locale=language(lang)))


def between_days(first: date, last: date, lang: str) -> str:
    """Two days and what lies between: du 28 septembre au 4 octobre 2026."""
    start, end = day(first, lang), day(last, lang)
    if first.year == last.year:
        start = start.rsplit(" ", 1)[0]
        if first.month == last.month:
            start = start.rsplit(" ", 1)[0]
    return translate(_("%(first)s to %(last)s"), lang) % {"first": start, "last": end}


def _the(said: str, lang: str) -> str:
    return f"le {said}" if language(lang) == "fr" else said


def _clock(at: datetime, lang: str) -> str:
    return clock(f"{at:%H:%M}", lang)
