"""The notice of a sensor: what is sensed here, why, by whom, for how long, and who to ask."""

from django.http import HttpResponse

from bocage.publish import dtpr
from bocage.publish.notice import notice_of
from bocage.web.page import page
from bocage.web.portal.knowledge import known
from bocage.web.request import Request


def notice(request: Request, territory: str, notice: str) -> HttpResponse:
    """The whole chain, each link one click from the declaration that allows it."""
    all_known = known(request)
    values = {"notice": notice_of(all_known, notice), "told": all_known.sight.seen, "attribution": dtpr.attribution()}
    return page(request, "portal/notice.html", values)
