"""The rules at the desk: their list, the page of each, switching one off and on, withdrawing it."""

from typing import Any, cast

import msgspec
from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse

from bocage import evidence, registers, words
from bocage.accounts.rights import Right, may, may_begin, may_declare
from bocage.commitments.facts import TerritoryFacts
from bocage.domain.algorithm import Algorithm
from bocage.domain.declaration import Key
from bocage.domain.errors import Missing
from bocage.domain.public_service import PublicService
from bocage.domain.rule import Rule, Usual
from bocage.domain.text import message as _
from bocage.domain.whole import whole
from bocage.registers import Entry
from bocage.steer import alerts as kept
from bocage.steer.keeping import judged_until
from bocage.web import errors
from bocage.web.desk import undoing
from bocage.web.desk.reach import Bench, authors, bench
from bocage.web.desk.watch import ringing, trial
from bocage.web.page import page, say
from bocage.web.request import Request
from bocage.words.rules import usual_sentence, whole_sentence

RECENT = 10


def rules(request: Request, territory: str) -> HttpResponse:
    """Every rule with its sentence and what it told lately; those in force first."""
    work = bench(request)
    found = [_line(request, work, slug, rule) for slug, rule in work.facts.all(Rule).items()]
    found.sort(key=lambda one: (not one["rule"].active, one["rule"].title.read(request.lang)[0].casefold()))
    values = {
        "rules": found,
        "may_begin": may_begin(request.actor, territory, Rule.kind),
        "watchable": bool(work.streams),
    }
    return page(request, "desk/watch/rules.html", values)


def _line(request: Request, work: Bench, slug: str, rule: Rule) -> dict[str, Any]:
    rung = [one for one in kept.alerts(request.slug, rule=slug) if ringing.readable(request, work, one)]
    return {
        "slug": slug,
        "rule": rule,
        "service": work.facts.one(PublicService, rule.service),
        "sentence": sentence(work.facts, rule, request.lang),
        "reaches": bool(rung) or may(request.actor, Right.READ_ALERTS, request.slug, service=rule.service),
        "rung": len(rung),
        "waiting": sum(1 for one in rung if one.waits),
    }


def sentence(facts: TerritoryFacts, rule: Rule, lang: str) -> str:
    """The rule as one sentence, with the names of now."""
    return whole_sentence(rule, trial.about(facts, rule).names, lang)


def rule(request: Request, territory: str, rule: str) -> HttpResponse:
    """One rule: its sentence, its state, what it would have said, what it said, and its published entry."""
    entry = registers.find(Key(territory=territory, kind=Rule.kind, slug=rule))
    if entry is None:
        return HttpResponseRedirect(reverse("desk.declaration", args=[territory, Rule.kind, rule]))
    work, body = bench(request), cast(Rule, entry.body)
    told = [one for one in kept.alerts(territory, rule=rule, limit=RECENT) if ringing.readable(request, work, one)]
    than = body.condition.than
    values = {
        "name": rule,
        "rule": body,
        "written": entry,
        "authors": authors({entry.author}, request.lang),
        "service": work.facts.one(PublicService, body.service),
        "phrase": sentence(work.facts, body, request.lang),
        "usual": usual_sentence(than, request.lang) if isinstance(than, Usual) else "",
        "series": [(slug, work.streams.get(slug)) for slug in body.condition.measure.datastreams],
        "algorithm": _published(work.facts, rule),
        "may_publish": may_declare(request.actor, territory, Algorithm.kind, service=body.service),
        "may_declare": may_declare(request.actor, territory, Rule.kind, service=body.service),
        "trial": _trial(request, work, body),
        "backs": trial.BACKS,
        "until": judged_until((territory, rule)),
        "alerts": ringing.lines(request, work.facts, told),
        "may_read_alerts": may(request.actor, Right.READ_ALERTS, territory),
    }
    return page(request, "desk/watch/rule.html", values)


def _trial(request: Request, work: Bench, rule: Rule) -> trial.Shown | None:
    """The rule on past data, for whoever may read all its series."""
    if not set(rule.condition.measure.datastreams) <= set(work.streams):
        return None
    asked = trial.Asked(back=request.GET.get("back", ""), line=request.GET.get("line", ""), lang=request.lang)
    return trial.shown(request.parts.store, work.facts, rule, asked)


def _published(facts: TerritoryFacts, rule: str) -> tuple[str, Algorithm] | None:
    """Its entry in the published list."""
    return next(((slug, one) for slug, one in facts.all(Algorithm).items() if one.rule == rule), None)


def switch(request: Request, territory: str, rule: str) -> HttpResponse:
    """Switch a rule off or on; its entry in the published list says so at once."""
    entry = _mine(request, rule)
    if isinstance(entry, HttpResponse):
        return entry
    if request.method == "POST":
        body = cast(Rule, entry.body)
        changed = msgspec.structs.replace(body, active=not body.active)
        expected = whole(str(request.POST.get("expected", "")), entry.version)
        change = registers.Put(key=entry.key, body=changed, expected=expected)
        said = (
            _("The rule is in force.") if changed.active else _("The rule is switched off: it tells nobody any more.")
        )
        _write(request, change, said, reverse("desk.rule", args=[territory, rule]))
    return HttpResponseRedirect(reverse("desk.rule", args=[territory, rule]))


def withdraw(request: Request, territory: str, rule: str) -> HttpResponse:
    """Withdraw a rule and its entry; its history and its alerts stay."""
    entry = _mine(request, rule)
    if isinstance(entry, HttpResponse):
        return entry
    if request.method == "POST":
        expected = whole(str(request.POST.get("expected", "")), entry.version)
        change = registers.Withdraw(key=entry.key, expected=expected)
        _write(request, change, _("The rule is withdrawn."), reverse("desk.rule", args=[territory, rule]))
    return HttpResponseRedirect(reverse("desk.rules", args=[territory]))


def _mine(request: Request, slug: str) -> Entry | HttpResponse:
    """The rule, when this person may change it."""
    entry = registers.find(Key(territory=request.slug, kind=Rule.kind, slug=slug))
    if entry is None:
        raise Missing(f"rule/{slug}")
    body = cast(Rule, entry.body)
    theirs = may_declare(request.actor, request.slug, Rule.kind, service=body.service)
    return entry if theirs else errors.forbidden(request)


def _write(request: Request, change: registers.Change, said: str, back: str) -> None:
    _changed, number = evidence.undoable(request.slug, request.actor, [change], request.parts.clock())
    say(request, words.translate(said, request.lang), undo=undoing.address(request, number, back))
