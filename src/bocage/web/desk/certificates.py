"""Certificates for those who answer for them: make one, withdraw one, and see who outside keeps the history."""

from datetime import date, timedelta
from typing import Any

from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse

from bocage import evidence, words
from bocage.accounts.rights import Right, may, may_declare
from bocage.domain.certificate import LONGEST_DAYS
from bocage.domain.errors import Invalid
from bocage.domain.text import Text
from bocage.domain.text import message as _
from bocage.domain.whole import whole
from bocage.domain.witness import Witness, Witnessed
from bocage.evidence import certifying, entrusting, witnessing
from bocage.publish.certificate import signing
from bocage.publish.certificate.ring import Ring
from bocage.registers import heads
from bocage.web.desk.reach import facts_of
from bocage.web.page import page, say
from bocage.web.request import Request


def certificates(request: Request, territory: str) -> HttpResponse:
    """All of them, what is needed to make one, witnesses, heads kept for others."""
    return _shown(request, {})


def issue(request: Request, territory: str) -> HttpResponse:
    """Certify how the territory stands now; the head it rests on goes to the witnesses at once."""
    if request.method != "POST":
        return _back(request)
    try:
        until = date.fromisoformat(str(request.POST.get("until", "")))
        made = evidence.certify(territory, until, request.actor.account, _means(request), request.parts.clock())
    except (ValueError, Invalid):
        return _shown(request, {"until": _("a last day within a year from today")}, status=422)
    say(request, words.translate(_("Certificate %(number)s is made, and public."), request.lang)
        % {"number": made.certificate.number})  # fmt: skip
    return _back(request)


def withdraw(request: Request, territory: str) -> HttpResponse:
    """Say in public that one is not to be relied on any more; it asks why, and cannot be taken back."""
    if request.method != "POST":
        return _back(request)
    number = whole(str(request.POST.get("number", "")), 0)
    fr, en = (str(request.POST.get(name, "")).strip() for name in ("fr", "en"))
    if not fr or max(len(fr), len(en)) > certifying.LONGEST_REASON:
        return _shown(request, {f"reason-{number}": _("the reason, in French, in a few sentences")}, status=422)
    evidence.withdraw_certificate(territory, number, Text(fr=fr, en=en), request.parts.clock())
    say(request, words.translate(_("Certificate %(number)s is withdrawn."), request.lang) % {"number": number})
    return _back(request)


def _shown(request: Request, wrong: dict[str, str], status: int = 200) -> HttpResponse:
    facts, keys = facts_of(request), request.parts.data / "keys"
    reached, key = witnessing.reached(request.slug), heads.make_key(keys / "heads.pem")
    values: dict[str, Any] = {
        "found": evidence.certificates(request.slug),
        "today": facts.today,
        "longest": facts.today + timedelta(days=LONGEST_DAYS),
        "until": str(request.POST.get("until", "")) or (facts.today + timedelta(days=LONGEST_DAYS - 1)).isoformat(),
        "typed": {name: str(request.POST.get(name, "")) for name in ("fr", "en")},
        "wrong": wrong,
        "public_url": request.parts.public_url,
        "may_issue": may(request.actor, Right.ISSUE_CERTIFICATES, request.slug),
        "may_witness": may_declare(request.actor, request.slug, Witness.kind),
        "witnesses": [(slug, body, reached.get(slug)) for slug, body in sorted(facts.all(Witness).items())],
        "entrusted": [(slug, body, entrusting.held(request.slug, slug, 1)) for slug, body in _witnessed(request)],
        "head_key": signing.signer(key.public_key()).x,
        "keys": Ring(keys).published(),
    }
    return page(request, "desk/certificates.html", values, status=status)


def _witnessed(request: Request) -> list[tuple[str, Witnessed]]:
    return sorted(facts_of(request).all(Witnessed).items())


def _means(request: Request) -> witnessing.Means:
    parts = request.parts
    return witnessing.Means(keys=parts.data / "keys", public_url=parts.public_url, by_mail=parts.by_mail)


def _back(request: Request) -> HttpResponse:
    return HttpResponseRedirect(reverse("desk.certificates", args=[request.slug]))
