"""What comes next: one declaration at a time, the one that matters most, with why, what to do, and what follows."""

from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from typing import Any, Final
from urllib.parse import urlencode

import msgspec
from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse

from bocage import evidence, words
from bocage.accounts.rights import DECLARES, Right, may, may_begin, may_declare
from bocage.commitments import r06_experiments
from bocage.domain.declaration import Declaration
from bocage.domain.errors import Invalid
from bocage.domain.role import Role, RoleName
from bocage.domain.text import message as _
from bocage.evidence import putting_off
from bocage.evidence.coming import Coming, coming
from bocage.web.desk import registers
from bocage.web.desk.promises import SETTING
from bocage.web.desk.reach import facts_of, names
from bocage.web.page import page, say
from bocage.web.request import Request

USUALLY: Final = timedelta(days=30)


class Turn(msgspec.Struct, frozen=True, kw_only=True):
    """One declaration as it is shown. `mine`: whether this person may make it; `by`: who else may; `href`: the form."""

    one: Coming
    label: str
    mine: bool
    by: tuple[RoleName, ...]
    href: str
    until: date | None = None


def shown(request: Request, territory: str) -> HttpResponse:
    """The page."""
    found = list(turns(request))
    mine = [turn for turn in found if turn.mine and turn.until is None]
    values = {
        "next": mine[0] if mine else None,
        "after": mine[1:],
        "others": [turn for turn in found if not turn.mine],
        "later": sorted((turn for turn in found if turn.mine and turn.until), key=_until),
        "days": [facts_of(request).today + after for after in (timedelta(days=1), USUALLY, putting_off.LONGEST)],
        "names": names(facts_of(request), request.lang),
    }
    return page(request, "desk/coming.html", values)


def later(request: Request, territory: str) -> HttpResponse:
    """Not now: put one thing off until a day, or take it up again (without one)."""
    back = reverse("desk.coming", args=[territory])
    if request.method != "POST":
        return HttpResponseRedirect(back)
    key = str(request.POST.get("key") or request.GET.get("key") or "")[:64]
    until, now = _day(str(request.POST.get("until", ""))), request.parts.clock()
    if until is None:
        putting_off.take_up(territory, request.actor.account, key)
        say(request, words.translate(_("It is back in the list."), request.lang))
        return HttpResponseRedirect(back)
    putting_off.put_off(territory, request.actor.account, key, until, now)
    told = words.translate(_("Put off until %(day)s."), request.lang) % {"day": words.day(until, request.lang)}
    say(request, told, undo=f"{reverse('desk.coming-later', args=[territory])}?{urlencode({'key': key})}")
    return HttpResponseRedirect(back)


def _day(typed: str) -> date | None:
    try:
        return date.fromisoformat(typed.strip()) if typed.strip() else None
    except ValueError:
        raise Invalid(_("a day to come, within a year"), typed[:40], field="until") from None


def turns(request: Request) -> Iterator[Turn]:
    """Everything that mends something, first what matters most."""
    facts = facts_of(request)
    off = putting_off.waiting(request.slug, request.actor.account, facts.today)
    found = coming(evidence.commitments(request.slug, request.parts.clock()), facts)
    return (_turn(request, one, off.get(one.key)) for one in found)


def following(request: Request) -> Turn | None:
    """The one that comes next for this person."""
    return next((turn for turn in turns(request) if turn.mine and turn.until is None), None)


def led(request: Request, struct: type[Declaration], slug: str) -> Coming | None:
    """What the form was opened for (`for` in its address), while that is still to be mended."""
    key = str(request.GET.get("for", ""))
    if not key:
        return None
    found: Sequence[Coming] = coming(evidence.commitments(request.slug, request.parts.clock()), facts_of(request))
    return next((one for one in found if one.key == key and (one.kind, one.slug) == (struct.kind, slug)), None)


def opened(one: Coming | None, tree: dict[str, Any]) -> dict[str, Any]:
    """The fields of a form, with what is known of what it is for where nothing stands."""
    known = one.begun if one else {}
    return {**tree, **{name: value for name, value in known.items() if name in tree and not _says(tree[name])}}


def _says(value: Any) -> bool:
    return bool(value) and value != {"fr": "", "en": ""}


def _turn(request: Request, one: Coming, until: date | None) -> Turn:
    by = tuple(RoleName.of(name) for name in sorted(DECLARES.get(one.kind, ())))
    mine, label = _mine(request, one), registers.ALL[one.kind].label if one.kind in registers.ALL else _("Settings")
    return Turn(one=one, label=label, mine=mine, by=by, href=_href(request, one) if mine else "", until=until)


def _mine(request: Request, one: Coming) -> bool:
    if one.kind == SETTING:
        return may(request.actor, Right.SETTINGS, "")
    if not one.slug:
        return may_begin(request.actor, request.slug, one.kind)
    body = facts_of(request).declared.get(one.kind, {}).get(one.slug)
    return may_declare(request.actor, request.slug, one.kind, **registers.place(one.kind, one.slug, body))


def _href(request: Request, one: Coming) -> str:
    """The form that makes it, which knows what it is for and leads back here."""
    if one.kind == SETTING:
        return reverse("desk.settings", args=[request.slug])
    if one.kind == Role.kind and not one.slug and one.begun.get("role") == RoleName.DPO:
        return f"{reverse('desk.first', args=[request.slug])}#officer"
    if one.slug and (one.first.promise, one.first.code) == (r06_experiments.CODE, "not-offered"):
        return reverse("desk.give", args=[request.slug, one.kind, one.slug])
    at = [request.slug, one.kind, *((one.slug,) if one.slug else ())]
    query = urlencode({"for": one.key, "back": reverse("desk.coming", args=[request.slug])})
    field = one.field.partition(".")[0]
    return f"{reverse('desk.form', args=at)}?{query}{f'#f-{field}' if field else ''}"


def _until(turn: Turn) -> date:
    return turn.until or date.max
