"""Certificates for everyone: the list of all that were made, and each with what it says and how to check it."""

from django.http import HttpResponse

from bocage import evidence
from bocage.evidence import witnessing
from bocage.publish.certificate.sheet import perimeter
from bocage.web.page import page
from bocage.web.portal.knowledge import today
from bocage.web.request import Request


def certificates(request: Request, territory: str) -> HttpResponse:
    """All of them, newest first, and who outside keeps the chain they rest on."""
    reached = witnessing.reached(territory)
    values = {
        "found": evidence.certificates(territory),
        "today": today(request),
        "witnesses": [(body, reached.get(slug)) for slug, body in witnessing.declared(territory)],
    }
    return page(request, "portal/certificates.html", values)


def certificate(request: Request, territory: str, number: int) -> HttpResponse:
    """One of them; Missing when there is none of that number."""
    found = evidence.certificate(territory, number)
    values = {
        "one": found,
        "said": found.certificate,
        "today": today(request),
        "perimeter": perimeter(found.certificate, request.lang),
        "newer": next((one for one in evidence.certificates(territory) if one.in_force(today(request))), None),
    }
    return page(request, "portal/certificate.html", values)
