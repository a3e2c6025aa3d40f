"""What carries sensors: the list with the last values, and the page of each thing."""

from collections import Counter
from typing import Any

from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse

from bocage import evidence
from bocage.accounts.rights import may_declare
from bocage.domain.dataset import Dataset
from bocage.domain.errors import Missing
from bocage.domain.instant import DAY, to_ms
from bocage.domain.sensing import Datastream, ObservedProperty, Thing
from bocage.domain.source import Source
from bocage.domain.whole import whole
from bocage.sensing import positions
from bocage.store.protocol import Store
from bocage.web.desk import reach, replacement
from bocage.web.page import page
from bocage.web.portal.values import Value, latest, unit_of
from bocage.web.request import Request

PAGE = 100
SPARK = 60


def line(bench: reach.Bench, slug: str, stream: Datastream, value: Value | None, lang: str) -> dict[str, Any]:
    """One series as lists show it."""
    observed = bench.facts.one(ObservedProperty, stream.observed_property)
    source = bench.facts.one(Source, stream.source)
    return {
        "slug": slug,
        "stream": stream,
        "observed": observed.title if observed else stream.title,
        "unit": unit_of(stream),
        "value": value,
        "held_back": evidence.holds_back(stream.id),
        "said": value.said(unit_of(stream), lang) if value else "",
        "replayed": bool(value and value.replayed) or bool(source and source.replayed),
        "source": source,
        "dataset": bench.facts.one(Dataset, stream.dataset),
    }


def things(request: Request, territory: str) -> HttpResponse:
    """Every thing with its series and their last values; `q` searches, `from` turns the page."""
    bench = reach.bench(request)
    said = request.GET.get("q", "").casefold()
    found = [
        (slug, thing)
        for slug, thing in sorted(bench.things.items(), key=lambda pair: pair[1].title.fr.casefold())
        if said in f"{slug} {thing.title.fr} {thing.title.en} {thing.place}".casefold()
    ]
    first = whole(request.GET.get("from", ""), 0)
    shown = found[first : first + PAGE]
    values = {
        "items": listing(request, bench, shown),
        "found": len(found),
        "total": len(bench.things),
        "first": first,
        "page_size": PAGE,
        "may_declare": may_declare(request.actor, territory, "thing"),
    }
    return page(request, "desk/things.html", values)


def listing(request: Request, bench: reach.Bench, shown: list[tuple[str, Thing]]) -> list[dict[str, Any]]:
    """Things with the lines of their series; one question to the log for all of them."""
    streams = {slug: bench.of_thing(slug) for slug, _thing in shown}
    newest = latest(request.parts.store, (stream.id for some in streams.values() for _slug, stream in some))
    items = []
    for slug, thing in shown:
        lines = told_apart([line(bench, name, one, newest.get(one.id), request.lang) for name, one in streams[slug]])
        items.append({"slug": slug, "thing": thing, "lines": lines, "replayed": any(one["replayed"] for one in lines)})
    return items


def told_apart(lines: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Two series of one property on one thing go by their own names."""
    measured = Counter(one["stream"].observed_property for one in lines)
    for one in lines:
        if measured[one["stream"].observed_property] > 1:
            one["observed"] = one["stream"].title
    return lines


def thing(request: Request, territory: str, thing: str) -> HttpResponse:
    """One thing: its series now, where it stands and stood, its notice."""
    bench = reach.bench(request)
    body = bench.things.get(thing)
    bearer = bench.facts.borne.get(thing, "")
    if body is None and bearer in bench.things:
        return HttpResponseRedirect(reverse("desk.thing", args=[territory, bearer]))
    if body is None:
        raise Missing("a thing you may know of", thing)
    streams = bench.of_thing(thing)
    newest = latest(request.parts.store, (stream.id for _slug, stream in streams))
    lines = told_apart([line(bench, slug, stream, newest.get(stream.id), request.lang) for slug, stream in streams])
    for one in lines:
        one["spark"] = spark_points(request.parts.store, one["stream"], one["value"])
    values = {
        "name": thing,
        "thing": body,
        "lines": lines,
        "hidden": sum(1 for one in bench.facts.all(Datastream).values() if one.thing == thing) - len(lines),
        "notices": bench.facts.notices.get(thing, ()),
        "positions": positions(territory, thing),
        "replaced": [
            (slug, stream, replacement.history(request, stream)) for slug, stream in streams if stream.replacements
        ],
        "may_declare": may_declare(request.actor, territory, "thing"),
        "now": to_ms(request.parts.clock()),
    }
    return page(request, "desk/thing.html", values)


def spark_points(store: Store, stream: Datastream, value: Value | None) -> list[tuple[float, float | None]]:
    """The last values of a series, few enough for a small drawing."""
    if value is None or value.number is None:
        return []
    rows = store.window(stream.id, value.start - 400 * DAY, value.start + 1, limit=SPARK, newest_first=True)
    points = [(float(at), float(number)) for at, number in zip(rows.start.tolist(), rows.number.tolist(), strict=True)]
    return [(at, number) for at, number in reversed(points)]
