"""How a story compares its figure with the one before and with that of a year before."""

from bocage import words
from bocage.domain.measure import Period
from bocage.domain.nature import Nature
from bocage.domain.text import message as _
from bocage.publish.story.saying import difference, figure, say
from bocage.publish.story.subject import Subject
from bocage.steer.measuring import Figure
from bocage.words import periods

_BEFORE = {
    Period.VALUE: _("the measurement before"),
    Period.HOUR: _("the hour before"),
    Period.DAY: _("the day before"),
    periods.NIGHT: _("the night before"),
    Period.WEEK: _("the week before"),
    Period.MONTH: _("the month before"),
}
_MORE, _LESS, _SAME = 1, -1, 0
_RECENT = {
    _MORE: _("It is %(much)s more than %(than)s (%(value)s)."),
    _LESS: _("It is %(much)s less than %(than)s (%(value)s)."),
    _SAME: _("It is as much as %(than)s (%(value)s)."),
}
_YEARLY = {
    _MORE: _("It is %(much)s more than a year before, %(when)s (%(value)s)."),
    _LESS: _("It is %(much)s less than a year before, %(when)s (%(value)s)."),
    _SAME: _("It is as much as a year before, %(when)s (%(value)s)."),
}


def comparison(subject: Subject, other: Figure | None, lang: str, *, last_year: bool) -> str:
    """One sentence; empty where there is nothing to compare with, or nothing to be said (directions)."""
    last = subject.last
    if last is None or other is None or not last.complete or subject.nature is Nature.DIRECTION:
        return ""
    than = say(_("a year before") if last_year else _BEFORE[subject.kind], lang)
    if not other.complete:
        told = _("No comparison with %(than)s: measurements are missing (%(count)s of %(expected)s).")
        counts = {"count": words.number(other.count, lang), "expected": words.number(other.expected, lang)}
        return say(told, lang, than=than, **counts)
    much = difference(last.value, other.value, subject.nature, subject.unit, lang)
    side = _SAME if not much else _MORE if last.value > other.value else _LESS
    when = periods.dated(other.start, other.end, subject.kind, subject.zone, lang)
    values = {"much": much, "than": than, "when": when, "value": figure(other.value, subject.unit, lang)}
    return say((_YEARLY if last_year else _RECENT)[side], lang, **values)
