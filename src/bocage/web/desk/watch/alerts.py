"""Alerts at the desk: what is open first, the page of each, and what people do with it, in a street if need be."""

from typing import Any

from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse

from bocage import words
from bocage.accounts import people
from bocage.domain.errors import Conflict, Invalid, Missing
from bocage.domain.public_service import PublicService
from bocage.domain.rule import Rule
from bocage.domain.sensing import Datastream, Thing
from bocage.domain.text import message as _
from bocage.domain.whole import whole
from bocage.steer import alerts as kept
from bocage.steer import spoken
from bocage.steer.alerts import Action, Alert, AlertState
from bocage.steer.judging import Judged
from bocage.steer.rules import tried
from bocage.web import errors
from bocage.web.desk.reach import Bench, bench
from bocage.web.desk.watch import picture, ringing
from bocage.web.page import page, say
from bocage.web.request import Request
from bocage.words.rules import whole_sentence

PAGE = 50
MOST = 1000
BEFORE, AFTER = 21, 7
"""Periods shown before an alert and after it."""
OPEN = (AlertState.NEW, AlertState.ACKNOWLEDGED)
CHOICES: dict[str, tuple[tuple[AlertState, ...], str]] = {
    "open": (OPEN, _("Open alerts")),
    **{state.value: ((state,), state.label) for state in AlertState},
    "all": (tuple(AlertState), _("All")),
}


def alerts(request: Request, territory: str) -> HttpResponse:
    """Alerts by state (`state`, open ones by default), service and rule, all in the address."""
    work = bench(request)
    state = request.GET.get("state", "")
    state = state if state in CHOICES else "open"
    service, rule = request.GET.get("service", ""), request.GET.get("rule", "")
    found = [one for each in CHOICES[state][0] for one in _kept(request, work, each, service, rule)]
    first = whole(request.GET.get("from", ""), 0)
    waiting = {each: len(_kept(request, work, each, service, rule)) for each in OPEN}
    values = {
        "items": ringing.lines(request, work.facts, found[first : first + PAGE]),
        "found": len(found),
        "first": first,
        "page_size": PAGE,
        "state": state,
        "states": [(name, said) for name, (_states, said) in CHOICES.items()],
        "waiting": waiting,
        "service": service,
        "services": sorted(work.facts.all(PublicService).items(), key=lambda pair: pair[1].title.fr.casefold()),
        "rule": rule,
        "rules": sorted(work.facts.all(Rule).items(), key=lambda pair: pair[1].title.fr.casefold()),
    }
    return page(request, "desk/watch/alerts.html", values)


def _kept(request: Request, work: Bench, state: AlertState, service: str, rule: str) -> list[Alert]:
    found = kept.alerts(request.slug, state=state, service=service or None, rule=rule or None, limit=MOST)
    return [one for one in found if ringing.readable(request, work, one)]


def waiting(request: Request, work: Bench) -> list[Alert]:
    """The open alerts this person may read: those nobody took in hand first."""
    return [one for state in OPEN for one in _kept(request, work, state, "", "")]


def new(request: Request) -> int:
    """How many of those this person may read nobody took in hand."""
    if not kept.alerts(request.slug, state=AlertState.NEW, limit=1):
        return 0
    return len(_kept(request, bench(request), AlertState.NEW, "", ""))


def alert(request: Request, territory: str, number: int) -> HttpResponse:
    """One alert: what was seen first, then what one can do, then the figures around it."""
    work = bench(request)
    return _show(request, work, _one(request, work, number))


def act(request: Request, territory: str, number: int) -> HttpResponse:
    """Take it in hand, comment, resolve, call it false, or reopen it; `action` may stand in the address (undo)."""
    work = bench(request)
    found = _one(request, work, number)
    here = reverse("desk.alert", args=[territory, number])
    if not ringing.theirs(request, work, found):
        return errors.forbidden(request)
    if request.method != "POST":
        return HttpResponseRedirect(here)
    asked, text = _action(request), str(request.POST.get("text", ""))
    try:
        kept.act(territory, number, asked, text, request.actor.account, request.parts.clock())
    except Invalid as wrong:
        return _show(request, work, found, wrong=wrong.expected, typed=text)
    except Conflict:
        told = _("Somebody did something else with it meanwhile: read it again.")
        return _show(request, work, _one(request, work, number), wrong=told, typed=text)
    undo = (
        ""
        if asked in (Action.COMMENT, Action.REOPEN)
        else f"{reverse('desk.alert-act', args=[territory, number])}?action=reopen"
    )
    say(request, words.translate(_DONE[asked], request.lang), undo=undo)
    return HttpResponseRedirect(here)


_DONE = {
    Action.ACKNOWLEDGE: _("You have it in hand: the others see it."),
    Action.COMMENT: _("Your comment is kept."),
    Action.RESOLVE: _("Resolved."),
    Action.FALSE: _("Noted as a false alert."),
    Action.REOPEN: _("It is as it was before."),
}


DID = {
    Action.ACKNOWLEDGE: _("Took it in hand"),
    Action.COMMENT: _("Commented"),
    Action.RESOLVE: _("Said that it is resolved"),
    Action.FALSE: _("Said that it was a false alert"),
    Action.REOPEN: _("Went back one step"),
    Action.TAKE_BACK: _("Took back the import its measurements came with: nothing stands for it any more"),
}


def _action(request: Request) -> Action:
    try:
        return Action.of(str(request.POST.get("action") or request.GET.get("action") or ""))
    except ValueError:
        raise Invalid(_("something one can do with an alert"), field="action") from None


def _one(request: Request, work: Bench, number: int) -> Alert:
    found = kept.alert(request.slug, number)
    if not ringing.readable(request, work, found):
        raise Missing(_("an alert"), str(number))
    return found


def _show(request: Request, work: Bench, found: Alert, *, wrong: str = "", typed: str = "") -> HttpResponse:
    told, lang = ringing.about(work.facts, found), request.lang
    judged = _judged(request, work, found)
    title = spoken.title(found, told, lang)
    values: dict[str, Any] = {
        "alert": found,
        "title": title,
        "sighting": spoken.sighting(found, told, lang),
        "course": spoken.course(found, told, lang),
        "service": work.facts.one(PublicService, found.seen.service),
        "phrase": whole_sentence(told.rule, told.names, lang),
        "stands": work.facts.one(Rule, found.rule) is not None,
        "places": _places(work, told.rule, found),
        "may_act": ringing.theirs(request, work, found),
        "actions": found.may,
        "did": DID,
        "names": people.names({note.account for note in found.notes}),
        "chart": picture.picture(judged, told, found.datastream, title, lang),
        "rows": picture.rows(judged[::-1], told, found.datastream, lang),
        "wrong": wrong,
        "typed": typed,
    }
    return page(request, "desk/watch/alert.html", values, status=422 if wrong else 200)


def _judged(request: Request, work: Bench, found: Alert) -> tuple[Judged, ...]:
    """The periods around it, by what the log holds now, for whoever may read the series."""
    rule = ringing.rule_of(found)
    if rule is None or not set(_slugs(rule, found)) <= set(work.streams):
        return ()
    seen, length = (
        found.seen,
        max(picture.LENGTH[rule.condition.measure.period], found.seen.first_end - found.seen.first_start),
    )
    start, end = seen.first_start - BEFORE * length, seen.last_end + AFTER * length
    judged = tried(request.parts.store, work.facts, rule, start, end).judged.get(found.datastream, ())
    return tuple(picture.around(judged, seen.worst))


def _slugs(rule: Rule, found: Alert) -> tuple[str, ...]:
    return (found.datastream,) if found.datastream else rule.condition.measure.datastreams


def _places(work: Bench, rule: Rule, found: Alert) -> list[dict[str, Any]]:
    """Where to go: the things it is about, and their series."""
    streams = [(slug, work.facts.one(Datastream, slug)) for slug in _slugs(rule, found)]
    return [
        {
            "slug": one.thing,
            "thing": work.things.get(one.thing),
            "series": slug if slug in work.streams else "",
            "stream": one,
        }
        for slug, one in streams
        if one is not None and work.facts.one(Thing, one.thing) is not None
    ]
