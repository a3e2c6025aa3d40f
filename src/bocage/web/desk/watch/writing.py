"""Writing a rule: a sentence with blanks, tried on the past before it is recorded."""

from collections.abc import Mapping, Sequence
from typing import Any

import msgspec
from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse

from bocage import evidence, registers, words
from bocage.accounts.rights import may_begin, may_declare
from bocage.commitments.facts import TerritoryFacts
from bocage.domain.algorithm import Algorithm
from bocage.domain.declaration import Declaration, Key
from bocage.domain.errors import Conflict, Missing, Refused
from bocage.domain.nature import Nature
from bocage.domain.public_service import PublicService
from bocage.domain.rule import Comparison, Rule
from bocage.domain.sensing import Datastream, Thing
from bocage.domain.text import Text
from bocage.domain.text import message as _
from bocage.domain.whole import whole
from bocage.registers import Entry
from bocage.steer.proposing import proposed
from bocage.web import errors
from bocage.web.desk import undoing
from bocage.web.desk.conflict import compared
from bocage.web.desk.reach import Bench, bench, service_of
from bocage.web.desk.registers import held as held_now
from bocage.web.desk.watch import blanks, trial
from bocage.web.forms.field import Drawing, Field, drawn
from bocage.web.forms.read import Read
from bocage.web.forms.slugs import free
from bocage.web.page import page, say
from bocage.web.portal.values import unit_of
from bocage.web.request import Request
from bocage.words.rules import whole_sentence

# Where a gate says that a field of the rule is wrong, this blank is the one to change.
BLANKS: Mapping[str, str] = {
    "condition.measure.datastreams": "series",
    "condition.measure.aggregate": "aggregate",
    "condition.measure.period": "period",
    "condition.than.value": "value",
    "condition.than.percent": "percent",
}


class Draft(msgspec.Struct, frozen=True, kw_only=True):
    """A rule being written: what was typed and what is wrong with it, the rule when it is whole, and what held."""

    found: Read
    held: Entry | None = None
    refused: Refused | None = None

    @property
    def rule(self) -> Rule | None:
        """The rule, when every blank is right."""
        return self.found.body if isinstance(self.found.body, Rule) else None


def write(request: Request, territory: str, rule: str = "") -> HttpResponse:
    """The form of a new rule (`series`: those to watch) or of one that holds; trying it, recording it."""
    work = bench(request)
    held = _held(territory, rule) if rule else None
    if not (_theirs(request, held.body) if held else may_begin(request.actor, territory, Rule.kind)):
        return errors.forbidden(request)
    if request.method != "POST":
        return _open(request, work, held)
    draft = Draft(found=_as_held(blanks.filled(request.POST, work.streams, active=_active(held)), held), held=held)
    if draft.rule is None or request.POST.get("do") != "record":
        return _show(request, work, draft)
    return _record(request, work, draft, draft.rule)


def _open(request: Request, work: Bench, held: Entry | None) -> HttpResponse:
    if held is not None and isinstance(held.body, Rule):
        tree = blanks.begun(held.body, work.streams)
        return _show(request, work, Draft(found=Read(body=held.body, errors={}, tree=tree), held=held))
    asked = [slug for slug in request.GET.getlist("series") if slug in work.streams]
    if not asked:
        values = {"things": _by_thing(work, request.lang), "services": _services(request, work.facts)}
        return page(request, "desk/watch/begin.html", values)
    rule = _proposal(request, work, asked)
    return _show(request, work, Draft(found=Read(body=rule, errors={}, tree=blanks.begun(rule, work.streams))))


def _record(request: Request, work: Bench, draft: Draft, rule: Rule) -> HttpResponse:
    for body in (rule, draft.held.body if draft.held else None):
        if body is not None and not _theirs(request, body):
            wrong = {"service": _("Your roles do not reach the rules of this service.")}
            return _show(
                request, work, Draft(found=msgspec.structs.replace(draft.found, errors=wrong), held=draft.held)
            )
    slug = draft.held.key.slug if draft.held else _slug(request, rule)
    expected = whole(str(request.POST.get("expected", "")), 0) if draft.held else None
    change = registers.Put(key=Key(territory=request.slug, kind=Rule.kind, slug=slug), body=rule, expected=expected)
    try:
        _changed, number = evidence.undoable(request.slug, request.actor, [change], request.parts.clock())
    except Refused as refused:
        return _show(request, work, msgspec.structs.replace(draft, refused=refused))
    except Conflict:
        return _conflict(request, work, slug, rule)
    said = _("Recorded. The published list of rules says the same.") if draft.held else _("The rule is in force.")
    here = reverse("desk.rule", args=[request.slug, slug])
    back = here if draft.held else reverse("desk.rules", args=[request.slug])
    say(request, words.translate(said, request.lang), undo=undoing.address(request, number, back))
    return HttpResponseRedirect(here)


def _conflict(request: Request, work: Bench, slug: str, yours: Rule) -> HttpResponse:
    """Somebody changed the rule meanwhile: both sentences, and what differs."""
    present = held_now(request.slug, Rule.kind, slug)
    if present is None:
        raise Missing(f"rule/{slug}")
    said = {
        "theirs": _sentence(work.facts, present.body, request.lang),
        "yours": _sentence(work.facts, yours, request.lang),
    }
    return compared(request, yours, present, reverse("desk.rule-edit", args=[request.slug, slug]), said)


def _held(territory: str, slug: str) -> Entry:
    found = registers.find(Key(territory=territory, kind=Rule.kind, slug=slug))
    if found is None:
        raise Missing(f"rule/{slug}")
    return found


def _as_held(found: Read, held: Entry | None) -> Read:
    """Where a rule was taken from stays written in it."""
    if held is None or not (isinstance(held.body, Rule) and isinstance(found.body, Rule)):
        return found
    return msgspec.structs.replace(found, body=msgspec.structs.replace(found.body, origin=held.body.origin))


def _active(held: Entry | None) -> bool:
    return held.body.active if held is not None and isinstance(held.body, Rule) else True


def _theirs(request: Request, body: Any) -> bool:
    return may_declare(request.actor, request.slug, Rule.kind, service=str(getattr(body, "service", "")))


def _slug(request: Request, rule: Rule) -> str:
    """A name that neither a rule nor an entry of the published list bears, nor an address."""
    taken = {entry.key.slug for kind in (Rule.kind, Algorithm.kind) for entry in registers.current(request.slug, kind)}
    return free(rule.title.fr, taken | {"new"})


def _proposal(request: Request, work: Bench, asked: Sequence[str]) -> Rule:
    """A rule that would have rung now and then, named after what it watches."""
    first = work.streams[asked[0]]
    condition = proposed(request.parts.store, work.facts, asked[0])
    measure = msgspec.structs.replace(condition.measure, datastreams=tuple(dict.fromkeys(asked)))
    theirs = [slug for slug, _body in _services(request, work.facts)]
    own = service_of(work.facts, first)
    return Rule(
        title=_name(first, condition),
        service=own if own in theirs else next(iter(theirs), ""),
        condition=msgspec.structs.replace(condition, measure=measure),
    )


def _name(stream: Datastream, condition: Comparison) -> Text:
    """The name of the series, and the night when only nights count."""
    window = condition.measure.window
    if window is None or not window.over_midnight:
        return stream.title
    fr, en = words.translate(_("%(series)s, at night"), "fr"), _("%(series)s, at night")
    return Text(fr=fr % {"series": stream.title.fr}, en=en % {"series": stream.title.en} if stream.title.en else "")


def _services(request: Request, facts: TerritoryFacts) -> list[tuple[str, PublicService]]:
    """The services whose rules this person may write."""
    found = facts.all(PublicService).items()
    theirs = [(slug, body) for slug, body in found if may_declare(request.actor, request.slug, Rule.kind, service=slug)]
    return sorted(theirs, key=lambda pair: pair[1].title.fr.casefold())


def _by_thing(work: Bench, lang: str) -> list[tuple[Any, list[tuple[str, Datastream]]]]:
    """The series one may watch, thing by thing; directions are not compared with a threshold."""
    groups = []
    for slug, thing in sorted(work.facts.all(Thing).items(), key=lambda pair: pair[1].title.read(lang)[0].casefold()):
        series = [(name, one) for name, one in work.of_thing(slug) if one.nature is not Nature.DIRECTION]
        if series:
            groups.append((thing, series))
    return groups


def _show(request: Request, work: Bench, draft: Draft) -> HttpResponse:
    facts, lang = work.facts, request.lang
    refusals = draft.refused.refusals if draft.refused else ()
    told = {BLANKS.get(one.way_out.field, ""): words.sentence(one, lang).why for one in refusals if one.way_out}
    wrong = {**draft.found.errors, **{name: why for name, why in told.items() if name}}
    drawing = Drawing(choices=lambda _kind: (), errors=wrong, translate=lambda text: words.translate(text, lang))
    ticked = [slug for slug in draft.found.tree["series"] if slug in work.streams]
    chosen = [work.streams[slug] for slug in ticked]
    asked = trial.Asked(back=_sent(request, "back"), line=_sent(request, "line"), lang=lang)
    values = {
        "held": draft.held,
        "expected": draft.held.version if draft.held else 0,
        "f": _named(drawn(blanks.Blanks, draft.found.tree, drawing)),
        "errors": wrong,
        "refusals": refusals,
        "things": _by_thing(work, lang),
        "chosen": ticked,
        "watched": [stream.title for stream in chosen],
        "told": list(draft.found.tree["tells"]),
        "mine": _services(request, facts),
        "services": sorted(facts.all(PublicService).items(), key=lambda pair: pair[1].title.fr.casefold()),
        "unit": unit_of(chosen[0]) if chosen else "",
        "share": bool(chosen) and all(one.nature is Nature.STATE for one in chosen),
        "phrase": _sentence(facts, draft.rule, lang),
        "trial": trial.shown(request.parts.store, facts, draft.rule, asked) if draft.rule else None,
        "tried": request.method == "POST",
        "backs": trial.BACKS,
    }
    return page(request, "desk/watch/form.html", values, status=422 if wrong or refusals else 200)


def _sentence(facts: TerritoryFacts, rule: Declaration | None, lang: str) -> str:
    return whole_sentence(rule, trial.about(facts, rule).names, lang) if isinstance(rule, Rule) else ""


def _sent(request: Request, name: str) -> str:
    sent = request.POST if request.method == "POST" else request.GET
    return str(sent.get(name, ""))


def _named(fields: Sequence[Field]) -> dict[str, Field]:
    return {field.path: field for field in fields}
