"""Writes what rules see into the table of alerts, in the transaction of whoever judges, and tells of what is news."""

from collections.abc import Callable
from datetime import datetime

import msgspec

from bocage.domain.instant import DAY, to_ms
from bocage.steer.alerts import Alert, AlertState, Ending, Sighting, alert
from bocage.steer.judging import Course, Judged
from bocage.steer.letters import Event
from bocage.steer.tables import AlertRow
from bocage.steer.watching import Watch

NEWS = 3 * DAY
"""What is older when it is found (a rule that looks back, years of data loaded) is shown, not told."""

Tell = Callable[[Alert, Event, datetime], None]
"""Called inside the transaction, once for each event: what it puts in the outbox is put, or not, with the alert."""


class Identity(msgspec.Struct, frozen=True, kw_only=True, order=True):
    """What an alert is known by, whenever the log is judged again: rule, series, start of its first period."""

    territory: str
    rule: str
    datastream: str
    first: int


def identity(watch: Watch, course: Course) -> Identity:
    """Of the alert that runs on this course."""
    if course.first is None:
        raise ValueError("a course without a period out of bounds is no alert")
    territory, rule = watch.place
    return Identity(territory=territory, rule=rule, datastream=watch.name, first=course.first.start)


def sighting(watch: Watch, course: Course, ended: int | None = None, ending: Ending | None = None) -> Sighting:
    """What the course of a watch shows, as an alert."""
    first, last, worst = _known(course)
    return Sighting(
        version=watch.form.version,
        service=watch.form.service,
        tells=watch.form.tells,
        first_start=first.start,
        first_end=first.end,
        last_start=last.start,
        last_end=last.end,
        periods=course.length,
        raised=course.raised or last.end,
        worst=worst.start,
        worst_end=worst.end,
        value=worst.value or 0.0,
        bound=worst.bound or 0.0,
        usual=worst.usual,
        count=worst.count,
        expected=worst.expected,
        ended=ended,
        ending=ending,
    )


def keep(known: Identity, seen: Sighting) -> int:
    """Raise an alert, or say how it goes on; its number. What people made of it stays."""
    where = msgspec.structs.asdict(known)
    row = AlertRow.objects.filter(**where).first()
    if row is None:
        row = AlertRow(**where, number=_following(known.territory), state=AlertState.NEW.value)
    row.services = "".join(f"|{slug}" for slug in dict.fromkeys((seen.service, *seen.tells))) + "|"
    row.raised, row.ended = seen.raised, seen.ended
    row.body = msgspec.json.encode(seen)
    row.save()
    return int(row.number)


def taken_back(known: Identity) -> bool:
    """Whether nothing stands for an alert any more, because its measurements were taken back."""
    row = AlertRow.objects.filter(**msgspec.structs.asdict(known)).first()
    return row is not None and msgspec.json.decode(bytes(row.body), type=Sighting).ending is Ending.TAKEN_BACK


def tell_of(territory: str, number: int, event: Event, at: datetime, tell: Tell) -> None:
    """Tell of an event once, when it is news; the end of an alert only to those who were told of it."""
    row = AlertRow.objects.get(territory=territory, number=number)
    if event is Event.RAISED:
        if row.told_raised or row.raised is None or to_ms(at) - row.raised > NEWS:
            return
        row.told_raised = at
    else:
        if row.told_ended or not row.told_raised:
            return
        row.told_ended = at
    row.save(update_fields=["told_raised", "told_ended"])
    tell(alert(territory, number), event, at)


def _following(territory: str) -> int:
    last = AlertRow.objects.filter(territory=territory).order_by("-number").values_list("number", flat=True).first()
    return (last or 0) + 1


def _known(course: Course) -> tuple[Judged, Judged, Judged]:
    if course.first is None or course.last is None or course.worst is None:
        raise ValueError("a course without a period out of bounds is no alert")
    return course.first, course.last, course.worst
