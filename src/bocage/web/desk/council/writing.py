"""Writes the page for the council: every part in its order, and one sentence that says it all."""

from bocage import registers
from bocage.domain.text import message as _
from bocage.publish.council.costs import Cost, Level, costs, totals
from bocage.publish.council.figures import Measured, measured_in
from bocage.steer.alerts import counted
from bocage.web.desk.council import costs as costs_part
from bocage.web.desk.council import measured as measured_part
from bocage.web.desk.council import promises, running
from bocage.web.desk.council.frame import Frame
from bocage.web.desk.council.sheet import Sheet


def written(frame: Frame) -> Sheet:
    """The whole page, in the language of the frame."""
    measured = measured_in(frame.facts, frame.store, frame.asked)
    found = costs(frame.facts, frame.store, measured.items, frame.asked)
    kept = promises.section(frame)
    mend = promises.mends(frame)
    service = frame.service.title.read(frame.lang)[0]
    sections = (
        measured_part.section(frame, measured),
        costs_part.section(frame, found, next((item.indicator for item in measured.items if item.indicator), "")),
        running.alerts_section(frame),
        kept,
        running.refusals_section(frame),
        promises.asked_section(frame, mend),
    )
    territory = frame.facts.territory
    invented = territory is not None and territory.demonstration
    return Sheet(
        territory=territory.title.read(frame.lang)[0] if territory else frame.slug,
        service=service,
        month=frame.month,
        title=frame.say(_("%(service)s, %(month)s: page for the council"), service=service, month=frame.month),
        summary=_summary(frame, measured, found, mend),
        invented=frame.say(_("Invented territory, for demonstration.")) if invented else "",
        warnings=tuple(_warnings(frame, measured)),
        sections=sections,
        source=_source(frame),
        made=frame.say(_("Made on %(day)s."), day=frame.day_of(frame.now)),
    )


def _summary(frame: Frame, measured: Measured, found: list[Cost], mend: int) -> str:
    """What one remembers when one reads nothing else."""
    held = sum(item.figure is not None for item in measured.items)
    raised = counted(frame.slug, frame.asked.service, frame.asked.month.start, frame.asked.month.end).raised
    known = [cost for cost in found if cost.euros is not None]
    parts = [
        frame.ngettext("%(num)s figure", "%(num)s figures", held) if held else frame.say(_("nothing measured")),
        _cost_words(frame, known) if known else frame.say(_("no known cost")),
        frame.ngettext("%(num)s alert", "%(num)s alerts", raised) if raised else frame.say(_("no alert")),
        frame.ngettext("%(num)s promise to mend", "%(num)s promises to mend", mend)
        if mend
        else frame.say(_("nothing to mend")),
    ]
    return frame.say(_("In short: %(parts)s."), parts=", ".join(parts))


def _cost_words(frame: Frame, known: list[Cost]) -> str:
    """Each level of evidence with its own sum."""
    sums = totals(known)
    told = {
        Level.MEASURED: _("%(euros)s measured"),
        Level.COMPUTED: _("%(euros)s computed"),
        Level.DECLARED: _("%(euros)s declared"),
    }
    each = {cost.level: sums.get(cost.level, cost.euros) for cost in known}
    return ", ".join(frame.say(told[level], euros=costs_part.euros(frame, euros or 0)) for level, euros in each.items())


def _warnings(frame: Frame, measured: Measured) -> list[str]:
    said = []
    if measured_part.replayed(frame.facts, frame):
        said.append(frame.say(_("Measurements are replayed: made elsewhere, at other dates.")))
    if not frame.asked.over:
        said.append(frame.say(_("The month is not over: figures are those known so far.")))
    if any(item.closed and item.figure for item in measured.items):
        said.append(frame.say(_("Some figures are not open: this page is not to be published as it stands.")))
    return said


def _source(frame: Frame) -> str:
    told = _(
        "Source: Bocage, from what the territory declares and measures (log at position %(position)s, registers at "
        "revision %(at)s)."
    )
    at = frame.number(registers.revision(frame.slug))
    return f"{frame.say(told, position=frame.number(frame.store.position()), at=at)} {frame.address}".strip()
