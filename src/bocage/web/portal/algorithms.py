"""The legal inventory: what founds decisions about persons or organisations, and the mention each decision carries."""

from django.http import HttpResponse

from bocage.domain.assessment import Assessment
from bocage.domain.declaration import fields
from bocage.domain.errors import Missing
from bocage.publish import schemas
from bocage.publish.algorithms import Listed, find, listed
from bocage.web.page import page
from bocage.web.portal.knowledge import known
from bocage.web.request import Request
from bocage.words.mention import Mention, mention

LANGUAGES = ("fr", "en")


def algorithms(request: Request, territory: str) -> HttpResponse:
    """The legal inventory, apart from the rules that only tell people."""
    found = listed(known(request))
    values = {
        "founding": [one for one in found if one.founds_decisions and one.entry.in_force],
        "past": [one for one in found if one.founds_decisions and not one.entry.in_force],
        "steering": sum(not one.founds_decisions and one.entry.in_force for one in found),
        "schema": schemas.ALGORITHMS,
    }
    return page(request, "portal/algorithms.html", values)


def algorithm(request: Request, territory: str, algorithm: str) -> HttpResponse:
    """One entry: the mention in both languages, the inventory sheet, what a person may ask for."""
    all_known = known(request)
    one = find(all_known, algorithm)
    if one is None:
        raise Missing("an algorithm of the published list", algorithm)
    assessments = all_known.facts.all(Assessment)
    values = {
        "one": one,
        "labels": {
            note.name: note.label for part in (one.entry.inventory, one.entry.law) for note in fields(type(part))
        },
        "mentions": _mentions(request, one),
        "assessed": [(slug, body) for slug, body in assessments.items() if body.algorithm == algorithm],
        "addressed": bool(request.parts.public_url),
    }
    return page(request, "portal/algorithm.html", values)


def _mentions(request: Request, one: Listed) -> list[Mention]:
    """In both languages, the reader's first; none for what founds no decision, nor while something lacks."""
    if not one.founds_decisions:
        return []
    url = request.parts.public_url
    address = f"{url.rstrip('/')}/{request.slug}/algorithms/{one.slug}" if url else ""
    order = sorted(LANGUAGES, key=lambda lang: lang != request.lang)
    made = (mention(one.entry, one.administration, address, lang) for lang in order)
    return [found for found in made if found]
