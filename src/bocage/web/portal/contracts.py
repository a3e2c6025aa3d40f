"""The contracts as pages show them: what each covers, drawn; their days on one axis; where the map has a hole."""

from datetime import date
from typing import Any

import msgspec
from markupsafe import Markup

from bocage import words
from bocage.commitments.facts import TerritoryFacts
from bocage.domain.dataset import Dataset
from bocage.domain.public_service import PublicService
from bocage.domain.source import Source
from bocage.domain.text import message as _
from bocage.publish.partners.contracts import Bound, Standing, contracts, uncovered
from bocage.publish.portfolio.directory import titled
from bocage.publish.portfolio.events import Sees
from bocage.web import ties, timeline
from bocage.web.portal.partners import Leads
from bocage.web.portal.portfolio import scale
from bocage.web.request import Request
from bocage.web.ties import Name, Ties
from bocage.web.timeline import Axis, Bar, Sign

NOBODY = _("Holder not declared")
COVERED = {PublicService.kind: PublicService.plural, Source.kind: Source.plural, Dataset.kind: Dataset.plural}
"""What a contract covers, in the order of the drawing."""


class InTime(msgspec.Struct, frozen=True, kw_only=True):
    """A contract with its days drawn; empty where none is declared."""

    bound: Bound
    drawing: Markup = Markup("")


def told(request: Request, facts: TerritoryFacts, sees: Sees, leads: Leads) -> dict[str, Any]:
    """What the second part of the page shows."""
    found = contracts(facts, sees)
    days = [day for one in found for day in (one.start, one.last) if day]
    axis = timeline.axis(min(days, default=facts.today), max(days, default=facts.today), facts.today)
    return {
        "contracts": [InTime(bound=one, drawing=_drawn(axis, one, request.lang)) for one in found],
        "contract_scale": scale(axis, request.lang),
        "contract_map": _covers(facts, found, leads, request.lang) if found else "",
        "contract_cut": max(len(found), len({place for one in found for place in one.covers})) > ties.MOST,
        "holes": uncovered(facts, sees),
    }


def _drawn(axis: Axis, one: Bound, lang: str) -> Markup:
    """From its start to its last day, with the day from which its end is to be prepared."""
    if one.start is None:
        return Markup("")
    last = one.last or axis.last
    now = min(max(axis.today, one.start), last)
    past = "over" if one.standing is Standing.OVER else "project"
    bars = [Bar(start=one.start, end=now, name=past)]
    bars += [Bar(start=now, end=last, name="ahead")] if last > now else []
    signs = [Sign(day=last, form="step", state="late" if one.prepare else "done", said=_end(last, lang))]
    values = {
        "title": one.contract.title.read(lang)[0],
        "start": words.day(one.start, lang),
        "end": words.day(last, lang),
    }
    said = words.translate(_("%(title)s, from %(start)s to %(end)s"), lang) % values
    return timeline.lane(axis, bars, signs if one.last else [], said)


def _end(last: date, lang: str) -> str:
    return words.translate(_("Ends on %(day)s"), lang) % {"day": words.day(last, lang)}


def _covers(facts: TerritoryFacts, found: tuple[Bound, ...], leads: Leads, lang: str) -> Markup:
    """Contracts on the left, by their holders; services, sources and datasets on the right."""
    left = sorted((_name(facts, one, leads, lang) for one in found), key=lambda name: (name.group, name.key))
    covered = dict.fromkeys(place for one in found for place in one.covers)
    order = list(COVERED)
    right = [
        Name(
            key="/".join(place),
            words=titled(facts, place).read(lang)[0],
            link=leads(*place),
            group=words.translate(COVERED[place[0]], lang),
        )
        for place in sorted(covered, key=lambda place: (order.index(place[0]), place[1]))
    ]
    lines = [(one.slug, "/".join(place), "covers") for one in found for place in one.covers]
    said = words.translate(_("What each contract covers; the table below says the same"), lang)
    return ties.drawn(Ties(left=left, right=right, lines=lines, said=said))


def _name(facts: TerritoryFacts, one: Bound, leads: Leads, lang: str) -> Name:
    holders = ", ".join(titled(facts, place).read(lang)[0] for place in one.holders)
    return Name(
        key=one.slug,
        words=one.contract.title.read(lang)[0],
        link=leads(one.contract.kind, one.slug),
        group=holders or words.translate(NOBODY, lang),
        beside=f"→ {words.day(one.last, lang)}" if one.last else "",
        lacks=one.prepare or not one.covers or not one.holders,
    )
