"""What the digital tools of the territory cost the planet, as everyone may read it and check it."""

from django.http import HttpResponse
from django.urls import reverse

from bocage.domain.dataset import Dataset
from bocage.web.footprint import shown
from bocage.web.page import page
from bocage.web.portal.knowledge import known
from bocage.web.request import Request


def footprint(request: Request, territory: str) -> HttpResponse:
    """Parts, services, datasets, budgets, factors, and what is not counted."""

    def link(kind: str, slug: str) -> str:
        if kind == Dataset.kind:
            return reverse("portal.dataset", args=[territory, slug])
        return reverse("portal.declaration", args=[territory, kind, slug])

    values = {**shown(request, known(request).facts), "link": link}
    return page(request, "portal/footprint.html", values)
