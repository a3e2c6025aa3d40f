"""Assessments of personal data: brought in from the PIA tool of the CNIL, given back to it, names erased on request."""

import msgspec
from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse

from bocage import evidence, relational, words
from bocage.accounts.rights import may_begin
from bocage.domain import pia
from bocage.domain.assessment import Assessment, AssessmentNature
from bocage.domain.declaration import Key
from bocage.domain.errors import Invalid, Missing, PayloadError, Refused
from bocage.domain.purpose import Purpose
from bocage.domain.text import message as _
from bocage.publish import assessing
from bocage.registers import Put, assessed
from bocage.web import errors
from bocage.web.desk.erasing import FOLDER
from bocage.web.desk.reach import facts_of
from bocage.web.forms.slugs import free
from bocage.web.page import page, say
from bocage.web.request import Request


def assessments(request: Request, territory: str) -> HttpResponse:
    """What was assessed and until when it holds; a file of the tool may be brought in."""
    if request.method == "POST":
        if not may_begin(request.actor, territory, Assessment.kind):
            return errors.forbidden(request)
        try:
            slug = _bring_in(request)
        except Invalid as failure:
            return _page(request, failure.expected)
        except Refused as refused:
            return _page(request, words.sentence(refused.refusals[0], request.lang).why)
        say(
            request, words.translate(_("The assessment is brought in; the whole file is kept beside it."), request.lang)
        )
        return HttpResponseRedirect(reverse("desk.declaration", args=[territory, Assessment.kind, slug]))
    return _page(request)


def _bring_in(request: Request) -> str:
    """Declare the assessment of a file, new or in place of one, and keep the file; its slug."""
    given = request.FILES.get("file")
    content = given.read(pia.LARGEST + 1) if given is not None else b""
    if not content or len(content) > pia.LARGEST:
        raise PayloadError(_("a file exported by the PIA tool of the CNIL, of at most 5 MiB"))
    document, facts = pia.read(content), facts_of(request)
    slug = str(request.POST.get("assessment", ""))
    before, purpose = facts.one(Assessment, slug), str(request.POST.get("purpose", ""))
    body = pia.declared(document, before)
    if facts.one(Purpose, purpose) is not None:
        body = msgspec.structs.replace(body, purpose=purpose)
    slug = slug if before is not None else free(body.title.fr, set(facts.all(Assessment)))
    put = Put(key=Key(territory=request.slug, kind=Assessment.kind, slug=slug), body=body)
    at = request.parts.clock()
    with relational.transaction():  # the declaration and its file, or neither
        evidence.change(request.slug, request.actor, [put], at)
        assessed.keep(request.slug, slug, content, request.actor.account, at)
    return slug


def file(request: Request, territory: str, assessment: str) -> HttpResponse:
    """The assessment for the tool: the file it came from, with what changed since; or one drawn from declarations."""
    facts = facts_of(request)
    body = facts.one(Assessment, assessment)
    if body is None or body.nature is not AssessmentNature.PERSONAL_DATA:
        raise Missing("an assessment of personal data", assessment)
    kept = assessed.newest(territory, assessment)
    known = {} if kept is not None else assessing.known(facts, body)
    content = pia.merged(kept, body) if kept is not None else pia.drawn(body, known, request.parts.clock())
    answer = HttpResponse(content, content_type="application/json")
    answer["Cache-Control"] = "no-store"
    return answer


def names(request: Request, territory: str, assessment: str) -> HttpResponse:
    """Erase the names of persons from the files of an assessment."""
    if request.method == "POST" and assessment in assessed.having(territory):
        assessed.forget(request.parts.data / FOLDER, territory, assessment, request.parts.clock())
        say(request, words.translate(_("The names in its files are erased for good."), request.lang))
    return HttpResponseRedirect(reverse("desk.assessments", args=[territory]))


def _page(request: Request, wrong: str = "") -> HttpResponse:
    facts = facts_of(request)
    held = {slug: one for slug, one in facts.all(Assessment).items() if one.nature is AssessmentNature.PERSONAL_DATA}
    values = {
        "held": sorted(held.items(), key=lambda pair: (pair[1].done is not None, pair[1].title.fr)),
        "with_file": assessed.having(request.slug),
        "purposes": sorted(facts.all(Purpose).items(), key=lambda pair: pair[1].title.fr),
        "declared": facts.declared,
        "today": facts.today,
        "may_bring_in": may_begin(request.actor, request.slug, Assessment.kind),
        "wrong": wrong,
        "about": str(request.POST.get("purpose", "")),
    }
    return page(request, "desk/assessments.html", values, status=422 if wrong else 200)
