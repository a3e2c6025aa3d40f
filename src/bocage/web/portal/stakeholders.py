"""Who works with whom, for everyone: the two maps, and the same as files."""

from typing import Any

import msgspec
from django.http import HttpResponse
from django.urls import reverse

from bocage.domain.text import Text
from bocage.publish.partners.contracts import Bound
from bocage.publish.partners.contracts import contracts as bound
from bocage.publish.partners.stakeholders import Partners, Tie, partners
from bocage.publish.rows import line
from bocage.web.files import attached
from bocage.web.page import page
from bocage.web.portal import contracts
from bocage.web.portal import partners as taking
from bocage.web.portal.knowledge import known
from bocage.web.request import Request

COLUMNS = (
    *("who_kind", "who", "who_title", "bond", "to_kind", "to", "to_title"),
    *("phase", "share", "since", "until"),
)


def stakeholders(request: Request, territory: str) -> HttpResponse:
    """Both maps; of one project or of one kind of actors when asked (`project`, `nature`)."""
    all_known = known(request)

    def leads(kind: str, slug: str) -> str:
        return reverse("portal.declaration", args=[territory, kind, slug])

    values = taking.told(request, all_known.facts, all_known.sees, leads)
    values |= contracts.told(request, all_known.facts, all_known.sees, leads)
    return page(request, "portal/stakeholders.html", values)


def as_json(request: Request, territory: str) -> HttpResponse:
    """Ties, who is missing, and contracts, for programs."""
    all_known = known(request)
    found = partners(all_known.facts, all_known.sees, taking.asked(request, all_known.facts))
    body: dict[str, Any] = {
        "people": [_named(place, title) for place, title in found.people.items()],
        "meetings": [_named(place, title) for place, title in found.meetings.items()],
        "ties": list(found.ties),
        "missing": list(found.lacks),
        "contracts": [_contract(one) for one in bound(all_known.facts, all_known.sees)],
    }
    return HttpResponse(msgspec.json.encode(body), content_type="application/json")


def _named(place: tuple[str, str], title: Text) -> dict[str, Any]:
    return {"kind": place[0], "slug": place[1], "title": title}


def _contract(one: Bound) -> dict[str, Any]:
    return {
        "slug": one.slug,
        "title": one.contract.title,
        "standing": one.standing,
        "buyer": one.buyer,
        "holders": one.holders,
        "covers": one.covers,
        "starts": one.start,
        "last": one.last,
        "followed": one.followed,
        "to_prepare": one.prepare,
    }


def as_csv(request: Request, territory: str) -> HttpResponse:
    """A line for each tie, for spreadsheets."""
    all_known = known(request)
    found = partners(all_known.facts, all_known.sees, taking.asked(request, all_known.facts))
    lines = (line(*_cells(found, tie, request.lang)) for tie in found.ties)
    return attached(f"{territory}-stakeholders.csv", "".join((line(*COLUMNS), *lines)))


def _cells(found: Partners, tie: Tie, lang: str) -> tuple[Any, ...]:
    who, to = found.people[tie.who].read(lang)[0], found.meetings[tie.to].read(lang)[0]
    return (*tie.who, who, tie.bond, *tie.to, to, tie.phase, tie.share, tie.since, tie.until)
