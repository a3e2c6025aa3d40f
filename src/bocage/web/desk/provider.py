"""The section of the settings about signing in by a provider: what it is, trying it, switching it on."""

from typing import Any, Final
from urllib.parse import urlsplit

import msgspec
from django.http import HttpResponse, HttpResponseRedirect, QueryDict

from bocage.accounts import people
from bocage.accounts.openid import trip
from bocage.accounts.openid.asking import LOOPBACK
from bocage.accounts.openid.fault import Fault, SignInFailure
from bocage.accounts.openid.offered import SECRET
from bocage.accounts.openid.provider import ALGORITHMS
from bocage.domain.errors import BocageError
from bocage.domain.instance_settings import OpenIdConnect
from bocage.domain.text import message as _
from bocage.web.openid import TRIED, departed
from bocage.web.request import Request

FIELDS: Final = ("issuer", "client_id", "label")


class Step(msgspec.Struct, frozen=True, kw_only=True):
    """One step of a try: what was asked, whether it held, what was found."""

    title: str
    held: bool
    found: str = ""
    fault: Fault | None = None


class Typed(msgspec.Struct, frozen=True, kw_only=True):
    """What was typed into the form, and what is wrong with it by field."""

    values: dict[str, str]
    errors: dict[str, str] = {}


def section(request: Request, typed: Typed | None = None, steps: tuple[Step, ...] = ()) -> dict[str, Any]:
    """What the page shows of it."""
    openid, setting = request.parts.openid, request.parts.openid.setting
    values = {name: str(getattr(setting, name, "")) for name in FIELDS}
    values["vouches"] = "yes" if setting and setting.vouches else ""
    tried = request.session.pop(TRIED, None)
    person = people.find(tried.get("account", "")) if tried else None
    return {
        "openid": setting,
        "openid_typed": typed.values if typed else values,
        "openid_errors": typed.errors if typed else {},
        "openid_secret": bool(request.parts.chosen.secret(SECRET)),
        "openid_back": openid.back,
        "openid_steps": steps,
        "openid_ready": openid.tried,
        "openid_tried": tried,
        "openid_fault": Fault.of(tried["fault"]) if tried and "fault" in tried else None,
        "openid_person": person,
    }


def keep(request: Request, sent: QueryDict) -> Typed | None:
    """Keep the provider that was typed, switched off until it was tried; what is wrong with it otherwise."""
    values = {name: str(sent.get(name, "")).strip() for name in (*FIELDS, "vouches")}
    chosen, before = request.parts.chosen, request.parts.openid.setting
    setting = _setting(values)
    if isinstance(setting, dict):
        return Typed(values=values, errors=setting)
    secret = str(sent.get("secret", ""))
    if secret:
        chosen.keep_secret(SECRET, secret)
    same = before is not None and not secret and _same(before, setting)
    kept = msgspec.structs.replace(setting, on=before.on, tried=before.tried) if before and same else setting
    try:
        chosen.choose(msgspec.structs.replace(chosen.now, sign_in=kept))
    except BocageError as failure:
        return Typed(values=values, errors={"": failure.expected})
    return None


def _same(before: OpenIdConnect, after: OpenIdConnect) -> bool:
    """Whether only what the button says was changed."""
    return before == msgspec.structs.replace(after, label=before.label, on=before.on, tried=before.tried)


def _setting(values: dict[str, str]) -> OpenIdConnect | dict[str, str]:
    errors = {name: _("This is required.") for name in ("issuer", "client_id") if not values[name]}
    found = urlsplit(values["issuer"])
    if values["issuer"] and not (found.scheme == "https" or (found.scheme == "http" and found.hostname in LOOPBACK)):
        errors["issuer"] = _("an address that begins with https://")
    if errors:
        return errors
    return OpenIdConnect(
        issuer=values["issuer"],
        client_id=values["client_id"],
        label=values["label"][:80],
        vouches=bool(values["vouches"]),
    )


def stop(request: Request) -> None:
    """Offer it no more, and forget it with its secret."""
    chosen = request.parts.chosen
    chosen.choose(msgspec.structs.replace(chosen.now, sign_in=None))
    chosen.keep_secret(SECRET, "")


def switch(request: Request, *, on: bool) -> bool:
    """Offer it to people, or no more; only what was tried can be offered. Whether it is as asked."""
    chosen, setting = request.parts.chosen, request.parts.openid.setting
    if setting is None or (on and not request.parts.openid.tried):
        return False
    chosen.choose(msgspec.structs.replace(chosen.now, sign_in=msgspec.structs.replace(setting, on=on)))
    return True


def steps(request: Request) -> tuple[Step, ...]:
    """What can be tried without anybody's account: the address, what it says of itself, its keys."""
    openid = request.parts.openid
    done: list[Step] = []
    try:
        provider = openid.provider(afresh=True)
        found = provider.discovered()
        done.append(Step(title=_("The provider says what it is"), held=True, found=found.issuer))
        done.append(Step(title=_("Where people are sent to"), held=True, found=found.authorization_endpoint))
        known = [one for one in found.id_token_signing_alg_values_supported if one in ALGORITHMS]
        done.append(Step(title=_("Signatures we accept, of those it makes"), held=bool(known), found=", ".join(known)))
        keys = list(provider.keys())
        told = ", ".join(str(key.kid or key.key_type) for key in keys)
        done.append(Step(title=_("Its keys"), held=bool(keys), found=told[:200]))
    except SignInFailure as failure:
        done.append(Step(title=_("Here it ended"), held=False, found=failure.found, fault=failure.fault))
    return tuple(done)


def depart(request: Request, onward: str) -> HttpResponse:
    """Go to the provider with one's own account, to see what comes back; nothing changes here by it."""
    try:
        return departed(request, trip.begun(request.parts.clock(), onward=onward, trial=True))
    except SignInFailure as failure:
        request.session[TRIED] = {"fault": failure.fault.value, "found": failure.found}
        return HttpResponseRedirect(onward.partition("#")[0])


def settled(request: Request) -> None:
    """What a round trip showed counts for the setting it was made with: it may be switched on from now on."""
    tried, openid = request.session.get(TRIED), request.parts.openid
    if not tried or not tried.get("usable") or openid.setting is None or not openid.back:
        return
    if tried["mark"] == openid.mark and openid.setting.tried != openid.mark:
        chosen = request.parts.chosen
        kept = msgspec.structs.replace(openid.setting, tried=openid.mark)
        chosen.choose(msgspec.structs.replace(chosen.now, sign_in=kept))
