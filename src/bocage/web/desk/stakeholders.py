"""Who works with whom, at the desk: the same maps, with the pages where what is missing is declared."""

from django.http import HttpResponse
from django.urls import reverse

from bocage.accounts.rights import may_begin
from bocage.web.desk.reach import facts_of, knows
from bocage.web.page import page
from bocage.web.portal import contracts, partners
from bocage.web.request import Request


def stakeholders(request: Request, territory: str) -> HttpResponse:
    """Both maps; of one project or of one kind of actors when asked (`project`, `nature`)."""
    facts, sees = facts_of(request), knows(request)

    def leads(kind: str, slug: str) -> str:
        return reverse("desk.declaration", args=[territory, kind, slug])

    values = partners.told(request, facts, sees, leads) | contracts.told(request, facts, sees, leads)
    values["may_begin"] = {kind: may_begin(request.actor, territory, kind) for kind in ("actor", "contract")}
    return page(request, "desk/stakeholders.html", values)
