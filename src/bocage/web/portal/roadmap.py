"""The roadmap everyone reads: projects in time, what became of prototypes, and each project by itself."""

import msgspec
from django.http import HttpResponse

from bocage.publish.portfolio import sheet
from bocage.publish.portfolio.roadmap import Roadmap
from bocage.web.files import attached
from bocage.web.page import page
from bocage.web.portal import portfolio
from bocage.web.portal import project as projects
from bocage.web.portal.indicators import shown
from bocage.web.portal.knowledge import known
from bocage.web.request import Request


def roadmap(request: Request, territory: str) -> HttpResponse:
    """Every project, by trajectory; those asked for alone (`trajectory`, `phase`, `service`)."""
    all_known = known(request)
    return page(request, "portal/roadmap.html", portfolio.told(request, all_known.facts, all_known.sees))


def one(request: Request, territory: str, project: str) -> HttpResponse:
    """One project."""
    all_known = known(request)
    facts = all_known.facts
    values = projects.told(request, facts, all_known.sees, project)
    followed = projects.indicators(facts, values["project"])
    values["measured"] = [projects.measured(shown(request, all_known, item)) for item in followed]
    return page(request, "portal/project.html", values)


def as_json(request: Request, territory: str) -> HttpResponse:
    """What is drawn, for programs."""
    return HttpResponse(msgspec.json.encode(sheet.as_plain(_found(request))), content_type="application/json")


def as_csv(request: Request, territory: str) -> HttpResponse:
    """A line for each event, for spreadsheets."""
    return attached(f"{territory}-roadmap.csv", "".join(sheet.as_csv(_found(request), request.lang)))


def as_calendar(request: Request, territory: str) -> HttpResponse:
    """The events, for calendars that follow the address."""
    name = request.territory.title.read(request.lang)[0] if request.territory else territory
    lines = sheet.as_calendar(_found(request), (territory, name), request.parts.clock(), request.lang)
    return attached(f"{territory}-roadmap.ics", "".join(lines), "text/calendar; charset=utf-8")


def _found(request: Request) -> Roadmap:
    all_known = known(request)
    return portfolio.portfolio(request, all_known.facts, all_known.sees)
