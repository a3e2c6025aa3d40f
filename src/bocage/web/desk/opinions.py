"""Opinions of the data protection officer: what waits for one, the form, and taking one back."""

from typing import Any

import msgspec
from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse

from bocage import words
from bocage.commitments.facts import TerritoryFacts
from bocage.domain.dataset import Dataset, Sensitivity
from bocage.domain.declaration import Declaration, Key
from bocage.domain.errors import Missing
from bocage.domain.exception import ReasonedException
from bocage.domain.kinds import KINDS
from bocage.domain.purpose import Purpose
from bocage.domain.text import Text
from bocage.domain.text import message as _
from bocage.domain.whole import whole
from bocage.registers import opinions as given
from bocage.registers.opinions import Opinion, Verdict
from bocage.web.desk import registers
from bocage.web.desk.reach import facts_of
from bocage.web.page import page, say
from bocage.web.request import Request


class Line(msgspec.Struct, frozen=True, kw_only=True):
    """One declaration that an opinion may be waited on, with its version and the newest opinion."""

    kind: str
    slug: str
    body: Declaration
    version: int
    opinion: Opinion | None

    @property
    def rank(self) -> int:
        """Without an opinion first, then changed since."""
        if self.opinion is None:
            return 0
        return 1 if self.opinion.version < self.version else 2


CLOSE = (Sensitivity.PERSONAL, Sensitivity.SENSITIVE)


def opinions(request: Request, territory: str) -> HttpResponse:
    """What touches persons, with the newest opinion on it: without one first, then changed since, then the others."""
    told = given.newest(territory)
    held = {kind: {one.slug: one for one in registers.listed(territory, kind)} for kind in _KINDS}
    lines = [
        Line(kind=kind, slug=slug, body=body, version=held[kind][slug].version, opinion=told.get((kind, slug)))
        for kind, slug, body in _touching_persons(facts_of(request))
        if slug in held[kind]
    ]
    lines.sort(key=lambda line: line.rank)
    return page(request, "desk/opinions.html", {"lines": lines, "kinds": KINDS})


_KINDS = (Purpose.kind, Dataset.kind, ReasonedException.kind)


def _touching_persons(facts: TerritoryFacts) -> list[tuple[str, str, Declaration]]:
    purposes = [(Purpose.kind, slug, one) for slug, one in facts.all(Purpose).items() if one.personal is not False]
    datasets = [(Dataset.kind, slug, one) for slug, one in facts.all(Dataset).items() if one.sensitivity in CLOSE]
    lifted = [(ReasonedException.kind, slug, one) for slug, one in facts.all(ReasonedException).items()]
    return [*purposes, *datasets, *lifted]


def opinion(request: Request, territory: str, kind: str, entry: str) -> HttpResponse:
    """Give an opinion on what holds now."""
    struct = registers.kind_of(request, kind)
    held = registers.held(territory, kind, entry) if kind in KINDS else None
    if held is None:
        raise Missing(_("a declaration that holds"), f"{kind}/{entry}")
    typed = {name: str(request.POST.get(name, "")).strip() for name in ("verdict", "fr", "en")}
    wrong = _wrong(typed) if request.method == "POST" else {}
    if request.method != "POST" or wrong:
        values = {"struct": struct, "kind": kind, "held": held, "typed": typed, "wrong": wrong, "verdicts": Verdict}
        return page(request, "desk/opinion.html", values, status=422 if wrong else 200)
    key = Key(territory=territory, kind=kind, slug=entry)
    text = Text(fr=typed["fr"], en=typed["en"])
    made = given.give(key, Verdict.of(typed["verdict"]), text, request.actor.account, request.parts.clock())
    _tell(request, _("Your opinion stands beside the declaration."), made, undo="away")
    return _back(made)


def withdraw(request: Request, territory: str) -> HttpResponse:
    """Take an opinion back, or give it again."""
    number = whole(str(request.POST.get("opinion") or request.GET.get("opinion") or ""), 0)
    if request.method != "POST" or not number:
        return HttpResponseRedirect(reverse("desk.opinions", args=[territory]))
    back = str(request.POST.get("do") or request.GET.get("do") or "") == "again"
    changed = given.withdraw(territory, number, request.actor.account, request.parts.clock(), back=back)
    said = _("The opinion stands again.") if back else _("The opinion is taken back; the history keeps it.")
    _tell(request, said, changed, undo="away" if back else "again")
    return _back(changed)


def _wrong(typed: dict[str, str]) -> dict[str, str]:
    """What is wrong, by field."""
    found: dict[str, Any] = {
        "verdict": _("one of the three answers") if typed["verdict"] not in set(Verdict) else "",
        "fr": "" if typed["fr"] else _("the opinion, in French"),
    }
    for name in ("fr", "en"):
        if len(typed[name]) > given.LONGEST:
            found[name] = _("a shorter text")
    return {name: text for name, text in found.items() if text}


def _tell(request: Request, said: str, about: Opinion, *, undo: str) -> None:
    address = f"{reverse('desk.opinion-withdraw', args=[request.slug])}?opinion={about.number}&do={undo}"
    say(request, words.translate(said, request.lang), undo=address)


def _back(about: Opinion) -> HttpResponse:
    place = [about.key.territory, about.key.kind, about.key.slug]
    return HttpResponseRedirect(reverse("desk.declaration", args=place) + "#opinions")
