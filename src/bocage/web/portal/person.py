"""Speaking to a person: who answers for the data here, and which rights one has."""

from django.http import HttpResponse

from bocage.domain.role import Role, RoleName
from bocage.web.page import page
from bocage.web.portal.knowledge import known
from bocage.web.request import Request

SHOWN = (RoleName.ACCESS_OFFICER, RoleName.DPO, RoleName.DATA_ADMINISTRATOR, RoleName.STEWARD)


def person(request: Request, territory: str) -> HttpResponse:
    """The counter, the functions that answer, and what can be asked; names of holders are not shown here."""
    facts = known(request).facts
    roles = [
        (slug, role)
        for slug, role in sorted(facts.all(Role).items())
        if role.role in SHOWN and (role.until is None or role.until >= facts.today)
    ]
    values = {
        "roles": sorted(roles, key=lambda pair: SHOWN.index(pair[1].role)),
        "access": [(slug, role) for slug, role in roles if role.role is RoleName.ACCESS_OFFICER],
    }
    return page(request, "portal/person.html", values)
