"""The roadmap at the desk: the same projects, with the pages where they are changed."""

from django.http import HttpResponse

from bocage.accounts.rights import may_begin, may_declare
from bocage.web.desk.indicators import shown
from bocage.web.desk.reach import bench, facts_of, knows
from bocage.web.page import page
from bocage.web.portal import portfolio
from bocage.web.portal import project as projects
from bocage.web.request import Request


def roadmap(request: Request, territory: str) -> HttpResponse:
    """Every project, by trajectory."""
    values = portfolio.told(request, facts_of(request), knows(request))
    values["may_begin"] = may_begin(request.actor, territory, "project")
    return page(request, "desk/roadmap.html", values)


def one(request: Request, territory: str, project: str) -> HttpResponse:
    """One project; the indicators this person may read, and what is closed to the public where they may."""
    work = bench(request)
    values = projects.told(request, work.facts, knows(request), project)
    body = values["project"]
    followed = projects.indicators(work.facts, body)
    values["measured"] = [projects.measured(shown(request, work, item)) for item in followed]
    values["may_declare"] = may_declare(request.actor, territory, "project", service=body.service)
    values["may_begin"] = {
        kind: may_begin(request.actor, territory, kind)
        for kind in ("actor", "economics", "evaluation", "experiment", "decision")
    }
    return page(request, "desk/project.html", values)
