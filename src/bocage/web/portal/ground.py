"""The quiet ground of the map: outlines of communes that ship with Bocage, where they do."""

from django.http import HttpResponse

from bocage.registers import official
from bocage.web.request import Request

EMPTY = b'{"type":"FeatureCollection","features":[]}'


def outlines(request: Request, territory: str) -> HttpResponse:
    """Outlines of the department of the territory; none where no outline ships, and the ground stays plain."""
    department = request.territory.department if request.territory else ""
    found = official.outlines(department) if department else None
    response = HttpResponse(found or EMPTY, content_type="application/geo+json")
    response["Cache-Control"] = "public, max-age=86400"
    return response
