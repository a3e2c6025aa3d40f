"""Checks a certificate that somebody else hands over: a file or an address, alone or for an application."""

from typing import Any, Final

from django.http import HttpResponse

from bocage.accounts.rights import may_declare
from bocage.domain.application import Application
from bocage.domain.declaration import Key, is_slug
from bocage.domain.errors import Invalid, Missing, Unavailable
from bocage.domain.text import message as _
from bocage.evidence import applicants
from bocage.publish.certificate import checking, paper
from bocage.publish.certificate.paper import Paper
from bocage.publish.certificate.verdict import State, Verdict
from bocage.web import errors
from bocage.web.desk.reach import facts_of
from bocage.web.page import page
from bocage.web.request import Request

SIGNS: Final = {State.GOOD: "kept", State.WRONG: "refused", State.CHANGED: "watch", State.UNCHECKED: "unchecked"}


def check(request: Request, territory: str) -> HttpResponse:
    """The form; what was found, point by point; and for an application, what is noted with it."""
    application = str(request.POST.get("application") or request.GET.get("application") or "")
    body = facts_of(request).one(Application, application) if is_slug(application) else None
    values: dict[str, Any] = {"application": application if body else "", "body": body, "found": None, "wrong": ""}
    values["noted"] = False
    values["typed"] = str(request.POST.get("address", "")) or (body.certificate if body else "")
    if request.method != "POST":
        return page(request, "desk/certificate_check.html", values)
    if body is not None and not may_declare(request.actor, territory, Application.kind):
        return errors.forbidden(request)
    try:
        found = _found(request)
        if body is not None and applicants.in_order(found):
            key = Key(territory=territory, kind=Application.kind, slug=application)
            applicants.accept(key, found, request.actor, request.parts.clock())
    except (Invalid, Missing, Unavailable) as error:
        return page(request, "desk/certificate_check.html", values | {"wrong": error}, status=422)
    values |= {"found": found, "said": found.paper.certificate, "points": _points(found)}
    values["noted"] = body is not None and applicants.in_order(found)
    return page(request, "desk/certificate_check.html", values, status=422 if found.state is State.WRONG else 200)


def _found(request: Request) -> Verdict:
    """Checked at the instance it says it comes from; what an address hands out must be the certificate of that address.
    A file goes before an address: that of an application stands there already."""
    handed = request.FILES.get("file")
    address = str(request.POST.get("address", "")).strip()
    if handed is not None:
        read = paper.read(handed.read(paper.LARGEST + 1))
    elif address:
        read = _fetched(request, address)
    else:
        raise Invalid(_("a file or an address"))
    said, at = read.certificate, request.parts.clock()
    home = said.address.rstrip("/").removesuffix(f"/{said.territory}")
    return checking.against(read, request.parts.reach(home), at)


def _fetched(request: Request, address: str) -> Paper:
    """The certificate of an address: of its page, or of its file."""
    home, _slash, rest = address.partition("://")[2].partition("/")
    parts = [part for part in rest.removesuffix(".json").removesuffix(".pdf").split("/") if part]
    places = [one for one in parts if one not in ("api", "certificates")]
    if not address.startswith("https://") or len(places) < 2 or not places[-1].isdigit() or not is_slug(places[-2]):
        raise Invalid(_("the address of a certificate (https://.../TERRITORY/certificates/NUMBER)"), address[:200])
    reach = request.parts.reach(f"https://{home}")
    found = paper.read(reach.get(f"/api/{places[-2]}/certificates/{places[-1]}.json"))
    said = found.certificate
    if (said.address.rstrip("/").lower(), said.number) != (f"https://{home}/{places[-2]}".lower(), int(places[-1])):
        raise Invalid(_("the certificate of that address"), f"{said.address}/certificates/{said.number}"[:200])
    return found


def _points(found: Verdict) -> list[tuple[str, str, Any]]:
    """Sign, state, sentence; what is wrong first."""
    order = (State.WRONG, State.CHANGED, State.UNCHECKED, State.GOOD)
    points = sorted(found.points, key=lambda point: order.index(point.state))
    return [(SIGNS[one.state], one.state.label, one.said) for one in points]
