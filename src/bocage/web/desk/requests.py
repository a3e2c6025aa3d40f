"""Requests of persons about their data: entered however they came, extended, answered, erased."""

from collections.abc import Callable
from datetime import date
from typing import Any

from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse

from bocage import civic, evidence, words
from bocage.civic import Answered, Channel, Doing, Entered, Identity, Outcome, RightsRequest
from bocage.domain.errors import Conflict, Invalid
from bocage.domain.person_right import Extent, Ground, PersonRight, RestrictionCase, due, extent, grounds
from bocage.domain.purpose import LegalBasis, Purpose
from bocage.domain.text import message as _
from bocage.evidence import examining
from bocage.web.desk import restrictable
from bocage.web.desk.erasing import FOLDER
from bocage.web.desk.reach import authors, facts_of, names
from bocage.web.page import page, say
from bocage.web.request import Request

_TYPED = ("right", "channel", "identity", "received", "purpose", "name", "reach", "words")


def new(request: Request, territory: str) -> HttpResponse:
    """Enter a request that came at the counter, by letter, by telephone or otherwise."""
    facts = facts_of(request)
    typed = {name: str(request.POST.get(name, "")).strip() for name in _TYPED}
    wrong = ""
    if request.method == "POST":
        try:
            made = civic.enter(territory, _entered(typed, facts.all(Purpose)), _by(request))
        except Invalid as failure:
            wrong = failure.expected
        else:
            _tell(request, _("The request is entered. It is answered by %(day)s."), made)
            return _to(made)
    about = [(slug, one) for slug, one in facts.all(Purpose).items() if one.personal is not False]
    values = {
        "typed": {**typed, "received": typed["received"] or facts.today.isoformat()},
        "wrong": wrong,
        "rights": PersonRight,
        "channels": Channel,
        "identities": Identity,
        "purposes": sorted(about, key=lambda pair: pair[1].title.fr),
    }
    return page(request, "desk/request_new.html", values, status=422 if wrong else 200)


def _entered(typed: dict[str, str], purposes: Any) -> Entered:
    if typed["purpose"] and typed["purpose"] not in purposes:
        raise Invalid(_("one of the processing activities"), typed["purpose"])
    return Entered(
        right=_chosen(PersonRight, typed["right"], _("which right is asked for")),
        channel=_chosen(Channel, typed["channel"], _("how the request came")),
        identity=_chosen(Identity, typed["identity"], _("how one knows who asks")),
        received=_day(typed["received"]),
        **{name: typed[name] for name in ("purpose", "name", "reach", "words")},
    )


def _chosen(kind: Any, value: str, expected: str) -> Any:
    if value not in set(kind):
        raise Invalid(expected, value)
    return kind.of(value)


def _day(typed: str) -> date:
    try:
        return date.fromisoformat(typed)
    except ValueError:
        raise Invalid(_("a day"), typed) from None


def one(request: Request, territory: str, number: int) -> HttpResponse:
    """A request, its days, and what can be answered on the legal basis of what it is about."""
    return _page(request, civic.find(territory, number))


def act(request: Request, territory: str, number: int) -> HttpResponse:
    """Extend, answer, take back, erase; restrict the use of series, and lift that."""
    acts: dict[str, Callable[[Request, RightsRequest], str]] = {
        "extend": _extend,
        "answer": _answer,
        "reopen": _reopen,
        "erase": _erase,
        "restrict": _restrict,
        "lift": _lift,
    }
    held = civic.find(territory, number)
    done = acts.get(str(request.POST.get("do") or request.GET.get("do") or ""))
    if request.method != "POST" or done is None:
        return _to(held)
    try:
        said = done(request, held)
    except (Invalid, Conflict) as failure:
        return _page(request, held, failure.expected)
    found = civic.find(territory, number)
    back = reverse("desk.request-act", args=[territory, number]) + "?do=reopen"
    _tell(request, said, found, undo=back if done in (_extend, _answer) else "")
    return _to(found)


def _extend(request: Request, held: RightsRequest) -> str:
    told = _day(str(request.POST.get("told", "")))
    civic.extend(held.territory, held.number, told, str(request.POST.get("reason", "")), _by(request))
    return _("The request is extended. It is answered by %(day)s.")


def _answer(request: Request, held: RightsRequest) -> str:
    sent = request.POST
    given = Answered(
        outcome=_chosen(Outcome, str(sent.get("outcome", "")), _("what is answered")),
        day=_day(str(sent.get("day", ""))),
        grounds=tuple(Ground.of(one) for one in sent.getlist("ground") if one in set(Ground)),
        reply=str(sent.get("reply", "")).strip(),
        told=sent.get("complaint") == "yes",
    )
    civic.answer(held.territory, held.number, given, _basis(request, held), _by(request))
    return _("The answer is recorded.")


def _reopen(request: Request, held: RightsRequest) -> str:
    civic.reopen(held.territory, held.number, _by(request))
    return _("Taken back: the request waits again.")


def _erase(request: Request, held: RightsRequest) -> str:
    civic.forget(request.parts.data / FOLDER, held.territory, held.number, request.actor.account, request.parts.clock())
    return _("What named the person is erased for good; what was asked and when stays counted.")


def _restrict(request: Request, held: RightsRequest) -> str:
    case = _chosen(RestrictionCase, str(request.POST.get("case", "")), _("which case of article 18 it is"))
    asked = set(request.POST.getlist("series"))
    series = {one.slug: one.number for one in restrictable.series(facts_of(request), held.purpose) if one.slug in asked}
    civic.restrict(request.parts.data / FOLDER, (held.territory, held.number), case, series, _by(request))
    evidence.withhold()
    return _("Kept, and used no more until the restriction is lifted.")


def _lift(request: Request, held: RightsRequest) -> str:
    told = str(request.POST.get("told", ""))
    about = (held.territory, held.number)
    civic.lift(request.parts.data / FOLDER, about, _day(told) if told else None, _by(request))
    evidence.withhold()
    return _("The restriction is lifted: the series are used again.")


def _basis(request: Request, held: RightsRequest) -> LegalBasis | None:
    purpose = facts_of(request).one(Purpose, held.purpose)
    return purpose.legal_basis if purpose else None


def _page(request: Request, held: RightsRequest, wrong: str = "") -> HttpResponse:
    basis, facts = _basis(request, held), facts_of(request)
    values = {
        "one": held,
        "basis": basis,
        "extent": extent(held.right, basis) if basis else None,
        "limited": Extent.LIMITED,
        "none": Extent.NONE,
        "purpose": facts.one(Purpose, held.purpose),
        "grounds": grounds(held.right, basis),
        "outcomes": Outcome,
        "today": facts.today,
        "month": due(held.received),
        "authors": authors({step.account for step in held.steps if step.account}, request.lang),
        "kept_months": civic.KEPT_MONTHS,
        "wrong": wrong,
        "sent": request.POST,
        "restrictions": [one for one in civic.restrictions(held.territory) if one.request == held.number],
        "titles": names(facts, request.lang),
        "restricts": civic.restricts(held.territory, held.number),
        "restrictable": restrictable.series(facts, held.purpose) if restrictable.granted(held) else (),
        "granted": restrictable.granted(held),
        "cases": RestrictionCase,
    }
    return page(request, "desk/request.html", values, status=422 if wrong else 200)


def _by(request: Request) -> Doing:
    return Doing(account=request.actor.account, at=request.parts.clock(), today=facts_of(request).today)


def _tell(request: Request, said: str, about: RightsRequest, undo: str = "") -> None:
    """Say what was done, and look again at what the promise finds."""
    examining.examine_again(request.slug, request.parts.clock())
    text = words.translate(said, request.lang)
    say(request, text % {"day": words.day(about.due, request.lang)} if "%(" in text else text, undo=undo)


def _to(about: RightsRequest) -> HttpResponse:
    return HttpResponseRedirect(reverse("desk.request", args=[about.territory, about.number]))
