"""A sensor behind a network server: what to paste there, the first frame as it comes, and what it measures."""

import ipaddress
from collections.abc import Iterable, Mapping
from typing import Any, Final
from urllib.parse import urlsplit

import msgspec
from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.views.decorators.cache import never_cache

from bocage import evidence, words
from bocage.accounts.rights import may_declare
from bocage.accounts.tokens import Issued
from bocage.commitments.facts import TerritoryFacts
from bocage.domain.declaration import Key
from bocage.domain.errors import Missing
from bocage.domain.quantity import QUANTITIES, heard
from bocage.domain.sensing import Datastream
from bocage.domain.source import Source
from bocage.domain.text import message as _
from bocage.ingest import refusals
from bocage.ingest.guessing import called
from bocage.web import errors
from bocage.web.desk import asking
from bocage.web.desk.asking import Case, Outcome
from bocage.web.desk.changes import placing
from bocage.web.desk.connect import address
from bocage.web.desk.first import making
from bocage.web.desk.first.networks import NETWORKS, Network, network_of
from bocage.web.desk.first.opening import version
from bocage.web.desk.first.reading import OTHER, Line
from bocage.web.desk.proposals import Hints
from bocage.web.desk.reach import facts_of
from bocage.web.forms.slugs import free
from bocage.web.page import page, say
from bocage.web.portal.values import latest, unit_of
from bocage.web.request import Request

UNREAD: Final = ("codec-fails", "codec-lacks")
"""Why a whole message of a device could not be read."""


class Sensing(msgspec.Struct, frozen=True, kw_only=True):
    """One such source as it stands: its network server, what came undeclared, devices whose bytes nobody reads."""

    slug: str
    body: Source
    network: Network
    facts: TerritoryFacts
    came: tuple[str, ...]
    unread: tuple[str, ...] = ()


@never_cache
def begin(request: Request, territory: str) -> HttpResponse:
    """Declare the source and issue its token, shown on this answer only."""
    network = NETWORKS.get(str(request.POST.get("network", "")))
    if request.method != "POST" or network is None:
        return HttpResponseRedirect(reverse("desk.first", args=[territory]))
    if not may_declare(request.actor, territory, Source.kind):
        return errors.forbidden(request)
    facts = facts_of(request)
    held = next((slug for slug, body in facts.all(Source).items() if body == network.source(body.purpose)), "")
    slug = held or free(network.title.fr, set(facts.all(Source)))
    if not held:
        put = placing(Key(territory=territory, kind=Source.kind, slug=slug), network.source(), 0)
        evidence.change(territory, request.actor, [put], request.parts.clock())
    return _show(request, _sensing(request, slug), secret=_token(request, slug))


@never_cache
def sensor(request: Request, territory: str, sensor: str) -> HttpResponse:
    """What came so far; a new token, or the recording of what it measures."""
    found = _sensing(request, sensor)
    if request.method != "POST":
        return _show(request, found)
    if not may_declare(request.actor, territory, Source.kind):
        return errors.forbidden(request)
    if "token" in request.POST:
        return _show(request, found, secret=_token(request, sensor))
    return _record(request, found)


def _sensing(request: Request, slug: str) -> Sensing:
    facts = facts_of(request)
    body = facts.one(Source, slug)
    network = network_of(body) if body else None
    if body is None or network is None:
        raise Missing(_("a network server of the guide"), slug)
    counted = refusals.counted(request.slug, source=slug)
    named = (one.key for one in counted if one.key and one.code not in UNREAD)
    came = tuple(dict.fromkeys(key for key in named if (slug, key) not in facts.keys))
    unread = tuple(sorted({one.key for one in counted if one.code in UNREAD}))
    return Sensing(slug=slug, body=body, network=network, facts=facts, came=tuple(sorted(came)), unread=unread)


def _tokens(request: Request, slug: str) -> list[Issued]:
    return [one for one in request.parts.tokens.listed(request.slug, source=slug) if one.revoked_at is None]


def _token(request: Request, slug: str) -> str:
    """A new token of the source; the former ones open nothing any more."""
    at = request.parts.clock()
    for former in _tokens(request, slug):
        request.parts.tokens.revoke(request.slug, former.token, at)
    secret: str = request.parts.tokens.issue(request.slug, request.actor.account, at, source=slug, title="LoRaWAN")
    return secret


def _lines(found: Sensing, sent: Mapping[str, Any] | None) -> tuple[Line, ...]:
    """A line for each series that came and is wanted: as chosen, else as its name says."""
    lines = []
    for place, key in enumerate(found.came):
        device, _slash, field = key.rpartition("/")
        quantity = heard(field).code if sent is None else str(sent.get(f"column.{place}", ""))
        if quantity in QUANTITIES or quantity == OTHER:
            lines.append(Line(key=key, site=device, column=field, quantity=quantity))
    return tuple(lines)


def _places(found: Sensing, sent: Mapping[str, Any]) -> dict[str, str]:
    """The name of the place of each device: as typed, else its own name where it is one."""
    return {
        device: str(sent.get(f"place.{place}", _named(device))).strip()[:200]
        for place, device in enumerate(_devices(found.came))
    }


def _devices(keys: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(key.rpartition("/")[0] for key in keys))


def _named(device: str) -> str:
    """The device's name as a title; nothing where it is only a number of the network (EUI)."""
    plain = device.lower().removeprefix("eui-")
    return "" if len(plain) == 16 and all(sign in "0123456789abcdef" for sign in plain) else called(f"{device}.")


def _case(found: Sensing, lines: tuple[Line, ...], places: Mapping[str, str]) -> Case:
    """What these lines would make of the territory: only the fields that are wanted are read from now on."""
    kept = {key.rpartition("/")[2] for source, key in found.facts.keys if source == found.slug}
    fields = tuple(sorted({line.column for line in lines} | kept))
    source = found.network.source(found.body.purpose, fields)
    made = making.made(
        found.facts, source, lines, places, slug=found.slug, version=version(found.facts.slug, found.slug)
    )
    quantity = next((line.quantity for line in lines), "")
    keys = tuple(line.key for line in lines)
    case = Case(facts=found.facts, source=found.slug, keys=keys, base=made.changes, hints=Hints(quantity=quantity))
    return case.after(made.changes)


def _record(request: Request, found: Sensing) -> HttpResponse:
    lines, places = _lines(found, request.POST), _places(found, request.POST)
    devices = _devices(found.came)
    wrong = {
        f"place.{place}": _("Say in which building or place it is measured.")
        for place, device in enumerate(devices)
        if not places[device] and any(line.site == device for line in lines)
    }
    if not lines:
        wrong = {"came": _("Say of one of them at least what it measures.")}
    if wrong:
        return _show(request, found, wrong=wrong)
    outcome = asking.record(request, _case(found, lines, places), request.POST.getlist("section"), whole=True)
    if not outcome.recorded:
        return _show(request, found, outcome=outcome)
    for key in found.came:
        refusals.forget(request.slug, found.slug, key)
    say(request, words.translate(_("Recorded: the next frame is kept."), request.lang))
    return HttpResponseRedirect(reverse("desk.first-sensor", args=[request.slug, found.slug]))


def _show(
    request: Request,
    found: Sensing,
    *,
    secret: str = "",
    wrong: dict[str, str] | None = None,
    outcome: Outcome | None = None,
) -> HttpResponse:
    sent = request.POST if wrong or outcome else None
    lines, places = _lines(found, sent), _places(found, sent or {})
    case = _case(found, lines, places) if lines else None
    heard_at = max((one.last_used for one in _tokens(request, found.slug) if one.last_used), default=None)
    wrongs = {**(wrong or {}), **(outcome.found.errors if outcome else {})}
    refused = outcome.refusals if outcome else ()
    values: dict[str, Any] = {
        "sensing": found,
        "secret": secret,
        "address": address(request),
        "alone": _alone(address(request)),
        "heard_at": heard_at,
        "tokens": _tokens(request, found.slug),
        "chosen": {line.key: line.quantity for line in lines},
        "devices": _devices(found.came),
        "places": places,
        "quantities": QUANTITIES,
        "values": _values(request, found),
        "questions": asking.drawn_questions(request, case, outcome) if case else [],
        "inside": case is not None and case.inside,
        "newly": {one.kind for one in outcome.more} if outcome else set(),
        "errors": wrongs,
        "refusals": refused,
    }
    return page(request, "desk/first/sensor.html", values, status=422 if wrongs or refused else 200)


def _values(request: Request, found: Sensing) -> list[tuple[str, Datastream, Any, str]]:
    """The series that are kept, with their last value."""
    streams = {slug: one for slug, one in found.facts.all(Datastream).items() if one.source == found.slug}
    newest = latest(request.parts.store, (one.id for one in streams.values()))
    held = [(slug, one, newest.get(one.id)) for slug, one in streams.items()]
    return [(*line, line[2].said(unit_of(line[1]), request.lang) if line[2] else "") for line in held]


def _alone(where: str) -> bool:
    """Whether only this machine reaches an address."""
    host = urlsplit(where).hostname or ""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
