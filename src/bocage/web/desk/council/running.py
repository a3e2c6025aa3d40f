"""What happened in the month, as the council reads it: alerts and what was done, measurements that were refused."""

from django.urls import reverse

from bocage import words
from bocage.accounts.rights import Right
from bocage.domain.instant import to_datetime
from bocage.domain.rule import Rule
from bocage.domain.text import message as _
from bocage.ingest import refusals as counters
from bocage.ingest.refusals import Counted
from bocage.steer.alerts import Action, Alert, alerts, counted
from bocage.web.desk.council.frame import Frame
from bocage.web.desk.council.sheet import Entry, Section

MOST = 4
LONGEST = 160  # signs of what was said


def alerts_section(frame: Frame) -> Section:
    """How many alerts were raised, what became of them, and those that wait."""
    asked, title = frame.asked, frame.say(_("Alerts, and what was done"))
    rules = [slug for slug, body in frame.facts.all(Rule).items() if asked.service in (body.service, *body.told)]
    found = counted(frame.slug, asked.service, asked.month.start, asked.month.end)
    raised = alerts(frame.slug, service=asked.service, since=asked.month.start, until=asked.month.end)
    older = alerts(frame.slug, service=asked.service, until=asked.month.start)
    told = [*(one for one in [*raised, *older] if one.waits), *(one for one in raised if not one.waits)]
    lead = _raised(frame, rules) if not found.raised else _became(frame)
    shown = tuple(_alert(frame, one) for one in told[:MOST])
    left = len(told) - len(shown)
    note = frame.ngettext("%(num)s more alert.", "%(num)s more alerts.", left) if left else ""
    return Section(code="alerts", title=title, lead=lead, entries=shown, note=note, ways=_watch(frame, rules))


def _raised(frame: Frame, rules: list[str]) -> str:
    if not rules:
        return frame.say(_("No rule watches this service."))
    return frame.say(_("No alert was raised in %(month)s."), month=frame.month)


def _became(frame: Frame) -> str:
    found = counted(frame.slug, frame.asked.service, frame.asked.month.start, frame.asked.month.end)
    parts = [frame.ngettext("%(num)s alert was raised:", "%(num)s alerts were raised:", found.raised)]
    states = [
        frame.ngettext("%(num)s waits for somebody", "%(num)s wait for somebody", found.new) if found.new else "",
        frame.ngettext("%(num)s is taken in hand", "%(num)s are taken in hand", found.acknowledged)
        if found.acknowledged
        else "",
        frame.ngettext("%(num)s is resolved", "%(num)s are resolved", found.resolved) if found.resolved else "",
        frame.ngettext("%(num)s was false", "%(num)s were false", found.false) if found.false else "",
    ]
    return f"{parts[0]} {', '.join(one for one in states if one)}."


def _alert(frame: Frame, one: Alert) -> Entry:
    rule = frame.facts.one(Rule, one.rule)
    title = rule.title.read(frame.lang)[0] if rule else one.rule
    text = frame.say(_("%(rule)s, %(day)s"), rule=title, day=frame.day_of(to_datetime(one.seen.raised - 1)))
    link = reverse("desk.alert", args=[frame.slug, one.number]) if frame.may(Right.READ_ALERTS) else ""
    done = ". ".join(_done(frame, one)) + "."
    return Entry(text=text, note=done, link=link, mark="watch" if one.waits else "kept")


def _done(frame: Frame, one: Alert) -> list[str]:
    """What people made of it: its state, since when somebody looks at it, what was said last."""
    state = words.translate(one.state.label, frame.lang)
    took = next((note for note in one.notes if note.action is Action.ACKNOWLEDGE), None)
    parts = [f"{state}, {frame.day_of(took.at)}" if took and one.waits else state]
    said = next((note.text for note in reversed(one.notes) if note.text), "")
    if len(said) > LONGEST:
        said = said[:LONGEST].rsplit(" ", 1)[0] + "…"
    if said:
        parts.append(frame.say(_("“%(title)s”"), title=said.rstrip(".")))
    elif one.waits:
        parts.append(frame.say(_("Nobody has said anything yet")))
    return parts


def _watch(frame: Frame, rules: list[str]) -> tuple[Entry, ...]:
    if rules or not frame.may(Right.WRITE_RULES):
        return ()
    link = reverse("desk.rule-new", args=[frame.slug])
    return (Entry(text=frame.say(_("Write a rule for this service")), link=link),)


def refusals_section(frame: Frame) -> Section:
    """What the sources of the service sent that was not kept."""
    title = frame.say(_("What was refused"))
    first = to_datetime(frame.asked.month.start)
    last = to_datetime(frame.asked.month.end)
    rows = [
        one
        for one in counters.counted(frame.slug, first)
        if one.source in frame.sources and not one.kept and one.first < last
    ]
    if not rows:
        lead = frame.say(_("Nothing that its sources sent in %(month)s was refused."), month=frame.month)
        return Section(code="refusals", title=title, lead=lead)
    rows.sort(key=lambda one: -one.count)
    entries = tuple(_refusal(frame, one) for one in rows[:MOST])
    left = len(rows) - len(entries)
    note = frame.ngettext("%(num)s more reason.", "%(num)s more reasons.", left) if left else ""
    return Section(code="refusals", title=title, entries=entries, note=note)


def _refusal(frame: Frame, one: Counted) -> Entry:
    """The counters run on: what began before the month, or went on after it, says since when."""
    said = words.sentence(one.refusal, frame.lang, names=frame.names)
    count = frame.ngettext("%(num)s value refused", "%(num)s values refused", one.count)
    within = one.first >= to_datetime(frame.asked.month.start) and one.last < to_datetime(frame.asked.month.end)
    if not within:
        since = frame.day_of(one.first)
        count = frame.say(_("%(count)s since %(day)s"), count=count, day=since)
    link = reverse("desk.refusals", args=[frame.slug]) + f"?source={one.source}"
    return Entry(text=said.why, note=count + ".", link=link, mark="refused")
