"""The page of a forgotten password: the same answer whether the address is known or not."""

from django.http import HttpResponse
from django.views.decorators.cache import never_cache

from bocage import outbox
from bocage.accounts import letters
from bocage.domain.errors import Missing
from bocage.domain.letter import is_address
from bocage.domain.text import message as _
from bocage.web.page import page
from bocage.web.request import Request


@never_cache
def forgotten(request: Request) -> HttpResponse:
    """Ask for a link by mail. Whether the address has an account is looked at later, by what sends mails."""
    if not request.parts.by_mail:
        raise Missing(_("an instance that sends mails"), "", _("Ask an administrator for a new one."))
    if request.method != "POST":
        return _page(request)
    email, at = str(request.POST.get("email", "")).strip(), request.parts.clock()
    if not is_address(email):
        return _page(request, wrong=_("an e-mail address"), email=email, status=422)
    wait = letters.forgotten(email, address=str(request.META.get("REMOTE_ADDR", "")), at=at)
    if wait:
        return _page(request, wait=wait.total_seconds(), email=email, status=429)
    outbox.put(letters.FORGOTTEN, {"email": email, "lang": request.lang}, at)
    return _page(request, asked=True, email=email)


def _page(request: Request, status: int = 200, **said: object) -> HttpResponse:
    lasts = letters.FORGOTTEN_LASTS.total_seconds()
    values = {"wrong": "", "wait": 0, "asked": False, "email": "", "lasts": lasts, **said}
    return page(request, "forgotten.html", values, status=status)
