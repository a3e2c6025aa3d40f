"""What is past its retention: what goes this night, what waits for the archives, and the proofs of what went."""

from typing import Any

import msgspec
from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse

from bocage import evidence, words
from bocage.accounts.rights import may_begin
from bocage.commitments import heritage_212_disposal
from bocage.commitments.measured import Past
from bocage.domain.declaration import Key
from bocage.domain.disposal_rule import DisposalRule
from bocage.domain.disposal_slip import DisposalSlip
from bocage.domain.errors import Missing
from bocage.domain.organisation import Organisation
from bocage.domain.purpose import Purpose
from bocage.domain.text import message as _
from bocage.evidence import arriving, due
from bocage.evidence.retention import Proof
from bocage.web import errors
from bocage.web.desk.reach import facts_of, names
from bocage.web.forms.slugs import free
from bocage.web.page import page, say
from bocage.web.request import Request

COVERS = {
    "memory": _("the log"),
    "open months": _("months that are not packed yet"),
    "journal": _("the journal"),
    "latest values": _("latest values"),
    "last values": _("last values"),
    "rollups (computed when they are read)": _("hourly and daily totals, worked out anew"),
    "alerts": _("alerts"),
}
"""Where something was erased, in words, by what the log says of it."""
MONTHS = _("packed months, written anew")
OUTSIDE = {"downloads": _("files that were downloaded before"), "copies": _("copies that others keep")}
WRITTEN_AHEAD = _("what the database wrote ahead, until it is used again, its archives, replicas and dumps")


class Line(msgspec.Struct, frozen=True, kw_only=True):
    """One purpose: what is held beyond its retention, what lets it go, the slip that waits."""

    slug: str
    purpose: Purpose
    past: Past | None
    under: tuple[str, str]
    slip: tuple[str, DisposalSlip] | None


def retention(request: Request, territory: str) -> HttpResponse:
    """Every purpose with a retention period; POST prepares the slip of one (`purpose`)."""
    if request.method == "POST":
        return _prepared(request, territory, str(request.POST.get("purpose", "")))
    facts = facts_of(request)
    held = arriving.past(facts)
    lines = []
    for slug, body in sorted(facts.all(Purpose).items()):
        if body.retention_months:
            past, (under, _day) = held.get(slug), heritage_212_disposal.lets_go(facts, slug)
            kind, _, name = under.partition("/")
            waits = heritage_212_disposal.waiting(facts, slug, past) if past else None
            lines.append(Line(slug=slug, purpose=body, past=past, under=(kind, name), slip=waits))
    values: dict[str, Any] = {
        "lines": sorted(lines, key=lambda one: one.past is None),
        "proofs": [
            (one, one.under.partition("/")[::2], *_told(one))
            for one in evidence.retention.proofs(territory)
            if one.purpose
        ],
        "names": names(facts, request.lang),
        "may_prepare": may_begin(request.actor, territory, DisposalSlip.kind),
        "may_agree": may_begin(request.actor, territory, DisposalRule.kind),
    }
    return page(request, "desk/retention.html", values)


def _told(proof: Proof) -> tuple[list[str], list[str]]:
    """What a proof covers and what it does not, as messages."""
    covered = [COVERS.get(one, MONTHS) for one in proof.covers if not one.startswith("not ")]
    ahead = [WRITTEN_AHEAD] if any(one.startswith("not ") for one in proof.covers) else []
    return list(dict.fromkeys(covered)), [*(OUTSIDE[one] for one in proof.outside), *ahead]


def _prepared(request: Request, territory: str, purpose: str) -> HttpResponse:
    """Write the slip as the log stands now, and show it."""
    if not may_begin(request.actor, territory, DisposalSlip.kind):
        return errors.forbidden(request)
    facts = facts_of(request)
    body = due.slip(facts, purpose)
    if body is None:
        say(request, words.translate(_("Nothing is held beyond the retention period of this purpose."), request.lang))
        return HttpResponseRedirect(reverse("desk.retention", args=[territory]))
    slug = free(f"{purpose}-{body.before.isoformat()}", set(facts.all(DisposalSlip)))
    key = Key(territory=territory, kind=DisposalSlip.kind, slug=slug)
    evidence.change(territory, request.actor, [evidence.Put(key=key, body=body)], request.parts.clock())
    say(request, words.translate(_("The slip is prepared: print it, and enter the visa when it comes."), request.lang))
    return HttpResponseRedirect(reverse("desk.slip", args=[territory, slug]))


def slip(request: Request, territory: str, slip: str) -> HttpResponse:
    """One slip as it is sent to the archives."""
    facts = facts_of(request)
    body = facts.one(DisposalSlip, slip)
    if body is None:
        raise Missing(_("a declaration that holds"), slip)
    values: dict[str, Any] = {
        "slip": body,
        "slip_slug": slip,
        "purpose": facts.one(Purpose, body.purpose),
        "archives": facts.one(Organisation, body.visa.archives),
        "may_enter": may_begin(request.actor, territory, DisposalSlip.kind),
        "today": facts.today,
    }
    return page(request, "desk/slip.html", values)
