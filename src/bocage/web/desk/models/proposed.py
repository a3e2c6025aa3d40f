"""What other territories offer to this one: seen in full, agreed to or refused, whole or in part, and taken back."""

from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse

from bocage import words
from bocage.domain.errors import BocageError, Invalid, Missing
from bocage.domain.text import message as _
from bocage.evidence.models import giving, keeping, offering
from bocage.evidence.models.comparing import EVERYTHING
from bocage.evidence.models.giving import State
from bocage.evidence.models.keeping import Kept, Offer
from bocage.web.desk import registers
from bocage.web.desk.models import offers
from bocage.web.desk.reach import facts_of, names
from bocage.web.middleware import territory as territory_of
from bocage.web.page import page, say
from bocage.web.request import Request


def proposed(request: Request, territory: str) -> HttpResponse:
    """The page."""
    return _shown(request)


def answer(request: Request, territory: str) -> HttpResponse:
    """Agree, refuse, think again, or take back what was given."""
    back = reverse("desk.proposed", args=[territory])
    if request.method != "POST":
        return HttpResponseRedirect(back)
    try:
        kept, one = _named(request)
        said = _done(request, kept, one, str(request.POST.get("action", "")))
    except BocageError as failure:
        return _shown(request, failure=failure)
    say(request, words.translate(said, request.lang))
    return HttpResponseRedirect(back)


def waiting(request: Request) -> int:
    """How many offers wait for an answer of this territory."""
    found = keeping.made_to(request.slug)
    facts = facts_of(request)
    return sum(giving.state_of(kept, one, facts) in (State.WAITING, State.NOBODY) for kept, one in found)


def _named(request: Request) -> tuple[Kept, Offer]:
    """The offer a form is about: one made to this very territory."""
    owner, model = str(request.POST.get("owner", "")), str(request.POST.get("model", ""))
    for kept, one in keeping.made_to(request.slug):
        if (kept.owner, kept.model.slug) == (owner, model):
            return kept, one
    raise Missing(_("an offer made to this territory"), model)


def _done(request: Request, kept: Kept, one: Offer, action: str) -> str:
    if action == "agree":
        if lacking := giving.beyond(request.actor, giving.prospect(kept, one, offers.by(request, one), judged=False)):
            kinds = ", ".join(words.translate(registers.ALL[kind].plural, request.lang) for kind in lacking)
            raise Invalid(
                _("the agreement of somebody whose roles declare all of it"),
                kinds,
                _("Refuse these parts, or ask the data administrator to agree."),
                field="action",
            )
        if str(request.POST.get("seen", "")) != giving.digest(kept, one):
            raise Invalid(_("the offer as you saw it: it changed meanwhile, read it again"), field="seen")
        agreed = offering.agree(kept, one, offers.answered(request), always=bool(request.POST.get("always")))
        told = giving.give(kept, agreed, offers.by(request, agreed)).told
        return told.result.label if told else ""
    if action == "refuse":
        offering.refuse(kept, one, offers.refused(request), offers.answered(request))
        return _("The refusal is recorded.")
    if action == "reconsider":
        offering.reconsider(kept, one, request.POST.getlist("place"))
        return _("It is no longer refused.")
    if action == "back":
        giving.take_back(kept, one, offers.by(request, one))
        return _("Taken back: all is as it was before.")
    raise Invalid(_("something this page offers"), action, field="action")


def _shown(request: Request, *, failure: BocageError | None = None) -> HttpResponse:
    found = []
    for kept, one in keeping.made_to(request.slug):
        prospect = giving.prospect(kept, one, offers.by(request, one))
        owner = territory_of(kept.owner)
        seen = giving.digest(kept, one)
        title = owner.title if owner else kept.owner
        lines = offers.told(request, prospect, drafts=False)
        found.append((kept, prospect, lines, title, seen, giving.beyond(request.actor, prospect)))
    values = {
        "found": found,
        "everything": EVERYTHING,
        "kinds": registers.ALL,
        "failure": failure,
        "names": names(facts_of(request), request.lang),
        "declared": facts_of(request).declared,
        "answered": {State.AGREED: True, State.REFUSED: True},
    }
    return page(request, "desk/models/proposed.html", values, status=422 if failure else 200)
