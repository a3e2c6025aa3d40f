"""The models a territory offers to others: made from a starting set or from its own registers, and given by a file."""

import time
from collections import Counter
from datetime import datetime
from typing import Any, Final

from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse

from bocage import words
from bocage.domain.declaration import is_slug
from bocage.domain.errors import BocageError, Invalid
from bocage.domain.text import Text
from bocage.domain.text import message as _
from bocage.evidence.models import giving, keeping, offering, sizes
from bocage.evidence.models.communes import table
from bocage.evidence.models.draft import Model
from bocage.evidence.models.keeping import Kept, Offer
from bocage.ingest.sheets import cells
from bocage.publish.rows import line
from bocage.registers import official
from bocage.web.desk import registers
from bocage.web.desk.models import drafts
from bocage.web.desk.reach import facts_of, names
from bocage.web.files import attached
from bocage.web.forms.slugs import free
from bocage.web.page import page, say
from bocage.web.portal.paging import part
from bocage.web.request import Request

SIZE: Final = 50
AT_ONCE: Final = 8.0  # seconds of giving before the page answers; the rest goes on from it
LARGEST: Final = 4_000_000  # bytes of a file
COLUMNS: Final = ("insee", "name", "territory", "result", "at", "refused", "refused_by", "refused_why")


def models(request: Request, territory: str) -> HttpResponse:
    """All of them, and the form that makes one."""
    if not drafts.gathers(request):
        return page(request, "desk/models/models.html", {"gathers": False, "found": [], "sizes": (), "own": []})
    if request.method == "POST":
        return _made(request)
    return _listed(request)


def _listed(request: Request, wrong: str = "") -> HttpResponse:
    values = {
        "gathers": True,
        "found": keeping.models(request.slug),
        "counts": keeping.counts(request.slug),
        "sizes": sizes.sizes(),
        "own": drafts.kinds(request),
        "wrong": wrong,
        "typed": request.POST,
    }
    return page(request, "desk/models/models.html", values, status=422 if wrong else 200)


def _made(request: Request) -> HttpResponse:
    title = str(request.POST.get("title", "")).strip()[:200]
    size = next((one for one in sizes.sizes() if one.code == request.POST.get("set")), None)
    chosen = drafts.of_kinds(request, request.POST.getlist("kind"))
    held = (*(sizes.model(size).drafts if size else ()), *chosen)
    slug = free(title, {one.model.slug for one in keeping.models(request.slug)})
    if not title or not held or not is_slug(slug):
        return _listed(request, _("Give it a title, and choose a starting set or registers of yours."))
    if len(held) > drafts.MOST:
        return _listed(request, _("These registers hold more than 200 declarations: choose fewer."))
    model = Model(slug=slug, title=Text(fr=title), drafts=held)
    kept = keeping.keep(request.slug, model, request.actor.account, request.parts.clock())
    return HttpResponseRedirect(reverse("desk.model", args=[request.slug, kept.model.slug]))


def model(request: Request, territory: str, model: str) -> HttpResponse:
    """One model: its drafts, the territories it is offered to, and what came of it."""
    kept = drafts.kept(request, model)
    if request.method != "POST":
        return _shown(request, kept)
    action = str(request.POST.get("action", ""))
    try:
        if action == "file":
            return _offered(request, kept)
        if action == "give":
            return _given(request, kept)
        if action == "forget":
            keeping.forget(kept)
            say(request, words.translate(_("The model is forgotten; what was given stays."), request.lang))
            return HttpResponseRedirect(reverse("desk.models", args=[territory]))
        return drafts.changed(request, kept, action)
    except BocageError as failure:
        return _shown(request, kept, failure=failure)


def _offered(request: Request, kept: Kept) -> HttpResponse:
    file = request.FILES.get("file")
    if file is None or not file.size or file.size > LARGEST:
        raise Invalid(_("a CSV file or a spreadsheet of 4 MB at most"), field="file")
    read = table(cells(str(file.name), file.read()), kept.model)
    found = offering.offer(kept, read, request.actor.account, request.parts.clock())
    told = words.translate(_("%(new)s new territories, %(known)s known ones."), request.lang)
    say(
        request, told % {"new": words.number(found.new, request.lang), "known": words.number(found.known, request.lang)}
    )
    return _shown(request, kept, wrong=found.wrong) if found.wrong else _back(request, kept)


def _given(request: Request, kept: Kept) -> HttpResponse:
    """Give it to all, in parts: what takes longer than a page may wait goes on with the next press."""
    now, began = request.parts.clock(), _since(request)
    since = began or now
    left = [one for one in keeping.offers(kept) if one.told is None or one.told.at < since]
    by = giving.By(actor=request.actor, at=now, official=official.several(one.code for one in left))
    end, done = time.monotonic() + AT_ONCE, 0
    for one in left:
        giving.give(kept, one, by)
        done += 1
        if time.monotonic() > end:
            break
    said = {"done": words.number(done, request.lang), "left": words.number(len(left) - done, request.lang)}
    say(request, words.translate(_("Done for %(done)s territories; %(left)s are left."), request.lang) % said)
    return _back(request, kept, f"?since={int(since.timestamp() * 1000)}" if done < len(left) else "")


def _since(request: Request) -> datetime | None:
    said = str(request.POST.get("since") or request.GET.get("since") or "")
    now = request.parts.clock()
    if not said.isdecimal() or len(said) > 14:
        return None
    at = datetime.fromtimestamp(int(said) / 1000, now.tzinfo)
    return at if at <= now else None


def _back(request: Request, kept: Kept, query: str = "") -> HttpResponse:
    return HttpResponseRedirect(f"{reverse('desk.model', args=[request.slug, kept.model.slug])}{query}#territories")


def _shown(
    request: Request, kept: Kept, *, failure: BocageError | None = None, wrong: tuple[Any, ...] = ()
) -> HttpResponse:
    kept = keeping.find(kept.owner, kept.model.slug)
    offers = keeping.offers(kept)
    counts = Counter(_result(one) for one in offers)
    asked = request.GET.get("show", "")
    shown = part(request, [one for one in offers if not asked or _result(one) == asked], SIZE)
    by = giving.By(actor=request.actor, at=request.parts.clock(), official=official.several(_codes(shown.items)))
    since = _since(request)
    values = {
        "kept": kept,
        "drafts": [(one, drafts.text(one), drafts.title(one)) for one in kept.model.drafts],
        "lacking": kept.model.lacking,
        "places": sorted(kept.model.places),
        "kinds": registers.ALL,
        "addable": drafts.addable(request, kept),
        "part": shown,
        "prospects": [
            (found, _summed(found, request.lang))
            for found in (giving.prospect(kept, one, by, judged=False) for one in shown.items)
        ],
        "counts": sorted(counts.items(), key=lambda pair: -pair[1]),
        "results": {one.value: one.label for one in keeping.Result} | {"": _("Not given yet")},
        "asked": asked,
        "total": len(offers),
        "left": sum(one.told is None or one.told.at < since for one in offers) if since else 0,
        "since": request.GET.get("since", "") if since else "",
        "failure": failure,
        "wrong": wrong,
        "names": names(facts_of(request), request.lang),
    }
    return page(request, "desk/models/model.html", values, status=422 if failure else 200)


def _summed(found: giving.Prospect, lang: str) -> str:
    """What giving would do, in a few words."""
    counts, ngettext = found.counts, words.gettext(lang).ngettext
    own = sum(counts.get(name, 0) for name in ("own", "kept", "withdrawn"))
    new, changed, same, refused, wrong = (
        counts.get(name, 0) for name in ("new", "changed", "same", "refused", "wrong")
    )
    parts = (
        (new, ngettext("%(num)s new", "%(num)s new", new)),
        (changed, ngettext("%(num)s changed", "%(num)s changed", changed)),
        (same, ngettext("%(num)s unchanged", "%(num)s unchanged", same)),
        (own, ngettext("%(num)s stays its own", "%(num)s stay its own", own)),
        (refused, ngettext("%(num)s refused", "%(num)s refused", refused)),
        (wrong, ngettext("%(num)s cannot be filled in", "%(num)s cannot be filled in", wrong)),
    )
    return " · ".join(said % {"num": words.number(count, lang)} for count, said in parts if count)


def _codes(offers: Any) -> list[str]:
    return [one.code for one in offers]


def _result(one: Offer) -> str:
    return one.told.result.value if one.told else ""


def sheet(request: Request, territory: str, model: str) -> HttpResponse:
    """What came of it, one line for each territory."""
    kept, lines = drafts.kept(request, model), [line(*COLUMNS)]
    for one in keeping.offers(kept):
        at = one.told.at.isoformat(timespec="seconds") if one.told else ""
        refused = sorted(one.refused)
        said = next((one.refused[place] for place in refused), None)
        answer = (" ".join(refused), said.by if said else "", said.why if said else "")
        lines.append(line(one.code, one.name, one.slug, _result(one), at, *answer))
    return attached(f"{kept.model.slug}-results.csv", "".join(lines))
