"""The page of one series: its chart from minutes to years, its values, where they come from and why they may exist."""

import csv
import io
from typing import Any

import msgspec
from django.http import HttpResponse

from bocage import evidence, words
from bocage.accounts.rights import may_begin, may_declare
from bocage.commitments import decide
from bocage.commitments.facts import TerritoryFacts
from bocage.commitments.promise import Moment
from bocage.domain.decision import Permit, Refusal
from bocage.domain.errors import Missing
from bocage.domain.inert import inert
from bocage.domain.instant import iso, to_ms
from bocage.domain.nature import Nature, Origin
from bocage.domain.rule import Rule
from bocage.domain.sensing import Datastream
from bocage.domain.source import Source
from bocage.store.protocol import Extent
from bocage.web import svg
from bocage.web.desk import chart, night, reach, registers, replacement
from bocage.web.files import attached
from bocage.web.page import page
from bocage.web.portal.values import Value, latest, unit_of, value_at
from bocage.web.request import Request

TABLE = 200


def _one(request: Request, slug: str) -> tuple[TerritoryFacts, Datastream]:
    bench = reach.bench(request)
    stream = bench.streams.get(slug)
    if stream is None:
        raise Missing("a series you may read", slug)
    return bench.facts, stream


def datastream(request: Request, territory: str, datastream: str) -> HttpResponse:
    """Everything about one series."""
    facts, stream = _one(request, datastream)
    store, now = request.parts.store, to_ms(request.parts.clock())
    extent = next(iter(store.extent([stream.id])), None)
    span = chart.span(request.GET, extent, now)
    shown = chart.shown(store, stream, span, extent)
    zone = request.territory.time_zone if request.territory else "UTC"
    title = stream.title.read(request.lang)[0]
    value = latest(store, [stream.id]).get(stream.id)
    own = registers.place(stream.kind, datastream, stream)
    values = {
        "name": datastream,
        "stream": stream,
        "facts": facts,
        "unit": unit_of(stream),
        "extent": extent,
        "held_back": evidence.holds_back(stream.id),
        "span": shown.span,
        "spans": [(name, chart.SPANS[name][1]) for name in chart.spans(extent, now)],
        "shown": shown,
        "svg": svg.plot(chart.picture(shown, zone, request.lang, title)) if extent else "",
        "value": value,
        "rows": _rows(request, stream, shown),
        "flow": facts.flow(stream.source, stream.key or datastream),
        **_why(facts, stream, datastream),
        "nights": night.fits(store, stream, extent),
        "names": reach.names(facts, request.lang),
        "sensors": replacement.history(request, stream),
        "may_declare": may_declare(request.actor, territory, stream.kind, **own),
        "may_watch": may_begin(request.actor, territory, Rule.kind) and stream.nature is not Nature.DIRECTION,
    }
    return page(request, "desk/datastream.html", values)


def _why(facts: TerritoryFacts, stream: Datastream, slug: str) -> dict[str, Any]:
    """What the gate answers now, on today's declarations."""
    answers = decide(Moment.INGEST, facts.flow(stream.source, stream.key or slug)) if stream.source else ()
    return {
        "refusals": [answer for answer in answers if isinstance(answer, Refusal)],
        "permit": next((answer for answer in answers if isinstance(answer, Permit)), None),
        "notices": facts.notices.get(stream.thing, ()),
    }


def _rows(request: Request, stream: Datastream, shown: chart.Shown) -> list[dict[str, Any]]:
    """The newest rows of the span as a table: single values, or the summaries the chart draws."""
    if shown.step == "raw":
        window = request.parts.store.window(stream.id, shown.span.start, shown.span.end, limit=TABLE, newest_first=True)
        values = [value_at(window, place) for place in range(len(window))]
        return [
            {"start": one.start, "end": one.end, "said": one.said(unit_of(stream), request.lang), **_origin(one)}
            for one in values
        ]
    lines = list(zip(shown.start, shown.value, shown.count, strict=True))[::-1][:TABLE]
    return [
        {
            "start": at,
            "end": at,
            "said": words.number(value, request.lang, shown.unit),
            "count": count,
            "origin": None,
            "original": 0,
        }
        for at, value, count in lines
    ]


def _origin(value: Value) -> dict[str, Any]:
    return {"origin": value.origin, "original": value.original, "count": 1}


class Sent(msgspec.Struct, frozen=True, kw_only=True):
    """The points of a span for the browser: seconds since 1970, values with nulls where the line breaks.

    `origin`, `licence`, `attribution` are said by every answer, so that no copy of it forgets where it comes from.
    """

    step: str
    unit: str
    shape: str
    width: float
    start: int
    end: int
    t: list[float]
    v: list[float | None]
    low: list[float | None]
    high: list[float | None]
    origin: str = ""
    original: list[float | None] = []
    licence: str = ""
    attribution: str = ""


def series(request: Request, territory: str, datastream: str) -> HttpResponse:
    """The points of a span as JSON, or as CSV with `format=csv`."""
    facts, stream = _one(request, datastream)
    extent: Extent | None = next(iter(request.parts.store.extent([stream.id])), None)
    span = chart.span(request.GET, extent, to_ms(request.parts.clock()))
    shown = chart.shown(request.parts.store, stream, span, extent)
    if request.GET.get("format") == "csv":
        return _csv(datastream, shown, facts.one(Source, stream.source))
    return HttpResponse(
        msgspec.json.encode(sent(shown, facts.one(Source, stream.source))), content_type="application/json"
    )


def _origins(shown: chart.Shown, source: Source | None) -> list[str]:
    """Where each point comes from; a summary is of what its source gives."""
    if shown.step == "raw":
        return [Origin(code).name.lower() for code in shown.origin]
    origin = Origin.REPLAYED if source and source.replayed else Origin.MEASURED
    return [origin.name.lower()] * len(shown.start)


def sent(shown: chart.Shown, source: Source | None = None) -> Sent:
    """The points with a null wherever two are further apart than the series' own pace."""
    t: list[float] = []
    v: list[float | None] = []
    low: list[float | None] = []
    high: list[float | None] = []
    original: list[float | None] = []
    before = None
    for place, at in enumerate(shown.start):
        if before is not None and shown.gap and at - before > shown.gap and shown.shape != "bars":
            t.append((before + shown.gap / 2) / 1000)
            v.append(None)
            low.append(None)
            high.append(None)
            original.append(None)
        first = shown.original[place] if shown.original else None
        original.append(None if first is None else first / 1000)
        t.append(at / 1000)
        v.append(shown.value[place])
        low.append(shown.low[place] if shown.low else None)
        high.append(shown.high[place] if shown.high else None)
        before = at
    return Sent(
        step=shown.step, unit=shown.unit, shape=shown.shape, width=shown.width / 1000,
        start=shown.span.start, end=shown.span.end, t=t, v=v,
        low=low if shown.low else [], high=high if shown.high else [],
        origin=", ".join(sorted(set(_origins(shown, source)))),
        original=original if any(time is not None for time in original) else [],
        licence=source.licence if source else "", attribution=source.attribution if source else "",
    )  # fmt: skip


def _csv(slug: str, shown: chart.Shown, source: Source | None) -> HttpResponse:
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(["time", "value", "unit", "step", "origin", "original_time", "licence", "attribution"])
    said = (inert(source.licence), inert(source.attribution)) if source else ("", "")
    originals = shown.original or [None] * len(shown.start)
    points = zip(shown.start, shown.value, _origins(shown, source), originals, strict=True)
    for at, value, origin, original in points:
        written = "" if value is None else repr(value)
        first = "" if original is None else iso(original)
        writer.writerow([iso(at), written, inert(shown.unit), shown.step, origin, first, *said])
    return attached(f"{slug}.csv", out.getvalue())
