"""What the month cost, as the council reads it: each cost with how it is known."""

from django.urls import reverse

from bocage import words
from bocage.domain.text import message as _
from bocage.publish.council.costs import Cost, Level, totals
from bocage.publish.story.saying import figure, inside
from bocage.web.desk.council.frame import Frame
from bocage.web.desk.council.sheet import Cell, Entry, Section, Table
from bocage.words.figures import NOTHING

MOST = 8
_LEVELS = {
    Level.MEASURED: _("Measured"),
    Level.COMPUTED: _("Computed: measured total, declared price"),
    Level.DECLARED: _("Declared"),
}


def section(frame: Frame, costs: list[Cost], indicator: str) -> Section:
    """`indicator`: one of the service, whose unit cost may be declared; empty when there is none."""
    title = frame.say(_("What it cost"))
    if not costs:
        lead = frame.say(_("No cost is known for this service."))
        return Section(code="costs", title=title, lead=lead, ways=_ways(frame, indicator))
    sums = totals(costs)
    rows = [_row(frame, cost) for cost in costs[:MOST]]
    rows += [_total(frame, level, euros) for level, euros in sums.items()]
    head = tuple(frame.say(one) for one in (_("Cost"), _("Level of evidence"), _("Amount")))
    notes = []
    if len(costs) > MOST:
        notes.append(frame.ngettext("%(num)s more cost.", "%(num)s more costs.", len(costs) - MOST))
    if len({cost.level for cost in costs}) > 1:
        notes.append(frame.say(_("Costs that are not known in the same way are not added up.")))
    table = Table(head=head, rows=tuple(rows), figures=frozenset({2}))
    return Section(code="costs", title=title, table=table, note=" ".join(notes))


def _row(frame: Frame, cost: Cost) -> tuple[Cell, ...]:
    named = Cell(text=cost.title.read(frame.lang)[0], note=_how(frame, cost), link=_link(frame, cost))
    text = NOTHING if cost.euros is None else euros(frame, cost.euros)
    over = frame.asked.over or cost.level is Level.DECLARED
    note = frame.say(_("not declared")) if cost.euros is None else "" if over else frame.say(_("so far"))
    return named, Cell(text=frame.say(_LEVELS[cost.level])), Cell(text=text, note=note)


def _total(frame: Frame, level: Level, sum_of: float) -> tuple[Cell, ...]:
    return (
        Cell(text=frame.say(_("Total of what is known this way"))),
        Cell(text=frame.say(_LEVELS[level])),
        Cell(text=euros(frame, sum_of)),
    )


def euros(frame: Frame, value: float) -> str:
    """Money: cents below a thousand euros, whole euros above."""
    return words.number(value, frame.lang, "€", decimals=2 if abs(value) < 1000 else 0)


def _how(frame: Frame, cost: Cost) -> str:
    if cost.price and cost.figure:
        return frame.say(
            _("%(total)s at %(price)s each, price declared: %(source)s"),
            total=figure(cost.figure.value, cost.unit, frame.lang),
            price=words.number(cost.price.euros, frame.lang, "€"),
            source=inside(cost.price.source.read(frame.lang)[0]),
        )
    if cost.level is not Level.DECLARED:
        return ""
    if cost.euros is None:
        return frame.say(_("contract whose amount, start or duration is not declared"))
    days, of = frame.number(cost.days), frame.number(cost.of)
    told = frame.say(_("contract: %(days)s days of %(of)s, without tax"), days=days, of=of)
    if cost.services > 1:
        told += ", " + frame.ngettext("for %(num)s service", "for %(num)s services together", cost.services)
    return told


def _link(frame: Frame, cost: Cost) -> str:
    if cost.contract:
        return reverse("desk.declaration", args=[frame.slug, "contract", cost.contract])
    return reverse("desk.indicator", args=[frame.slug, cost.indicator]) if cost.indicator else ""


def _ways(frame: Frame, indicator: str) -> tuple[Entry, ...]:
    ways = []
    if frame.may_declare("indicator"):
        place = [frame.slug, "indicator", *([indicator] if indicator else [])]
        link = reverse("desk.form", args=place) + ("#f-unit_cost" if indicator else f"?service={frame.asked.service}")
        ways.append(Entry(text=frame.say(_("Declare the unit cost of an indicator")), link=link))
    if frame.may_declare("contract"):
        link = reverse("desk.form", args=[frame.slug, "contract"])
        ways.append(Entry(text=frame.say(_("Declare a contract of this service")), link=link))
    return tuple(ways)
