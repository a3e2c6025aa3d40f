"""Promises kept and to mend, and what is asked of the council."""

from collections.abc import Iterable
from datetime import date, timedelta

from django.urls import reverse

from bocage import evidence, words
from bocage.domain.contract import Contract
from bocage.domain.dataset import Dataset, Openness
from bocage.domain.decision import Finding, Standing
from bocage.domain.exception import ReasonedException
from bocage.domain.text import message as _
from bocage.publish.council.costs import running
from bocage.web.desk.council.frame import Frame
from bocage.web.desk.council.sheet import Entry, Section

MOST = 4
SOON = timedelta(days=60)
AHEAD = timedelta(days=365)
"""How long before its end a contract is to be prepared for."""


def section(frame: Frame) -> Section:
    """Findings that touch the service, and the whole territory in one line."""
    found = evidence.commitments(frame.slug, frame.now)
    ours = [finding for one in found for finding in one.findings if touches(frame, finding)]
    mend = [finding for finding in ours if not finding.kept]
    kept = len(ours) - len(mend)
    whole = [one for one in found if one.standing is not Standing.NOT_CONCERNED]
    lead = [frame.say(_("As found on %(day)s."), day=frame.day_of(frame.now))]
    if kept:
        lead.append(
            frame.ngettext("%(num)s check of this service is kept.", "%(num)s checks of this service are kept.", kept)
        )
    if not mend:
        lead.append(frame.say(_("Nothing is to be mended for this service.")))
    broken = sum(bool(one.to_mend) for one in whole)
    territory = frame.ngettext(
        "In the whole territory: %(num)s promise of %(of)s has something to mend.",
        "In the whole territory: %(num)s promises of %(of)s have something to mend.",
        broken,
        of=frame.number(len(whole)),
    )
    entries = tuple(_entry(frame, finding) for finding in mend[:MOST])
    left = len(mend) - len(entries)
    more = frame.ngettext("%(num)s more to mend.", "%(num)s more to mend.", left) if left else ""
    title = frame.say(_("Promises kept and to mend"))
    note = " ".join(part for part in (more, territory) if part)
    return Section(code="promises", title=title, lead=" ".join(lead), entries=entries, note=note)


def mends(frame: Frame) -> int:
    """How many findings of the service are to be mended."""
    found = evidence.findings(frame.slug, frame.now)
    return sum(not one.kept and touches(frame, one) for one in found)


def touches(frame: Frame, finding: Finding) -> bool:
    """Whether a finding is about the service: its series, things, sources, datasets, purposes or contracts."""
    named = {value for value in finding.values.values() if isinstance(value, str)}
    if finding.way_out is not None:
        named.add(finding.way_out.slug)
    return bool(named & _names(frame) - {""})


def _names(frame: Frame) -> frozenset[str]:
    purposes = (
        slug
        for slug, body in frame.facts.declared.get("purpose", {}).items()
        if getattr(body, "service", "") == frame.asked.service
    )
    things = (stream.thing for stream in frame.streams.values())
    return frozenset({frame.asked.service, *frame.streams, *things, *frame.sources, *frame.datasets, *purposes})


def _entry(frame: Frame, finding: Finding) -> Entry:
    said = words.sentence(finding, frame.lang, names=frame.names)
    way_out, link = finding.way_out, ""
    if way_out is not None and way_out.kind:
        place = [frame.slug, way_out.kind, *([way_out.slug] if way_out.slug else [])]
        link = reverse("desk.declaration" if way_out.slug else "desk.register", args=place)
    return Entry(
        text=said.what,
        note=" ".join(f"{part.rstrip('.')}." for part in (said.why, said.way_out) if part),
        link=link,
        mark="watch",
    )


def asked_section(frame: Frame, mend: int) -> Section:
    """What the council has to decide or to know of in time. `mend`: how many points the section above lists."""
    entries = [*_ending(frame), *_reviews(frame), *_renewals(frame)]
    if mend:
        said = frame.ngettext("%(num)s point to mend, told above", "%(num)s points to mend, told above", mend)
        entries.insert(0, Entry(text=said, mark="watch"))
    lead = "" if entries else frame.say(_("Nothing is asked of the council this month."))
    left = max(0, len(entries) - 2 * MOST)
    note = frame.ngettext("%(num)s more date.", "%(num)s more dates.", left) if left else ""
    title, shown = frame.say(_("What is asked of the council")), tuple(entries[: 2 * MOST])
    return Section(code="asked", title=title, lead=lead, entries=shown, note=note)


def _today(frame: Frame) -> date:
    return frame.facts.today


def _ending(frame: Frame) -> Iterable[Entry]:
    """Exceptions of the service that end soon."""
    today = _today(frame)
    for slug, body in sorted(frame.facts.all(ReasonedException).items(), key=lambda pair: pair[1].ends):
        ours = body.source in frame.sources or body.dataset in frame.datasets
        if ours and today <= body.ends <= today + SOON:
            yield Entry(
                text=frame.say(
                    _("An exception ends on %(day)s: %(title)s"),
                    day=frame.day(body.ends),
                    title=frame.names.get(slug, slug),
                ),
                link=reverse("desk.declaration", args=[frame.slug, "exception", slug]),
                mark="watch",
            )


def _reviews(frame: Frame) -> Iterable[Entry]:
    """Closed datasets that a person decides on again soon."""
    for slug in sorted(frame.datasets):
        body = frame.facts.one(Dataset, slug)
        if body and body.openness is Openness.CLOSED and body.review and body.review <= _today(frame) + SOON:
            yield Entry(
                text=frame.say(
                    _("Decide again by %(day)s whether this dataset stays closed: %(title)s"),
                    day=frame.day(body.review),
                    title=body.title.read(frame.lang)[0],
                ),
                link=reverse("desk.declaration", args=[frame.slug, "dataset", slug]),
                mark="watch",
            )


def _renewals(frame: Frame) -> Iterable[Entry]:
    """Contracts of the service that end within a year."""
    today = _today(frame)
    for slug, body in sorted(frame.facts.all(Contract).items()):
        runs = running(body)
        if runs and frame.asked.service in body.services and today <= runs[1] <= today + AHEAD:
            yield Entry(
                text=frame.say(
                    _("A contract ends on %(day)s, prepare what follows: %(title)s"),
                    day=frame.day(runs[1]),
                    title=body.title.read(frame.lang)[0],
                ),
                link=reverse("desk.declaration", args=[frame.slug, "contract", slug]),
                mark="watch",
            )
