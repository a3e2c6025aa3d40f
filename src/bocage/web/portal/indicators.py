"""The indicators everyone may read: a few sentences, a chart, a table, a file; or why the figures are not shown."""

from collections.abc import Iterator
from typing import Any

from django.http import HttpResponse

from bocage.domain.instant import iso, to_ms
from bocage.domain.public_service import PublicService
from bocage.publish import rows
from bocage.publish.indicators import Followed, Found, all_followed, closing, followed, unit_of
from bocage.publish.knowledge import Known
from bocage.web.files import attached
from bocage.web.page import page
from bocage.web.portal.knowledge import known, titles
from bocage.web.portal.stories import Told, told
from bocage.web.request import Request

COLUMNS = ("start", "end", "indicator", "datastream", "value", "unit", "measurements", "expected", "complete")


def indicators(request: Request, territory: str) -> HttpResponse:
    """Every indicator with its last figure; those whose figures are not shown with the reason."""
    all_known = known(request)
    found = [(one, shown(request, all_known, one)) for one in all_followed(all_known.facts)]
    values = {
        "open": [(one, story) for one, story in found if story.open],
        "others": [(one, _closing(all_known, one)) for one, story in found if not story.open],
        "services": all_known.facts.all(PublicService),
        "names": titles(all_known, request.lang),
    }
    return page(request, "portal/indicators.html", values)


def indicator(request: Request, territory: str, indicator: str) -> HttpResponse:
    """One indicator: its story in ten sentences at most."""
    all_known = known(request)
    one = followed(all_known.facts, indicator)
    story = shown(request, all_known, one, request.GET.get("series", ""))
    datasets = dict.fromkeys(stream.dataset for _slug, stream in one.streams if stream.dataset)
    values: dict[str, Any] = {
        "one": one,
        "story": story,
        "service": all_known.facts.one(PublicService, one.indicator.service),
        "closing": _closing(all_known, one),
        "datasets": [all_known.publications[slug] for slug in datasets if slug in all_known.publications],
        "names": titles(all_known, request.lang),
    }
    return page(request, "portal/indicator.html", values)


def sheet(request: Request, territory: str, indicator: str) -> HttpResponse:
    """The figures its story looks at as CSV; a page that gives the reason when they are not shown."""
    all_known = known(request)
    one = followed(all_known.facts, indicator)
    if not one.open(all_known.opened):
        return _withheld(request, all_known, one)
    return as_csv(request, one)


def shown(request: Request, all_known: Known, one: Followed, line: str = "") -> Told:
    """What everyone is told of it."""
    return told(request, all_known.facts, one, (one.open(all_known.opened), all_known.sight.seen), line)


def as_csv(request: Request, one: Followed) -> HttpResponse:
    """The file, for whoever may see the figures."""
    zone = request.territory.time_zone if request.territory else "Europe/Paris"
    found = request.parts.figures.of(request.parts.store, one, zone, to_ms(request.parts.clock()))
    return attached(f"{one.territory}-{one.slug}.csv", "".join(_lines(one, found)))


def _lines(one: Followed, found: Found) -> Iterator[str]:
    """Times in UTC; `datastream` is empty where all of them make one figure; `complete` is 1 or 0, `expected` empty
    without a declared cadence."""
    yield ",".join(COLUMNS) + "\r\n"
    for line, figures in found.items():
        unit = rows.quoted(unit_of(one, line))
        for figure in figures:
            expected = "" if figure.expected is None else str(figure.expected)
            told_as = (iso(figure.start), iso(figure.end), one.slug, line, rows.number(figure.value), unit)
            yield ",".join((*told_as, str(figure.count), expected, str(int(figure.complete)))) + "\r\n"


def _closing(all_known: Known, one: Followed) -> list[Any]:
    return list(closing(all_known.publications, one, all_known.opened))


def _withheld(request: Request, all_known: Known, one: Followed) -> HttpResponse:
    values = {"one": one, "story": shown(request, all_known, one), "closing": _closing(all_known, one)}
    values |= {"service": None, "datasets": [], "names": titles(all_known, request.lang)}
    return page(request, "portal/indicator.html", values, status=403)
