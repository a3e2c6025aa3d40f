"""Looking for words over everything public of the territory: results by kind, with the words marked."""

from collections.abc import Mapping

from django.http import HttpResponse
from django.urls import reverse

from bocage.domain.algorithm import Algorithm
from bocage.domain.dataset import Dataset
from bocage.domain.indicator import Indicator
from bocage.domain.kinds import KINDS
from bocage.domain.public_service import PublicService
from bocage.domain.purpose import Purpose
from bocage.domain.sensing import Thing
from bocage.domain.sensor_notice import SensorNotice
from bocage.domain.text import message as _
from bocage.publish.search import Entry, Hit, found
from bocage.publish.search.gathering import PAGE, PROMISE, REGISTER
from bocage.web.page import page
from bocage.web.portal.knowledge import known
from bocage.web.portal.paging import part
from bocage.web.request import Request

LONGEST = 100
SHOWN = 6
"""Results of each kind on the first page; the others are one click away."""
LISTED = 30
PAGES = {
    Dataset.kind: "portal.dataset",
    Thing.kind: "portal.sensor",
    SensorNotice.kind: "portal.notice",
    Indicator.kind: "portal.indicator",
    PROMISE: "portal.promise",
    REGISTER: "portal.register",
}
"""Kinds with a page of their own; the others lead to their entry in the register."""
HEADINGS = {PAGE: _("Pages"), Thing.kind: _("Sensors"), PROMISE: _("Commitments"), REGISTER: _("Public registers")}
ORDER = (
    *(PAGE, Dataset.kind, Thing.kind, SensorNotice.kind, Indicator.kind, Algorithm.kind, Purpose.kind, PROMISE),
    PublicService.kind,
)
"""Kinds in the order residents look for them; the others follow, registers last."""
EXAMPLES = (Thing, Dataset, Purpose)
"""Kinds whose first title shows what one may look for."""


def search(request: Request, territory: str) -> HttpResponse:
    """What answers `q`; of one kind alone, in parts, with `kind`."""
    asked = request.GET.get("q", "")[:LONGEST].strip()
    answer = found(known(request).index, asked, request.lang)
    kind = request.GET.get("kind", "")
    chosen = {kind: answer.kinds[kind]} if kind in answer.kinds else _ordered(answer.kinds)
    values = {
        "asked": asked,
        "answer": answer,
        "groups": [(name, heading(name), hits if kind else hits[:SHOWN], len(hits)) for name, hits in chosen.items()],
        "listed": part(request, chosen[kind], LISTED) if kind in chosen else None,
        "kind": kind if kind in chosen else "",
        "link": lambda entry: address(request.slug, entry),
        "hints": [] if answer.total else _hints(request),
    }
    return page(request, "portal/search.html", values)


def _ordered(kinds: Mapping[str, tuple[Hit, ...]]) -> dict[str, tuple[Hit, ...]]:
    rank = {kind: place for place, kind in enumerate(ORDER)}
    return dict(sorted(kinds.items(), key=lambda pair: (pair[0] == REGISTER, rank.get(pair[0], len(ORDER)))))


def heading(kind: str) -> str:
    """What results of a kind are called (an English message)."""
    return HEADINGS[kind] if kind in HEADINGS else KINDS[kind].plural


def address(territory: str, entry: Entry) -> str:
    """Where an entry is told."""
    if entry.kind == PAGE:
        return reverse(f"portal.{entry.slug}", args=[territory])
    if entry.kind == Algorithm.kind:
        return reverse("portal.algorithm", args=[territory, entry.slug])
    if entry.kind in PAGES:
        return reverse(PAGES[entry.kind], args=[territory, entry.slug])
    return reverse("portal.declaration", args=[territory, entry.kind, entry.slug])


def _hints(request: Request) -> list[str]:
    """Titles of here that one may look for, so that nobody stays before an empty page."""
    index = known(request).index
    firsts = (next((e for e in index.entries if e.kind == kind.kind), None) for kind in EXAMPLES)
    return [entry.title.read(request.lang)[0] for entry in firsts if entry is not None]
