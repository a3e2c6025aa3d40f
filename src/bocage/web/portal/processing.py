"""What measurements are for: every purpose, and the register of processing activities where persons are concerned."""

from django.http import HttpResponse

from bocage.publish.processing import register
from bocage.web.page import page
from bocage.web.portal.knowledge import known
from bocage.web.request import Request


def processing(request: Request, territory: str) -> HttpResponse:
    """The purposes that run, those that concern persons first."""
    found = register(known(request).facts)
    return page(
        request,
        "portal/processing.html",
        {
            "personal": [item for item in found if item.purpose.personal is not False],
            "others": [item for item in found if item.purpose.personal is False],
        },
    )
