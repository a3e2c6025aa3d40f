"""What a person wishes of the mails about alerts and orders, said by themselves on the page of their account."""

from typing import Any

from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse

from bocage import words
from bocage.accounts import wishes
from bocage.accounts.rights import Right, may
from bocage.accounts.wishes import Wish
from bocage.domain.errors import Missing
from bocage.domain.text import message as _
from bocage.web.page import say
from bocage.web.request import LANGUAGES, Request


def choose(request: Request) -> HttpResponse:
    """Keep whether mails of one territory are wanted, and in which language."""
    if request.method == "POST":
        territory, lang = str(request.POST.get("territory", "")), str(request.POST.get("lang", ""))
        if not _reached(request, territory):
            raise Missing(_("a territory whose alerts or orders reach you"), territory)
        wish = Wish(mails="mails" in request.POST, lang=lang if lang in LANGUAGES else "fr")
        wishes.choose(request.actor.account, territory, wish)
        told = _("These mails will come.") if wish.mails else _("None of these mails will come any more.")
        say(request, words.translate(told, request.lang))
    return HttpResponseRedirect(f"{reverse('account.own')}#mails")


def listed(request: Request, territories: list[str]) -> dict[str, Any]:
    """The wishes of this person where alerts or orders reach them, by territory."""
    return {slug: wishes.wish(request.actor.account, slug) for slug in territories if _reached(request, slug)}


def _reached(request: Request, territory: str) -> bool:
    return any(may(request.actor, right, territory) for right in (Right.HANDLE_ALERTS, Right.APPROVE_ORDERS))
