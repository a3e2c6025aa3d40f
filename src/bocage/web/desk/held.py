"""What is held about somebody, for whoever answers a request of access; and one's own copy, for oneself."""

import msgspec
from django.http import HttpResponse

from bocage.accounts import people
from bocage.evidence.held import LEAST, Held, held
from bocage.evidence.held import own as of_account
from bocage.web.page import page
from bocage.web.request import Request


def looked_for(request: Request, territory: str) -> HttpResponse:
    """Look for an address or a name, asked for by POST so that no address of a page holds it; as JSON when asked."""
    asked = str(request.POST.get("asked", "")).strip()
    found = held(territory, asked, request.parts.clock()) if request.method == "POST" else None
    if found is not None and request.POST.get("form") == "json":
        answer = _file(found)
        answer["Content-Disposition"] = 'attachment; filename="held.json"'
        return answer
    values = {"asked": asked, "found": found, "short": found is not None and len(asked) < LEAST}
    return page(request, "desk/held.html", values)


def own(request: Request) -> HttpResponse:
    """What every territory of an account holds of the person whose account it is."""
    person = people.find(request.actor.account)
    places = sorted(person.territories) if person else []
    return _file(*(of_account(place, request.actor.email, request.parts.clock()) for place in places))


def _file(*founds: Held) -> HttpResponse:
    plain = [
        {
            "territory": found.territory,
            "asked": found.asked,
            "at": found.at,
            "parts": {part.name: part.rows for part in found.parts},
        }
        for found in founds
    ]
    answer = HttpResponse(msgspec.json.format(msgspec.json.encode(plain), indent=1), content_type="application/json")
    answer["Cache-Control"] = "no-store"
    return answer
