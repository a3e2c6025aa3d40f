"""What was refused, by source and series, with the reason and the link that mends it."""

from collections.abc import Iterable
from typing import Any
from urllib.parse import urlencode

from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse

from bocage import words
from bocage.accounts.rights import Right, may_begin, may_declare, reach
from bocage.commitments.facts import TerritoryFacts
from bocage.domain.decision import Refusal
from bocage.domain.sensing import Datastream
from bocage.domain.source import Source
from bocage.domain.text import message as _
from bocage.ingest import refusals as counters
from bocage.ingest.refusals import Counted
from bocage.web import errors
from bocage.web.desk.asking import refused
from bocage.web.desk.reach import facts_of, may_mend, names, service_of_source
from bocage.web.page import page, say
from bocage.web.request import Request


def refusals(request: Request, territory: str) -> HttpResponse:
    """The list; a series that was mended can be taken off it."""
    if request.method == "POST":
        source = str(request.POST.get("source", ""))
        facts = facts_of(request)
        if not covered(request, facts, source) or not may_mend(request, facts, source):
            return errors.forbidden(request)
        counters.forget(territory, source, str(request.POST.get("key", "")))
        say(request, words.translate(_("Taken off the list."), request.lang))
        return HttpResponseRedirect(reverse("desk.refusals", args=[territory]))
    facts = facts_of(request)
    asked = request.GET.get("source", "")
    found = [one for one in counters.counted(territory) if covered(request, facts, one.source)]
    shown = [one for one in found if not asked or one.source == asked]
    values = {
        "groups": groups(request, facts, (one for one in shown if not one.kept)),
        "flagged": [one for one in shown if one.kept],
        "sources": sorted({one.source for one in found}),
        "asked": asked,
        "facts": facts,
        "names": names(facts, request.lang),
        "may_mend": may_begin(request.actor, territory, Datastream.kind),
    }
    return page(request, "desk/refusals.html", values)


def covered(request: Request, facts: TerritoryFacts, source: str) -> bool:
    """Whether this person reads the refusals of a source."""
    far = reach(request.actor, Right.READ_REFUSALS, request.slug)
    return far.covers(source=source, service=service_of_source(facts, source))


def groups(request: Request, facts: TerritoryFacts, found: Iterable[Counted]) -> list[dict[str, Any]]:
    """Refusals by source and series, newest first; whether the gate would still refuse."""
    held: dict[tuple[str, str], list[Counted]] = {}
    for one in found:
        held.setdefault((one.source, one.key), []).append(one)
    return [_group(request, facts, source, key, counts) for (source, key), counts in held.items()]


def _group(request: Request, facts: TerritoryFacts, source: str, key: str, counts: list[Counted]) -> dict[str, Any]:
    still = refused(facts, source, key)
    source_body = facts.one(Source, source)
    return {
        "source": source,
        "source_title": source_body.title if source_body else None,
        "key": key,
        "lines": [(one, one.refusal, mend(request, one.refusal, source, key)) for one in counts],
        "mended": not still and all(one.promise != "ingest" or one.code == "undeclared" for one in counts),
        "count": sum(one.count for one in counts),
        "datastream": facts.keys.get((source, key), ""),
        "highlight": request.GET.get("key") == key and request.GET.get("source") == source,
    }


def mend(request: Request, refusal: Refusal, source: str, key: str) -> str:
    """The page that mends a refusal, empty when this person may open none."""
    way_out = refusal.way_out
    if way_out.kind == "codec":  # given and tried on the page of its source
        return reverse("desk.lorawan", args=[request.slug, source])
    if refusal.promise != "ingest" or refusal.code == "undeclared":
        if any(may_declare(request.actor, request.slug, kind) for kind in ("datastream", "purpose")):
            return f"{reverse('desk.declare', args=[request.slug])}?{urlencode({'source': source, 'key': key})}"
        return ""
    if not may_declare(request.actor, request.slug, way_out.kind):
        return ""
    if way_out.slug:
        return reverse("desk.form", args=[request.slug, way_out.kind, way_out.slug])
    return reverse("desk.form", args=[request.slug, way_out.kind])
