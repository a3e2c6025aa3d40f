"""How complete the data of a story are, period by period."""

from bocage import words
from bocage.domain.instant import DAY, HOUR, to_datetime
from bocage.domain.measure import Period
from bocage.domain.text import message as _
from bocage.publish.story.saying import say
from bocage.publish.story.subject import Subject
from bocage.steer.periods import stretches
from bocage.words import periods

_LENGTH = {Period.HOUR: HOUR, Period.DAY: DAY, Period.WEEK: 7 * DAY, Period.MONTH: 31 * DAY}


def completeness(subject: Subject, lately: int, lang: str) -> str:
    """Over the last periods, from the first figure on: how many are whole, how many lack something, how many all."""
    if not subject.ended or subject.period is Period.VALUE:
        return ""
    begun = subject.ended[0].start
    begins, ends = _over(subject, lately)
    starts = [start for start, end in zip(begins, ends, strict=True) if begun <= start and end <= subject.now][-lately:]
    if not starts:
        return ""
    held = {one.start: one for one in subject.ended}
    absent = [start for start in starts if start not in held]
    partial = [start for start in starts if start in held and not held[start].complete]
    over = periods.counted(len(starts), subject.kind, lang)
    if any(one.expected is None for one in subject.ended) and not absent:
        return say(_("The usual cadence is not declared: nothing says whether measurements are missing."), lang)
    if not absent and not partial:
        return say(_("Over %(periods)s, no measurement is missing."), lang, periods=over)
    told = _("Over %(periods)s: %(whole)s complete, %(partial)s incomplete, %(absent)s without any measurement.")
    counts = {"whole": len(starts) - len(absent) - len(partial), "partial": len(partial), "absent": len(absent)}
    said = say(told, lang, periods=over, **{name: words.number(count, lang) for name, count in counts.items()})
    if starts[-1] in absent:
        last = to_datetime(subject.ended[-1].start, subject.zone).date()
        said += " " + say(_("The last ones are of %(day)s."), lang, day=words.day(last, lang))
    return said


def _over(subject: Subject, lately: int) -> tuple[list[int], list[int]]:
    """First and last instant of the periods that may count, the present one included."""
    length = _LENGTH[subject.period]
    begins, ends = stretches(subject.measure, subject.zone, subject.now - (lately + 2) * length, subject.now).bounds
    return begins.tolist(), ends.tolist()
