"""The first page of the desk: what needs a hand first, then the services as they run."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from django.http import HttpResponse

from bocage import evidence
from bocage.accounts.rights import Right, may
from bocage.commitments.facts import TerritoryFacts
from bocage.domain.instant import to_ms
from bocage.domain.public_service import PublicService
from bocage.domain.sensing import Datastream
from bocage.ingest import refusals as counters
from bocage.web.desk import coming, running
from bocage.web.desk.first import guide, steps
from bocage.web.desk.models import proposed
from bocage.web.desk.promises import mended_at
from bocage.web.desk.reach import Bench, bench, names, service_of
from bocage.web.desk.refusals import covered, groups
from bocage.web.desk.silence import silent
from bocage.web.desk.things import line
from bocage.web.desk.watch import alerts, ringing
from bocage.web.page import page
from bocage.web.portal.values import Value, latest
from bocage.web.request import Request

LATELY = timedelta(days=30)
FIRST = 3


def overview(request: Request, territory: str) -> HttpResponse:
    """Everything at a glance."""
    work = bench(request)
    now = request.parts.clock()
    newest = latest(request.parts.store, (stream.id for stream in work.streams.values()))
    quiet = silent(work, {number: value.end for number, value in newest.items()}, to_ms(now))
    refused = _refused(request, work.facts)
    first = guide.standing(request, work.facts)
    rings = alerts.waiting(request, work) if may(request.actor, Right.READ_ALERTS, territory) else []
    findings = [found for found in evidence.findings(territory, now) if not found.kept]
    values = {
        "refused": refused[:FIRST],
        "refused_more": max(0, len(refused) - FIRST),
        "findings": [(found, mended_at(request, found)) for found in findings[: FIRST * 2]],
        "findings_more": max(0, len(findings) - FIRST * 2),
        "machine": running.needs(request),
        "alerts": ringing.lines(request, work.facts, rings[:FIRST]),
        "alerts_more": max(0, len(rings) - FIRST),
        "quiet": _quiet(request, work, quiet, newest),
        "quiet_count": len(quiet),
        "services": _services(work, newest),
        "steps": () if steps.finished(first) else first,
        "current": steps.current(first),
        "offers": proposed.waiting(request),
        "next": coming.following(request) if steps.finished(first) else None,
        "streams": len(work.streams),
        "hidden": len(work.facts.all(Datastream)) - len(work.streams),
        "held": sum(extent.count for extent in request.parts.store.extent([s.id for s in work.streams.values()])),
        "newest": max(newest.values(), key=_start, default=None),
        "names": names(work.facts, request.lang),
    }
    return page(request, "desk/overview.html", values)


def _refused(request: Request, facts: TerritoryFacts) -> list[dict[str, Any]]:
    if not may(request.actor, Right.READ_REFUSALS, request.slug):
        return []
    since = request.parts.clock() - LATELY
    counted = [
        one for one in counters.counted(request.slug, since) if not one.kept and covered(request, facts, one.source)
    ]
    return [group for group in groups(request, facts, counted) if not group["mended"]]


def _quiet(request: Request, work: Bench, quiet: frozenset[int], newest: Any) -> list[dict[str, Any]]:
    found = [(slug, stream) for slug, stream in work.streams.items() if stream.id in quiet]
    return [line(work, slug, stream, newest.get(stream.id), request.lang) for slug, stream in found[: FIRST * 2]]


def _services(work: Bench, newest: Any) -> list[dict[str, Any]]:
    """Each public service with its series; those of no service at the end."""
    facts = work.facts
    held: dict[str, list[Datastream]] = {slug: [] for slug in facts.all(PublicService)}
    for stream in work.streams.values():
        held.setdefault(service_of(facts, stream), []).append(stream)
    return [
        {
            "slug": slug,
            "body": facts.one(PublicService, slug),
            "streams": len(streams),
            "things": len({stream.thing for stream in streams}),
            "newest": _newest(streams, newest),
        }
        for slug, streams in held.items()
        if streams or slug
    ]


def _newest(streams: list[Datastream], newest: Mapping[int, Value]) -> Value | None:
    return max((newest[stream.id] for stream in streams if stream.id in newest), key=_start, default=None)


def _start(value: Value) -> int:
    return value.start
