"""What was measured in the month, as the council reads it."""

from django.urls import reverse

from bocage.commitments.facts import TerritoryFacts
from bocage.domain.indicator import Indicator
from bocage.domain.instant import to_datetime
from bocage.domain.measure import Aggregate
from bocage.domain.nature import Nature
from bocage.domain.source import Source
from bocage.domain.text import message as _
from bocage.publish.council.figures import Item, Measured, earlier
from bocage.publish.story.saying import difference, figure
from bocage.steer.measuring import Figure
from bocage.web.desk.council.frame import Frame
from bocage.web.desk.council.sheet import Cell, Entry, Section, Table
from bocage.words import periods
from bocage.words.figures import NOTHING
from bocage.words.moments import clock

MOST = 10
_HOW = {
    Aggregate.SUM: _("total"),
    Aggregate.MEAN: _("mean"),
    Aggregate.MINIMUM: _("least value"),
    Aggregate.MAXIMUM: _("greatest value"),
    Aggregate.LAST: _("last value"),
}


def section(frame: Frame, measured: Measured) -> Section:
    """The figures of the month, the month before and the same month a year before."""
    items = measured.items[:MOST]
    told = [item for item in items if item.figure or item.before or item.year]
    lead = "" if told else _nothing(frame, measured)
    return Section(
        code="measured",
        title=frame.say(_("What was measured")),
        lead=lead,
        table=_table(frame, items) if told else None,
        note=" ".join(_notes(frame, measured, len(items))),
        ways=_ways(frame, measured, bool(told)),
    )


def _nothing(frame: Frame, measured: Measured) -> str:
    if measured.withheld:
        return frame.say(_("Nothing that may stand on this page was measured in %(month)s."), month=frame.month)
    return frame.say(_("Nothing was measured for this service in %(month)s."), month=frame.month)


def _table(frame: Frame, items: tuple[Item, ...]) -> Table:
    names = [periods.month(frame.first, frame.lang)]
    names += [_month(frame, back) for back in (1, 12)]
    rows = tuple(
        (
            _named(frame, item),
            _now(frame, item),
            _then(frame, item, item.before),
            _then(frame, item, item.year),
        )
        for item in items
    )
    return Table(head=(frame.say(_("Figure")), *names), rows=rows, figures=frozenset({1, 2, 3}))


def _month(frame: Frame, back: int) -> str:
    start, _end = earlier(frame.asked, back)
    return periods.month(to_datetime(start, frame.asked.zone).date(), frame.lang)


def _named(frame: Frame, item: Item) -> Cell:
    parts = [frame.say(_HOW[item.followed.measure.aggregate])]
    window = item.followed.measure.window
    if window:
        start, end = clock(window.start, frame.lang), clock(window.end, frame.lang)
        parts.append(frame.say(_("between %(start)s and %(end)s"), start=start, end=end))
    if item.series > 1:
        parts.append(frame.ngettext("%(num)s series", "%(num)s series", item.series))
    if item.closed:
        parts.append(frame.say(_("not open")))
    if item.of:
        kind = periods.kind_of(item.followed.measure)
        met = periods.counted(item.met, kind, frame.lang)
        parts.append(frame.say(_("target met %(met)s of %(of)s"), met=met, of=frame.number(item.of)))
    link = reverse("desk.indicator", args=[frame.slug, item.indicator]) if item.indicator else ""
    return Cell(text=item.title.read(frame.lang)[0], note=", ".join(parts), link=link)


def _now(frame: Frame, item: Item) -> Cell:
    if item.figure is None:
        return Cell(text=NOTHING)
    return Cell(text=figure(item.figure.value, item.unit, frame.lang), note=_lack(frame, item.figure))


def _lack(frame: Frame, one: Figure) -> str:
    if one.end > frame.asked.now:
        return frame.say(_("so far"))
    if one.complete or one.expected is None:
        return ""
    counts = {"count": frame.number(one.count), "expected": frame.number(one.expected)}
    return frame.say(_("incomplete: %(count)s of %(expected)s"), **counts)


def _then(frame: Frame, item: Item, other: Figure | None) -> Cell:
    """What it was then, and how this month differs where both are whole."""
    if other is None:
        return Cell(text=NOTHING)
    text, note, here = figure(other.value, item.unit, frame.lang), _lack(frame, other), item.figure
    if (
        here is None
        or item.nature is Nature.DIRECTION
        or not (here.complete and other.complete)
        or here.end > frame.asked.now
    ):
        return Cell(text=text, note=note)
    much = difference(here.value, other.value, item.nature, item.unit, frame.lang)
    if not much:
        return Cell(text=text, note=frame.say(_("this month: as much")))
    told = _("this month: %(much)s more") if here.value > other.value else _("this month: %(much)s less")
    return Cell(text=text, note=frame.say(told, much=much))


def _notes(frame: Frame, measured: Measured, shown: int) -> list[str]:
    notes = []
    if len(measured.items) > shown:
        notes.append(frame.ngettext("%(num)s more figure.", "%(num)s more figures.", len(measured.items) - shown))
    if measured.withheld:
        notes.append(
            frame.ngettext(
                "%(num)s figure is not on this page, because it concerns persons.",
                "%(num)s figures are not on this page, because they concern persons.",
                measured.withheld,
            )
        )
    return notes


def replayed(facts: TerritoryFacts, frame: Frame) -> bool:
    """Whether one of the series comes from elsewhere."""
    bodies = (facts.one(Source, slug) for slug in frame.sources)
    return any(body is not None and body.replayed for body in bodies)


def _ways(frame: Frame, measured: Measured, told: bool) -> tuple[Entry, ...]:
    ways = []
    declared = any(body.service == frame.asked.service for body in frame.facts.all(Indicator).values())
    if not declared and frame.may_declare("indicator"):
        link = f"{reverse('desk.form', args=[frame.slug, 'indicator'])}?service={frame.asked.service}"
        ways.append(Entry(text=frame.say(_("Declare an indicator of this service")), link=link))
    if not frame.streams:
        ways.append(Entry(text=frame.say(_("Connect a source")), link=reverse("desk.connect", args=[frame.slug])))
    elif not told:
        ways.append(Entry(text=frame.say(_("See its series")), link=reverse("desk.things", args=[frame.slug])))
    return tuple(ways)
