"""The rules and models that steer services, as everyone may read them: what each does, on which data, whom to ask."""

from typing import Any

from django.http import HttpResponse

from bocage.domain.algorithm import Algorithm, Automation, Reach
from bocage.domain.public_service import PublicService
from bocage.domain.purpose import Purpose
from bocage.domain.rule import Rule, Usual
from bocage.domain.sensing import Datastream
from bocage.publish.knowledge import Known
from bocage.web.page import page
from bocage.web.portal.knowledge import known
from bocage.web.request import Request
from bocage.words.rules import usual_sentence


def rules(request: Request, territory: str) -> HttpResponse:
    """Those in force first, then those that are not."""
    all_known = known(request)
    found = [
        _entry(request, all_known, slug, entry)
        for slug, entry in all_known.facts.all(Algorithm).items()
        if entry.reach is Reach.STEERING
    ]
    found.sort(key=lambda one: one["entry"].title.read(request.lang)[0].casefold())
    values = {
        "running": [one for one in found if one["entry"].in_force],
        "stopped": [one for one in found if not one["entry"].in_force],
        "deciding": any(one["entry"].in_force and one["entry"].automation is Automation.DECIDES for one in found),
    }
    return page(request, "portal/rules.html", values)


def _entry(request: Request, all_known: Known, slug: str, entry: Algorithm) -> dict[str, Any]:
    """One entry, with what it is about where everyone may see it: the rule of a dwelling's meter names no dwelling."""
    facts = all_known.facts
    rule = facts.one(Rule, entry.rule)
    streams = _streams(all_known, rule)
    datasets = dict.fromkeys(stream.dataset for stream in streams if stream.dataset)
    than = rule.condition.than if rule else None
    return {
        "slug": slug,
        "entry": entry,
        "service": facts.one(PublicService, entry.service),
        "purposes": [(name, body) for name in entry.purposes if (body := facts.one(Purpose, name))],
        "usual": usual_sentence(than, request.lang) if isinstance(than, Usual) else "",
        "sensors": [all_known.sight.seen[thing] for thing in _things(all_known, streams)],
        "open": [found for name in datasets if (found := all_known.publications.get(name)) and found.open],
        "closed": any(stream.id not in all_known.opened for stream in streams),
        "individual": entry.reach is Reach.INDIVIDUAL,
    }


def _streams(all_known: Known, rule: Rule | None) -> list[Datastream]:
    """The series of a rule."""
    slugs = rule.condition.measure.datastreams if rule else ()
    return [stream for slug in slugs if (stream := all_known.facts.one(Datastream, slug))]


def _things(all_known: Known, streams: list[Datastream]) -> list[str]:
    """The things everyone is told of, each once."""
    return [thing for thing in dict.fromkeys(stream.thing for stream in streams) if thing in all_known.sight.seen]
