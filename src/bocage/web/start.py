"""Choose a town: find it in the State's files, see what they say of it, and let it begin here."""

from typing import Any
from urllib.parse import urlencode

import msgspec
from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse

from bocage import registers, words
from bocage.commitments.coherence import RESERVED
from bocage.domain.declaration import slug_of
from bocage.domain.errors import BocageError, Invalid, Missing, Refused
from bocage.domain.territory import Territory
from bocage.domain.text import message as _
from bocage.evidence import beginning
from bocage.registers import official
from bocage.web.desk.first import example
from bocage.web.middleware import territory as territory_of
from bocage.web.page import page, say
from bocage.web.request import Request

MOST = 20


class Told(msgspec.Struct, frozen=True, kw_only=True):
    """What the State's files say of a territory, and the short name its addresses would have."""

    body: Territory
    siren: str
    department: str
    slug: str


def start(request: Request) -> HttpResponse:
    """Search (`q`), and what the files say of the one chosen (`code`); the only one found is chosen."""
    return _shown(request, str(request.GET.get("code", "")))


def make(request: Request) -> HttpResponse:
    """Let the chosen territory begin; its guide follows."""
    if request.method != "POST":
        return HttpResponseRedirect(reverse("instance.start"))
    if request.POST.get("syndicate"):
        return _gathered(request)
    code, slug = str(request.POST.get("code", "")), str(request.POST.get("slug", "")).strip()
    try:
        made = beginning.begin(code, slug, request.actor, request.parts.clock())
    except Refused:
        return _shown(request, code, typed=slug, wrong=_("This short name is one of Bocage's own: choose another."))
    except Missing as failure:
        raise failure
    except BocageError as failure:
        said = _("Lower-case letters, digits and single hyphens.")
        taken = _("This short name is taken: choose another.")
        return _shown(request, code, typed=slug, wrong=said if isinstance(failure, Invalid) else taken)
    told = words.translate(_("%(name)s begins here."), request.lang) % {"name": made.title.fr}
    say(request, told, undo=f"{reverse('instance.withdraw')}?{urlencode({'slug': slug})}")
    return HttpResponseRedirect(reverse("desk.first", args=[slug]))


def _gathered(request: Request) -> HttpResponse:
    """Let a syndicate begin, as somebody says it is."""
    typed = {name: str(request.POST.get(name, "")).strip()[:200] for name in ("name", "siren", "department")}
    try:
        slug = beginning.gather(beginning.Syndicate(**typed), request.actor, request.parts.clock())
    except Refused:
        return _shown(request, "", syndicate=typed, wrong=_("This short name is one of Bocage's own: choose another."))
    except BocageError as failure:
        return _shown(request, "", syndicate=typed, wrong=failure.expected)
    told = words.translate(_("%(name)s begins here."), request.lang) % {"name": typed["name"]}
    say(request, told, undo=f"{reverse('instance.withdraw')}?{urlencode({'slug': slug})}")
    return HttpResponseRedirect(reverse("desk.first", args=[slug]))


def withdraw(request: Request) -> HttpResponse:
    """Take back a territory in which nothing stands yet."""
    if request.method == "POST":
        slug = str(request.POST.get("slug") or request.GET.get("slug") or "")
        body = territory_of(slug)
        if body is None:
            raise Missing(_("a territory of this instance"), slug)
        told = words.translate(_withdrawn(request, slug, body), request.lang)
        say(request, told % {"name": body.title.fr})
    return HttpResponseRedirect(reverse("instance.start"))


def _withdrawn(request: Request, slug: str, body: Territory) -> str:
    """Withdraw it; what to say of it (a message). An invented one goes with its measurements and its tokens."""
    at, tokens = request.parts.clock(), request.parts.tokens
    if not body.demonstration:
        beginning.withdraw(slug, request.actor, at)
        return _("%(name)s is withdrawn: nothing stood there yet.")
    beginning.withdraw_invented(request.parts.store, slug, request.actor, at)
    for token in tokens.listed(slug):
        if token.revoked_at is None:
            tokens.revoke(slug, token.token, at)
    return _("%(name)s is withdrawn, with its measurements: it was invented.")


def _shown(
    request: Request, code: str, *, typed: str = "", wrong: str = "", syndicate: dict[str, str] | None = None
) -> HttpResponse:
    asked = str(request.GET.get("q", "")).strip()[:100]
    found = official.search(asked, MOST) if asked and not code else []
    code = code or (found[0].code if len(found) == 1 else "")
    told = _told(code) if code else None
    values: dict[str, Any] = {
        "asked": asked,
        "found": found,
        "most": MOST,
        "told": told,
        "code": code,
        "typed": typed or (told.slug if told else ""),
        "wrong": wrong,
        "syndicate": syndicate or {},
        "present": [(slug, body) for slug in registers.territories() if (body := territory_of(slug))],
        "attribution": official.ATTRIBUTION,
        "may_open_example": True,
        "example": (there, example.address(request, there)) if (there := example.present()) else None,
    }
    return page(request, "start.html", values, status=422 if wrong else 200)


def _told(code: str) -> Told:
    body = official.territory(code)
    return Told(
        body=body,
        siren=official.siren(code),
        department=official.department_name(body.department),
        slug=_free(slug_of(body.title.fr), body.department),
    )


def _free(slug: str, department: str) -> str:
    """The name as a short name; with the department where another territory has it, or Bocage itself."""
    taken = {*registers.territories(), *RESERVED}
    return f"{slug}-{department.lower()}" if slug in taken else slug
